package tamanoir.server.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.json.JsonText;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.observe.Trace;
import tamanoir.server.search.Search;
import tamanoir.server.search.SearchSettings;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// Email/query and Email/queryChanges as a client writes them.
class EmailQueriesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TurnableClock clock = new TurnableClock();
    private final Store store = new MemoryStore();
    private final Directory directory = new Directory(
            store,
            clock,
            new DirectorySettings(2, 64, Duration.ofSeconds(30), Duration.ofMinutes(10), 64, 1, 1, 4096, 10_000),
            () -> List.of(Domain.of("example.com")));
    private final Account alice = directory.addAccount(new Address("alice", Domain.of("example.com")), "", "secret", 0);
    private final Mailboxes mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
    private Search search;
    private Map<String, Method> methods;
    private final JsonText json = new JsonText(1 << 20);
    private final AccountMail mail = mailboxes.open(alice.id());
    private final MailboxId inbox = mail.find("INBOX").orElseThrow().id();

    /// Ids of m0 to m9, oldest first; m3 and m6 answer m0.
    private final List<String> ids = new ArrayList<>();

    @BeforeEach
    void tenMessages(@TempDir Path folder) {
        search = new Search(mailboxes, SearchSettings.in(folder));
        methods = new EmailQueries(search).methods();
        for (int i = 0; i < 10; i++) {
            boolean reply = i == 3 || i == 6;
            deliver(
                    "From: ann@example.org\r\nSubject: " + (reply ? "Re: subject 0" : "subject " + i) + "\r\n"
                            + "Message-ID: <" + i + "@example.org>\r\n"
                            + (reply ? "In-Reply-To: <0@example.org>\r\n" : "") + "\r\nHello " + i + "\r\n",
                    START.plusSeconds(i));
        }
    }

    private void deliver(String message, Instant received) {
        ids.add(Ids.of(mail.append(
                        inbox,
                        List.of(new NewMessage(Octets.EMPTY, new Body.Small(Octets.of(message)), Flags.NONE, received)))
                .messages()
                .getFirst()
                .message()));
    }

    @AfterEach
    void close() {
        search.close();
        mailboxes.close();
        directory.close();
        store.close();
    }

    private Json.Obj call(String method, String arguments) {
        Map<String, Json> members = new HashMap<>(
                ((Json.Obj) json.read(arguments.replace('\'', '"').getBytes(StandardCharsets.UTF_8))).members());
        members.put("accountId", Json.of(Ids.of(alice.id())));
        return java.util.Objects.requireNonNull(methods.get(method)).call(new Alice(), new Json.Obj(members));
    }

    private final class Alice implements Call {
        @Override
        public Caller caller() {
            return new Caller(alice, new Trace("jmap", "test"));
        }

        @Override
        public Map<String, String> createdIds() {
            return new HashMap<>();
        }

        @Override
        public void then(String method, Json.Obj arguments) {
            throw new IllegalStateException(method);
        }
    }

    private static List<String> texts(Json.Obj answer, String name) {
        return ((Json.Arr) answer.get(name).orElseThrow())
                .items().stream().map(item -> ((Json.Text) item).value()).toList();
    }

    private static long number(Json.Obj answer, String name) {
        return ((Json.Int) answer.get(name).orElseThrow()).value();
    }

    private static String text(Json.Obj answer, String name) {
        return ((Json.Text) answer.get(name).orElseThrow()).value();
    }

    private List<String> ids(int... places) {
        return java.util.Arrays.stream(places).mapToObj(ids::get).toList();
    }

    // ---- Email/query -------------------------------------------------------------------------------------------

    @Test
    void theNewestComeFirstWhereNobodySaysOtherwise() {
        Json.Obj answer = call("Email/query", "{'filter':{'inMailbox':'" + Ids.of(inbox) + "'},'limit':3}");
        assertThat(texts(answer, "ids")).isEqualTo(ids(9, 8, 7));
        assertThat(answer.get("canCalculateChanges")).contains(Json.of(true));
        assertThat(answer.has("total")).isFalse();
        assertThat(answer.has("limit")).isFalse();
        assertThat(number(answer, "position")).isZero();
    }

    @Test
    void aThreadIsShownOnceByItsFirstMessageInTheOrder() {
        Json.Obj answer = call(
                "Email/query",
                "{'sort':[{'property':'receivedAt','isAscending':true}],'collapseThreads':true,'calculateTotal':true}");
        assertThat(texts(answer, "ids")).isEqualTo(ids(0, 1, 2, 4, 5, 7, 8, 9));
        assertThat(number(answer, "total")).isEqualTo(8);
    }

    @Test
    void aWindowIsFoundByPositionOrByAnchor() {
        assertThat(texts(call("Email/query", "{'position':8,'limit':5}"), "ids"))
                .isEqualTo(ids(1, 0));
        assertThat(texts(call("Email/query", "{'position':-2}"), "ids")).isEqualTo(ids(1, 0));
        assertThat(texts(call("Email/query", "{'position':-20,'limit':1}"), "ids"))
                .isEqualTo(ids(9));
        assertThat(texts(call("Email/query", "{'position':99}"), "ids")).isEmpty();
        Json.Obj around =
                call("Email/query", "{'anchor':'" + ids.get(5) + "','anchorOffset':-1,'limit':3,'position':7}");
        assertThat(texts(around, "ids")).isEqualTo(ids(6, 5, 4));
        assertThat(number(around, "position")).isEqualTo(3);
        Json.Obj before = call("Email/query", "{'anchor':'" + ids.get(9) + "','anchorOffset':-5,'limit':2}");
        assertThat(texts(before, "ids")).isEqualTo(ids(9, 8));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertError("{'filter':{'colour':'red'}}", "unsupportedFilter");
        assertError("{'filter':{'operator':'XOR','conditions':[]}}", "invalidArguments");
        assertError("{'filter':{'before':'yesterday'}}", "invalidArguments");
        assertError("{'sort':[{'property':'colour'}]}", "unsupportedSort");
        assertError("{'sort':[{'property':'from','collation':'i;klingon'}]}", "unsupportedSort");
        assertError("{'sort':[{'property':'hasKeyword'}]}", "invalidArguments");
        assertError("{'anchor':'e1'}", "anchorNotFound");
        assertError("{'limit':-1}", "invalidArguments");
        assertError("{'colour':1}", "invalidArguments");
    }

    private void assertError(String arguments, String type) {
        assertThatThrownBy(() -> call("Email/query", arguments))
                .as(arguments)
                .isInstanceOfSatisfying(
                        MethodError.class, error -> assertThat(error.type()).isEqualTo(type));
    }

    @Test
    void filtersAreCombined() {
        String filter = "{'filter':{'operator':'AND','conditions':[{'text':'subject'},"
                + "{'operator':'NOT','conditions':[{'subject':'re'},{'before':'2026-01-01T00:00:04Z'}]}]}}";
        assertThat(texts(call("Email/query", filter), "ids")).isEqualTo(ids(9, 8, 7, 5, 4));
    }

    // ---- Email/queryChanges ------------------------------------------------------------------------------------

    @Test
    void changesLeadFromTheOldListToTheNew() {
        String list = "'filter':{'notKeyword':'$flagged'},'sort':[{'property':'receivedAt'}]";
        Json.Obj before = call("Email/query", "{" + list + "}");
        deliver("Subject: new\r\n\r\n", START.minusSeconds(1));
        var _ = mail.store(inbox, Uids.of(3), FlagOperation.ADD, Flags.of(List.of("\\Flagged")), Long.MAX_VALUE);
        Json.Obj changes = call(
                "Email/queryChanges",
                "{" + list + ",'calculateTotal':true,'sinceQueryState':'" + text(before, "queryState") + "'}");
        assertThat(texts(changes, "removed")).isEqualTo(ids(2));
        assertThat(changes.get("added"))
                .contains(
                        json.read(("[{\"id\":\"" + ids.get(10) + "\",\"index\":0}]").getBytes(StandardCharsets.UTF_8)));
        assertThat(number(changes, "total")).isEqualTo(10);
        assertThat(text(changes, "oldQueryState")).isEqualTo(text(before, "queryState"));
        Json.Obj after = call("Email/query", "{" + list + "}");
        assertThat(text(changes, "newQueryState")).isEqualTo(text(after, "queryState"));
    }

    @Test
    void whatComesBehindTheLastKnownMessageIsNotTold() {
        Json.Obj before = call("Email/query", "{'limit':2}");
        deliver("Subject: old\r\n\r\n", START.minusSeconds(5));
        deliver("Subject: new\r\n\r\n", START.plusSeconds(50));
        Json.Obj changes = call(
                "Email/queryChanges",
                "{'upToId':'" + ids.get(8) + "','sinceQueryState':'" + text(before, "queryState") + "'}");
        assertThat(changes.get("added"))
                .contains(
                        json.read(("[{\"id\":\"" + ids.get(11) + "\",\"index\":0}]").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aStateThatNobodyGaveIsRefused() {
        for (String state : List.of("", "abc", "-1", "99999999")) {
            assertThatThrownBy(() -> call("Email/queryChanges", "{'sinceQueryState':'" + state + "'}"))
                    .isInstanceOfSatisfying(
                            MethodError.class, error -> assertThat(error.type()).isEqualTo("cannotCalculateChanges"));
        }
        Json.Obj before = call("Email/query", "{}");
        deliver("Subject: a\r\n\r\n", START);
        deliver("Subject: b\r\n\r\n", START);
        assertThatThrownBy(() -> call(
                        "Email/queryChanges",
                        "{'maxChanges':1,'sinceQueryState':'" + text(before, "queryState") + "'}"))
                .isInstanceOfSatisfying(
                        MethodError.class, error -> assertThat(error.type()).isEqualTo("tooManyChanges"));
    }

    // ---- SearchSnippet/get ---------------------------------------------------------------------------------------

    private Json.Obj snippet(String filter, String id) {
        Json.Obj answer = call("SearchSnippet/get", "{'filter':" + filter + ",'emailIds':['" + id + "','e1']}");
        assertThat(texts(answer, "notFound")).containsExactly("e1");
        return (Json.Obj) ((Json.Arr) answer.get("list").orElseThrow()).items().getFirst();
    }

    @Test
    void aSnippetMarksWhatMatchesAndEscapesTheRest() {
        deliver(
                "Subject: =?utf-8?q?Caf=C3=A9_<b>_&_more?=\r\nContent-Type: text/plain\r\n\r\n"
                        + "A long beginning. ".repeat(20) + "Then <script>the coffee</script> comes & goes. "
                        + "And so on. ".repeat(50) + "\r\n",
                START);
        Json.Obj snippet = snippet("{'operator':'OR','conditions':[{'text':'cafe'},{'body':'coffee'}]}", ids.getLast());
        assertThat(text(snippet, "subject")).isEqualTo("<mark>Caf\u00E9</mark> &lt;b&gt; &amp; more");
        assertThat(text(snippet, "preview"))
                .contains("Then &lt;script&gt;the <mark>coffee</mark>&lt;/script&gt; comes &amp; goes. And so on.")
                .startsWith("A long beginning.");
        assertThat(text(snippet, "preview").getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
        Json.Obj none = snippet("{'subject':'zebra'}", ids.getLast());
        assertThat(none.get("subject")).contains(Json.NULL);
        assertThat(none.get("preview")).contains(Json.NULL);
    }
}
