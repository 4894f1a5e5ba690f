package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Pointer;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.BlobCapability;
import tamanoir.server.jmap.Caller;
import tamanoir.server.jmap.Capability;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.JmapSettings;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.QuotaCapability;
import tamanoir.server.jmap.Uploads;
import tamanoir.server.json.JsonText;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.mailbox.View;
import tamanoir.server.observe.Trace;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Prober;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueSettings;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.queue.Routing.Route;
import tamanoir.server.queue.Routing.Transport;
import tamanoir.server.sieve.Memory;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.smtp.Budget;
import tamanoir.server.smtp.Reception;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.tables.Tables;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

/// A server of memory without ports, for the methods of this package: alice and bob of example.com, and a
/// world outside that takes what it is told to take.
final class Desk implements AutoCloseable {
    static final List<String> USING =
            List.of("urn:ietf:params:jmap:core", "urn:ietf:params:jmap:submission", "urn:tamanoir:jmap:settings");

    final TurnableClock clock = new TurnableClock();
    final MemoryStore store = new MemoryStore();
    final Directory directory;
    final Account alice;
    final Account bob;
    /// What other servers got, one line a recipient.
    final List<String> outside = Collections.synchronizedList(new ArrayList<>());
    /// What they answer, by address; who is not here is taken.
    final Map<String, Outcome> answers = new HashMap<>();
    /// Arguments of the Email/set that the server called itself.
    final List<Json.Obj> emailSets = new ArrayList<>();

    private final Config config;
    private final JsonText json = new JsonText(10_000_000);
    Mailboxes mailboxes;
    Queue queue;
    Personal personal;
    Submissions submissions;
    Snoozes snoozes;
    Pushes pushes;
    /// What push services got: endpoint, headers, body.
    final List<Pushed> pushed = Collections.synchronizedList(new ArrayList<>());
    /// What they answer, by endpoint; 201 who is not here.
    final Map<String, Integer> statuses = new java.util.concurrent.ConcurrentHashMap<>();

    record Pushed(String endpoint, Map<String, String> headers, byte[] body) {}

    AccountBlobs blobs;
    Scripts scripts;
    Jmap jmap;

    Desk(Path home) {
        this(home, Map.of());
    }

