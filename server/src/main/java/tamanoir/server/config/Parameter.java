package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tamanoir.mail.text.BadSyntax;

/// A parameter of main.cf: name, type, default, unit and one sentence about it, defined once.
///
/// The checks, `tamanoir config`, and `docs/parameters.md` come from these definitions. The default is text in the
/// main.cf grammar and may refer to other parameters; its value is asked of a [Config] with [Config#get].
public final class Parameter<T> {
    /// What stands behind a name.
    public enum Standing {
        /// It does what it says.
        IMPLEMENTED,
        /// Accepted, no effect: its job does not exist in this server. The doc says why. Setting it is a note.
        WITHOUT_EFFECT,
        /// Known from Postfix and not built yet. Setting it is a warning that says so.
        NOT_YET
    }

    /// Reads an expanded value; throws [BadSyntax] that says what is allowed.
    interface Reader<T> {
        T read(String text, Reading reading);
    }

    private static final String TEMPLATE = "text with $names";

    private final String name;
    private final String type;
    private final String unit;
    private final String defaultText;
    private final String doc;
    private final Standing standing;
    private final Reader<T> reader;

    private Parameter(
            String name,
            String type,
            String unit,
            String defaultText,
            String doc,
            Standing standing,
            Reader<T> reader) {
        this.name = name;
        this.type = type;
        this.unit = unit;
        this.defaultText = defaultText;
        this.doc = doc;
        this.standing = standing;
        this.reader = reader;
    }

    public static Parameter<String> text(String name, String defaultText, String doc) {
        return implemented(name, "text", "", defaultText, doc, (text, r) -> text);
    }

    /// A text whose `$name`s stay as they are written, for they are filled in for each reply.
    public static Parameter<String> template(String name, String defaultText, String doc) {
        return implemented(name, TEMPLATE, "", defaultText, doc, (text, r) -> text);
    }

    boolean isTemplate() {
        return type.equals(TEMPLATE);
    }

    public static Parameter<Boolean> flag(String name, boolean defaultValue, String doc) {
        return flag(name, defaultValue ? "yes" : "no", doc);
    }

    /// A flag whose default depends on other parameters.
    public static Parameter<Boolean> flag(String name, String defaultText, String doc) {
        return implemented(name, "yes or no", "", defaultText, doc, (text, r) -> readFlag(text));
    }

    public static Parameter<Integer> count(String name, int defaultValue, int least, int most, String doc) {
        return count(name, Integer.toString(defaultValue), least, most, doc);
    }

    /// A number whose default depends on other parameters.
    public static Parameter<Integer> count(String name, String defaultText, int least, int most, String doc) {
        String range = most == Integer.MAX_VALUE ? "number from " + least : "number from " + least + " to " + most;
        return implemented(name, range, "", defaultText, doc, (text, r) -> (int) readNumber(text, least, most));
    }

    /// A size; `k`, `M` and `G` may follow the number (1024 each).
    public static Parameter<Long> octets(String name, long defaultValue, String doc) {
        return octets(name, Long.toString(defaultValue), doc);
    }

    /// A size whose default depends on other parameters.
    public static Parameter<Long> octets(String name, String defaultText, String doc) {
        return implemented(name, "size", "octets", defaultText, doc, (text, r) -> readOctets(text));
    }

    /// A time; `s m h d w` may follow the number, `unit` is meant where nothing follows.
    public static Parameter<Duration> time(String name, String defaultText, ChronoUnit unit, String doc) {
        String word = unit.toString().toLowerCase(Locale.ROOT);
        return implemented(name, "time", word, defaultText, doc, (text, r) -> readTime(text, unit));
    }

    /// Words between commas or blanks; a `/file` is replaced by the words in it.
    public static Parameter<List<String>> list(String name, String defaultText, String doc) {
        return implemented(name, "list", "", defaultText, doc, (text, r) -> r.list(text));
    }

    /// Clients: networks in CIDR form, addresses, host names and domains, tables, files; `!` excludes.
    public static Parameter<List<String>> networks(String name, String defaultText, String doc) {
        return implemented(name, "networks", "", defaultText, doc, (text, r) -> {
            List<String> words = r.list(text);
            for (String word : words) {
                String plain = word.startsWith("!") ? word.substring(1) : word;
                if (!TableNames.isTable(plain) && (plain.indexOf('/') >= 0 || plain.startsWith("["))) {
                    Cidr.of(plain);
                }
            }
            return words;
        });
    }

