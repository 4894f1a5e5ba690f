package tamanoir.mail.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// A JSON Pointer (RFC 6901) with the `*` of RFC 8620 §3.7, which stands for every item of an array.
public record Pointer(List<String> tokens) {
    public Pointer {
        tokens = List.copyOf(tokens);
    }

    /// @throws BadSyntax when it is none
    public static Pointer parse(String text) {
        if (text.isEmpty()) {
            return new Pointer(List.of());
        }
        if (text.charAt(0) != '/') {
            throw new BadSyntax("a JSON pointer begins with a slash");
        }
        return new Pointer(tokens(text.substring(1)));
    }

    /// The path of a patch: a pointer whose leading slash is left out (RFC 8620 §5.3).
    public static Pointer ofPatch(String path) {
        return new Pointer(tokens(path));
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>(4);
        for (String token : text.split("/", -1)) {
            tokens.add(unescaped(token));
        }
        return tokens;
    }

    /// RFC 6901 §3: `~0` is `~`, `~1` is `/`, and nothing else follows a tilde.
    private static String unescaped(String token) {
        if (token.indexOf('~') < 0) {
            return token;
        }
        StringBuilder plain = new StringBuilder(token.length());
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c != '~') {
                plain.append(c);
                continue;
            }
            char escaped = ++i < token.length() ? token.charAt(i) : ' ';
            if (escaped != '0' && escaped != '1') {
                throw new BadSyntax("in a JSON pointer, ~ is followed by 0 or 1");
            }
            plain.append(escaped == '0' ? '~' : '/');
        }
        return plain.toString();
    }

    /// A name as one token of a pointer.
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /// What it points to; empty when there is no such place.
    public Optional<Json> in(Json value) {
        return in(value, 0);
    }

    private Optional<Json> in(Json value, int from) {
        Json at = value;
        for (int i = from; i < tokens.size(); i++) {
            String token = tokens.get(i);
            switch (at) {
                case Json.Obj object -> {
                    Optional<Json> member = object.get(token);
                    if (member.isEmpty()) {
                        return Optional.empty();
                    }
                    at = member.get();
                }
                case Json.Arr array
                when token.equals("*") -> {
                    return each(array, i + 1);
                }
                case Json.Arr array -> {
                    int index = index(token);
                    if (index < 0 || index >= array.items().size()) {
                        return Optional.empty();
                    }
                    at = array.items().get(index);
                }
                case Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Text _ -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(at);
    }

    /// RFC 8620 §3.7: the rest is applied to every item, and what is itself an array is added item by item.
    private Optional<Json> each(Json.Arr array, int from) {
        List<Json> found = new ArrayList<>(array.items().size());
        for (Json item : array.items()) {
            Optional<Json> one = in(item, from);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            if (one.get() instanceof Json.Arr(List<Json> items)) {
                found.addAll(items);
            } else {
                found.add(one.get());
            }
        }
        return Optional.of(new Json.Arr(found));
    }

    /// RFC 6901 §4: digits without a leading zero; -1 for anything else.
    private static int index(String token) {
        if (token.isEmpty() || token.length() > 9 || (token.length() > 1 && token.charAt(0) == '0')) {
            return -1;
        }
        int index = 0;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            index = index * 10 + (c - '0');
        }
        return index;
    }
}
