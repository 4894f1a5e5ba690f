package tamanoir.mail.authresults.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class BodyCanonTest {
    @Test
    void itIsTheSameHashInWhateverPiecesABodyComes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] alphabet = {'a', 'b', (byte) 0xE9, ' ', '\t', '\r', '\n', '\r', '\n', 0};
        for (int round = 0; round < 300; round++) {
            byte[] body = new byte[random.nextInt(round % 10 == 0 ? 20_000 : 60)];
            for (int i = 0; i < body.length; i++) {
                body[i] = alphabet[random.nextInt(round % 3 == 0 ? alphabet.length : 4)];
            }
            boolean relaxed = random.nextBoolean();
            long limit = random.nextBoolean() ? -1 : random.nextInt(body.length + 10);
            BodyCanon whole = new BodyCanon(relaxed, limit);
            whole.feed(body, 0, body.length);
            BodyCanon octets = new BodyCanon(relaxed, limit);
            for (int i = 0; i < body.length; i++) {
                octets.feed(body, i, 1);
            }
            assertThat(whole.finish()).as("seed %d, round %d", seed, round).isEqualTo(octets.finish());
            assertThat(whole.length()).isEqualTo(octets.length());
        }
    }
}
