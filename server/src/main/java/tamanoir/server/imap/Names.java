package tamanoir.server.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.ModifiedUtf7;
import tamanoir.mail.text.Octets;

/// Mailbox names between wire and mailbox: Unicode inside, modified UTF-7 outside, or UTF-8 once the client enabled it
/// (RFC 3501 §5.1.3, RFC 9051 §5.1, RFC 6855 §3).
record Names(boolean utf8) {
    static final char SEPARATOR = '/';

    /// A name that cannot be: `NO [CANNOT]`, because the command itself is well formed.
    static final class Impossible extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Impossible(String message) {
            super(message, null, false, false);
        }

        Answer answer() {
            return Answer.no(ResponseCode.Plain.CANNOT, String.valueOf(getMessage()));
        }
    }

    String decode(Octets name) {
        String text = plain(name);
        // RFC 9051 §5.1: INBOX in any case is the one INBOX; so is the first level of its children's names
        int end = text.indexOf(SEPARATOR);
        String first = end < 0 ? text : text.substring(0, end);
        if (first.equalsIgnoreCase("INBOX") && !first.equals("INBOX")) {
            text = "INBOX" + text.substring(first.length());
        }
        return text;
    }

    /// A name or pattern as written, INBOX aside.
    String plain(Octets name) {
        boolean ascii = true;
        for (int i = 0; i < name.length(); i++) {
            ascii &= name.at(i) < 128;
        }
        String text;
        try {
            text = utf8 || !ascii ? strictUtf8(name) : ModifiedUtf7.decode(name.latin1());
        } catch (BadSyntax e) {
            throw new Impossible(e.getMessage() == null ? "this is no mailbox name" : e.getMessage());
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new Impossible("a mailbox name has no control characters");
            }
        }
        return text;
    }

    /// Clients send UTF-8 without enabling it; what is UTF-8 can mean nothing else.
    private static String strictUtf8(Octets name) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name.array(), name.arrayOffset(), name.length()))
                    .toString();
            // RFC 9051 §5.1: Net-Unicode, so that no name has two spellings
            return Normalizer.normalize(text, Normalizer.Form.NFC);
        } catch (CharacterCodingException e) {
            throw new BadSyntax("the mailbox name is not UTF-8");
        }
    }

    Octets encode(String name) {
        return utf8 ? Octets.of(name) : Octets.latin1(ModifiedUtf7.encode(name));
    }

    /// A name for a new mailbox; a separator at the end only says that children will come (RFC 9051 §6.3.4).
    String decodeNew(Octets name) {
        String text = decode(name);
        if (text.length() > 1 && text.charAt(text.length() - 1) == SEPARATOR) {
            text = text.substring(0, text.length() - 1);
        }
        checkNew(text);
        return text;
    }

    private static void checkNew(String name) {
        if (name.isEmpty()) {
            throw new Impossible("the mailbox needs a name");
        }
        for (String level : name.split("/", -1)) {
            if (level.isEmpty()) {
                throw new Impossible("each level of a mailbox name needs a name");
            }
            // RFC 9051 §5.1: names that no LIST pattern could tell apart
            if (level.indexOf('%') >= 0 || level.indexOf('*') >= 0) {
                throw new Impossible("a new mailbox name has neither % nor *");
            }
        }
    }
}
