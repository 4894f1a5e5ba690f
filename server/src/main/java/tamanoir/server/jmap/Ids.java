package tamanoir.server.jmap;

import java.util.Optional;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.ThreadId;

/// How ids are spelled: a letter for the kind and the number in lower-case hexadecimal. They begin with a letter and do
/// not differ in case alone, as RFC 8620 §1.2 advises.
public final class Ids {
    private static final int LONGEST = 255;

    private Ids() {}

    public static String of(AccountId id) {
        return id.toString();
    }

    public static String of(MessageId id) {
        return spell('e', id.number());
    }

    public static String of(MailboxId id) {
        return spell('m', id.number());
    }

    public static String of(ThreadId id) {
        return spell('t', id.number());
    }

    public static Optional<MessageId> message(String id) {
        return number('e', id).map(MessageId::new);
    }

    public static Optional<MailboxId> mailbox(String id) {
        return number('m', id)
                .filter(number -> number > 0 && number <= Integer.MAX_VALUE)
                .map(number -> new MailboxId(number.intValue()));
    }

    public static Optional<ThreadId> thread(String id) {
        return number('t', id).map(ThreadId::new);
    }

    /// Whether it can be an id at all (RFC 8620 §1.2).
    public static boolean isId(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isSafe =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!isSafe) {
                return false;
            }
        }
        return true;
    }

    static String spell(char kind, long number) {
        return kind + Long.toHexString(number);
    }

    /// Only the one spelling that [#spell] makes: an object has one id.
    static Optional<Long> number(char kind, String id) {
        if (id.length() < 2 || id.length() > 17 || id.charAt(0) != kind) {
            return Optional.empty();
        }
        long number = 0;
        for (int i = 1; i < id.length(); i++) {
            char c = id.charAt(i);
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0 || (digit == 0 && i == 1 && id.length() > 2)) {
                return Optional.empty();
            }
            number = number << 4 | digit;
        }
        return Optional.of(number);
    }
}
