package tamanoir.server.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.Octets;
import tamanoir.server.delivery.Completion;

class AddressFieldTest {
    private static final Completion COMPLETION = new Completion(Domain.of("example.com"), "example.com", false);

    private static String rewritten(String field) {
        Octets octets = Octets.of(field);
        Octets result = AddressField.rewrite(
                octets,
                COMPLETION,
                address -> address.localPart().equals("alice") ? Address.of("alice.martin@example.com") : address);
        return result.utf8();
    }

    @Test
    void onlyTheAddressesChange() {
        assertThat(rewritten("From: \"Alice, <alice>\" (alice) <alice>\r\n"))
                .isEqualTo("From: \"Alice, <alice>\" (alice) <alice.martin@example.com>\r\n");
        assertThat(rewritten(
                        "To: alice (at home, now),\r\n bob@example.net , Alice Martin\r\n <alice@example.com>\r\n"))
                .isEqualTo("To: alice.martin@example.com (at home, now),\r\n bob@example.net , Alice Martin\r\n"
                        + " <alice.martin@example.com>\r\n");
        assertThat(rewritten("Cc: team: alice, bob; , carol\r\n"))
                .isEqualTo("Cc: team: alice.martin@example.com, bob@example.com; , carol@example.com\r\n");
        assertThat(rewritten("From: J\u00f6rg <alice>\r\n"))
                .isEqualTo("From: J\u00f6rg <alice.martin@example.com>\r\n");
    }

    @Test
    void whatCannotBeReadStaysAsItIs() {
        for (String field : new String[] {
            "From:\r\n",
            "From: \r\n",
            "To: undisclosed-recipients:;\r\n",
            "From: two words\r\n",
            "From: <>\r\n",
            "From: <@>, \"\r\n",
            "From: ((((((\r\n",
            "From: a@b@c <\r\n",
            "From: \"alice\r\n",
            "From: <alice\r\n",
            "From: alice>\r\n"
        }) {
            assertThat(rewritten(field)).isEqualTo(field);
        }
    }

    @Test
    void noTextBringsItDown() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "a@<>(),:;\"\\ \r\n.";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder field = new StringBuilder("To:");
            int length = random.nextInt(24);
            for (int j = 0; j < length; j++) {
                field.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(rewritten(field + "\r\n")).startsWith("To:").endsWith("\r\n");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " field " + field, e);
            }
        }
    }
}
