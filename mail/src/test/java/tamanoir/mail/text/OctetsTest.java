package tamanoir.mail.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OctetsTest {
    /// Against the plain search in a text, inside a window of a larger array.
    @Test
    void searchingFindsWhatAPlainSearchFinds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] array = new byte[60];
            for (int i = 0; i < array.length; i++) {
                array[i] = (byte) ("ab\n-".charAt(random.nextInt(4)) + (random.nextInt(9) == 0 ? 128 : 0));
            }
            int offset = random.nextInt(20);
            Octets octets = Octets.of(array, offset, random.nextInt(40));
            String text = octets.latin1();
            int from = random.nextInt(42) - 1;
            int wanted = array[random.nextInt(array.length)] & 0xFF;
            assertThat(octets.indexOf(wanted, from)).as("seed %d", seed).isEqualTo(text.indexOf(wanted, from));
            Octets run = Octets.of(array, random.nextInt(50), random.nextInt(4));
            int found = text.indexOf(run.latin1(), from);
            if (!run.isEmpty()) {
                assertThat(octets.indexOf(run, from)).as("seed %d", seed).isEqualTo(found);
            }
        }
    }

    @Test
    void slicesAreWindowsAndEqualByContent() {
        Octets whole = Octets.of("hello world");
        Octets world = whole.from(6);
        assertThat(world).isEqualTo(Octets.of("world")).hasSameHashCodeAs(Octets.of("world"));
        assertThat(world.array()).isSameAs(whole.array());
        assertThat(whole.slice(0, 5).utf8()).isEqualTo("hello");
        assertThat(whole.startsWith(Octets.of("hell"))).isTrue();
        assertThat(whole.endsWith(world)).isTrue();
        assertThat(world.startsWith(whole)).isFalse();
        assertThat(world.equalsIgnoreCase("WORLD")).isTrue();
        assertThat(whole.slice(3, 3)).isSameAs(Octets.EMPTY);
        assertThatThrownBy(() -> world.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> whole.slice(6, 12)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(Octets.join(whole, Octets.EMPTY, world).latin1()).isEqualTo("hello worldworld");
        assertThat(Octets.of("\u00FC").toString()).isEqualTo("\\xc3\\xbc");
        assertThat(Octets.latin1("\u00FC").toByteArray()).isEqualTo("\u00FC".getBytes(StandardCharsets.ISO_8859_1));
    }
}
