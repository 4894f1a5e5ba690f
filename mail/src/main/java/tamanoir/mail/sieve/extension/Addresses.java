package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Phrase;

/// The addresses in header fields (RFC 5228 §5.1).
final class Addresses {
    /// Fields that hold addresses and nothing else.
    private static final Set<String> FIELDS = Set.of(
            "from",
            "to",
            "cc",
            "bcc",
            "sender",
            "reply-to",
            "resent-from",
            "resent-to",
            "resent-sender",
            "resent-cc",
            "resent-bcc",
            "resent-reply-to",
            "delivered-to",
            "x-original-to",
            "apparently-to",
            "return-path",
            "envelope-to",
            "errors-to",
            "disposition-notification-to",
            "mail-followup-to",
            "mail-reply-to",
            "return-receipt-to",
            "abuse-reports-to",
            "x-complaints-to",
            "x-report-abuse-to",
            "x-beenthere",
            "x-delivered-to",
            "x-envelope-to",
            "approved",
            "list-post",
            "delivered",
            "x-apparently-from",
            "x-apparently-to",
            "x-forwarded-to",
            "x-forwarded-for",
            "alternate-recipient",
            "original-recipient",
            "for-approval",
            "for-comment",
            "for-handling",
            "read-receipt-to",
            "registered-mail-reply-requested-by",
            "resent-reply",
            "x-envelope-from",
            "x-failed-recipients",
            "x-mail-from",
            "x-rcpt-to",
            "x-resent-bcc",
            "x-resent-cc",
            "x-resent-from",
            "x-resent-to",
            "x-admin",
            "x-sender",
            "originator",
            "x-x-sender",
            "x-original-recipient",
            "x-loop",
            "x-loop-to",
            "mail-copies-to",
            "x-originating-email",
            "x-author",
            "author",
            "originator-return-address",
            "redirected-by",
            "redirected-from",
            "redirected-to",
            "forwarded-by",
            "forwarded-from",
            "reply",
            "in-reply-to-address",
            "x-list-host-address");

    private Addresses() {}

    /// Only fields that hold addresses may be asked.
    static void check(Arguments arguments, List<Phrase> names) {
        for (Phrase name : names) {
            name.constant()
                    .filter(text -> !FIELDS.contains(text.toLowerCase(Locale.ROOT)))
                    .ifPresent(text -> {
                        throw arguments.wrong("specified header '" + text + "' is not allowed for the address test");
                    });
        }
    }

    static List<AddressList.Mailbox> in(Letter.Line line) {
        List<AddressList.Mailbox> all = new ArrayList<>();
        for (AddressList.Mailbox one : AddressList.parse(line.rawValue()).mailboxes()) {
            if (!one.localPart().isEmpty() || !one.domain().isEmpty()) {
                all.add(one);
            }
        }
        return all;
    }
}
