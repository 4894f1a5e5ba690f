package tamanoir.mail.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import tamanoir.mail.text.Octets;

/// Reads a file of many messages (RFC 4155, with the `mboxrd` quoting that is safe to undo): each begins with a line
/// `From ` and a time of day, at the start or after an empty line; `>From ` of the text loses one `>`.
public final class Mbox {
    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

    private Mbox() {}

    /// Whether a file that begins so is one of many messages, and not a message.
    public static boolean isMbox(byte[] start) {
        return startsWithFrom(start, 0, start.length);
    }

    /// Hands over each message with lines ended by CRLF, without its `From ` line and without the empty line that
    /// divides it from the next. What stands before the first `From ` line is passed over. One message is held in
    /// memory at a time.
    ///
    /// @throws IOException when the stream fails
    public static void read(InputStream in, Consumer<Octets> each) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean inside = false;
        boolean afterEmpty = true;
        for (int c = in.read(); c >= 0; ) {
            line.reset();
            while (c >= 0 && c != '\n') {
                line.write(c);
                c = in.read();
            }
            c = c < 0 ? c : in.read();
            byte[] text = line.toByteArray();
            int length = text.length > 0 && text[text.length - 1] == '\r' ? text.length - 1 : text.length;
            if (afterEmpty && divides(text, length)) {
                if (inside) {
                    each.accept(ended(message));
                }
                message.reset();
                inside = true;
                afterEmpty = false;
                continue;
            }
            int from = quoted(text, length) ? 1 : 0;
            message.write(text, from, length - from);
            message.write('\r');
            message.write('\n');
            afterEmpty = length == 0;
        }
        if (inside) {
            each.accept(ended(message));
        }
    }

    /// Without the empty line before the next message, unless it is the one that ends the header.
    private static Octets ended(ByteArrayOutputStream message) {
        byte[] all = message.toByteArray();
        int length = all.length;
        boolean endsEmpty = length >= 4 && all[length - 2] == '\r' && all[length - 3] == '\n';
        boolean divides = endsEmpty && headerEnd(all) < length;
        return Octets.of(all, 0, divides ? length - 2 : length);
    }

    /// Where the body begins; the length where there is none. Every line ends with CRLF.
    private static int headerEnd(byte[] all) {
        for (int i = 3; i < all.length; i++) {
            if (all[i] == '\n' && all[i - 2] == '\n') {
                return i + 1;
            }
        }
        return all.length;
    }

    /// Many writers leave a `From ` at the start of a paragraph as it is; a time of day tells the line that divides.
    private static boolean divides(byte[] text, int length) {
        if (!startsWithFrom(text, 0, length)) {
            return false;
        }
        for (int i = FROM.length + 2; i + 2 < length; i++) {
            if (text[i] == ':'
                    && isDigit(text[i - 2])
                    && isDigit(text[i - 1])
                    && isDigit(text[i + 1])
                    && isDigit(text[i + 2])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private static boolean quoted(byte[] text, int length) {
        int at = 0;
        while (at < length && text[at] == '>') {
            at++;
        }
        return at > 0 && startsWithFrom(text, at, length);
    }

    private static boolean startsWithFrom(byte[] text, int offset, int end) {
        if (end - offset < FROM.length) {
            return false;
        }
        for (int i = 0; i < FROM.length; i++) {
            if (text[offset + i] != FROM[i]) {
                return false;
            }
        }
        return true;
    }
}
