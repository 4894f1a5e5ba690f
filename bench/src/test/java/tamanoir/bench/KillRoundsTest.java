package tamanoir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A few rounds of what `./test kill` does for long.
@Timeout(180)
class KillRoundsTest {
    private static final long SEED = 20_260_725;

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsThereOnceAfterAKill() throws Exception {
        Path home = folder.resolve("home");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean holds = new KillRounds(home, SEED, new PrintStream(out, true, StandardCharsets.UTF_8)).run(3);
        assertThat(holds)
                .as("seed %d\n%s\n%s", SEED, out.toString(StandardCharsets.UTF_8), tail(home.resolve("server.log")))
                .isTrue();
        System.out.print(out.toString(StandardCharsets.UTF_8));
    }

    private static String tail(Path log) throws Exception {
        String text = Files.readString(log);
        return text.substring(Math.max(0, text.length() - 4000));
    }
}
