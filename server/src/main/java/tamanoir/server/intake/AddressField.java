package tamanoir.server.intake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.delivery.Completion;

/// Rewrites the addresses of a From, To or similar field and leaves every other octet alone: names, comments, folds
/// (RFC 5322 §3.4).
final class AddressField {
    private final String text;
    private final Completion completion;
    private final UnaryOperator<Address> change;
    private final StringBuilder result;
    private boolean changed;

    private AddressField(String text, Completion completion, UnaryOperator<Address> change) {
        this.text = text;
        this.completion = completion;
        this.change = change;
        this.result = new StringBuilder(text.length() + 32);
    }

    /// The field with changed addresses; the very same octets when nothing changed or it cannot be read.
    static Octets rewrite(Octets field, Completion completion, UnaryOperator<Address> change) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(field.array(), field.arrayOffset(), field.length()))
                    .toString();
        } catch (CharacterCodingException e) {
            return field;
        }
        int colon = text.indexOf(':');
        AddressField rewriter = new AddressField(text, completion, change);
        rewriter.result.append(text, 0, colon + 1);
        rewriter.mailboxes(colon + 1);
        return rewriter.changed ? Octets.of(rewriter.result.toString()) : field;
    }

    /// One mailbox after the other, each up to its comma; a name before a colon opens a group (RFC 5322 §3.4).
    private void mailboxes(int from) {
        int start = from;
        int open = -1;
        int close = -1;
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                i = quotedEnd(i);
            } else if (c == '(') {
                i = commentEnd(i);
            } else if (c == '<' && open < 0) {
                open = i++;
            } else if (c == '>' && open >= 0 && close < 0) {
                close = i++;
            } else if ((c == ',' || c == ';' || c == ':') && (open < 0 || close >= 0)) {
                mailbox(start, i, open, close, c == ':');
                result.append(c);
                start = ++i;
                open = -1;
                close = -1;
            } else {
                i++;
            }
        }
        mailbox(start, text.length(), open, close, false);
    }

    private void mailbox(int start, int end, int open, int close, boolean groupName) {
        boolean broken = open >= 0 && close <= open;
        if (groupName || broken) {
            result.append(text, start, end);
        } else if (open >= 0) {
            result.append(text, start, open + 1);
            address(open + 1, close);
            result.append(text, close, end);
        } else {
            bare(start, end);
        }
    }

    /// `user@domain (comment)`: the one word that is no comment.
    private void bare(int start, int end) {
        int from = -1;
        int to = -1;
        int i = start;
        while (i < end) {
            char c = text.charAt(i);
            if (c == '(') {
                i = Math.min(end, commentEnd(i));
            } else if (Character.isWhitespace(c)) {
                i++;
            } else if (from >= 0 && to < i) {
                result.append(text, start, end); // two words: not an address
                return;
            } else {
                int next = c == '"' ? quotedEnd(i) : i + 1;
                if (c == '>' || (c == '"' && (next > end || next == i + 1 || text.charAt(next - 1) != '"'))) {
                    result.append(text, start, end); // a quote that nothing ends would swallow the line break
                    return;
                }
                from = from < 0 ? i : from;
                i = next;
                to = i;
            }
        }
        if (from < 0) {
            result.append(text, start, end);
            return;
        }
        result.append(text, start, from);
        address(from, to);
        result.append(text, to, end);
    }

    private void address(int from, int to) {
        String written = text.substring(from, to).strip();
        try {
            Address before = completion.address(written);
            String after = change.apply(before).toString();
            if (!after.equals(written)) {
                changed = true;
                result.append(after);
                return;
            }
        } catch (BadSyntax e) {
            // What cannot be read stays: a reader may still make sense of it.
            changed |= false;
        }
        result.append(text, from, to);
    }

    private int quotedEnd(int at) {
        int i = at + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + 1);
    }

    /// Comments nest (RFC 5322 §3.2.2); counted, not recursed into.
    private int commentEnd(int at) {
        int depth = 0;
        int i = at;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i + 1;
            }
            i++;
        }
        return text.length();
    }
}
