package tamanoir.server.jmap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/// Dates as JMAP writes them (RFC 8620 §1.4): RFC 3339 in capital letters, and no fraction that is zero.
public final class Times {
    private static final Pattern DATE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");

    private Times() {}

    /// Date: in the offset that it was given in.
    public static String date(OffsetDateTime date) {
        return date.truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    /// UTCDate.
    public static String utc(Instant instant) {
        return DateTimeFormatter.ISO_INSTANT.format(instant.truncatedTo(ChronoUnit.SECONDS));
    }

    public static Optional<OffsetDateTime> date(String text) {
        if (!DATE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    public static Optional<Instant> utc(String text) {
        return text.endsWith("Z") ? date(text).map(OffsetDateTime::toInstant) : Optional.empty();
    }
}
