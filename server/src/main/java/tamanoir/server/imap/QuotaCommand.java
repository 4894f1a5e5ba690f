package tamanoir.server.imap;

import java.io.IOException;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.Wire;
import tamanoir.server.mailbox.AccountMail;

/// GETQUOTA and GETQUOTAROOT (RFC 9208): one root without a name for the whole account, or none without a limit.
final class QuotaCommand {
    private final Session session;

    QuotaCommand(Session session) {
        this.session = session;
    }

    Answer quota(Command.GetQuota command, Wire wire) throws IOException {
        AccountMail.Quota quota = session.mail().quota();
        if (!command.root().isEmpty() || quota.limitOctets() == 0) {
            return Answer.no(ResponseCode.Plain.NONEXISTENT, "there is no such quota root");
        }
        write(quota, wire);
        return Answer.ok("done");
    }

    Answer root(Command.GetQuotaRoot command, Wire wire) throws IOException {
        String name = session.names().decode(command.mailbox());
        if (session.mail().find(name).isEmpty()) {
            return Answer.no(ResponseCode.Plain.NONEXISTENT, "there is no such mailbox");
        }
        AccountMail.Quota quota = session.mail().quota();
        wire.text("* QUOTAROOT ").astring(session.names().encode(name));
        if (quota.limitOctets() > 0) {
            wire.text(" \"\"");
        }
        wire.crlf();
        if (quota.limitOctets() > 0) {
            write(quota, wire);
        }
        return Answer.ok("done");
    }

    /// RFC 9208 §5.1: STORAGE counts in units of 1024 octets.
    private static void write(AccountMail.Quota quota, Wire wire) throws IOException {
        wire.text("* QUOTA \"\" (STORAGE ")
                .number((quota.usedOctets() + 1023) / 1024)
                .character(' ')
                .number((quota.limitOctets() + 1023) / 1024)
                .character(')')
                .crlf();
    }
}
