package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.app.House.Outcome;

/// People of Dovecot's passwd-file, of an LDAP directory and of an SQL database get mail and sign in by every door.
@Timeout(120)
class PeopleFromOutsideTest {
    @TempDir
    Path folder;

    // ---- what every source must show -------------------------------------------------------------------------------

    /// Mail in, IMAP, submission, POP3, webmail; wrong passwords and made-up names in no way.
    static void works(House house, String person, String password) throws Exception {
        try (Line smtp = house.smtp()) {
            assertThat(smtp.mail("me@elsewhere.example", person, "Subject: hello\n\nx\n"))
                    .startsWith("250");
        }
        try (Line imap = Line.imap(house.port("imap"), person, "\"" + password + "\"", "INBOX")) {
            assertThat(imap.imap("FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]")).contains("Subject: hello");
        }
        try (Line submission = Line.submission(house.port("submission"), person, password)) {
            assertThat(submission.mail(person, person, "Subject: mine\n\nx\n")).startsWith("250");
        }
        assertThat(signIn(house, person, password)).isEqualTo(200);
        try (Line pop3 = Line.to(house.port("pop3"))) {
            pop3.line();
            pop3.pop3("USER " + person);
            assertThat(pop3.pop3("PASS " + password)).startsWith("+OK");
        }
        for (String wrong : new String[] {"wrong", "*", "' OR '1'='1", password + " "}) {
            try (Line imap = Line.to(house.port("imap"))) {
                imap.line();
                assertThat(imap.imap("LOGIN " + person + " \"" + wrong + "\"")).contains("NO [AUTHENTICATIONFAILED]");
            }
        }
    }

