package tamanoir.mail.vcard;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tamanoir.mail.jmap.Json;

/// Dates of vCards, which may lack the year or all but it (RFC 6350 §4.3), and those of JSContact (RFC 9553
/// §2.8.1).
final class Dates {
    private static final Pattern DATE =
            Pattern.compile("(?:(\\d{4})|--)(?:-?(\\d{2}))?(?:-?(\\d{2}))?(?:[T ].*)?|---(\\d{2})");

    private static final Pattern TIMESTAMP = Pattern.compile(
            "(\\d{4})-?(\\d{2})-?(\\d{2})T(\\d{2}):?(\\d{2}):?(\\d{2})(?:\\.\\d+)?(Z|[+-]\\d{2}(?::?\\d{2})?)?");

    private Dates() {}

    /// A PartialDate, or a Timestamp where there is a time with its zone.
    static Optional<Json.Obj> read(String text) {
        String plain = text.strip();
        Optional<String> instant = plain.endsWith("Z") ? timestamp(plain) : Optional.empty();
        if (instant.isPresent()) {
            return Optional.of(Json.object()
                    .put("@type", "Timestamp")
                    .put("utc", instant.get())
                    .build());
        }
        Matcher date = DATE.matcher(plain);
        if (!date.matches()) {
            return Optional.empty();
        }
        Json.Building partial = Json.object().put("@type", "PartialDate");
        boolean any = number(partial, "year", date.group(1), 9999);
        any |= number(partial, "month", date.group(2), 12);
        any |= number(partial, "day", date.group(3) == null ? date.group(4) : date.group(3), 31);
        return any ? Optional.of(partial.build()) : Optional.empty();
    }

    private static boolean number(
            Json.Building partial, String name, @org.jspecify.annotations.Nullable String digits, int most) {
        if (digits == null) {
            return false;
        }
        int number = Integer.parseInt(digits);
        // 1604 is Apple's way to leave out the year.
        if (number < 1 || number > most || (name.equals("year") && number == 1604)) {
            return false;
        }
        partial.put(name, number);
        return true;
    }

    /// UTCDateTime of a TIMESTAMP.
    static Optional<String> timestamp(String text) {
        Matcher matcher = TIMESTAMP.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)),
                    Integer.parseInt(matcher.group(4)),
                    Integer.parseInt(matcher.group(5)),
                    Integer.parseInt(matcher.group(6)));
            String zone = matcher.group(7) == null ? "Z" : matcher.group(7);
            return Optional.of(DateTimeFormatter.ISO_INSTANT.format(
                    OffsetDateTime.of(local, ZoneOffset.of(zone)).toInstant().truncatedTo(ChronoUnit.SECONDS)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// The value of a date property: with hyphens in 3.0, without in 4.0 (RFC 6350 §4.3.1). Empty when it
    /// is none, or 3.0 cannot say it.
    static Optional<String> write(Json.Obj date, boolean four) {
        if (date.get("utc").orElse(Json.NULL) instanceof Json.Text(String utc)) {
            return Optional.of(four ? utc.replace("-", "").replace(":", "") : utc);
        }
        int year = number(date, "year");
        int month = number(date, "month");
        int day = number(date, "day");
        if (year > 0 && month > 0 && day > 0) {
            return Optional.of(String.format(Locale.ROOT, four ? "%04d%02d%02d" : "%04d-%02d-%02d", year, month, day));
        }
        if (year > 0 && month > 0) {
            return Optional.of(String.format(Locale.ROOT, "%04d-%02d", year, month));
        }
        if (year > 0) {
            return Optional.of(String.format(Locale.ROOT, "%04d", year));
        }
        if (month > 0 && day > 0) {
            return Optional.of(String.format(Locale.ROOT, four ? "--%02d%02d" : "--%02d-%02d", month, day));
        }
        if (month > 0) {
            return Optional.of(String.format(Locale.ROOT, "--%02d", month));
        }
        return day > 0 ? Optional.of(String.format(Locale.ROOT, "---%02d", day)) : Optional.empty();
    }

    /// 4.0 writes times without hyphens and colons.
    static String writeTimestamp(String utc, boolean four) {
        return four ? utc.replace("-", "").replace(":", "") : utc;
    }

    private static int number(Json.Obj date, String name) {
        return date.get(name).orElse(Json.NULL) instanceof Json.Int(long number) && number > 0 && number < 10_000
                ? (int) number
                : 0;
    }
}
