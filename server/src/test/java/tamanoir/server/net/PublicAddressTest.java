package tamanoir.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2606:4700:4700::1111",
                "2a00:1450:4001::1",
                "3ffe::1"
            })
    void anAddressOfTheInternetIsPublic(String address) throws UnknownHostException {
        assertThat(PublicAddress.of(InetAddress.getByName(address))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1", // compatible
                "::ffff:127.0.0.1", // mapped
                "::ffff:0:7f00:1", // translated
                "64:ff9b::7f00:1", // NAT64
                "64:ff9b::101:101", // NAT64 of a public one: still a way around the judgement
                "64:ff9b:1::1",
                "100::1",
                "2001::1", // Teredo
                "2001:10::1",
                "2001:db8::1",
                "2002:7f00:1::1", // 6to4
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void anAddressOfNobodyOrOfOurOwnIsNot(String address) throws UnknownHostException {
        assertThat(PublicAddress.of(InetAddress.getByName(address))).isEmpty();
        assertThat(PublicAddress.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @Test
    void noneIsMadeOfAnotherAddress() {
        assertThatThrownBy(() -> new PublicAddress(InetAddress.getLoopbackAddress()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not on the public internet");
    }
}
