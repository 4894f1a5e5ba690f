package tamanoir.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;

class NextHopTest {
    @Test
    void everyFormOfPostfixIsRead() {
        assertThat(NextHop.of("example.net", false)).isEqualTo(new NextHop("example.net", "example.net", true, 0));
        assertThat(NextHop.of("example.net:587", false))
                .isEqualTo(new NextHop("example.net:587", "example.net", true, 587));
        assertThat(NextHop.of("[mx.example.net]", false))
                .isEqualTo(new NextHop("[mx.example.net]", "mx.example.net", false, 0));
        assertThat(NextHop.of("[mx.example.net]:submission", false))
                .isEqualTo(new NextHop("[mx.example.net]:submission", "mx.example.net", false, 587));
        assertThat(NextHop.of("[192.0.2.1]:2525", false).host()).isEqualTo("192.0.2.1");
        assertThat(NextHop.of("[2001:db8::1]:25", false))
                .isEqualTo(new NextHop("[2001:db8::1]:25", "2001:db8::1", false, 25));
        assertThat(NextHop.of("[IPv6:2001:db8::1]", false).host()).isEqualTo("2001:db8::1");
        assertThat(NextHop.of("inet:127.0.0.1:24", true))
                .isEqualTo(new NextHop("inet:127.0.0.1:24", "127.0.0.1", false, 24));
        assertThat(NextHop.of("lmtp.example.net", true).exchangers()).isFalse();
        assertThat(NextHop.of(Domain.of("b\u00fccher.example")).host()).isEqualTo("xn--bcher-kva.example");
        assertThat(NextHop.of(Domain.of("[192.0.2.1]")).exchangers()).isFalse();
    }

    @Test
    void anythingElseIsRefusedInWords() {
        for (String bad :
                List.of("", "[", "[x", "[x]25", "x:", "x:0", "x:70000", "x:nosuch", "unix:/run/lmtp", ":25")) {
            assertThatThrownBy(() -> NextHop.of(bad, false)).as(bad).isInstanceOf(BadSyntax.class);
        }
    }
}
