package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldif.LDIFReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.Problem;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// ldap_table(5) against a directory in memory, sqlite_table(5) against a file.
class ServerTableTest {
    private static final String PEOPLE = """
            dn: dc=example
            objectClass: domain
            dc: example

            dn: uid=ann,dc=example
            objectClass: inetOrgPerson
            uid: ann
            cn: Ann
            sn: Ann
            mail: ann@example.com
            mail: ann.martin@example.com

            dn: uid=bob,dc=example
            objectClass: inetOrgPerson
            uid: bob
            cn: Bob
            sn: Bob
            mail: bob@example.com

            dn: cn=team,dc=example
            objectClass: groupOfNames
            cn: team
            member: uid=ann,dc=example
            member: cn=inner,dc=example

            dn: cn=inner,dc=example
            objectClass: groupOfNames
            cn: inner
            member: uid=bob,dc=example
            member: cn=team,dc=example
            """;

    @TempDir
    Path home;

    private Tables tables(Map<String, String> mainCf) {
        return new Tables(Config.of(home, mainCf), Clock.systemUTC(), new Trace("tables", ""));
    }

    private static InMemoryDirectoryServer directory(int port) throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example");
        config.addAdditionalBindCredentials("cn=reader", "pw");
        config.setSchema(null);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("test", java.net.InetAddress.getLoopbackAddress(), port, null));
        InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
        server.importFromLDIF(true, new LDIFReader(new ByteArrayInputStream(PEOPLE.getBytes(StandardCharsets.UTF_8))));
        server.startListening();
        return server;
    }

    @Test
    void postfixsLdapFileFindsAddressesAndGroupsThatHoldEachOther() throws Exception {
        InMemoryDirectoryServer server = directory(0);
        try {
            Files.writeString(home.resolve("people.cf"), """
                    server_host = ldap://127.0.0.1:%d
                    bind_dn = cn=reader
                    bind_pw = pw
                    search_base = dc=example
                    query_filter = (&(objectClass=inetOrgPerson)(mail=%%s))
                    result_attribute = uid
                    result_format = %%s@%%D
                    domain = example.com
                    """.formatted(server.getListenPort()));
            Files.writeString(home.resolve("groups.cf"), """
                    server_host = 127.0.0.1
                    server_port = %d
                    bind = no
                    search_base = dc=example
                    query_filter = (&(objectClass=groupOfNames)(cn=%%u))
                    leaf_result_attribute = mail
                    special_result_attribute = member
                    """.formatted(server.getListenPort()));
            Tables tables = tables(Map.of());
            LookupTable people = tables.open("ldap:people.cf");
            assertThat(people.lookup("ann.martin@example.com")).contains("ann@example.com");
            assertThat(people.lookup("nobody@example.com")).isEmpty();
            assertThat(people.lookup("ann@example.net")).as("outside domain").isEmpty();
            assertThat(people.lookup("example.com")).as("no address").isEmpty();
            assertThat(people.problems()).isEmpty();
            LookupTable groups = tables.open("proxy:ldap:groups.cf");
            assertThat(groups.lookup("team@example.com").orElseThrow().split(","))
                    .containsExactlyInAnyOrder("ann@example.com", "ann.martin@example.com", "bob@example.com");
            for (String evil :
                    new String[] {"*@example.com", "a*", "x)(uid=*", "*)(|(mail=*", "\\2a@example.com", "\0@example.com"
                    }) {
                assertThat(people.lookup(evil)).as(evil).isEmpty();
                assertThat(groups.lookup(evil)).as(evil).isEmpty();
            }
        } finally {
            server.shutDown(true);
        }
        assertThatThrownBy(() -> tables(Map.of()).open("ldap:people.cf").lookup("ann@example.com"))
                .isInstanceOf(Unavailable.class)
                .satisfies(e -> assertThat(((Unavailable) e).detail()).doesNotContain("pw"));
    }

    @Test
    void theSecondServerAnswersWhenTheFirstStops() throws Exception {
        InMemoryDirectoryServer first = directory(0);
        InMemoryDirectoryServer second = directory(0);
        try {
            Files.writeString(home.resolve("people.cf"), """
                    server_host = ldap://127.0.0.1:%d
                      ldap://127.0.0.1:%d
                    search_base = dc=example
                    query_filter = (mail=%%s)
                    result_attribute = uid
                    """.formatted(first.getListenPort(), second.getListenPort()));
            LookupTable people = tables(Map.of()).open("ldap:people.cf");
            assertThat(people.lookup("ann@example.com")).contains("ann");
            first.shutDown(true);
            assertThat(people.lookup("bob@example.com")).contains("bob");
            assertThat(people.lookup("nobody@example.com")).isEmpty();
            second.shutDown(true);
            assertThatThrownBy(() -> people.lookup("bob@example.com")).isInstanceOf(Unavailable.class);
            assertThat(people.problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.severity()).isEqualTo(Problem.Severity.WARNING));
        } finally {
            first.shutDown(true);
            second.shutDown(true);
        }
    }

    @Test
    void sqliteIsAskedWithBoundValues() throws Exception {
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("mail.db"));
                Statement statement = db.createStatement()) {
            statement.execute("CREATE TABLE alias (source TEXT, domain TEXT, target TEXT, active INTEGER)");
            statement.execute("INSERT INTO alias VALUES ('o''brien', 'example.com', 'ann@example.com', 1),"
                    + " ('o''brien', 'example.com', 'bob@example.com', 1), ('old', 'example.com', 'x@example.com', 0)");
        }
        Files.writeString(home.resolve("alias.cf"), """
                # as Postfix has it
                dbpath = mail.db
                query = SELECT target FROM alias
                    WHERE source = '%u' AND domain = '%d' AND active = 1 ORDER BY target
                """);
        Tables tables = tables(Map.of(
                "virtual_alias_maps", "sqlite:alias.cf, sqlite:old",
                "old_dbpath", "mail.db",
                "old_table", "alias",
                "old_select_field", "target",
                "old_where_field", "source",
                "old_additional_conditions", "and active = 1",
                "old_expansion_limit", "1"));
        LookupTable table = tables.open("sqlite:alias.cf");
        assertThat(table.lookup("o'brien@example.com")).contains("ann@example.com,bob@example.com");
        assertThat(table.lookup("old@example.com")).isEmpty();
        assertThat(table.lookup("o'brien")).as("no domain, so nothing to ask").isEmpty();
        for (String evil :
                new String[] {"' OR '1'='1", "x'; DROP TABLE alias; --@example.com", "o\\'brien@example.com"}) {
            assertThat(table.lookup(evil)).isEmpty();
        }
        LookupTable old = tables.open("sqlite:old");
        assertThat(old.lookup("nobody")).isEmpty();
        assertThatThrownBy(() -> old.lookup("o'brien"))
                .isInstanceOf(Unavailable.class)
                .satisfies(e -> assertThat(((Unavailable) e).detail()).contains("expansion_limit"));
        assertThat(table.lookup("o'brien@example.com"))
                .as("nothing was dropped")
                .isPresent();
    }

    @Test
    void aSettingsFileThatIsWrongIsSaidAndMakesMailWait() throws Exception {
        Files.writeString(home.resolve("a.cf"), "dbpath = x.db\nquery = SELECT 'a\n");
        LookupTable table = tables(Map.of()).open("sqlite:a.cf");
        assertThat(table.problems()).singleElement().satisfies(p -> {
            assertThat(p.severity()).isEqualTo(Problem.Severity.ERROR);
            assertThat(p.message()).contains("quote is not closed");
        });
        assertThatThrownBy(() -> table.lookup("a")).isInstanceOf(Unavailable.class);
        assertThat(tables(Map.of()).open("pgsql:none.cf").problems().toString()).contains("no such file");
        assertThat(Config.of(home, Map.of("virtual_alias_maps", "ldap:none.cf"))
                        .get(CleanupParameters.VIRTUAL_ALIAS_MAPS))
                .containsExactly("ldap:none.cf");
    }
}
