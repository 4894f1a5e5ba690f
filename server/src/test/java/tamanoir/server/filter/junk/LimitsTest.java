package tamanoir.server.filter.junk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.filter.junk.Lessons.Lesson;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.store.memory.MemoryStore;

/// Strangers write what is read here.
final class LimitsTest {
    private static final String HEADER = "From: <a@b.example>\r\nSubject: x\r\n";

    private static long[] tokens(String message) {
        long begin = System.nanoTime();
        Contents contents = Contents.of(Octets.of(message));
        Rules.judge(contents, Instant.now(), "mail.example", new ArrayList<>());
        long[] tokens = Tokens.of(contents);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(tokens.length).isLessThanOrEqualTo(Tokens.MOST);
        return tokens;
    }

    @Test
    void manyWordsAreCut() {
        StringBuilder text = new StringBuilder(HEADER + "\r\n");
        for (int i = 0; i < 200_000; i++) {
            text.append("word").append(i).append(i % 10 == 0 ? "\r\n" : " ");
        }
        assertThat(tokens(text.toString())).hasSize(Tokens.MOST);
    }

    @Test
    void oneEndlessWordIsOneToken() {
        assertThat(tokens(HEADER + "\r\n" + "x".repeat(1 << 20)).length).isLessThan(20);
    }

    @Test
    void nestedPartsEnd() {
        StringBuilder text = new StringBuilder(HEADER);
        for (int i = 0; i < 2_000; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        assertThat(tokens(text.toString())).isNotEmpty();
    }

    @Test
    void nestedHtmlEnds() {
        assertThat(tokens(
                        HEADER + "Content-Type: text/html\r\n\r\n" + "<div><a href=http://x.example/>".repeat(20_000)))
                .isNotEmpty();
    }

    @Test
    void aWordWithHolesIsTheWord() {
        assertThat(tokens(HEADER + "Content-Type: text/plain; charset=utf-8\r\n\r\nvia\u200Bgra"))
                .containsExactlyInAnyOrder(tokens(HEADER + "Content-Type: text/plain; charset=utf-8\r\n\r\nviagra"));
    }

    @Test
    void aLessonIsTakenBackWhole() {
        try (MemoryStore store = new MemoryStore()) {
            Lessons lessons = new Lessons(store);
            Optional<AccountId> account = Optional.of(new AccountId(7));
            Optional<MessageId> message = Optional.of(new MessageId(9));
            long[] tokens = {1, 2, 3};
            assertThat(lessons.learn(account, message, tokens, new Lessons.Taught(Lesson.JUNK, true, 0)))
                    .isTrue();
            assertThat(lessons.learn(account, message, tokens, new Lessons.Taught(Lesson.JUNK, true, 0)))
                    .isFalse();
            assertThat(lessons.learn(account, message, tokens, new Lessons.Taught(Lesson.HAM, true, 0)))
                    .isTrue();
            try (Lessons.Memory memory = lessons.recall(account)) {
                assertThat(memory.counts(1)).isEqualTo(new Lessons.Counts(0, 1, 0, 1));
                assertThat(memory.site().junk()).isZero();
                assertThat(memory.site().ham()).isEqualTo(1);
            }
            assertThat(lessons.totals(account).tokens()).isEqualTo(3);
        }
    }

    @Test
    void rareWordsGoWhenThereAreTooMany() {
        try (MemoryStore store = new MemoryStore()) {
            Lessons lessons = new Lessons(store);
            for (int i = 0; i < 30; i++) {
                long[] tokens = new long[800];
                for (int j = 0; j < tokens.length; j++) {
                    tokens[j] = j < 100 ? j + 1 : 1_000 + i * 1_000 + j;
                }
                assertThat(lessons.learn(
                                Optional.empty(), Optional.empty(), tokens, new Lessons.Taught(Lesson.JUNK, true, 0)))
                        .isTrue();
            }
            assertThat(lessons.totals(Optional.empty()).tokens()).isEqualTo(21_100);
            lessons.prune(Optional.empty(), 10_000);
            assertThat(lessons.totals(Optional.empty()).tokens()).isLessThanOrEqualTo(8_000);
            try (Lessons.Memory memory = lessons.recall(Optional.empty())) {
                assertThat(memory.counts(5).siteJunk()).isEqualTo(30);
            }
        }
    }

    @Test
    void certaintyNeedsMoreThanOneSide() {
        double[] both = {0.99, 0.99, 0.99, 0.99, 0.01, 0.01, 0.01, 0.01};
        double[] one = {0.99, 0.99, 0.99, 0.99, 0.9, 0.9};
        assertThat(Bayes.combined(both)).isBetween(0.4, 0.6);
        assertThat(Bayes.combined(one)).isGreaterThan(0.99);
        assertThat(List.of(Bayes.combined(new double[] {0.5}))).allMatch(v -> v >= 0 && v <= 1);
    }
}