    Desk(Path home, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "myhostname", "mail.example.com",
                "mydomain", "example.com",
                "myorigin", "example.com",
                "mydestination", "example.com",
                "recipient_delimiter", "+"));
        values.putAll(more);
        config = Config.of(home, values);
        DirectorySettings d = DirectorySettings.defaults();
        directory = new Directory(
                store,
                clock,
                new DirectorySettings(
                        d.hashesAtOnce(), d.hashesWaiting(), d.longestWait(), d.rememberSuccess(), 8, 1, 1, 4096, 1000),
                () -> List.of(Domain.of("example.com")));
        directory.addDomain(Domain.of("example.com"));
        alice = directory.addAccount(Address.of("alice@example.com"), "Alice Liddell", "", 0);
        bob = directory.addAccount(Address.of("bob@example.com"), "Bob", "", 0);
        open();
    }

    private void open() {
        Trace trace = new Trace("test", "");
        mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
        queue = new Queue(store, QueueSettings.defaults("mail.example.com"), clock);
        personal = new Personal(store, directory, PersonalSettings.defaults());
        Reception reception = new Reception(
                config,
                new Reception.Ground(
                        new Tables(config, Clock.systemUTC(), trace),
                        directory,
                        mailboxes,
                        queue,
                        store.blobs(),
                        new FakeDns(),
                        new Budget(64 << 20),
                        () -> Long.MAX_VALUE,
                        clock,
                        new Notebook(store, clock),
                        Prober.none(),
                        new Lessons(store),
                        personal,
                        new Memory(store)));
        submissions = new Submissions(personal, mailboxes, queue, clock);
        submissions.start();
        snoozes = new Snoozes(personal, mailboxes, clock);
        snoozes.start();
        queue.start(
                (sender, recipient) -> recipient.address().domain().equals(Domain.of("example.com"))
                        ? new Route.Deliver(Transport.named("local"), "local", reception.localDeliverer())
                        : new Route.Deliver(
                                Transport.named("smtp"),
                                recipient.address().domain().ascii(),
                                this::deliver),
                (envelope, message) -> Optional.of(queue.newId()));
        pushes = new Pushes(
                personal,
                directory,
                new Pushes.Way(this::push, PushKey.of(store), "mailto:postmaster@example.com", Duration.ofMillis(1)),
                clock);
        JmapSettings settings = JmapSettings.defaults();
        scripts = Scripts.of(config, personal);
        blobs = new AccountBlobs(
                mailboxes, new Uploads(store, directory, clock, settings), new SieveBlobs(() -> scripts));
        WayOut way = reception.wayOut();
        List<Capability> all = new ArrayList<>(PersonalCapabilities.all(new PersonalCapabilities.Ground(
                personal,
                directory,
                mailboxes,
                queue,
                submissions,
                snoozes,
                pushes,
                blobs,
                () -> scripts,
                () -> way,
                settings,
                clock)));
        all.add(new QuotaCapability(mailboxes));
        all.add(new BlobCapability(blobs, mailboxes, settings));
        all.add(new Witness());
        jmap = new Jmap(settings, blobs, all);
        pushes.start(jmap);
    }

    /// Stands for the methods over mail, and remembers how it was called.
    private final class Witness implements Capability {
        @Override
        public String uri() {
            return "urn:example:witness";
        }

        @Override
        public Json.Obj ofServer() {
            return Json.Obj.EMPTY;
        }

        @Override
        public Json.Obj ofAccount(Account account) {
            return Json.Obj.EMPTY;
        }

        @Override
        public Map<String, Method> methods() {
            return Map.of("Email/set", (_, arguments) -> {
                emailSets.add(arguments);
                return arguments;
            });
        }

        @Override
        public Map<String, String> states(Account account) {
            return Map.of();
        }
    }

    private int push(java.net.URI endpoint, Map<String, String> headers, byte[] body) {
        pushed.add(new Pushed(endpoint.toString(), headers, body));
        return statuses.getOrDefault(endpoint.toString(), 201);
    }

    private Map<Recipient, Outcome> deliver(QueuedMessage message, List<Recipient> recipients) {
        Map<Recipient, Outcome> outcomes = new HashMap<>();
        for (Recipient recipient : recipients) {
            String address = recipient.address().toString();
            outcomes.put(
                    recipient,
                    answers.getOrDefault(
                            address,
                            new Outcome.Sent("mx.example.net[192.0.2.1]:25", Reply.of(250, "2.0.0", "taken"), false)));
            outside.add(message.envelope().sender() + " -> " + address);
        }
        return outcomes;
    }

    void restart() {
        shut();
        open();
    }

    private void shut() {
        queue.close();
        submissions.close();
        snoozes.close();
        pushes.close();
        mailboxes.close();
    }

    @Override
    public void close() {
        shut();
        directory.close();
        store.close();
    }

    // ---- mail ------------------------------------------------------------------------------------------------

    /// Puts a message into Alice's drafts; answers its id.
    String draft(String header, String body) {
        AccountMail mail = mailboxes.open(alice.id());
        return Ids.of(mail.append(
                        mail.find("Drafts")
                                .orElse(mail.find("INBOX").orElseThrow())
                                .id(),
                        List.of(new NewMessage(
                                Octets.EMPTY,
                                new Body.Small(Octets.of((header + "\n\n" + body).replace("\n", "\r\n"))),
                                Flags.of(List.of("\\Draft")),
                                clock.instant())))
                .messages()
                .getFirst()
                .message());
    }

    List<String> inbox(Account account) {
        AccountMail mail = mailboxes.open(account.id());
        View view = mail.view(mail.find("INBOX").orElseThrow().id());
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < view.size(); i++) {
            messages.add(mail.whole(view.message(i)).utf8());
        }
        return messages;
    }

    void turn(Duration by) {
        clock.advance(by);
        queue.wake();
        assertThat(queue.awaitQuiet(Duration.ofSeconds(30))).isTrue();
    }

    /// What happens in another thread soon happens.
    static void soon(BooleanSupplier what) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!what.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not happen in time").isLessThan(end);
            // Lets others run for a moment.
            java.util.concurrent.locks.LockSupport.parkNanos(100_000);
        }
    }

    // ---- calls -----------------------------------------------------------------------------------------------

    /// JSON with single quotes.
    Json.Obj json(String text) {
        return (Json.Obj) json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /// The arguments of one call's response; `accountId` is put in. A method error is answered as its object.
    Json.Obj call(String method, String arguments) {
        return call(alice, method, json(arguments));
    }

    Json.Obj call(Account account, String method, Json.Obj arguments) {
        return response(exchange(account, method, arguments), 0);
    }

    Json.Obj exchange(Account account, String method, Json.Obj arguments) {
        Json.Building all = Json.object().put("accountId", account.id().toString());
        arguments.members().forEach(all::put);
        List<String> using = new ArrayList<>(
                jmap.session(new Caller(account, new Trace("test", "")), "http://localhost")
                                        .get("capabilities")
                                        .orElseThrow()
                                instanceof Json.Obj(Map<String, Json> members)
                        ? members.keySet()
                        : USING);
        return jmap.answer(
                new Caller(account, new Trace("test", "")),
                Json.object()
                        .put("using", Json.Arr.ofTexts(using))
                        .put("methodCalls", List.of(new Json.Arr(List.of(Json.of(method), all.build(), Json.of("c")))))
                        .build());
    }

    static Json.Obj response(Json.Obj answer, int index) {
        return (Json.Obj) at(answer, "/methodResponses/" + index + "/1");
    }

    static Json at(Json value, String pointer) {
        return Pointer.parse(pointer).in(value).orElse(Json.NULL);
    }

    static String text(Json value, String pointer) {
        return at(value, pointer) instanceof Json.Text(String text)
                ? text
                : at(value, pointer).toString();
    }

    static List<String> texts(Json value, String pointer) {
        return at(value, pointer) instanceof Json.Arr(List<Json> items)
                ? items.stream().map(item -> text(item, "")).toList()
                : List.of("not an array: " + at(value, pointer));
    }
}
