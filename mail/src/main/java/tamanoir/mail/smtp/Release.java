package tamanoir.mail.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// When a message may go, as its sender asks in MAIL (RFC 4865 §4).
public sealed interface Release {
    record Now() implements Release {}

    /// HOLDFOR: so long after it was taken.
    record After(Duration interval) implements Release {}

    /// HOLDUNTIL: at that time.
    record At(Instant time) implements Release {}

    /// The interval of HOLDFOR: 1 to 9 digits, seconds.
    ///
    /// @throws BadSyntax when it is none
    static Release holdFor(String seconds) {
        boolean digits =
                !seconds.isEmpty() && seconds.length() <= 9 && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new BadSyntax("HOLDFOR takes seconds, 1 to 9 digits");
        }
        return new After(Duration.ofSeconds(Integer.parseInt(seconds)));
    }

    /// The time of HOLDUNTIL, as RFC 3339 writes it (erratum 2040 of RFC 4865).
    ///
    /// @throws BadSyntax when it is none
    static Release holdUntil(String time) {
        try {
            return new At(OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeParseException e) {
            throw new BadSyntax("HOLDUNTIL takes a time such as 2026-11-25T08:00:00Z");
        }
    }

    /// The time that is meant, when it lies ahead.
    default Optional<Instant> from(Instant now) {
        Instant time = switch (this) {
            case Now _ -> now;
            case After(Duration interval) -> now.plus(interval);
            case At(Instant at) -> at;
        };
        return Optional.of(time).filter(now::isBefore);
    }
}
