package tamanoir.server.filter.scan;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.filter.draft.SpamVerdict;

/// What a scanner says about a message.
public sealed interface Opinion {
    /// A field to add: 0 is on top of the sender's, -1 behind them.
    record Field(String name, String value, int place) {}

    /// Take it, with these fields taken away and added; `subject` replaces that of the message.
    record Pass(List<String> remove, List<Field> add, Optional<String> subject, Optional<SpamVerdict> verdict)
            implements Opinion {
        public Pass {
            remove = List.copyOf(remove);
            add = List.copyOf(add);
        }
    }

    record Refuse(Reply reply, String reason) implements Opinion {}

    record Hold(String reason) implements Opinion {}

    record Discard(String reason) implements Opinion {}

    Opinion NOTHING = new Pass(List.of(), List.of(), Optional.empty(), Optional.empty());
}
