package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server takes its leave of everybody.
@Timeout(120)
class StopTest {
    @TempDir
    Path folder;

    @Test
    void idleClientsAreToldInTheWordsOfTheirProtocol() throws Exception {
        try (House house = House.of(folder.resolve("home")).start().people("ann");
                Line smtp = house.smtp();
                Line submission = house.submission("ann");
                Line imap = house.inbox("ann");
                Line idle = house.inbox("ann");
                Line pop = Line.to(house.port("pop3"))) {
            idle.send("i IDLE");
            idle.until("+");
            pop.line();
            pop.pop3("USER ann");
            pop.pop3("PASS " + House.SECRET);
            long begin = System.nanoTime();
            house.stop();
            assertThat((System.nanoTime() - begin) / 1_000_000)
                    .as("milliseconds")
                    .isLessThan(4_000);
            assertThat(smtp.rest()).startsWith("421 4.3.2 ");
            assertThat(submission.rest()).startsWith("421 4.3.2 ");
            assertThat(imap.rest()).startsWith("* BYE ");
            assertThat(idle.rest()).contains("* BYE ");
            assertThat(pop.rest())
                    .satisfiesAnyOf(
                            rest -> assertThat(rest).isEmpty(),
                            rest -> assertThat(rest).startsWith("-ERR"));
        }
    }

    @Test
    void aMessageOnItsWayIsTakenToTheEnd() throws Exception {
        try (House house = House.of(folder.resolve("home")).start().people("ann")) {
            Thread stopping;
            try (Line smtp = house.smtp();
                    Line other = house.smtp()) {
                smtp.smtp("MAIL FROM:<me@elsewhere.example>");
                smtp.smtp("RCPT TO:<ann@example.com>");
                smtp.smtp("DATA");
                smtp.send("Subject: half of it");
                stopping = Thread.ofPlatform().start(house::stop);
                // The goodbye of another client tells that the stop has begun.
                assertThat(other.rest()).startsWith("421 ");
                Thread.sleep(1_000); // a client that pauses in the midst of its message is not idle
                smtp.send("\r\nthe other half\r\n.");
                assertThat(smtp.reply()).startsWith("250 2.0.0");
                assertThat(smtp.rest()).startsWith("421 ");
            }
            stopping.join();
            house.start();
            try (Line imap = house.inbox("ann")) {
                assertThat(imap.message(1)).contains("Subject: half of it", "the other half");
            }
        }
    }

    @Test
    void nobodyIsLetInAnyMoreAndTheSocketIsGone() throws IOException {
        House house = House.of(folder.resolve("home")).start();
        int port = house.port("smtp");
        house.stop();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Line.smtp(port))
                .isInstanceOf(IOException.class);
        assertThat(house.run("status").exit()).isEqualTo(69);
    }
}
