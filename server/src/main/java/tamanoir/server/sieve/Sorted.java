package tamanoir.server.sieve;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Mailing;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Batch;

/// What the scripts of an account want done with a message, ready to be committed in one step. When `refusal` is there,
/// nothing else is. Close it when that step is over, however it ended.
public record Sorted(
        List<Filed> filed,
        List<Filed> written,
        List<Forward> forwards,
        List<Mailing> mailings,
        Optional<String> refusal,
        Memory.Session memory)
        implements AutoCloseable {
    public Sorted {
        filed = List.copyOf(filed);
        written = List.copyOf(written);
        forwards = List.copyOf(forwards);
        mailings = List.copyOf(mailings);
    }

    /// One copy into a mailbox; `message` is there when it is not as it came.
    public record Filed(String mailbox, boolean create, List<String> flags, Optional<Octets> message) {
        public Filed {
            flags = List.copyOf(flags);
        }
    }

    /// A copy to another address (RFC 5228 §4.2); `notifyWhen` is NOTIFY of RFC 3461 (RFC 6009 §4), empty for the
    /// message's own. `message` is there when it is not as it came; `through` are the accounts whose scripts
    /// have sent it on before, whatever became of its header.
    public record Forward(String address, String notifyWhen, Optional<Octets> message, List<String> through) {
        public Forward {
            through = List.copyOf(through);
        }
    }

    /// What is to be remembered with it.
    public List<Batch> remembered() {
        return memory.batches();
    }

    /// It was committed, but the message was not kept: nothing of it shall count.
    public void undo() {
        memory.undo();
    }

    @Override
    public void close() {
        memory.close();
    }
}
