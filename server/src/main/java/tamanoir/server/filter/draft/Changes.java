package tamanoir.server.filter.draft;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.server.store.Body;

/// What filters change beyond header fields. `sender` replaces the sender, `removed` recipients go, `added` ones come;
/// `text` stands for
/// everything behind the header, which ends at `textStart`. Immutable.
public record Changes(
        Optional<ReversePath> sender,
        List<Recipient> added,
        List<Address> removed,
        Optional<Body> text,
        long textStart) {
    public static final Changes NONE = new Changes(Optional.empty(), List.of(), List.of(), Optional.empty(), 0);

    public Changes {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }

    /// The envelope with these changes.
    public Envelope applied(Envelope envelope) {
        if (sender.isEmpty() && added.isEmpty() && removed.isEmpty()) {
            return envelope;
        }
        List<Recipient> kept = new java.util.ArrayList<>(envelope.recipients().stream()
                .filter(recipient -> !removed.contains(recipient.address()))
                .toList());
        kept.addAll(added);
        Envelope changed = envelope.withRecipients(kept);
        return sender.map(changed::withSender).orElse(changed);
    }
}
