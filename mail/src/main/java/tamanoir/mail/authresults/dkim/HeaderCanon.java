package tamanoir.mail.authresults.dkim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;

/// Header fields in canonical form, and which of them are signed (RFC 6376 §3.4.1, §3.4.2, §5.4.2).
public final class HeaderCanon {
    private HeaderCanon() {}

    /// One field with its line end.
    public static byte[] field(Octets field, boolean relaxed) {
        return relaxed ? relaxed(field) : simple(field);
    }

    private static byte[] simple(Octets field) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(field.length() + 2);
        boolean ended = false;
        for (int i = 0; i < field.length(); i++) {
            int c = field.at(i);
            if (c == '\n' && (i == 0 || field.at(i - 1) != '\r')) {
                out.write('\r');
            }
            out.write(c);
            ended = c == '\n';
        }
        if (!ended) {
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static byte[] relaxed(Octets field) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(field.length());
        int colon = field.indexOf(':', 0);
        int nameEnd = colon < 0 ? field.length() : colon;
        int last = nameEnd;
        while (last > 0 && (field.at(last - 1) == ' ' || field.at(last - 1) == '\t')) {
            last--;
        }
        for (int i = 0; i < last; i++) {
            int c = field.at(i);
            out.write(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        out.write(':');
        boolean begun = false;
        boolean blank = false;
        for (int i = nameEnd + 1; i < field.length(); i++) {
            int c = field.at(i);
            if (c == '\r' || c == '\n') {
                continue; // unfolded
            }
            if (c == ' ' || c == '\t') {
                blank = begun;
                continue;
            }
            if (blank) {
                out.write(' ');
                blank = false;
            }
            out.write(c);
            begun = true;
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    /// A signature field as it is hashed itself: without the value of `b=` and without its last line end (§3.7).
    public static byte[] ownField(Octets field, boolean relaxed) {
        byte[] canonical = field(withoutSignature(field), relaxed);
        return java.util.Arrays.copyOf(canonical, canonical.length - 2);
    }

    static Octets withoutSignature(Octets field) {
        int at = field.indexOf(':', 0) + 1;
        while (at > 0 && at < field.length()) {
            int end = field.indexOf(';', at);
            end = end < 0 ? field.length() : end;
            int equals = field.indexOf('=', at);
            if (equals >= 0
                    && equals < end
                    && TagList.trimmed(field.slice(at, equals).latin1()).equals("b")) {
                int stop = end;
                // The line end of the last tag is not part of its value.
                if (stop == field.length()) {
                    while (stop > equals + 1 && TagList.isBlank((char) field.at(stop - 1))) {
                        stop--;
                    }
                }
                return Octets.join(field.slice(0, equals + 1), field.from(stop));
            }
            at = end + 1;
        }
        return field;
    }

    /// The fields that `h=` names, in its order: each name takes the next one from below (§5.4.2); a name without one
    /// left stands for "there is none", which is how more is signed than is there.
    public static List<HeaderField> chosen(HeaderFields header, List<String> names) {
        Map<String, List<HeaderField>> all = new HashMap<>();
        for (HeaderField field : header) {
            all.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(field);
        }
        List<HeaderField> chosen = new ArrayList<>();
        for (String name : names) {
            List<HeaderField> left = all.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            if (!left.isEmpty()) {
                chosen.add(left.removeLast());
            }
        }
        return chosen;
    }
}
