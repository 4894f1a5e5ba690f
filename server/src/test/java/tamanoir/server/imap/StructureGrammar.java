package tamanoir.server.imap;

/// Checks a BODYSTRUCTURE against the grammar (RFC 9051 §9, body), octet by octet.
final class StructureGrammar {
    private final String text;
    private int at;

    private StructureGrammar(String text) {
        this.text = text;
    }

    /// True when `text` begins with a body and goes on with a blank or ends the response.
    static boolean structure(String text) {
        StructureGrammar grammar = new StructureGrammar(text);
        try {
            grammar.body();
            return grammar.at < text.length() && (text.charAt(grammar.at) == ' ' || text.charAt(grammar.at) == ')');
        } catch (IllegalStateException | StringIndexOutOfBoundsException e) {
            return false;
        }
    }

    private void body() {
        expect('(');
        if (text.charAt(at) == '(') {
            while (text.charAt(at) == '(') {
                body();
            }
            blank();
            string();
            if (takes(' ')) {
                parameters();
                tail();
            }
        } else {
            String type = string();
            blank();
            String subtype = string();
            blank();
            parameters();
            blank();
            nstring();
            blank();
            nstring();
            blank();
            string();
            blank();
            number();
            boolean message = type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
            if (message) {
                blank();
                envelope();
                blank();
                body();
                blank();
                number();
            } else if (type.equals("text")) {
                blank();
                number();
            }
            if (takes(' ')) {
                nstring();
                tail();
            }
        }
        expect(')');
    }

    private void tail() {
        if (!takes(' ')) {
            return;
        }
        if (!takesNil()) {
            expect('(');
            string();
            blank();
            parameters();
            expect(')');
        }
        if (takes(' ')) {
            if (text.charAt(at) == '(') {
                expect('(');
                string();
                while (takes(' ')) {
                    string();
                }
                expect(')');
            } else {
                nstring();
            }
            if (takes(' ')) {
                nstring();
            }
        }
    }

    private void envelope() {
        expect('(');
        nstring();
        blank();
        nstring();
        for (int i = 0; i < 6; i++) {
            blank();
            addresses();
        }
        blank();
        nstring();
        blank();
        nstring();
        expect(')');
    }

    private void addresses() {
        if (takesNil()) {
            return;
        }
        expect('(');
        do {
            expect('(');
            nstring();
            blank();
            nstring();
            blank();
            nstring();
            blank();
            nstring();
            expect(')');
        } while (text.charAt(at) == '(');
        expect(')');
    }

    private void parameters() {
        if (takesNil()) {
            return;
        }
        expect('(');
        do {
            string();
            blank();
            string();
        } while (takes(' '));
        expect(')');
    }

    private void nstring() {
        if (!takesNil()) {
            string();
        }
    }

    private String string() {
        StringBuilder value = new StringBuilder();
        if (takes('"')) {
            while (!takes('"')) {
                if (text.charAt(at) == '\\') {
                    at++;
                }
                char c = text.charAt(at++);
                if (c == 0 || c == '\r' || c == '\n' || c > 127) {
                    throw new IllegalStateException("quoted");
                }
                value.append(c);
            }
            return value.toString();
        }
        expect('{');
        int length = number();
        expect('}');
        expect('\r');
        expect('\n');
        value.append(text, at, at + length);
        at += length;
        return value.toString();
    }

    private int number() {
        int start = at;
        while (Character.isDigit(text.charAt(at))) {
            at++;
        }
        return Integer.parseInt(text.substring(start, at));
    }

    private boolean takesNil() {
        if (text.startsWith("NIL", at)) {
            at += 3;
            return true;
        }
        return false;
    }

    private void blank() {
        expect(' ');
    }

    private boolean takes(char c) {
        if (text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!takes(c)) {
            throw new IllegalStateException("expected " + c + " at " + at + " of " + text);
        }
    }
}
