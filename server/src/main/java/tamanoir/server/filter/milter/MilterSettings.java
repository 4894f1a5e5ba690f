package tamanoir.server.filter.milter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Words;
import tamanoir.server.filter.draft.Endpoint;

/// Where one milter is and how patiently it is asked. Immutable.
public record MilterSettings(
        Endpoint endpoint,
        Duration connectTimeout,
        Duration commandTimeout,
        Duration contentTimeout,
        Default action,
        int version) {
    /// What happens when it cannot be asked (`milter_default_action`).
    public enum Default {
        ACCEPT,
        REJECT,
        TEMPFAIL,
        QUARANTINE,
        SHUTDOWN
    }

    /// One word of `smtpd_milters`: an endpoint, or `{ endpoint, name=value, … }` where the names are those of
    /// parameters without `milter_`. `general` has the values of the parameters themselves.
    ///
    /// @throws BadSyntax when it is neither, or a name or value is wrong
    static MilterSettings of(String word, MilterSettings general, Path home) {
        if (!word.startsWith("{")) {
            return general.at(Endpoint.of(word, home));
        }
        List<String> words = Words.of(word.substring(1, word.length() - 1));
        if (words.isEmpty()) {
            throw new BadSyntax("\"" + word + "\" names no milter");
        }
        MilterSettings settings = general.at(Endpoint.of(words.getFirst(), home));
        for (String pair : pairs(words.subList(1, words.size()))) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals).strip();
            settings = settings.with(
                    name, equals < 0 ? "" : pair.substring(equals + 1).strip());
        }
        return settings;
    }

    /// `name=value`, `{ name = value }`, and `name = value` in words of their own.
    private static List<String> pairs(List<String> words) {
        List<String> pairs = new ArrayList<>();
        for (String word : words) {
            String plain = word.startsWith("{") && word.endsWith("}")
                    ? word.substring(1, word.length() - 1).strip()
                    : word;
            boolean goesOn = !pairs.isEmpty() && (pairs.getLast().endsWith("=") || plain.startsWith("="));
            if (goesOn) {
                pairs.add(pairs.removeLast() + plain);
            } else {
                pairs.add(plain);
            }
        }
        return pairs;
    }

    private MilterSettings with(String name, String value) {
        return switch (name) {
            case "connect_timeout" ->
                new MilterSettings(endpoint, time(name, value), commandTimeout, contentTimeout, action, version);
            case "command_timeout" ->
                new MilterSettings(endpoint, connectTimeout, time(name, value), contentTimeout, action, version);
            case "content_timeout" ->
                new MilterSettings(endpoint, connectTimeout, commandTimeout, time(name, value), action, version);
            case "default_action" ->
                new MilterSettings(endpoint, connectTimeout, commandTimeout, contentTimeout, action(value), version);
            case "protocol" ->
                new MilterSettings(endpoint, connectTimeout, commandTimeout, contentTimeout, action, version(value));
            default ->
                throw new BadSyntax(
                        "milter " + endpoint + ": \"" + name + "\" is no setting; allowed are connect_timeout,"
                                + " command_timeout, content_timeout, default_action, protocol");
        };
    }

    private MilterSettings at(Endpoint other) {
        return new MilterSettings(other, connectTimeout, commandTimeout, contentTimeout, action, version);
    }

    /// @throws BadSyntax when it is no action
    static Default action(String text) {
        try {
            return Default.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("milter_default_action: \"" + text
                    + "\" is not one of accept, reject, tempfail, quarantine, shutdown");
        }
    }

    /// `6`, or `2`, `3`, `4`; further words (`no_header_reply`) named what version 6 negotiates.
    ///
    /// @throws BadSyntax when it is no version
    static int version(String text) {
        String first = text.strip().split("[\\s,]+")[0];
        return switch (first) {
            case "2" -> 2;
            case "3" -> 3;
            case "4" -> 4;
            case "6" -> 6;
            default -> throw new BadSyntax("milter_protocol: \"" + text + "\" is not one of 2, 3, 4, 6");
        };
    }

    private static Duration time(String name, String value) {
        String digits = value.replaceAll("[a-zA-Z]+$", "");
        try {
            long number = Long.parseLong(digits);
            return switch (value.substring(digits.length())) {
                case "ms" -> Duration.ofMillis(number);
                case "", "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> throw new NumberFormatException(value);
            };
        } catch (NumberFormatException e) {
            throw new BadSyntax("milter: " + name + " = \"" + value + "\" is no time");
        }
    }
}
