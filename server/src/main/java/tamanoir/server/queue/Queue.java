package tamanoir.server.queue;

import java.util.List;
import tamanoir.server.store.Batch;

/// The durable queue. Its rows enter in the same commit that accepts the message.
public class Queue {
    public QueueId newId() {
        throw new UnsupportedOperationException();
    }

    /// The rows of a message, to be committed together with whatever else the acceptance writes.
    public List<Batch> rows(QueuedMessage message) {
        throw new UnsupportedOperationException();
    }

    /// Tells the scheduler that the rows are durable now: the first attempt may begin.
    public void entered(QueuedMessage message) {
        throw new UnsupportedOperationException();
    }
}
