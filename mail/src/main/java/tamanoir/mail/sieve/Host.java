package tamanoir.mail.sieve;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;

/// The world around a script: what it asks, answered by whoever runs it. Nothing that a script decides is done here.
public interface Host {
    /// The time of this run, in the zone of the server (RFC 5260 §4).
    ZonedDateTime now();

    /// RFC 5183 §4; empty for an item that is not known.
    Optional<String> environment(String item);

    /// A variable of a namespace that the language has from elsewhere (RFC 5229 §3, `${space.name}`).
    default Optional<String> variable(String space, String name) {
        return Optional.empty();
    }

    /// Whether a mailbox is there and mail may be filed into it (RFC 5490 §3.1).
    boolean hasMailbox(String name);

    /// A name that could be that of a mailbox.
    boolean isMailboxName(String name);

    /// The mailbox with an id (RFC 9042 §4.1).
    Optional<String> mailboxOf(String id);

    /// Whether a mailbox (empty: any) has a special use such as `\Junk` (RFC 8579 §4.1).
    boolean hasSpecialUse(String mailbox, String use);

    /// An annotation of a mailbox, or of the server when `mailbox` is empty (RFC 5490 §4, §5).
    Optional<String> metadata(String mailbox, String annotation);

    /// Whether a value is in an external list (RFC 6134 §2.2).
    boolean isListed(String list, String value);

    /// Whether there is such a list (RFC 6134 §2.7).
    boolean hasList(String list);

    /// Whether this id was seen within the time, and that it was seen now (RFC 7352 §3); what is remembered becomes
    /// true when the run succeeds.
    boolean duplicate(String id, Duration within, boolean last);

    /// What a filter found: `spam` or `virus` (RFC 5235), from 0 to 1; empty when nobody has looked.
    Optional<Double> score(String kind);

    /// Whether notifications go out by this method (RFC 5435 §5).
    boolean isNotifyMethod(String uri);
}
