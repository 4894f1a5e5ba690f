package tamanoir.server.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.config.Config;
import tamanoir.server.setup.Checks.Ground;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

/// What the looks at the machine and at its names say, when all is well and when it is not.
class ChecksTest {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final String HOST = "mail.example.net";
    private static final String FOUR = "193.0.14.129";
    private static final String SIX = "2001:7fd::1";

    @TempDir
    Path home;

    private final FakeDns dns = new FakeDns();

    private static String machine(long memory, long free, String kind, long files, String check) {
        Machine machine = new Machine(memory, 256 * MIB, "/home", free, kind, files, List.of());
        return MachineChecks.all(machine).stream()
                .filter(one -> one.name().equals(check))
                .map(ChecksTest::told)
                .findFirst()
                .orElseThrow();
    }

    private String name(String host, String check, String... addresses) {
        Machine machine = new Machine(
                GIB,
                GIB,
                "/",
                GIB,
                "ext4",
                9_000,
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
        Ground ground =
                new Ground(Config.load(home, Map.of()).config(), machine, dns, new TurnableClock(), host, List.of());
        return NameChecks.all(ground, new Addresses(ground)).stream()
                .filter(one -> one.name().equals(check))
                .map(ChecksTest::told)
                .findFirst()
                .orElseThrow();
    }

    private static String told(Check check) {
        Finding finding = check.look();
        return finding.grade() + " " + finding.saying();
    }

    @Test
    void memory() {
        assertThat(machine(2 * GIB, 0, "", 0, "memory")).isEqualTo("OK memory.ok");
        assertThat(machine(600 * MIB, 0, "", 0, "memory")).isEqualTo("WARN memory.tight");
        assertThat(machine(256 * MIB, 0, "", 0, "memory")).isEqualTo("FAIL memory.short");
        assertThat(machine(-1, 0, "", 0, "memory")).isEqualTo("UNKNOWN memory.unknown");
    }

    @Test
    void disk() {
        assertThat(machine(0, 20 * GIB, "ext4", 0, "disk")).isEqualTo("OK disk.ok");
        assertThat(machine(0, 5 * GIB, "ext4", 0, "disk")).isEqualTo("WARN disk.tight");
        assertThat(machine(0, 100 * MIB, "ext4", 0, "disk")).isEqualTo("FAIL disk.full");
        assertThat(machine(0, 20 * GIB, "tmpfs", 0, "disk")).isEqualTo("FAIL disk.fleeting");
        assertThat(machine(0, 20 * GIB, "nfs4", 0, "disk")).isEqualTo("WARN disk.far");
        assertThat(machine(0, 20 * GIB, "overlay", 0, "disk")).isEqualTo("WARN disk.container");
        assertThat(machine(0, -1, "", 0, "disk")).isEqualTo("UNKNOWN disk.unknown");
    }

    @Test
    void openFiles() {
        assertThat(machine(0, 0, "", 65_536, "files")).isEqualTo("OK files.ok");
        assertThat(machine(0, 0, "", 4_096, "files")).isEqualTo("WARN files.few");
        assertThat(machine(0, 0, "", 256, "files")).isEqualTo("FAIL files.few");
        assertThat(machine(0, 0, "", -1, "files")).isEqualTo("UNKNOWN files.unknown");
    }

    @Test
    void theName() {
        assertThat(name(HOST, "name")).isEqualTo("OK name.ok");
        assertThat(name("mail", "name")).isEqualTo("FAIL name.short");
        assertThat(name("mail.local", "name")).isEqualTo("FAIL name.short");
    }

    @Test
    void theNameLeadsToTheMachine() {
        assertThat(name(HOST, "forward", FOUR)).isEqualTo("FAIL forward.none");
        dns.address(HOST, FOUR);
        assertThat(name(HOST, "forward", FOUR)).isEqualTo("OK forward.ok");
        assertThat(name(HOST, "forward")).isEqualTo("OK forward.behind");
        assertThat(name(HOST, "forward", "198.41.0.4")).isEqualTo("FAIL forward.elsewhere");
        dns.fails("A", "mail.example.org").fails("AAAA", "mail.example.org");
        assertThat(name("mail.example.org", "forward", FOUR)).isEqualTo("UNKNOWN forward.unknown");
    }

    @Test
    void theAddressLeadsToTheName() {
        assertThat(name(HOST, "reverse")).isEqualTo("UNKNOWN reverse.noAddress");
        assertThat(name(HOST, "reverse", FOUR)).isEqualTo("FAIL reverse.none");
        dns.ptr(FOUR, HOST);
        assertThat(name(HOST, "reverse", FOUR)).isEqualTo("OK reverse.ok");
        assertThat(name("other.example.net", "reverse", FOUR)).isEqualTo("FAIL reverse.other");
    }

    @Test
    void theSecondProtocolIsAnnouncedWhereItIs() {
        assertThat(name(HOST, "ipv6", FOUR)).isEqualTo("OK ipv6.none");
        assertThat(name(HOST, "ipv6", FOUR, SIX)).isEqualTo("WARN ipv6.unnamed");
        dns.address(HOST, SIX);
        assertThat(name(HOST, "ipv6", FOUR, SIX)).isEqualTo("OK ipv6.ok");
        assertThat(name(HOST, "ipv6", FOUR)).isEqualTo("FAIL ipv6.announced");
    }
}