    static int signIn(House house, String name, String password) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + house.port("http") + "/auth/sign-in");
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}"))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    /// Names that try to be part of a filter or a query find nobody and break nothing.
    static void resists(House house, String person) throws Exception {
        for (String evil : new String[] {
            "*", "a*", "*)(uid=*", "x)(|(mail=*", "' OR '1'='1", "x'; DROP TABLE people; --", "\\\\2a", "%u", "a%00"
        }) {
            try (Line imap = Line.to(house.port("imap"))) {
                imap.line();
                assertThat(imap.imap("LOGIN \"" + evil + "@example.com\" secret"))
                        .as(evil)
                        .contains("NO [AUTHENTICATIONFAILED]");
            }
            try (Line smtp = house.smtp()) {
                smtp.smtp("MAIL FROM:<me@elsewhere.example>");
                assertThat(smtp.smtp("RCPT TO:<\"" + evil + "\"@example.com>"))
                        .as(evil)
                        .startsWith("5");
            }
        }
        try (Line smtp = house.smtp()) {
            assertThat(smtp.mail("me@elsewhere.example", person, "Subject: still\n\nx\n"))
                    .startsWith("250");
        }
    }

    /// While no server answers nobody is unknown: all doors say "later".
    static void defers(House house, String stranger) throws Exception {
        try (Line smtp = house.smtp()) {
            smtp.smtp("MAIL FROM:<me@elsewhere.example>");
            assertThat(smtp.smtp("RCPT TO:<" + stranger + ">")).startsWith("4");
        }
        try (Line imap = Line.to(house.port("imap"))) {
            imap.line();
            assertThat(imap.imap("LOGIN " + stranger + " secret")).contains("NO [UNAVAILABLE]");
        }
        try (Line smtp = Line.smtp(house.port("submission"))) {
            smtp.smtp("STARTTLS");
            smtp.startTls();
            assertThat(smtp.smtp("EHLO client.example.net")).doesNotContain("SCRAM");
            assertThat(smtp.smtp("AUTH PLAIN " + Line.plain(stranger, "secret")))
                    .startsWith("454 4.7.0");
        }
        assertThat(signIn(house, stranger, "secret")).isEqualTo(503);
        assertThat(house.run("account", "show", stranger).exit()).isNotZero();
    }

    // ---- Dovecot's and Postfix's files -----------------------------------------------------------------------------

    /// The shape of a Dovecot with `passdb { driver = passwd-file }` behind a Postfix with virtual_mailbox_maps.
    @Test
    void theUsersAndTablesOfAPostfixWithDovecotWork() throws Exception {
        StringBuilder users = new StringBuilder("# name:hash\n");
        StringBuilder vmailbox = new StringBuilder();
        for (int i = 1; i <= 100; i++) {
            String user = String.format("user%03d@example.com", i);
            users.append(user).append(":{PLAIN}secret\n");
            vmailbox.append(user).append(" ok\n");
        }
        users.append(
                "old@example.com:$1$ogOZ3MI9$LZqSnA6C6GHgQP.1QR15u/:::Old Hand:/home/old::userdb_quota_rule=*:storage=5M\n");
        users.append("away@example.com:{PLAIN}secret:::::/:nologin\n");
        vmailbox.append("old@example.com ok\naway@example.com ok\n");
        try (House house = new House(folder.resolve("home"))) {
            house.write("users", users.toString());
            house.write("vmailbox", vmailbox.toString());
            house.write("transport", "sink.example smtp:[127.0.0.1]:2626\n");
            house.write("canonical", "root@example.com user001@example.com\n");
            house.write("header_checks", "/^Subject:.*make money fast/ REJECT\n/^X-Spam-Flag: YES/ HOLD\n");
            house.write("main.cf", """
                    mydomain = example.com
                    myhostname = tamanoir.example.com
                    myorigin = $mydomain
                    mynetworks = 127.0.0.0/8
                    mydestination = $myhostname, localhost
                    alias_maps =
                    alias_database =
                    local_recipient_maps =
                    local_transport = error:no local delivery here
                    recipient_delimiter = +
                    virtual_mailbox_domains = example.com
                    virtual_mailbox_maps = hash:vmailbox
                    virtual_transport = lmtp:unix:run/dovecot/lmtp
                    transport_maps = hash:transport
                    relay_domains = sink.example
                    sender_canonical_maps = hash:canonical
                    header_checks = regexp:header_checks
                    smtpd_sasl_type = dovecot
                    smtpd_sasl_path = run/dovecot/postfix-auth
                    smtpd_sasl_auth_enable = yes
                    disable_dns_lookups = yes
                    junk_filter = no
                    directory_sources = internal, passwd-file:users
                    """);
            house.with("virtual_transport", "dovecot");
            house.start();
            works(house, "user007@example.com", "secret");
            works(house, "old@example.com", "correct horse");
            try (Line imap = Line.imap(house.port("imap"), "user008", "secret", "INBOX")) {
                assertThat(imap.imap("NOOP")).contains("OK");
            }
            try (Line smtp = house.smtp()) {
                assertThat(smtp.mail("me@elsewhere.example", "user009+list@example.com", "Subject: d\n\nx\n"))
                        .startsWith("250");
                assertThat(smtp.mail("me@elsewhere.example", "user101@example.com", "Subject: d\n\nx\n"))
                        .startsWith("550 5.1.1");
                assertThat(smtp.mail("me@elsewhere.example", "user009@example.com", "Subject: make money fast\n\nx\n"))
                        .startsWith("5");
                assertThat(smtp.mail("me@elsewhere.example", "away@example.com", "Subject: d\n\nx\n"))
                        .startsWith("250");
            }
            try (Line imap = Line.to(house.port("imap"))) {
                imap.line();
                assertThat(imap.imap("LOGIN away@example.com secret")).contains("NO [AUTHENTICATIONFAILED]");
            }
            assertThat(house.run("account", "show", "old@example.com").out())
                    .contains("name:      Old Hand", "source:    passwd-file:users, asked 20", "of 5");
            Outcome password = house.run("account", "password", "old@example.com", "--password", "another");
            assertThat(password.exit()).isNotZero();
            assertThat(password.err()).contains("is kept by passwd-file:users");
            resists(house, "user010@example.com");
        }
    }

    // ---- LDAP ------------------------------------------------------------------------------------------------------

    static final String LDAP = """
            uris = ldap://127.0.0.1:%d ldap://127.0.0.1:%d
            dn = cn=reader
            dnpass = very secret
            base = dc=example,dc=com
            auth_bind = yes
            user_attrs = mail=user, mailQuotaBytes=quota_rule=*:bytes=%%$
            user_filter = (&(objectClass=inetOrgPerson)(|(mail=%%u)(mailAlternateAddress=%%u)))
            pass_attrs = mail=user
            pass_filter = (&(objectClass=inetOrgPerson)(|(mail=%%u)(mailAlternateAddress=%%u)))
            group_filter = (&(objectClass=groupOfNames)(mail=%%u))
            timeout = 2
            """;

    private static InMemoryDirectoryServer ldap() throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
        config.addAdditionalBindCredentials("cn=reader", "very secret");
        config.setSchema(null);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("test", InetAddress.getLoopbackAddress(), 0, null));
        InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
        server.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
        for (String name : new String[] {"ann", "bob", "cleo"}) {
            server.add(
                    "dn: uid=" + name + ",dc=example,dc=com",
                    "objectClass: inetOrgPerson",
                    "uid: " + name,
                    "cn: " + name.toUpperCase(java.util.Locale.ROOT) + " Example",
                    "sn: Example",
                    "mail: " + name + "@example.com",
                    "mailAlternateAddress: " + name + ".example@example.com",
                    "mailQuotaBytes: 1000000",
                    "userPassword: pw-" + name);
        }
        server.add(
                "dn: cn=team,dc=example,dc=com",
                "objectClass: groupOfNames",
                "cn: team",
                "mail: team@example.com",
                "member: uid=ann,dc=example,dc=com",
                "member: uid=bob,dc=example,dc=com");
        server.startListening();
        return server;
    }

    @Test
    void peopleOfAnLdapDirectoryAreServedAndWaitWhileItIsDown() throws Exception {
        InMemoryDirectoryServer first = ldap();
        InMemoryDirectoryServer second = ldap();
        try (House house = House.of(
                folder.resolve("home"),
                "junk_filter = no",
                "directory_cache_time = 0s",
                "directory_negative_cache_time = 0s",
                "directory_sources = internal, { ldap:people.conf, domains=example.com }")) {
            house.write("people.conf", LDAP.formatted(first.getListenPort(), second.getListenPort()));
            house.start();
            assertThat(house.run("check").exit()).isZero();
            works(house, "ann@example.com", "pw-ann");
            // An alias of hers and a group of the directory.
            try (Line smtp = house.smtp()) {
                assertThat(smtp.mail("me@elsewhere.example", "ann.example@example.com", "Subject: alias\n\nx\n"))
                        .startsWith("250");
                assertThat(smtp.mail("me@elsewhere.example", "team@example.com", "Subject: group\n\nx\n"))
                        .startsWith("250");
                assertThat(smtp.mail("me@elsewhere.example", "nobody@example.com", "Subject: x\n\nx\n"))
                        .startsWith("550 5.1.1");
            }
            try (Line imap = Line.imap(house.port("imap"), "ann.example@example.com", "pw-ann", "INBOX")) {
                assertThat(imap.imap("SEARCH SUBJECT alias")).contains("* SEARCH 3");
                assertThat(imap.imap("SEARCH SUBJECT group")).contains("* SEARCH 4");
            }
            try (Line imap = Line.imap(house.port("imap"), "bob@example.com", "pw-bob", "INBOX")) {
                assertThat(imap.imap("SEARCH SUBJECT group")).contains("* SEARCH 1");
            }
            assertThat(house.run("account", "show", "ann").out())
                    .contains("name:      ANN Example", "source:    ldap:people.conf, asked 20");
            resists(house, "ann@example.com");
            // The first server stops: the second answers.
            first.shutDown(true);
            works(house, "cleo@example.com", "pw-cleo");
            second.shutDown(true);
            defers(house, "ann@example.com");
            defers(house, "stranger@example.com");
            Outcome check = house.run("check");
            assertThat(check.exit()).as("a server that is down is no error").isZero();
            assertThat(check.out() + check.err())
                    .contains("does not answer now")
                    .doesNotContain("very secret");
            // A reload back to the store alone: the mailbox is there, a password is not.
            house.mainCf("junk_filter = no", "directory_sources = internal");
            assertThat(house.run("reload").out()).contains("directory_sources");
            assertThat(house.run("account", "password", "ann@example.com", "--password", "own")
                            .exit())
                    .isZero();
            try (Line imap = Line.imap(house.port("imap"), "ann@example.com", "own", "INBOX")) {
                assertThat(imap.imap("SEARCH SUBJECT alias")).contains("* SEARCH 3");
            }
        } finally {
            first.shutDown(true);
            second.shutDown(true);
        }
    }

    // ---- SQL -------------------------------------------------------------------------------------------------------

    static final String TABLES = """
            CREATE TABLE people (name VARCHAR(64), domain VARCHAR(64), password VARCHAR(200), full_name VARCHAR(64), quota BIGINT);
            CREATE TABLE alias (source VARCHAR(64), target VARCHAR(200));
            INSERT INTO people VALUES ('ann', 'example.com', '{SSHA}EnkO1JjDQPcytr5qNHAuNAzxTe/bcBYZ', 'Ann Martin', 1000000);
            INSERT INTO people VALUES ('bob', 'example.com', '$6$L3xmuW.w/eAF9m39$RWYa/N76J8YUpIhOSTP58gSrNRu9ix7G2B7y3VZpavI/J9th/wL/ne9Mh2tnlSkpL0lls87lpqMk5nUFdZDOZ1', '', 0);
            INSERT INTO alias VALUES ('team@example.com', 'ann@example.com, bob@example.com');
            """;

    static final String QUERIES = """
            default_pass_scheme = CRYPT
            password_query = SELECT name AS user, domain, password \\
              FROM people WHERE name = '%n' AND domain = '%d'
            user_query = SELECT full_name AS name, quota AS quota_storage_size FROM people \\
              WHERE name = :name AND domain = :domain
            alias_query = SELECT target FROM alias WHERE source = '%u'
            timeout = 2
            """;

    @Test
    void peopleOfASqliteFileAreServed() throws Exception {
        try (House house = House.of(
                folder.resolve("home"),
                "junk_filter = no",
                "directory_sources = { sql:people.conf, domains=example.com }, internal")) {
            try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + house.home.resolve("people.db"));
                    Statement statement = db.createStatement()) {
                for (String one : TABLES.split(";\n")) {
                    statement.execute(one);
                }
            }
            house.write("people.conf", "driver = sqlite\nconnect = people.db\n" + QUERIES);
            house.start();
            sql(house);
        }
    }

    /// What the tables above must show, whichever program answers.
    static void sql(House house) throws Exception {
        works(house, "ann@example.com", "correct horse");
        works(house, "bob@example.com", "correct horse");
        resists(house, "ann@example.com");
        try (Line smtp = house.smtp()) {
            assertThat(smtp.mail("me@elsewhere.example", "team@example.com", "Subject: group\n\nx\n"))
                    .startsWith("250");
            assertThat(smtp.mail("me@elsewhere.example", "nobody@example.com", "Subject: x\n\nx\n"))
                    .startsWith("550 5.1.1");
        }
        try (Line imap = Line.imap(house.port("imap"), "bob", "\"correct horse\"", "INBOX")) {
            assertThat(imap.imap("SEARCH SUBJECT group")).contains("* SEARCH 3");
        }
        assertThat(house.run("account", "show", "ann").out())
                .contains("name:      Ann Martin", "source:    sql:people.conf, asked 20");
    }
}
