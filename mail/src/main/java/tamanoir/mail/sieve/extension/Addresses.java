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
    private static final Set<String> FIELDS =
            Set.of(("from to cc bcc sender reply-to resent-from resent-to resent-sender"
                            + " resent-cc resent-bcc resent-reply-to delivered-to x-original-to x-original-from apparently-to"
                            + " return-path envelope-to errors-to disposition-notification-to mail-followup-to mail-reply-to"
                            + " return-receipt-to return-receipt-requested x-confirm-reading-to read-receipt-to"
                            + " abuse-reports-to x-complaints-to x-report-abuse-to x-beenthere x-envelope-to x-envelope-from"
                            + " x-forwarded-to x-forwarded-for x-apparently-to x-sender x-loop list-post approved"
                            + " for-approval for-comment for-handling alternate-recipient original-recipient"
                            + " registered-mail-reply-requested-by x-failed-recipients x-rcpt-to author originator")
                    .split(" "));

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
