package tamanoir.mail.authresults.spf;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// A record as its domain published it (RFC 7208 §4.6, §12).
public record SpfRecord(List<Directive> directives, Optional<MacroString> redirect, Optional<MacroString> explanation) {
    /// What a matching mechanism says.
    record Directive(Result result, Mechanism mechanism) {}

    private static final String VERSION = "v=spf1";
    private static final String MANY = "appears more than once";

    public SpfRecord {
        directives = List.copyOf(directives);
    }

    /// RFC 7208 §4.5: the version, and then a blank or the end; others share the name without being meant.
    public static boolean isOne(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /// Reads a text that [#isOne].
    ///
    /// @throws BadSyntax naming the term that is wrong
    public static SpfRecord parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 126 || text.charAt(i) < ' ') {
                throw new BadSyntax("the record has a character that is not printable ASCII"); // RFC 7208 §3.1
            }
        }
        List<Directive> directives = new ArrayList<>();
        Optional<MacroString> redirect = Optional.empty();
        Optional<MacroString> explanation = Optional.empty();
        for (String term : text.substring(VERSION.length()).split(" +")) {
            if (term.isEmpty()) {
                continue;
            }
            String name = modifierName(term);
            String value = name.isEmpty() ? "" : term.substring(name.length() + 1);
            switch (name.toLowerCase(Locale.ROOT)) {
                case "" -> directives.add(directive(term));
                case "redirect" -> {
                    once(redirect, term);
                    redirect = Optional.of(MacroString.domain(value));
                }
                case "exp" -> {
                    once(explanation, term);
                    explanation = Optional.of(MacroString.domain(value));
                }
                // RFC 7208 §6: unknown modifiers are ignored, but must be well-formed.
                default -> MacroString.parse(value);
            }
        }
        return new SpfRecord(directives, redirect, explanation);
    }

    private static void once(Optional<MacroString> before, String term) {
        if (before.isPresent()) {
            throw new BadSyntax(quoted(term) + " " + MANY); // RFC 7208 §6
        }
    }

    /// The name before `=`, empty where the term is no modifier.
    private static String modifierName(String term) {
        for (int i = 0; i < term.length(); i++) {
            char c = term.charAt(i);
            if (c == '=' && i > 0) {
                return term.substring(0, i);
            }
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean more = i > 0 && ((c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.');
            if (!letter && !more) {
                return "";
            }
        }
        return "";
    }

    private static Directive directive(String term) {
        Result result = switch (term.charAt(0)) {
            case '-' -> Result.FAIL;
            case '~' -> Result.SOFTFAIL;
            case '?' -> Result.NEUTRAL;
            default -> Result.PASS;
        };
        String rest = "+-~?".indexOf(term.charAt(0)) >= 0 ? term.substring(1) : term;
        try {
            return new Directive(result, mechanism(rest));
        } catch (BadSyntax e) {
            throw new BadSyntax("in " + quoted(term) + " " + e.getMessage());
        }
    }

    private static Mechanism mechanism(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) != ':' && text.charAt(end) != '/') {
            end++;
        }
        String name = text.substring(0, end).toLowerCase(Locale.ROOT);
        String rest = text.substring(end);
        return switch (name) {
            case "all" -> {
                if (!rest.isEmpty()) {
                    throw new BadSyntax("nothing may follow \"all\"");
                }
                yield new Mechanism.All();
            }
            case "include" -> new Mechanism.Include(MacroString.domain(argument(rest)));
            case "a" -> {
                Masked masked = Masked.of(rest);
                yield new Mechanism.A(masked.target, masked.prefix4, masked.prefix6);
            }
            case "mx" -> {
                Masked masked = Masked.of(rest);
                yield new Mechanism.Mx(masked.target, masked.prefix4, masked.prefix6);
            }
            case "ptr" ->
                new Mechanism.Ptr(rest.isEmpty() ? Optional.empty() : Optional.of(MacroString.domain(argument(rest))));
            case "ip4" -> {
                String[] parts = slashed(argument(rest));
                yield new Mechanism.Ip4(ip4(parts[0]), prefix(parts[1], 32));
            }
            case "ip6" -> {
                String[] parts = slashed(argument(rest));
                yield new Mechanism.Ip6(ip6(parts[0]), prefix(parts[1], 128));
            }
            case "exists" -> new Mechanism.Exists(MacroString.domain(argument(rest)));
            default -> throw new BadSyntax("there is no mechanism of that name");
        };
    }

    private static String argument(String rest) {
        if (rest.length() < 2 || rest.charAt(0) != ':') {
            throw new BadSyntax("a value is missing");
        }
        return rest.substring(1);
    }

    /// `[":" domain-spec] ["/" ip4-cidr] ["//" ip6-cidr]` (RFC 7208 §5.3). A slash may stand in the domain too, so
    /// the lengths are read from the end.
    private record Masked(Optional<MacroString> target, int prefix4, int prefix6) {
        static Masked of(String rest) {
            String left = rest;
            String six = "";
            int at = left.lastIndexOf("//");
            if (at >= 0 && isNumber(left.substring(at + 2))) {
                six = left.substring(at + 2);
                left = left.substring(0, at);
            }
            String four = "";
            at = left.lastIndexOf('/');
            if (at >= 0 && isNumber(left.substring(at + 1))) {
                four = left.substring(at + 1);
                left = left.substring(0, at);
            }
            Optional<MacroString> target =
                    left.isEmpty() ? Optional.empty() : Optional.of(MacroString.domain(argument(left)));
            return new Masked(target, prefix(four, 32), prefix(six, 128));
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String[] slashed(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new String[] {text, ""};
        }
        if (!isNumber(text.substring(slash + 1))) {
            throw new BadSyntax("the prefix length is no number");
        }
        return new String[] {text.substring(0, slash), text.substring(slash + 1)};
    }

    /// `full` where there is none.
    private static int prefix(String digits, int full) {
        if (digits.isEmpty()) {
            return full;
        }
        boolean led = digits.length() > 1 && digits.charAt(0) == '0';
        if (led || digits.length() > 3 || Integer.parseInt(digits) > full) {
            throw new BadSyntax("the prefix length is none between 0 and " + full);
        }
        return Integer.parseInt(digits);
    }

    private static Octets ip4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts.length == 4 ? parts[i] : "";
            boolean fits = isNumber(part) && part.length() <= 3 && (part.length() == 1 || part.charAt(0) != '0');
            if (!fits || Integer.parseInt(part) > 255) {
                throw new BadSyntax("the address is no IPv4 address");
            }
            address[i] = (byte) Integer.parseInt(part);
        }
        return Octets.of(address);
    }

    private static Octets ip6(String text) {
        boolean plain =
                text.indexOf(':') >= 0 && text.chars().allMatch(c -> "0123456789abcdefABCDEF:.".indexOf(c) >= 0);
        if (!plain) {
            throw new BadSyntax("the address is no IPv6 address");
        }
        try {
            InetAddress address = Inet6Address.ofLiteral(text);
            byte[] octets = address.getAddress();
            if (octets.length == 16) {
                return Octets.of(octets);
            }
            byte[] mapped = new byte[16]; // Java makes an IPv4 address of ::ffff:a.b.c.d
            mapped[10] = (byte) 0xFF;
            mapped[11] = (byte) 0xFF;
            System.arraycopy(octets, 0, mapped, 12, 4);
            return Octets.of(mapped);
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the address is no IPv6 address");
        }
    }

    private static String quoted(String term) {
        return "\"" + (term.length() > 80 ? term.substring(0, 80) + "…" : term) + "\"";
    }
}
