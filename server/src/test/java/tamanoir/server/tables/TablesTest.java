package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.Problem;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// Every kind of table, its file changed and broken while it is open.
class TablesTest {
    @TempDir
    Path home;

    private final TurnableClock clock = new TurnableClock();

    /// A clock that a test turns, so that a table looks at its file again.
    private static final class TurnableClock extends Clock {
        private final AtomicLong now = new AtomicLong(1_700_000_000_000L);

        void turn(long millis) {
            now.addAndGet(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now.get());
        }
    }

    private Tables tables(String... aliasFiles) {
        return new Tables(home, Set.of(aliasFiles), clock, new Trace("test", ""));
    }

    private LookupTable table(String type, String content) throws IOException {
        Files.writeString(home.resolve("table"), content);
        return tables().open(type + ":table");
    }

    @Test
    void everyKindOfMapFileReadsItsSource() throws IOException {
        Files.writeString(home.resolve("map"), """
                # a comment
                Ann@Example.com   ann, root
                "two words"\tquoted

                long   one,
                # in between
                    two,

                \tthree
                ann@example.com   second is ignored
                """);
        for (String type : List.of("hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash")) {
            LookupTable map = tables().open("proxy:" + type + ":map");
            assertThat(map.lookup("ann@example.COM")).as(type).contains("ann, root");
            assertThat(map.lookup("Two Words")).contains("quoted");
            assertThat(map.lookup("long")).contains("one,    two,\tthree");
            assertThat(map.lookup("nobody")).isEmpty();
            assertThat(map.wantsWholeKeyOnly()).isFalse();
            assertThat(map.problems()).isEmpty();
        }
    }

    @Test
    void anAliasFileIsOneWhereverItIsNamed() throws IOException {
        Files.writeString(home.resolve("aliases"), """
                Postmaster: root
                tight:ann
                spaced : bob
                "with blank": "|/bin/program -x, y",
                   :include:/srv/list
                root:           ann
                """);
        LookupTable aliases = tables("hash:aliases").open("proxy:hash:aliases");
        assertThat(aliases.lookup("postmaster")).contains("root");
        assertThat(aliases.lookup("TIGHT")).contains("ann");
        assertThat(aliases.lookup("spaced")).contains("bob");
        assertThat(aliases.lookup("with blank")).contains("\"|/bin/program -x, y\",   :include:/srv/list");
        Config config = Config.of(
                home, Map.of("alias_maps", "hash:aliases", "local_recipient_maps", "unix:passwd.byname $alias_maps"));
        Tables fromConfig = new Tables(config, clock, new Trace("test", ""));
        assertThat(fromConfig.open("hash:aliases").lookup("root")).contains("ann");
    }

    @Test
    void networksAreAskedFromTheTop() throws IOException {
        LookupTable cidr = table("cidr", """
                192.0.2.7           one
                192.0.2.0/24        many
                if 10.0.0.0/8
                10.1.0.0/16         inside
                if !10.2.0.0/16
                10.0.0.0/8          rest
                endif
                endif
                [2001:db8:1::]/48   six
                2001:db8::/32       wider
                !127.0.0.0/8        not loopback
                """);
        assertThat(cidr.lookup("192.0.2.7")).contains("one");
        assertThat(cidr.lookup("192.0.2.8")).contains("many");
        assertThat(cidr.lookup("10.1.2.3")).contains("inside");
        assertThat(cidr.lookup("10.3.2.3")).contains("rest");
        assertThat(cidr.lookup("10.2.2.3")).contains("not loopback");
        assertThat(cidr.lookup("2001:db8:1::5")).contains("six");
        assertThat(cidr.lookup("2001:0db8:2:0::5")).contains("wider");
        assertThat(cidr.lookup("127.0.0.1")).isEmpty();
        assertThat(cidr.lookup("mail.example.com")).isEmpty();
        assertThat(cidr.lookup("192.0.2.0/24")).isEmpty();
        assertThat(cidr.wantsWholeKeyOnly()).isTrue();
        assertBroken("cidr", "192.0.2.0/24 OK\n\n192.0.2.1/24 OK\n", 3, "perhaps 192.0.2.0/24 is meant");
        assertBroken("cidr", "192.0.2.0/33 OK\n", 1, "number from 0 to 32");
        assertBroken("cidr", "mail.example.com OK\n", 1, "is no network");
        assertBroken("cidr", "10.0.0.0/8\n", 1, "no answer");
        assertBroken("cidr", "if 10.0.0.0/8\n10.0.0.1 x\n", 1, "no \"endif\"");
        assertBroken("cidr", "10.0.0.1 x\nendif\n", 2, "without an \"if\"");
    }

