package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same people in the real programs: OpenLDAP's slapd, PostgreSQL, MariaDB, each started here on loopback with a
/// folder of its own and ended by its process. Where one is not installed the test says NOT RUN. A program unpacked
/// elsewhere is found below the folder that TAMANOIR_TEST_ROOT names.
@Timeout(180)
class RealDirectoriesTest {
    private static final int PEOPLE = 10_000;
    private static final String ROOT =
            Optional.ofNullable(System.getenv("TAMANOIR_TEST_ROOT")).orElse("");

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    // ---- programs ----------------------------------------------------------------------------------------------

    private static Path installed(String what, String... paths) {
        for (String path : paths) {
            for (String root : new String[] {ROOT, ""}) {
                Path file = Path.of(root + path);
                if (Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        System.err.println("NOT RUN: " + what + " is not installed here, nothing was shown with it");
        Assumptions.abort("NOT RUN: " + what + " is not installed");
        throw new IllegalStateException("not reached");
    }

    private Process run(String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "programs.log")));
        if (!ROOT.isEmpty()) {
            builder.environment()
                    .put("LD_LIBRARY_PATH", ROOT + "/usr/lib/x86_64-linux-gnu:" + ROOT + "/lib/x86_64-linux-gnu");
        }
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private void runToTheEnd(String... words) throws Exception {
        Process process = run(words);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(this::log).isZero();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("programs.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private void await(String what, BooleanSupplier condition) {
        try {
            House.await(what, condition);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + log(), e);
        }
    }

    // ---- OpenLDAP --------------------------------------------------------------------------------------------------

    @Test
    void tenThousandPeopleOfOpenLdap() throws Exception {
        Path slapd = installed("slapd", "/usr/sbin/slapd");
        String root = slapd.startsWith(ROOT) && !ROOT.isEmpty() ? ROOT : "";
        int port = House.freePort();
        int second = House.freePort();
        Path db = Files.createDirectories(folder.resolve("slapd"));
        Files.writeString(folder.resolve("slapd.conf"), """
                include %1$s/etc/ldap/schema/core.schema
                include %1$s/etc/ldap/schema/cosine.schema
                include %1$s/etc/ldap/schema/inetorgperson.schema
                modulepath %1$s/usr/lib/ldap
                moduleload back_mdb
                attributetype ( 1.3.6.1.4.1.32473.1 NAME 'mailAlternateAddress' SUP mail )
                attributetype ( 1.3.6.1.4.1.32473.2 NAME 'mailQuotaBytes' SUP name SINGLE-VALUE )
                objectclass ( 1.3.6.1.4.1.32473.3 NAME 'mailUser' AUXILIARY MAY ( mail $ mailAlternateAddress $ mailQuotaBytes ) )
                database mdb
                maxsize 1073741824
                suffix "dc=example,dc=com"
                rootdn "cn=reader,dc=example,dc=com"
                rootpw "very secret"
                directory %2$s
                index objectClass,mail,mailAlternateAddress eq
                """.formatted(root, db));
        Path ldif = folder.resolve("people.ldif");
        Files.write(ldif, people().toList());
        runToTheEnd(slapd.toString(), "-Ta", "-q", "-f", folder + "/slapd.conf", "-l", ldif.toString());
        try (House house = House.of(
                folder.resolve("home"),
                "junk_filter = no",
                "directory_cache_time = 0s",
                "directory_negative_cache_time = 0s",
                "directory_sources = internal, { ldap:people.conf, domains=example.com }")) {
            Process one = slapd(slapd, port);
            Process other = slapd(slapd, second);
            house.write(
                    "people.conf",
                    PeopleFromOutsideTest.LDAP
                            .formatted(port, second)
                            .replace("dn = cn=reader", "dn = cn=reader,dc=example,dc=com"));
            house.start();
            await("slapd answers", () -> !house.run("check").toString().contains("does not answer"));
            PeopleFromOutsideTest.works(house, "user04711@example.com", "secret");
            PeopleFromOutsideTest.works(house, "user09999@example.com", "secret");
            PeopleFromOutsideTest.resists(house, "user00001@example.com");
            long begin = System.nanoTime();
            for (int session = 0; session < 10; session++) {
                try (Line smtp = house.smtp()) {
                    smtp.smtp("MAIL FROM:<me@elsewhere.example>");
                    for (int i = 0; i < 50; i++) {
                        String person = String.format("user%05d@example.com", (session * 50 + i) * 19);
                        assertThat(smtp.smtp("RCPT TO:<" + person + ">")).startsWith("250");
                    }
                }
            }
            System.err.printf(
                    "slapd, %d people: %.2f ms a new recipient, account made%n",
                    PEOPLE, (System.nanoTime() - begin) / 500e6);
            try (Line smtp = house.smtp()) {
                assertThat(smtp.mail("me@elsewhere.example", "team@example.com", "Subject: group\n\nx\n"))
                        .startsWith("250");
                assertThat(smtp.mail("me@elsewhere.example", "alias00042@example.com", "Subject: alias\n\nx\n"))
                        .startsWith("250");
                assertThat(smtp.mail("me@elsewhere.example", "user10000@example.com", "Subject: x\n\nx\n"))
                        .startsWith("550 5.1.1");
            }
            try (Line imap = Line.imap(house.port("imap"), "user00042@example.com", "secret", "INBOX")) {
                assertThat(imap.imap("SEARCH SUBJECT alias")).contains("* SEARCH 2");
            }
            one.destroy();
            assertThat(one.waitFor(20, TimeUnit.SECONDS)).isTrue();
            PeopleFromOutsideTest.works(house, "user01234@example.com", "secret");
            other.destroy();
            assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
            PeopleFromOutsideTest.defers(house, "user01234@example.com");
            PeopleFromOutsideTest.defers(house, "nobody@example.com");
        } finally {
            stop();
        }
    }

    private Process slapd(Path slapd, int port) throws IOException {
        return run(slapd.toString(), "-d", "0", "-f", folder + "/slapd.conf", "-h", "ldap://127.0.0.1:" + port);
    }

    private static Stream<String> people() {
        Stream<String> head = Stream.of(
                "dn: dc=example,dc=com",
                "objectClass: domain",
                "dc: example",
                "",
                "dn: cn=team,dc=example,dc=com",
                "objectClass: groupOfNames",
                "objectClass: mailUser",
                "cn: team",
                "mail: team@example.com",
                "member: uid=user00001,dc=example,dc=com",
                "member: uid=user00042,dc=example,dc=com",
                "");
        Stream<String> all = Stream.iterate(0, i -> i < PEOPLE, i -> i + 1)
                .map(i -> String.format("user%05d", i))
                .flatMap(user -> Stream.of(
                        "dn: uid=" + user + ",dc=example,dc=com",
                        "objectClass: inetOrgPerson",
                        "objectClass: mailUser",
                        "uid: " + user,
                        "cn: Person " + user,
                        "sn: " + user,
                        "mail: " + user + "@example.com",
                        "mailAlternateAddress: " + user.replace("user", "alias") + "@example.com",
                        "mailQuotaBytes: 1000000",
                        "userPassword: secret",
                        ""));
        return Stream.concat(head, all);
    }

    // ---- SQL ---------------------------------------------------------------------------------------------------

    @Test
    void peopleOfPostgresql() throws Exception {
        Path postgres = installed(
                "PostgreSQL",
                "/usr/lib/postgresql/15/bin/postgres",
                "/usr/lib/postgresql/16/bin/postgres",
                "/usr/lib/postgresql/17/bin/postgres");
        Path bin = postgres.getParent();
        // It does not run as root.
        boolean root = System.getProperty("user.name").equals("root");
        Path data = Files.createTempDirectory("tamanoir-postgres");
        try {
            List<String> as = List.of();
            if (root) {
                UserPrincipal owner =
                        data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
                Files.setOwner(data, owner);
                as = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");
            }
            int port = House.freePort();
            runToTheEnd(words(
                    as, bin + "/initdb", "-D", data + "/db", "-U", "mail", "--auth=trust", "-E", "UTF8", "--no-sync"));
            run(words(
                    as,
                    postgres.toString(),
                    "-D",
                    data + "/db",
                    "-p",
                    "" + port,
                    "-k",
                    data.toString(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "fsync=off"));
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=mail";
            overSql("driver = pgsql\nconnect = host=127.0.0.1 port=" + port + " dbname=postgres user=mail\n", url);
        } finally {
            stop();
            deleteAll(data);
        }
    }

    @Test
    void peopleOfMariadb() throws Exception {
        Path mariadb = installed("MariaDB", "/usr/sbin/mariadbd");
        String root = !ROOT.isEmpty() && mariadb.startsWith(ROOT) ? ROOT : "";
        int port = House.freePort();
        Path data = Files.createDirectories(folder.resolve("mariadb"));
        try {
            run(
                    mariadb.toString(),
                    "--no-defaults",
                    "--user=" + System.getProperty("user.name"),
                    "--datadir=" + data,
                    "--socket=" + data + "/s",
                    "--pid-file=" + data + "/pid",
                    "--port=" + port,
                    "--bind-address=127.0.0.1",
                    "--skip-grant-tables",
                    "--lc-messages-dir=" + root + "/usr/share/mysql",
                    "--innodb-flush-log-at-trx-commit=0");
            String url = "jdbc:mariadb://127.0.0.1:" + port + "/?user=mail";
            await("MariaDB answers", () -> execute(url, "CREATE DATABASE mail"));
            overSql(
                    "driver = mysql\nconnect = host=127.0.0.1 port=" + port + " dbname=mail user=mail password=x\n",
                    "jdbc:mariadb://127.0.0.1:" + port + "/mail?user=mail");
        } finally {
            stop();
        }
    }

    private void overSql(String connect, String url) throws Exception {
        for (String one : PeopleFromOutsideTest.TABLES.split(";\n")) {
            await(one, () -> execute(url, one));
        }
        try (House house = House.of(
                folder.resolve("home"),
                "junk_filter = no",
                "directory_cache_time = 0s",
                "directory_negative_cache_time = 0s",
                "virtual_alias_maps = " + (url.contains("postgresql") ? "pgsql" : "mysql") + ":alias.cf",
                "directory_sources = { sql:people.conf, domains=example.com }, internal")) {
            house.write("people.conf", connect + PeopleFromOutsideTest.QUERIES);
            house.write("alias.cf", """
                    hosts = 127.0.0.1:%s
                    user = mail
                    password = x
                    dbname = %s
                    query = SELECT target FROM alias WHERE source = '%%s'
                    """.formatted(
                            url.replaceAll(".*:(\\d+)/.*", "$1"), url.contains("postgresql") ? "postgres" : "mail"));
            house.start();
            PeopleFromOutsideTest.sql(house);
            stop();
            PeopleFromOutsideTest.defers(house, "ann@example.com");
            PeopleFromOutsideTest.defers(house, "nobody@example.com");
        }
    }

    private static boolean execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static String[] words(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