    /// Addresses and networks alone; a `/file` is replaced by the words in it.
    public static Parameter<List<String>> addresses(String name, String defaultText, String doc) {
        return implemented(name, "addresses", "", defaultText, doc, (text, r) -> {
            List<String> words = r.list(text);
            words.forEach(Cidr::of);
            return words;
        });
    }

    /// Lookup tables, `type:name`, asked in this order.
    public static Parameter<List<String>> tables(String name, String defaultText, String doc) {
        return implemented(name, "tables", "", defaultText, doc, (text, r) -> r.tables(text));
    }

    /// Access restrictions; see [Restriction].
    public static Parameter<List<String>> restrictions(String name, String defaultText, String doc) {
        return implemented(name, "restrictions", "", defaultText, doc, (text, r) -> Restriction.words(text, r));
    }

    /// One of a few words: the constants of an enum. An empty value means the default.
    public static <E extends Enum<E>> Parameter<E> choice(String name, E[] values, String defaultText, String doc) {
        return choice(name, values, Map.of(), defaultText, doc);
    }

    /// One of a few words, with `synonyms` for some.
    static <E extends Enum<E>> Parameter<E> choice(
            String name, E[] values, Map<String, String> synonyms, String defaultText, String doc) {
        List<E> all = List.copyOf(Arrays.asList(values));
        return implemented(name, "one of " + words(all, '-'), "", defaultText, doc, (text, r) -> {
            String asked = text.isEmpty() ? r.expand(defaultText) : text;
            return chosen(all, synonyms.getOrDefault(asked.toLowerCase(Locale.ROOT), asked), '-');
        });
    }

    /// Several of a few words, each an enum constant.
    public static <E extends Enum<E>> Parameter<List<E>> choices(
            String name, E[] values, String defaultText, String doc) {
        List<E> all = List.copyOf(Arrays.asList(values));
        return implemented(
                name,
                "any of " + words(all, '_'),
                "",
                defaultText,
                doc,
                (text, r) -> r.list(text).stream()
                        .map(asked -> chosen(all, asked, '_'))
                        .toList());
    }

