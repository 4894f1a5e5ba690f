package tamanoir.mail.authresults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.authresults.AuthenticationResults.Method;
import tamanoir.mail.authresults.AuthenticationResults.Property;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

class AuthenticationResultsTest {
    /// RFC 8601 appendix B.
    @Test
    void theExamplesOfTheRfcAreRead() {
        assertThat(AuthenticationResults.parse("example.org 1; none").methods()).isEmpty();
        AuthenticationResults two = AuthenticationResults.parse(
                "example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net");
        assertThat(two.server()).isEqualTo("example.com");
        assertThat(two.methods()).hasSize(2);
        assertThat(two.methods().getFirst().property("smtp", "auth")).contains("sender@example.net");
        AuthenticationResults odd = AuthenticationResults.parse(
                "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy"
                        + " (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it)"
                        + " 1362471462");
        assertThat(odd.methods().getFirst().result()).isEqualTo("fail");
        assertThat(odd.methods().getFirst().property("policy", "expired")).contains("1362471462");
    }

    @Test
    void reasonsCommentsAndQuotedValuesAreRead() {
        AuthenticationResults read = AuthenticationResults.parse(
                "\"mx one\"; dkim=fail reason=\"bad \\\"sig\\\"\" header.d=example.net header.b=ab/c=;"
                        + " iprev=pass policy.iprev=2001:db8::1; spf=pass smtp.mailfrom=\"a b\"@example.net;");
        assertThat(read.server()).isEqualTo("mx one");
        assertThat(read.methods().getFirst().reason()).isEqualTo("bad \"sig\"");
        assertThat(read.methods().getFirst().property("header", "b")).contains("ab/c=");
        assertThat(read.methods().get(1).property("policy", "iprev")).contains("2001:db8::1");
        assertThat(read.methods().get(2).property("smtp", "mailfrom")).contains("a b@example.net");
    }

    @Test
    void brokenFieldsAreRefusedButTheirClaimIsKnown() {
        for (String broken :
                List.of("", "a", "a;", "a; dkim", "a; dkim=", "a; dkim=pass header.d", "a; (", "a; dkim/2=pass")) {
            assertThatThrownBy(() -> AuthenticationResults.parse(broken))
                    .as(broken)
                    .isInstanceOf(BadSyntax.class);
        }
        assertThat(AuthenticationResults.claimed(" (x) mx.example.com ; rubbish"))
                .contains("mx.example.com");
        assertThat(AuthenticationResults.claimed("\"mx.example.com\"")).contains("mx.example.com");
    }

    @Test
    void whateverTheValuesHoldItIsOneField() {
        String evil = "x\r\nSubject: evil\r\n\r\n; spf=pass (\")";
        AuthenticationResults results = new AuthenticationResults(
                "mx.example.com",
                List.of(new Method("dkim", "fail", evil, evil, List.of(new Property("header", "d", evil)))));
        HeaderFields fields = HeaderFields.of(Octets.of(results.toField() + "\r\n"));
        assertThat(fields.size()).isEqualTo(1);
        AuthenticationResults read = AuthenticationResults.parse(fields.get(0).value());
        assertThat(read.methods()).hasSize(1);
        assertThat(read.methods().getFirst().property("header", "d"))
                .contains(evil.replace("\r", " ").replace("\n", " "));
    }

    @Test
    void whatIsWrittenIsReadAsItWas() {
        Random random = new Random(8601);
        String letters = "ab.@ \"\\();=/ü-_1";
        for (int round = 0; round < 2_000; round++) {
            List<Method> methods = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                methods.add(new Method(
                        "dkim",
                        "pass",
                        word(random, letters),
                        word(random, letters),
                        List.of(new Property("header", "d", "v" + word(random, letters)))));
            }
            AuthenticationResults written = new AuthenticationResults("m" + word(random, letters), methods);
            String value = HeaderFields.of(Octets.of(written.toField() + "\r\n"))
                    .get(0)
                    .value();
            assertThat(AuthenticationResults.parse(value))
                    .as("round " + round + ": " + value)
                    .isEqualTo(written);
        }
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