    private void assertBroken(String type, String content, int line, String reason) throws IOException {
        LookupTable table = table(type, content);
        assertThatThrownBy(() -> table.lookup("x"))
                .isInstanceOf(Unavailable.class)
                .hasMessageStartingWith("4.3.0 ");
        assertThat(table.problems()).singleElement().satisfies(p -> {
            assertThat(p.severity()).isEqualTo(Problem.Severity.ERROR);
            assertThat(p.file()).isEqualTo(home.resolve("table").toString());
            assertThat(p.line()).as(p.message()).isEqualTo(line);
            assertThat(p.message()).contains(reason);
        });
    }

    @Test
    void tablesWithoutFilesAnswer() {
        Tables tables = tables();
        assertThat(tables.open("static:OK").lookup("any")).contains("OK");
        assertThat(tables.open("static:{ two words }").lookup("any")).contains("two words");
        LookupTable inline = tables.open("inline:{ Ann=one, { bob = two words, comma } }");
        assertThat(inline.lookup("ann")).contains("one");
        assertThat(inline.lookup("BOB")).contains("two words, comma");
        assertThat(inline.lookup("eve")).isEmpty();
        assertThat(inline.wantsWholeKeyOnly()).isFalse();
        assertThat(tables.open("randmap:{ a, b }").lookup("x").orElseThrow()).isIn("a", "b");
        assertThat(tables.open("environ:").lookup("PATH")).contains(System.getenv("PATH"));
        assertThatThrownBy(() -> tables.open("fail:").lookup("x")).isInstanceOf(Unavailable.class);
        assertThat(tables.open("unix:passwd.byname").lookup("root").orElseThrow())
                .startsWith("root:");
        assertThat(tables.open("unix:group.byname").lookup("root").orElseThrow())
                .startsWith("root:");
        LookupTable rules = tables.open("cidr:{ { 10.0.0.0/8 permit it }, {0.0.0.0/0 reject} }");
        assertThat(rules.lookup("10.1.1.1")).contains("permit it");
        assertThat(rules.lookup("11.1.1.1")).contains("reject");
        assertThat(tables.open("pcre:{{/^a, b$/ yes}}").lookup("A, B")).contains("yes");
    }

    @Test
    void tablesOfTablesAskTheirParts() throws IOException {
        Files.writeString(home.resolve("names"), "ann ann@example.com\nbob bob@example.com\n");
        Tables tables = tables();
        LookupTable union = tables.open("unionmap:{hash:names, inline:{ann=annie@example.org}}");
        assertThat(union.lookup("ann")).contains("ann@example.com,annie@example.org");
        assertThat(union.lookup("bob")).contains("bob@example.com");
        assertThat(union.lookup("eve")).isEmpty();
        LookupTable pipe = tables.open("pipemap:{proxy:hash:names, inline:{ann@example.com=found}}");
        assertThat(pipe.lookup("ann")).contains("found");
        assertThat(pipe.lookup("bob")).isEmpty();
        assertThat(union.wantsWholeKeyOnly()).isFalse();
        assertThat(tables.open("unionmap:{hash:names, static:x}").wantsWholeKeyOnly())
                .isTrue();
        LookupTable broken = tables.open("unionmap:{hash:names, hash:missing}");
        assertThatThrownBy(() -> broken.lookup("ann")).isInstanceOf(Unavailable.class);
        assertThat(broken.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains("no such file"));
    }

