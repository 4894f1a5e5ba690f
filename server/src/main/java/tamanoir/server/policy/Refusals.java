package tamanoir.server.policy;

import tamanoir.mail.smtp.Reply;

/// How a no is worded: Postfix's sentences, which log readers and senders' postmasters know.
final class Refusals {
    /// RFC 5321 §4.5.3.1.5: a reply line has 512 octets with CRLF.
    private static final int LONGEST = 480;

    private Refusals() {}

    /// `<subject>: Sender address rejected: text`. The class of the status follows the code.
    static Reply reply(int code, String status, About about, Question q, String text) {
        return plain(code, status, "<" + about.subject(q) + ">: " + about.what + " rejected: " + text);
    }

    static Ruling no(int code, String status, About about, Question q, String text) {
        return new Ruling.Refuse(reply(code, status, about, q, text), "");
    }

    /// Text of an administrator: a status code of its own may stand first (RFC 2034 §4).
    static Reply told(int code, About about, Question q, String text, String otherwise) {
        Stated stated = Stated.of(code, "7.1", text);
        return reply(code, stated.status, about, q, stated.text.isEmpty() ? otherwise : stated.text);
    }

    /// The text as the whole reply.
    static Reply plain(int code, String status, String text) {
        String fitting = (code < 500 ? "4" : "5") + status.substring(1);
        return Reply.of(code, fitting, printable(text, LONGEST));
    }

    /// A status code at the beginning of a text, if there is one, and the rest.
    record Stated(String status, String text) {
        static Stated of(int code, String detail, String text) {
            String kind = code < 500 ? "4." : "5.";
            int blank = text.indexOf(' ');
            String first = blank < 0 ? text : text.substring(0, blank);
            if (first.matches("[245]\\.\\d{1,3}\\.\\d{1,3}")) {
                return new Stated(
                        kind + first.substring(2),
                        blank < 0 ? "" : text.substring(blank).strip());
            }
            return new Stated(kind + detail, text);
        }
    }

    /// One line, without what a terminal or a parser would take for something else.
    static String printable(String text, int longest) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length() && line.length() < longest; i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
        return line.toString();
    }
}
