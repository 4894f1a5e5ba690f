package tamanoir.mail.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Charset labels as they occur in mail, and the text behind them.
///
/// Labels lie in known directions, and every mail reader follows them there (WHATWG Encoding §4.2): GB2312 means
/// GB18030, ISO-8859-1 means windows-1252, ISO-2022-JP and Shift_JIS mean Microsoft's variants, US-ASCII with high
/// octets means UTF-8 if it is valid UTF-8. A strict decoder would lose text that every other program shows.
///
/// The CJK charsets beyond the JDK's base live in the module `jdk.charsets`; a trimmed runtime must keep it.
public final class Charsets {
    /// What a label can stand for.
    private sealed interface Target {
        String label();
    }

    private record Jdk(Charset charset) implements Target {
        @Override
        public String label() {
            return charset.name();
        }
    }

    /// UTF-7 and windows-1252 have no suitable decoder in the JDK: it lacks the one, and turns the five holes of
    /// the other into U+FFFD where browsers keep the C1 controls.
    private enum Own implements Target {
        ASCII("US-ASCII"),
        WINDOWS_1252("windows-1252"),
        UTF_7("UTF-7");

        private final String label;

        Own(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }

    /// Labels longer than this are noise.
    private static final int LONGEST_LABEL = 64;

    private static final Map<String, String> ALIASES = aliases();

    private static final String HIGH_1252 =
            "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
                    + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private Charsets() {}

    /// The text of octets that claim to be in charset `label`. An empty label means that none was given.
    public static DecodedText decode(Octets octets, String label) {
        String name = normalize(label);
        if (name.isEmpty()) {
            return ascii(octets);
        }
        Target target = find(name);
        if (target == null) {
            // Unknown: best effort, and say so.
            return new DecodedText(guess(octets), true);
        }
        return switch (target) {
            case Jdk(Charset charset) -> decode(octets, charset);
            case Own.ASCII -> ascii(octets);
            case Own.WINDOWS_1252 -> new DecodedText(windows1252(octets), false);
            case Own.UTF_7 -> Utf7.decode(octets);
        };
    }

    /// True when `label` names a charset that [#decode] knows.
    public static boolean isKnown(String label) {
        return find(normalize(label)) != null;
    }

    /// One name for all labels of the same charset, so that neighbours can be compared; empty when unknown.
    public static Optional<String> canonicalName(String label) {
        return Optional.ofNullable(find(normalize(label))).map(Target::label);
    }

    /// Text of unlabelled octets: UTF-8 if they are valid UTF-8, else windows-1252, where every octet has a
    /// character.
    public static String guess(Octets octets) {
        if (isAscii(octets)) {
            return octets.latin1();
        }
        String utf8 = strict(octets, StandardCharsets.UTF_8);
        return utf8 != null ? utf8 : windows1252(octets);
    }

    public static boolean isAscii(Octets octets) {
        byte[] array = octets.array();
        for (int i = octets.arrayOffset(), end = i + octets.length(); i < end; i++) {
            if (array[i] < 0) {
                return false;
            }
        }
        return true;
    }

    public static boolean isUtf8(Octets octets) {
        return isAscii(octets) || strict(octets, StandardCharsets.UTF_8) != null;
    }

    private static DecodedText ascii(Octets octets) {
        if (isAscii(octets)) {
            return new DecodedText(octets.latin1(), false);
        }
        String utf8 = strict(octets, StandardCharsets.UTF_8);
        return utf8 != null ? new DecodedText(utf8, false) : new DecodedText(windows1252(octets), true);
    }

    private static DecodedText decode(Octets octets, Charset charset) {
        String whole = strict(octets, charset);
        if (whole != null) {
            return new DecodedText(withoutMark(whole), false);
        }
        String patched = new String(octets.array(), octets.arrayOffset(), octets.length(), charset);
        return new DecodedText(withoutMark(patched), true);
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /// The text, or null when the octets are not all of this charset.
    private static @Nullable String strict(Octets octets, Charset charset) {
        String text = new String(octets.array(), octets.arrayOffset(), octets.length(), charset);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        // Rare: either damage, or a U+FFFD that the sender wrote.
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            CharBuffer chars = decoder.decode(ByteBuffer.wrap(octets.array(), octets.arrayOffset(), octets.length()));
            return chars.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String windows1252(Octets octets) {
        int length = octets.length();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int c = octets.at(i);
            text.append(c >= 0x80 && c < 0xA0 ? HIGH_1252.charAt(c - 0x80) : (char) c);
        }
        return text.toString();
    }

    private static @Nullable Target find(String name) {
        if (name.isEmpty() || name.length() > LONGEST_LABEL) {
            return null;
        }
        String target = ALIASES.getOrDefault(squeeze(name), name);
        switch (target) {
            case "us-ascii" -> {
                return Own.ASCII;
            }
            case "windows-1252" -> {
                return Own.WINDOWS_1252;
            }
            case "utf-7" -> {
                return Own.UTF_7;
            }
            default -> {}
        }
        if (!isName(target)) {
            return null;
        }
        if (Charset.isSupported(target)) {
            return new Jdk(Charset.forName(target));
        }
        // cp-850, ibm_437, win-1251: the same names with another joint.
        String squeezed = squeeze(target);
        return !squeezed.isEmpty() && Charset.isSupported(squeezed) ? new Jdk(Charset.forName(squeezed)) : null;
    }

    /// Whether the JDK would take it as a name at all; it throws at others.
    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letter && (i == 0 || "-+.:_".indexOf(c) < 0)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /// Lower case, without the quotes, blanks and semicolons that strayed into it.
    private static String normalize(String label) {
        int from = 0;
        int to = label.length();
        while (from < to && isStray(label.charAt(from))) {
            from++;
        }
        while (to > from && isStray(label.charAt(to - 1))) {
            to--;
        }
        return label.substring(from, to).toLowerCase(Locale.ROOT);
    }

    private static boolean isStray(char c) {
        return c <= ' ' || c == '"' || c == '\'' || c == ';' || c == ',' || c == '<' || c == '>' || c == '=';
    }

    private static String squeeze(String name) {
        StringBuilder squeezed = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '-' && c != '_' && c != ' ' && c != ':' && c != '.') {
                squeezed.append(c);
            }
        }
        return squeezed.toString();
    }

