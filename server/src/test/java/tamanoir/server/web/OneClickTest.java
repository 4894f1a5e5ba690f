package tamanoir.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// RFC 8058 §4
class OneClickTest {
    private static final String GOOD = " v=1; a=rsa-sha256; d=list.example; s=k; h=From:List-Unsubscribe:\r\n"
            + "\tList-Unsubscribe-Post:Subject; bh=AA==; b=AA==\r\n";
    private static final String BARE =
            " v=1; a=rsa-sha256; d=list.example; s=k; h=From:List-Unsubscribe; bh=AA==; b=AA==";

    private static String results(String server, String... each) {
        StringBuilder field = new StringBuilder(" " + server);
        for (String one : each) {
            field.append(";\r\n\tdkim=").append(one).append(" header.d=list.example header.s=k");
        }
        return field + "\r\n";
    }

    private static boolean vouched(List<String> results, String... signatures) {
        return new OneClick("mail.example.com", results, List.of(signatures)).isVouchedFor();
    }

    @Test
    void aGoodSignatureOverBothFieldsVouches() {
        assertThat(vouched(List.of(results("mail.example.com", "pass")), GOOD)).isTrue();
        assertThat(vouched(List.of(results("MAIL.example.com", "fail", "pass")), BARE, GOOD))
                .isTrue();
    }

    @Test
    void nothingElseDoes() {
        assertThat(vouched(List.of(), GOOD)).isFalse();
        assertThat(vouched(List.of(results("mail.example.com", "fail")), GOOD)).isFalse();
        assertThat(vouched(List.of(results("mail.example.com", "pass")), BARE)).isFalse();
        assertThat(vouched(List.of(results("mail.example.com", "pass")))).isFalse();
        assertThat(vouched(List.of(results("mail.example.com", "pass")), GOOD.replace("list.example", "other.example")))
                .isFalse();
    }

    @Test
    void aBadSignatureHidesBehindNoGoodOne() {
        assertThat(vouched(List.of(results("mail.example.com", "pass", "fail")), BARE, GOOD))
                .isFalse();
    }

    @Test
    void theWordOfOthersDoesNotCount() {
        assertThat(vouched(List.of(results("mx.attacker.example", "pass")), GOOD))
                .isFalse();
        assertThat(vouched(List.of(results("mail.example.com", "fail"), results("mail.example.com", "pass")), GOOD))
                .isFalse();
    }
}
