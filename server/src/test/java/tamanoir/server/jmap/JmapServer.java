package tamanoir.server.jmap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.json.JsonText;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// JMAP over real mailboxes on a store: what the tests of this room begin with. Alice asks.
final class JmapServer implements AutoCloseable {
    private static final DirectorySettings CHEAP_HASHES =
            new DirectorySettings(2, 64, Duration.ofSeconds(30), Duration.ofMinutes(10), 64, 1, 1, 4096, 10_000);

    static final List<String> USING = List.of("urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail");

    final TurnableClock clock = new TurnableClock();
    final Store store;
    final Directory directory;
    final Mailboxes mailboxes;
    final Account alice;
    final Account bob;
    final Uploads uploads;
    final AccountBlobs blobs;
    final Jmap jmap;
    /// What stands above every message that is appended.
    Octets prefix = Octets.EMPTY;

    final JsonText text = new JsonText(50_000_000);

    JmapServer() {
        this(JmapSettings.defaults());
    }

    JmapServer(JmapSettings settings) {
        this(new MemoryStore(), settings);
    }

    JmapServer(Store store, JmapSettings settings) {
        this.store = store;
        this.directory = new Directory(store, clock, CHEAP_HASHES, () -> List.of(Domain.of("example.com")));
        this.alice = directory.addAccount(new Address("alice", Domain.of("example.com")), "Alice", "secret", 0);
        this.bob = directory.addAccount(new Address("bob", Domain.of("example.com")), "", "secret", 20_000);
        this.mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
        this.uploads = new Uploads(store, directory, clock, settings);
        this.blobs = new AccountBlobs(mailboxes, uploads);
        this.jmap = new Jmap(settings, blobs, List.of(new MailCapability(settings, mailboxes, blobs, clock, Map.of())));
    }

    Caller caller() {
        return caller(alice);
    }

    Caller caller(Account account) {
        return new Caller(account, new Trace("jmap", "test"));
    }

    AccountMail mail() {
        return mailboxes.open(alice.id());
    }

    MailboxId mailbox(String name) {
        return mail().find(name).orElseThrow().id();
    }

    /// Puts a message into a mailbox; `raw` has line ends of any kind.
    MessageId append(String mailbox, String raw, String... flags) {
        return append(mailbox, Octets.of(raw.replace("\r\n", "\n").replace("\n", "\r\n")), flags);
    }

    MessageId append(String mailbox, Octets raw, String... flags) {
        Body body;
        if (raw.length() <= Body.SMALL) {
            body = new Body.Small(raw);
        } else {
            try (var spool = store.blobs().spool()) {
                spool.write(raw.array(), raw.arrayOffset(), raw.length());
                body = new Body.Large(spool.keep(), raw.length());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        NewMessage message = new NewMessage(prefix, body, Flags.of(List.of(flags)), clock.instant());
        return mail().append(mailbox(mailbox), List.of(message))
                .messages()
                .getFirst()
                .message();
    }

    Json json(String source) {
        return text.read(source.getBytes(StandardCharsets.UTF_8));
    }

    String write(Json json) {
        return new String(text.write(json), StandardCharsets.UTF_8);
    }

    /// Answers the whole request.
    Json.Obj answer(String request) {
        try {
            return jmap.answer(caller(), new ByteArrayInputStream(request.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Calls one method with arguments in which the account is added; answers the arguments of its response.
    Json.Obj call(String method, String arguments) {
        Json.Building all = Json.object().put("accountId", Ids.of(alice.id()));
        ((Json.Obj) json(arguments)).members().forEach(all::put);
        return call(method, all.build());
    }

    Json.Obj call(String method, Json.Obj arguments) {
        Json.Obj request = Json.object()
                .put("using", Json.Arr.ofTexts(USING))
                .put("methodCalls", List.of(new Json.Arr(List.of(Json.of(method), arguments, Json.of("0")))))
                .build();
        Json.Arr responses =
                (Json.Arr) jmap.answer(caller(), request).get("methodResponses").orElseThrow();
        Json.Arr first = (Json.Arr) responses.items().getFirst();
        return (Json.Obj) first.items().get(1);
    }

    @Override
    public void close() {
        mailboxes.close();
        directory.close();
        store.close();
    }
}