    /// Labels without joints, to the name of the charset that the text is really in.
    private static Map<String, String> aliases() {
        Map<String, String> names = new HashMap<>();
        put(names, "us-ascii", "usascii", "ascii", "ansix341968", "isoir6", "646", "iso646us", "us", "cp367", "7bit");
        put(names, "windows-1252", "iso88591", "latin1", "l1", "isoir100", "cp819", "ibm819", "iso885911987");
        put(names, "windows-1252", "windows1252", "cp1252", "win1252", "xcp1252", "ansi", "8bit", "iso8859");
        put(names, "utf-8", "utf8", "unicode11utf8", "utf08", "utf8n", "xutf8", "unicode20utf8", "cp65001");
        put(names, "utf-7", "utf7", "unicode11utf7", "csunicode11utf7", "unicode20utf7", "xunicode20utf7", "cp65000");
        put(names, "utf-16", "utf16", "unicode", "ucs2", "iso10646ucs2", "csunicode");
        put(names, "gb18030", "gb2312", "gbk", "gb231280", "xgbk", "chinese", "csgb2312", "isoir58", "csiso58gb231280");
        put(names, "gb18030", "gb18030", "gb180302000", "euccn", "xeuccn", "cp936", "windows936", "ms936", "cngb");
        put(names, "big5-hkscs", "big5", "big5hkscs", "cnbig5", "csbig5", "xxbig5", "cp950", "windows950");
        put(names, "windows-31j", "shiftjis", "sjis", "xsjis", "mskanji", "csshiftjis", "windows31j", "cp932", "ms932");
        put(names, "windows-31j", "windows932", "xmscp932");
        put(names, "x-windows-50221", "iso2022jp", "csiso2022jp", "iso2022jpms", "cp50220", "cp50221", "iso2022jp1");
        put(names, "euc-jp", "eucjp", "xeucjp", "cseucpkdfmtjapanese", "ujis");
        put(names, "x-windows-949", "euckr", "ksc56011987", "ksc56011989", "ksc5601", "korean", "cseuckr", "cp949");
        put(names, "x-windows-949", "windows949", "uhc", "isoir149", "ks_c_5601", "ms949");
        put(names, "iso-2022-kr", "iso2022kr", "csiso2022kr");
        put(names, "windows-1254", "iso88599", "latin5", "l5", "isoir148", "windows1254", "cp1254");
        put(names, "x-windows-874", "iso885911", "tis620", "dos874", "windows874", "cp874");
        put(names, "iso-8859-8", "iso88598", "iso88598i", "iso88598e", "csiso88598i", "logical", "visual", "hebrew");
        put(names, "iso-8859-6", "iso88596", "iso88596i", "iso88596e", "arabic");
        put(names, "windows-1257", "iso885910", "latin6", "windows1257", "cp1257");
        put(names, "iso-8859-15", "iso885914", "iso885915", "latin9", "latin0");
        put(names, "x-macroman", "macintosh", "mac", "xmacroman", "macroman");
        put(names, "x-maccyrillic", "xmaccyrillic", "xmacukrainian");
        put(names, "koi8-r", "koi8r", "koi8", "koi", "cskoi8r");
        put(names, "koi8-u", "koi8u", "koi8ru");
        for (int page = 1250; page <= 1258; page++) {
            if (page != 1252) {
                put(names, "windows-" + page, "windows" + page, "cp" + page, "win" + page, "xcp" + page, "ms" + page);
            }
        }
        return Map.copyOf(names);
    }

    private static void put(Map<String, String> names, String charset, String... labels) {
        for (String label : labels) {
            names.put(label, charset);
        }
    }
}
