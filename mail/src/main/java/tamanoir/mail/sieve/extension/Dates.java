package tamanoir.mail.sieve.extension;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.JulianFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;

/// `date`, `currentdate` and the tags `:index` and `:last` (RFC 5260).
public final class Dates implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("date");
        language.capability("index");
        language.test("date", "date")
                .positional("header name", Kind.TEXT)
                .positional("date part", Kind.TEXT)
                .positional("key list", Kind.TEXTS)
                .matching()
                .tag("zone", Kind.TEXT, "time zone", "date")
                .tag("originalzone", Kind.NONE, "time zone", "date")
                .with(Fields::tags)
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Fields fields = Fields.of(arguments);
                    List<Phrase> names = List.of(arguments.text(0));
                    Fields.check(arguments, names);
                    Phrase part = part(arguments, 1);
                    Zone zone = Zone.of(arguments);
                    List<Phrase> keys = arguments.texts(2);
                    return run -> {
                        List<String> values = new ArrayList<>();
                        for (Letter.Line line : fields.lines(run, names)) {
                            String text = line.rawValue();
                            // RFC 5260 §4: the date stands behind the last semicolon, in Received for example.
                            text = text.substring(text.lastIndexOf(';') + 1);
                            DateTimes.parse(text)
                                    .map(date -> zone.of(date, run.host().now()))
                                    .flatMap(date -> value(date, part.in(run)))
                                    .ifPresent(values::add);
                        }
                        return matching.test(run, values, keys);
                    };
                });
        language.test("currentdate", "date")
                .positional("date part", Kind.TEXT)
                .positional("key list", Kind.TEXTS)
                .matching()
                .tag("zone", Kind.TEXT, "time zone", "date")
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Phrase part = part(arguments, 0);
                    Zone zone = Zone.of(arguments);
                    List<Phrase> keys = arguments.texts(1);
                    return run -> {
                        OffsetDateTime now = zone.of(
                                run.host().now().toOffsetDateTime(), run.host().now());
                        return matching.test(
                                run, value(now, part.in(run)).map(List::of).orElse(List.of()), keys);
                    };
                });
    }

    private static Phrase part(Arguments arguments, int place) {
        Phrase part = arguments.text(place);
        part.constant()
                .filter(text -> value(OffsetDateTime.MIN.withYear(2000).withOffsetSameLocal(ZoneOffset.UTC), text)
                        .isEmpty())
                .ifPresent(text -> {
                    throw arguments.wrong("invalid date part '" + text + "' specified");
                });
        return part;
    }

    /// In which zone a date is looked at (RFC 5260 §4.1): one of its own, its original one, or the server's.
    private record Zone(Optional<ZoneOffset> own, boolean original) {
        static Zone of(Arguments arguments) {
            Optional<String> text = arguments.text("zone").flatMap(Phrase::constant);
            if (text.isEmpty()) {
                return new Zone(Optional.empty(), arguments.has("originalzone"));
            }
            return new Zone(
                    Optional.of(offset(text.get())
                            .orElseThrow(() -> arguments.wrong("specified :zone argument '" + text.get()
                                    + "' is not a valid timezone such as +0100"))),
                    false);
        }

        private static Optional<ZoneOffset> offset(String text) {
            if (!text.matches("[+-][0-9]{4}")) {
                return Optional.empty();
            }
            int minutes = Integer.parseInt(text.substring(1, 3)) * 60 + Integer.parseInt(text.substring(3));
            if (minutes > 18 * 60) {
                return Optional.empty();
            }
            return Optional.of(ZoneOffset.ofTotalSeconds((text.startsWith("-") ? -60 : 60) * minutes));
        }

        OffsetDateTime of(OffsetDateTime date, ZonedDateTime now) {
            if (original) {
                return date;
            }
            return own.map(date::withOffsetSameInstant)
                    .orElseGet(() -> date.atZoneSameInstant(now.getZone()).toOffsetDateTime());
        }
    }

    /// RFC 5260 §4.2; empty for a part that is none.
    private static Optional<String> value(OffsetDateTime date, String part) {
        return Optional.ofNullable(
                switch (part.toLowerCase(Locale.ROOT)) {
                    case "year" -> String.format("%04d", date.getYear());
                    case "month" -> String.format("%02d", date.getMonthValue());
                    case "day" -> String.format("%02d", date.getDayOfMonth());
                    case "date" ->
                        String.format("%04d-%02d-%02d", date.getYear(), date.getMonthValue(), date.getDayOfMonth());
                    case "julian" -> Long.toString(date.getLong(JulianFields.MODIFIED_JULIAN_DAY));
                    case "hour" -> String.format("%02d", date.getHour());
                    case "minute" -> String.format("%02d", date.getMinute());
                    case "second" -> String.format("%02d", date.getSecond());
                    case "time" -> String.format("%02d:%02d:%02d", date.getHour(), date.getMinute(), date.getSecond());
                    case "iso8601" ->
                        String.format(
                                "%04d-%02d-%02dT%02d:%02d:%02d%s",
                                date.getYear(),
                                date.getMonthValue(),
                                date.getDayOfMonth(),
                                date.getHour(),
                                date.getMinute(),
                                date.getSecond(),
                                zone(date, ":"));
                    case "std11" -> std11(date);
                    case "zone" -> zone(date, "");
                    case "weekday" -> Integer.toString(date.getDayOfWeek().getValue() % 7);
                    default -> null;
                });
    }

    private static String std11(OffsetDateTime date) {
        return DateTimes.format(date);
    }

    private static String zone(OffsetDateTime date, String colon) {
        int minutes = date.getOffset().getTotalSeconds() / 60;
        return String.format(
                "%s%02d%s%02d", minutes < 0 ? "-" : "+", Math.abs(minutes) / 60, colon, Math.abs(minutes) % 60);
    }
}
