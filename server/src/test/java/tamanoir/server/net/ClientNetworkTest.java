package tamanoir.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ClientNetworkTest {
    private static ClientNetwork of(String address, int prefixLength) {
        return ClientNetwork.of(InetAddress.ofLiteral(address), prefixLength);
    }

    @Test
    void anIpv4AddressIsAClientWhateverTheLength() {
        assertThat(of("192.0.2.1", 64)).isEqualTo(of("192.0.2.1", 0)).isNotEqualTo(of("192.0.2.2", 0));
    }

    @Test
    void anIpv6NetworkIsOneClient() {
        assertThat(of("2001:db8::1", 64)).isEqualTo(of("2001:db8::ffff:0:0:2", 64));
        assertThat(of("2001:db8:0:1::1", 64)).isNotEqualTo(of("2001:db8::1", 64));
        assertThat(of("2001:db8::1", 84)).isNotEqualTo(of("2001:db8::1:0:0:0", 84));
        assertThat(of("2001:db8::1", 128)).isNotEqualTo(of("2001:db8::2", 128));
        assertThat(of("2001:db8::1", 0)).isEqualTo(of("fe80::1", 0));
    }

    @Test
    void theFamiliesAreApart() {
        assertThat(of("0.0.0.1", 128)).isNotEqualTo(of("::1:0:0:0:0", 128));
    }
}
