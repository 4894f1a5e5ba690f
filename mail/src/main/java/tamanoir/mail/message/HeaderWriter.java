package tamanoir.mail.message;

/// Pieces of header fields in the form that the grammar wants.
final class HeaderWriter {
    private HeaderWriter() {}

    /// A parameter value: a token if it is one, else a quoted string (RFC 2045 §5.1).
    static String token(String value) {
        boolean isToken = !value.isEmpty();
        for (int i = 0; isToken && i < value.length(); i++) {
            char c = value.charAt(i);
            isToken = c > ' ' && c < 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
        }
        return isToken ? value : quoted(value);
    }

    /// The local part, quoted where it is no dot-atom (RFC 5322 §3.4.1).
    static String localPart(String local) {
        boolean isAtom = !local.startsWith(".") && !local.endsWith(".") && !local.contains("..");
        for (int i = 0; isAtom && i < local.length(); i++) {
            char c = local.charAt(i);
            isAtom = c > ' ' && c != 127 && "<>()[]\\,;:@\"".indexOf(c) < 0;
        }
        return isAtom ? local : quoted(local);
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