    /// `DANE_ONLY` is written `dane-only`; `dane_only` is taken too.
    private static <E extends Enum<E>> E chosen(List<E> all, String asked, char joint) {
        String name = asked.toUpperCase(Locale.ROOT).replace('-', '_');
        return all.stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadSyntax("\"" + asked + "\" is not one of " + words(all, joint)));
    }

    private static <E extends Enum<E>> String words(List<E> all, char joint) {
        return all.stream()
                .map(v -> v.name().toLowerCase(Locale.ROOT).replace('_', joint))
                .collect(Collectors.joining(", "));
    }

    /// A file or folder; a relative name is meant from the home folder. Empty means none.
    public static Parameter<Optional<Path>> file(String name, String defaultText, String doc) {
        return implemented(name, "file", "", defaultText, doc, (text, r) -> {
            if (text.isEmpty() || text.equals("none")) {
                return Optional.empty();
            }
            try {
                return Optional.of(r.home().resolve(text).normalize());
            } catch (java.nio.file.InvalidPathException e) {
                throw new BadSyntax("\"" + text + "\" is no file name");
            }
        });
    }

    /// A listening port: a number, 0 for any free one, or `off`. [Config#port] adds `port_offset`.
    public static Parameter<OptionalInt> port(String name, String defaultText, String doc) {
        return implemented(name, "port or off", "", defaultText, doc, (text, r) -> {
            if (text.isEmpty() || text.equalsIgnoreCase("off") || text.equalsIgnoreCase("no")) {
                return OptionalInt.empty();
            }
            return OptionalInt.of((int) readNumber(text, 0, 65535));
        });
    }

    /// A parameter whose job does not exist here: accepted, no effect, because of `why`.
    public static Parameter<String> withoutEffect(String name, String defaultText, String why) {
        return new Parameter<>(name, "text", "", defaultText, why, Standing.WITHOUT_EFFECT, (text, r) -> text);
    }

    /// The same, known and typed but not built yet.
    Parameter<T> notYet() {
        return new Parameter<>(name, type, unit, defaultText, doc, Standing.NOT_YET, reader);
    }

    /// A parameter of the same type with another name: not built yet, or without effect where this one has none.
    Parameter<T> twin(String otherName, String otherDefault, String otherDoc) {
        boolean without = standing == Standing.WITHOUT_EFFECT;
        Standing other = without ? Standing.WITHOUT_EFFECT : Standing.NOT_YET;
        return new Parameter<>(otherName, type, unit, otherDefault, without ? doc : otherDoc, other, reader);
    }

    /// A parameter that is known and not built yet; `doc` says what it would do.
    public static Parameter<String> notYet(String name, String defaultText, String doc) {
        return new Parameter<>(name, "text", "", defaultText, doc, Standing.NOT_YET, (text, r) -> text);
    }

    private static <T> Parameter<T> implemented(
            String name, String type, String unit, String defaultText, String doc, Reader<T> reader) {
        return new Parameter<>(name, type, unit, defaultText, doc, Standing.IMPLEMENTED, reader);
    }

    public String name() {
        return name;
    }

    /// The type in words, with what is allowed.
    public String type() {
        return type;
    }

    /// What a bare number counts, or empty.
    public String unit() {
        return unit;
    }

    public String defaultText() {
        return defaultText;
    }

    /// One sentence; for [Standing#WITHOUT_EFFECT] why there is none.
    public String doc() {
        return doc;
    }

    public Standing standing() {
        return standing;
    }

    Reader<T> reader() {
        return reader;
    }

    @Override
    public String toString() {
        return name;
    }

    static boolean readFlag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new BadSyntax("\"" + text + "\" is neither \"yes\" nor \"no\"");
        };
    }

    static long readNumber(String text, long least, long most) {
        try {
            long number = Long.parseLong(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new BadSyntax("\"" + text + "\" is no number" + range(least, most));
        }
        throw new BadSyntax("\"" + text + "\" is out of range" + range(least, most));
    }

    private static String range(long least, long most) {
        return most >= Integer.MAX_VALUE
                ? "; allowed is " + least + " or more"
                : "; allowed is " + least + " to " + most;
    }

    static long readOctets(String text) {
        String digits = text.strip();
        int shift = 0;
        if (!digits.isEmpty()) {
            shift = switch (digits.charAt(digits.length() - 1)) {
                case 'k', 'K' -> 10;
                case 'm', 'M' -> 20;
                case 'g', 'G' -> 30;
                default -> 0;
            };
        }
        if (shift > 0) {
            digits = digits.substring(0, digits.length() - 1).strip();
        }
        try {
            long number = Long.parseLong(digits);
            if (number >= 0 && number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        } catch (NumberFormatException e) {
            throw new BadSyntax("\"" + text + "\" is no size; allowed is a number of octets, or one with k, M or G");
        }
        throw new BadSyntax("\"" + text + "\" is out of range for a size");
    }

    /// A number and perhaps a unit: `30`, `30s`, `5m`, `2h`, `1d`, `3w`.
    static Duration readTime(String text, ChronoUnit bare) {
        String digits = text.strip();
        ChronoUnit unit = bare;
        if (!digits.isEmpty() && !Character.isDigit(digits.charAt(digits.length() - 1))) {
            unit = switch (digits.charAt(digits.length() - 1)) {
                case 's', 'S' -> ChronoUnit.SECONDS;
                case 'm', 'M' -> ChronoUnit.MINUTES;
                case 'h', 'H' -> ChronoUnit.HOURS;
                case 'd', 'D' -> ChronoUnit.DAYS;
                case 'w', 'W' -> ChronoUnit.WEEKS;
                default -> throw noTime(text);
            };
            digits = digits.substring(0, digits.length() - 1);
        }
        long seconds = unit.getDuration().toSeconds();
        try {
            long number = Long.parseLong(digits);
            if (number >= 0 && number <= Integer.MAX_VALUE / seconds) {
                return Duration.ofSeconds(number * seconds);
            }
        } catch (NumberFormatException e) {
            throw noTime(text);
        }
        throw new BadSyntax("\"" + text + "\" is out of range for a time");
    }

    private static BadSyntax noTime(String text) {
        return new BadSyntax(
                "\"" + text + "\" is no time; allowed is a number with s, m, h, d or w (seconds to weeks) behind it");
    }
}
