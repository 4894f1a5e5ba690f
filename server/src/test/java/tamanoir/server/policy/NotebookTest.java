package tamanoir.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tamanoir.server.policy.Notebook.Kind;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// Rows end by themselves, and there are never many more than allowed.
class NotebookTest {
    private final TurnableClock clock = new TurnableClock();
    private final MemoryStore store = new MemoryStore();
    private final Notebook notebook = new Notebook(store, clock);

    private void keep(String key, Instant end, int limit) {
        notebook.keep(Kind.TRIPLET, key, Notebook.row(end).number(7), limit, Duration.ofHours(12));
    }

    @Test
    void aRowThatIsOverIsGoneAndThrownAway() {
        keep("one", clock.instant().plusSeconds(60), 1000);
        keep("two", clock.instant().plusSeconds(600), 1000);
        assertThat(notebook.find(Kind.TRIPLET, "one"))
                .hasValueSatisfying(row -> assertThat(row.number()).isEqualTo(7));
        assertThat(notebook.find(Kind.CLIENT, "one")).isEmpty();
        clock.advance(Duration.ofSeconds(60));
        assertThat(notebook.find(Kind.TRIPLET, "one")).isEmpty();
        assertThat(notebook.sweep(Kind.TRIPLET, 1000)).isEqualTo(1);
        assertThat(notebook.find(Kind.TRIPLET, "two")).isPresent();
    }

    @Test
    void whatWouldEndFirstGoesWhenThereIsTooMuch() {
        for (int i = 0; i < 100; i++) {
            keep("row " + i, clock.instant().plusSeconds(1000 + i), 1000);
        }
        assertThat(notebook.sweep(Kind.TRIPLET, 30)).isEqualTo(30);
        for (int i = 0; i < 100; i++) {
            assertThat(notebook.find(Kind.TRIPLET, "row " + i).isPresent()).isEqualTo(i >= 70);
        }
    }
}
