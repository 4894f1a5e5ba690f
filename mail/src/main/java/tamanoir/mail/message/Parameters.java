package tamanoir.mail.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.Octets;

/// The parameters of a Content-Type or Content-Disposition field, continuations joined (RFC 2231 §3).
///
/// The list is what IMAP shows: RFC 2231 §6 has the server join continuations but leave the charset to the client.
/// What a person is to see comes from [#get].
public record Parameters(List<Parameter> list) {
    public static final Parameters NONE = new Parameters(List.of());

    /// Sections of one value at most.
    private static final int MOST_SECTIONS = 10_000;

    public Parameters {
        list = List.copyOf(list);
    }

    public static Parameters of(Parameter... parameters) {
        return new Parameters(List.of(parameters));
    }

    /// The value as a person reads it. RFC 2231 §4 wins over the plain form, which is for readers that do not know
    /// it; encoded words, which have no place here, are decoded because so many senders put them here. Never holds
    /// a control character.
    public Optional<String> get(String name) {
        Optional<String> extended = plain(name + "*");
        if (extended.isPresent()) {
            return Optional.of(EncodedWords.withoutControls(decodeExtended(extended.get())));
        }
        return plain(name).map(EncodedWords::decode).map(EncodedWords::withoutControls);
    }

    /// The value as it stands.
    public Optional<String> plain(String name) {
        for (Parameter parameter : list) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    // ---- reading ---------------------------------------------------------------------------------------------

    /// Reads `; name=value` up to the end; what cannot be one is passed over.
    static Parameters parse(Words words, int limit) {
        List<Parameter> raw = new ArrayList<>();
        boolean inSections = false;
        while (!words.atEnd() && raw.size() < limit) {
            words.skipBlanksAndComments();
            if (words.skip(';') || words.skip(',')) {
                continue;
            }
            int before = words.at;
            String name = words.until("=;(\",").toLowerCase(Locale.ROOT);
            words.skipBlanksAndComments();
            if (!words.skip('=')) {
                if (words.peek() == '"') {
                    words.quoted();
                } else if (words.at == before) {
                    words.at++;
                }
                continue;
            }
            words.skipBlanksAndComments();
            String value = words.peek() == '"' ? words.quoted() : bare(words);
            if (!name.isEmpty()) {
                raw.add(new Parameter(name, value));
                inSections |= name.indexOf('*') >= 0;
            }
        }
        return new Parameters(inSections ? joined(raw) : raw);
    }

    /// A value without quotes: many senders forget them around blanks, so it goes to the semicolon, a comment, or
    /// what looks like the next parameter, for some forget the semicolon.
    private static String bare(Words words) {
        StringBuilder value = new StringBuilder();
        while (true) {
            value.append(words.until(";"));
            int blanks = words.at;
            words.skipBlanks();
            if (words.atEnd() || words.peek() == ';' || words.peek() == '(' || beginsParameter(words)) {
                break;
            }
            value.append(words.at > blanks ? " " : "");
        }
        return value.toString();
    }

    /// Whether a name that parameters of these fields have and an `=` stand here.
    private static boolean beginsParameter(Words words) {
        int from = words.at;
        String name = words.until("*=;(\",").toLowerCase(Locale.ROOT);
        boolean begins = words.peek() == '=' || words.peek() == '*';
        words.at = from;
        return begins
                && switch (name) {
                    case "charset", "boundary", "name", "filename", "format", "delsp", "type", "size" -> true;
                    case "protocol", "micalg", "report-type", "reply-type", "method", "start" -> true;
                    default -> false;
                };
    }

    // ---- RFC 2231 --------------------------------------------------------------------------------------------

    private record Section(boolean isExtended, String value) {}

    private static List<Parameter> joined(List<Parameter> raw) {
        Map<String, TreeMap<Integer, Section>> values = new LinkedHashMap<>();
        List<Parameter> list = new ArrayList<>();
        for (Parameter parameter : raw) {
            String name = parameter.name();
            int star = name.indexOf('*');
            int number = star < 1 ? -1 : number(name, star + 1);
            if (number < 0) {
                list.add(parameter);
            } else {
                values.computeIfAbsent(name.substring(0, star), n -> new TreeMap<>())
                        .putIfAbsent(number, new Section(name.endsWith("*"), parameter.value()));
            }
        }
        values.forEach((name, sections) -> list.add(join(name, sections)));
        return list;
    }

    /// The number in `0`, `12*`, or -1.
    private static int number(String name, int from) {
        int to = name.endsWith("*") ? name.length() - 1 : name.length();
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9' || number > MOST_SECTIONS) {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return to > from && number < MOST_SECTIONS ? number : -1;
    }

    /// RFC 2231 §4.1: sections may come in any order and stop at the first gap; those without a star are literal,
    /// so they are percent-encoded here to go into one extended value, which is decoded as a whole.
    private static Parameter join(String name, TreeMap<Integer, Section> sections) {
        boolean isExtended = false;
        int expected = sections.firstKey() == 1 ? 1 : 0;
        List<Section> run = new ArrayList<>();
        for (Map.Entry<Integer, Section> entry : sections.entrySet()) {
            if (entry.getKey() != expected++) {
                break;
            }
            run.add(entry.getValue());
            isExtended |= entry.getValue().isExtended();
        }
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < run.size(); i++) {
            Section section = run.get(i);
            if (isExtended && !section.isExtended()) {
                value.append(i == 0 ? "''" : "");
                percentEncode(section.value(), value);
            } else if (isExtended && i == 0 && quotes(section.value()) < 2) {
                value.append("''").append(section.value());
            } else {
                value.append(section.value());
            }
        }
        return new Parameter(isExtended ? name + "*" : name, value.toString());
    }

    private static int quotes(String value) {
        int first = value.indexOf('\'');
        return first < 0 ? 0 : value.indexOf('\'', first + 1) < 0 ? 1 : 2;
    }

    private static void percentEncode(String literal, StringBuilder out) {
        for (byte b : literal.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xFF;
            if (c > ' ' && c < 127 && "%'*()<>@,;:\\\"/[]?=".indexOf(c) < 0) {
                out.append((char) c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
    }

    private static final String HEX = "0123456789ABCDEF";

    /// `charset'language'octets`; without the two quotes, octets of a charset that must be guessed.
    private static String decodeExtended(String value) {
        int first = value.indexOf('\'');
        int second = first < 0 ? -1 : value.indexOf('\'', first + 1);
        String charset = second < 0 ? "" : value.substring(0, first);
        Octets octets = percentDecode(value, second + 1);
        return charset.isEmpty()
                ? Charsets.guess(octets)
                : Charsets.decode(octets, charset).text();
    }

    private static Octets percentDecode(String value, int from) {
        byte[] source = value.substring(from).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream octets = new ByteArrayOutputStream(source.length);
        for (int i = 0; i < source.length; i++) {
            int high = source[i] == '%' && i + 2 < source.length ? Character.digit(source[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(source[i + 2], 16);
            if (low >= 0) {
                octets.write((high << 4) | low);
                i += 2;
            } else {
                octets.write(source[i]);
            }
        }
        return Octets.of(octets.toByteArray());
    }

    /// As in a header field, each with a semicolon before it.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Parameter parameter : list) {
            text.append("; ").append(parameter.name()).append('=');
            text.append(HeaderWriter.token(parameter.value()));
        }
        return text.toString();
    }
}
