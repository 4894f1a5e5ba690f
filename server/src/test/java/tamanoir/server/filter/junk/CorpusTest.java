package tamanoir.server.filter.junk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.junk.Lessons.Lesson;
import tamanoir.server.store.memory.MemoryStore;

/// How much junk is caught and how much wanted mail is caught wrongly, on [MadeUpMail] that training never saw: other
/// seeds, and themes that the lessons have none of. Mail that is made up is easy; the figures say that nothing is
/// broken, not how the filter does in a given place (`docs/junk.md`).
final class CorpusTest {
    private static final int LESSONS = 200;
    private static final int TESTED = 1_000;
    private static final Instant NOW = MadeUpMail.NOW;

    private record Figures(double caught, double wronglyCaught) {}

    private static Judgement judge(Octets message, Lessons lessons) {
        Contents contents = Contents.of(message);
        List<Reason> reasons = new ArrayList<>();
        Rules.judge(contents, NOW, "mail.example.com", reasons);
        try (Lessons.Memory memory = lessons.recall(Optional.empty())) {
            Bayes.judge(Tokens.of(contents), memory).ifPresent(reasons::add);
        }
        return Judgement.of(reasons, 5);
    }

    private static Figures figures(Lessons lessons) {
        MadeUpMail mail = new MadeUpMail(4711, true);
        int caught = 0;
        int wrong = 0;
        for (int i = 0; i < TESTED; i++) {
            caught += judge(mail.junk(), lessons).isJunk() ? 1 : 0;
            wrong += judge(mail.wanted(), lessons).isJunk() ? 1 : 0;
        }
        Figures figures = new Figures(100.0 * caught / TESTED, 100.0 * wrong / TESTED);
        System.out.println("junk filter: " + figures);
        return figures;
    }

    @Test
    void withoutALessonRulesCatchSomeAndSpareWantedMail() {
        try (MemoryStore store = new MemoryStore()) {
            Figures figures = figures(new Lessons(store));
            assertThat(figures.caught).isGreaterThan(20);
            assertThat(figures.wronglyCaught).isLessThan(0.5);
        }
    }

    @Test
    void withTwoHundredLessonsOfEachMostIsCaughtAndWantedMailSpared() {
        try (MemoryStore store = new MemoryStore()) {
            Lessons lessons = new Lessons(store);
            MadeUpMail mail = new MadeUpMail(1, false);
            for (int i = 0; i < LESSONS; i++) {
                teach(lessons, mail.junk(), Lesson.JUNK);
                teach(lessons, mail.wanted(), Lesson.HAM);
            }
            Figures figures = figures(lessons);
            assertThat(figures.caught).isGreaterThan(90);
            assertThat(figures.wronglyCaught).isLessThan(0.5);
        }
    }

    private static void teach(Lessons lessons, Octets message, Lesson lesson) {
        boolean learned = lessons.learn(
                Optional.empty(),
                Optional.empty(),
                Tokens.of(Contents.of(message)),
                new Lessons.Taught(lesson, true, 0));
        assertThat(learned).isTrue();
    }

    @Test
    void aMessageOfTenKilobytesCostsLittle() {
        try (MemoryStore store = new MemoryStore()) {
            Lessons lessons = new Lessons(store);
            MadeUpMail mail = new MadeUpMail(2, false);
            for (int i = 0; i < 50; i++) {
                teach(lessons, mail.junk(), Lesson.JUNK);
                teach(lessons, mail.wanted(), Lesson.HAM);
            }
            List<Octets> long10 = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                long10.add(mail.wanted(10 << 10));
            }
            double sink = 0;
            for (int round = 0; round < 40; round++) {
                for (Octets message : long10) {
                    sink += judge(message, lessons).score();
                }
            }
            long begin = System.nanoTime();
            for (Octets message : long10) {
                sink += judge(message, lessons).score();
            }
            double ms = (System.nanoTime() - begin) / 1e6 / long10.size();
            System.out.printf("junk filter: %.3f ms for 10 KiB of text (%.1f)%n", ms, sink);
            // A machine that builds beside it is slow: the figure itself is in docs/junk.md.
            assertThat(ms).isLessThan(20);
        }
    }
}
