package tamanoir.server.search;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tamanoir.server.observe.Cpu;

/// What the index of an account knows, for one question. Used by one thread, which closes it.
///
/// The work is done by platform threads. An index that turns out to be damaged while it is asked knows nothing from
/// then on, and the question is answered from the messages themselves.
final class TextEvidence implements AutoCloseable {
    private final @Nullable Source source;
    private boolean failed;

    private record Source(Cpu cpu, Indexes.Lease lease, TextIndex.Reading reading) {}

    private TextEvidence(@Nullable Source source) {
        this.source = source;
    }

    /// There is no index.
    static TextEvidence none() {
        return new TextEvidence(null);
    }

    static TextEvidence of(Cpu cpu, Indexes.Lease lease, TextIndex.Reading reading) {
        return new TextEvidence(new Source(cpu, lease, reading));
    }

    /// Whether the index can be asked about the message.
    boolean covers(long message) {
        return source != null && !failed && source.reading.coverage().has(message);
    }

    LongTable find(List<Pattern> patterns, Condition.Field field, boolean score) {
        return ask(query -> query.find(patterns, field, score));
    }

    LongTable withAttachment() {
        return ask(IndexQuery::withAttachment);
    }

    LongTable candidates(SubstringQuery query) {
        return ask(query::in);
    }

    private interface Question {
        LongTable of(IndexQuery query) throws IOException;
    }

    private LongTable ask(Question question) {
        if (source == null || failed) {
            return new LongTable(0);
        }
        return source.cpu.run(() -> {
            try {
                return question.of(new IndexQuery(source.reading.reader()));
            } catch (IOException e) {
                source.lease.damaged(e);
            } catch (RuntimeException e) {
                // A damaged file may look like anything.
                source.lease.damaged(new IOException(e));
            }
            failed = true;
            return new LongTable(0);
        });
    }

    @Override
    public void close() {
        if (source == null) {
            return;
        }
        try (Indexes.Lease _ = source.lease) {
            source.reading.close();
        } catch (IOException e) {
            source.lease.damaged(e);
        }
    }
}
