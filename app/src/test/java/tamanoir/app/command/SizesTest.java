package tamanoir.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;

class SizesTest {
    @Test
    void unitsArePowersOf1024() {
        Map.of("0", 0L, "123", 123L, " 5k ", 5L << 10, "500M", 500L << 20, "2g", 2L << 30, "3T", 3L << 40)
                .forEach(
                        (text, octets) -> assertThat(Sizes.parse(text)).as(text).isEqualTo(octets));
    }

    @Test
    void whatIsNoSizeIsSaid() {
        for (String text : new String[] {"", "M", "-1", "1.5G", "5 GB", "many", "9999999999999T"}) {
            assertThatThrownBy(() -> Sizes.parse(text))
                    .isInstanceOf(BadSyntax.class)
                    .hasMessage("'" + text + "' is not a size; sizes look like 500M or 2G, 0 is no limit");
        }
    }

    @Test
    void peopleReadThemRounded() {
        Map.of(
                        0L,
                        "0 B",
                        1023L,
                        "1023 B",
                        1024L,
                        "1.0 KiB",
                        1536L,
                        "1.5 KiB",
                        5L << 30,
                        "5.0 GiB",
                        5L << 50,
                        "5120.0 TiB")
                .forEach((octets, text) -> assertThat(Sizes.print(octets)).isEqualTo(text));
    }
}
