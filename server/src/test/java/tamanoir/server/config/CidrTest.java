package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;

/// Blocks of addresses.
class CidrTest {
    private static boolean contains(String block, String address) {
        return Cidr.of(block).contains(InetAddress.ofLiteral(address));
    }

    @Test
    void aBlockHoldsExactlyItsAddresses() {
        assertThat(contains("192.0.2.128/25", "192.0.2.127")).isFalse();
        assertThat(contains("192.0.2.128/25", "192.0.2.128")).isTrue();
        assertThat(contains("192.0.2.128/25", "192.0.2.255")).isTrue();
        assertThat(contains("192.0.2.128/25", "192.0.3.0")).isFalse();
        assertThat(contains("192.0.2.1", "192.0.2.1")).isTrue();
        assertThat(contains("192.0.2.1", "192.0.2.2")).isFalse();
        assertThat(contains("0.0.0.0/0", "203.0.113.9")).isTrue();
        assertThat(contains("0.0.0.0/0", "::1")).isFalse();
        assertThat(contains("::/0", "2001:db8::1")).isTrue();
        assertThat(contains("[2001:db8:8000::]/33", "2001:db8:7fff::1")).isFalse();
        assertThat(contains("[2001:db8:8000::/33]", "2001:db8:8000::1")).isTrue();
        assertThat(contains("::ffff:192.0.2.1", "192.0.2.1")).isTrue();
    }

    @Test
    void whatIsNoBlockIsRefused() {
        for (String wrong : List.of(
                "",
                "/",
                "host.example",
                "192.0.2.0/33",
                "192.0.2.0/",
                "192.0.2.0/x",
                "192.0.2/24",
                "192.0.2.0/24/1",
                "192.0.2.1/24",
                "127.1",
                "010.0.0.1",
                "[::1",
                "::1]",
                "fe80::1%eth0",
                "2001:db8::/129",
                "1.2.3.4.5")) {
            assertThatThrownBy(() -> Cidr.of(wrong)).as(wrong).isInstanceOf(BadSyntax.class);
        }
        assertThatThrownBy(() -> Cidr.of("192.0.2.1/24")).hasMessageContaining("perhaps 192.0.2.0/24 is meant");
        assertThatThrownBy(() -> Cidr.of("2001:db8::1/32")).hasMessageContaining("perhaps 2001:db8::/32 is meant");
    }

    /// RFC 5952 §4, the form in which tables are keyed.
    @Test
    void anAddressHasOneText() {
        for (String text : List.of(
                "192.0.2.1",
                "::",
                "::1",
                "2001:db8::1",
                "2001:db8:0:1:1:1:1:1",
                "2001:db8::1:0:0:1",
                "fe80::",
                "1::")) {
            assertThat(Cidr.text(InetAddress.ofLiteral(text))).isEqualTo(text);
        }
        assertThat(Cidr.text(InetAddress.ofLiteral("2001:DB8:0:0:0:0:0:1"))).isEqualTo("2001:db8::1");
    }
}