    @Test
    void whatIsNoTableIsRefusedByName() {
        Tables tables = tables();
        for (String type : List.of("memcache", "socketmap", "nis", "tcp")) {
            assertThatThrownBy(() -> tables.open(type + ":x"))
                    .as(type)
                    .isInstanceOf(BadSyntax.class)
                    .hasMessageContaining("\"" + type + "\"");
        }
        assertThatThrownBy(() -> tables.open("hasch:x")).hasMessageContaining("did you mean \"hash\"?");
        assertThatThrownBy(() -> tables.open("inline:x")).hasMessageContaining("braces");
        assertThatThrownBy(() -> tables.open("inline:{}")).hasMessageContaining("nothing");
        assertThatThrownBy(() -> tables.open("inline:{a}")).hasMessageContaining("key=value");
        assertThatThrownBy(() -> tables.open("unionmap:{memcache:x}")).hasMessageContaining("\"memcache\"");
        assertThatThrownBy(() -> tables.open("unix:shadow")).hasMessageContaining("passwd.byname");
        assertThatThrownBy(() -> tables.open("hash:")).hasMessageContaining("no file");
        assertThatThrownBy(() -> tables.open("hash")).hasMessageContaining("type:name");
        assertThatThrownBy(() -> tables.open("regexp:{{/(/ x}}")).hasMessageContaining("rule 1 of regexp:");
    }

    @Test
    void aChangedFileIsNoticedAndABrokenOneDefersMail() throws IOException {
        Path file = home.resolve("table");
        LookupTable table = table("hash", "a one\n");
        assertThat(table.lookup("a")).contains("one");
        Files.writeString(file, "a two, longer\n");
        clock.turn(1001);
        assertThat(table.lookup("a")).contains("two, longer");
        Files.writeString(file, "a two, longer\nb\n");
        clock.turn(1001);
        assertThatThrownBy(() -> table.lookup("a"))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        e -> assertThat(e.detail()).isEqualTo(file + ":2: \"b\" has no value behind it"));
        Files.delete(file);
        clock.turn(1001);
        assertThatThrownBy(() -> table.lookup("a"))
                .isInstanceOfSatisfying(
                        Unavailable.class, e -> assertThat(e.detail()).isEqualTo(file + ": no such file"));
        Files.writeString(file, "a mended\n");
        clock.turn(1001);
        assertThat(table.lookup("a")).contains("mended");
        Files.write(file, new byte[] {'a', ' ', (byte) 0xff, '\n'});
        clock.turn(1001);
        assertThat(table.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains("not UTF-8"));
    }

    @Test
    void aReloadKeepsWhatDidNotChange() throws IOException {
        Files.writeString(home.resolve("a"), "k v\n");
        Files.writeString(home.resolve("aliases"), "k: v\n");
        Config before = Config.of(home, Map.of("virtual_alias_maps", "hash:a"));
        Tables tables = new Tables(before, clock, new Trace("test", ""));
        LookupTable one = tables.open("hash:a");
        Tables next = tables.next(Config.of(home, Map.of("virtual_alias_maps", "hash:a, static:x")));
        assertThat(next.open("hash:a")).isSameAs(one);
        Tables aliases = tables.next(Config.of(home, Map.of("alias_maps", "hash:a")));
        assertThat(aliases.open("hash:a")).isNotSameAs(one);
        next.keep(Set.of("static:x"));
        assertThat(next.open("hash:a")).isNotSameAs(one);
    }

    @Test
    void theFirstTableThatKnowsAnswers() {
        Tables tables = tables();
        List<LookupTable> two = tables.open(List.of("inline:{a=1}", "inline:{a=2,b=3}"));
        assertThat(LookupTable.first(two, "a")).contains("1");
        assertThat(LookupTable.first(two, "b")).contains("3");
        assertThat(LookupTable.first(two, "c")).isEqualTo(Optional.empty());
    }
}
