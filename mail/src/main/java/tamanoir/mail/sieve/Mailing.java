package tamanoir.mail.sieve;

import java.time.OffsetDateTime;
import java.util.List;
import tamanoir.mail.text.Octets;

/// A message that a script has written, ready to go: envelope and octets. `from` is empty for the null sender.
public record Mailing(String from, List<String> to, Octets message) {
    public Mailing {
        to = List.copyOf(to);
    }

    /// What each message that is made needs: when, by whom, under which id (without brackets).
    public record Stamp(OffsetDateTime now, String host, String messageId) {}
}
