package tamanoir.server.sieve;

import java.util.List;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.Entity;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.MessageWriter;
import tamanoir.mail.sieve.Mailing;
import tamanoir.mail.sieve.Problem;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;

/// What the owner of a script finds in INBOX when it fails: once for each version of the script.
final class Notice {
    private Notice() {}

    static Octets of(Account account, String script, List<Problem> problems, Mailing.Stamp stamp) {
        StringBuilder text = new StringBuilder("Your Sieve script \"")
                .append(script)
                .append("\" could not do its work on a message:\n\n");
        problems.forEach(problem -> text.append("    ").append(problem).append('\n'));
        text.append("\nThe message was kept, and so is every other one that the script fails on. You are told once for"
                + " each version of the script: please correct it, or activate another one.\n");
        List<Field> fields = List.of(
                Field.ids("Message-ID", List.of(stamp.messageId())),
                Field.date("Date", stamp.now()),
                Field.addresses("From", AddressList.parse("Mail Filter <postmaster@" + stamp.host() + ">")),
                Field.addresses("To", AddressList.parse(account.address().toString())),
                Field.text(
                        "Subject",
                        "Your Sieve script \"" + script + "\" fails in line "
                                + problems.getFirst().place().line()),
                Field.structured("Auto-Submitted", "auto-generated"));
        return MessageWriter.ASCII.write(new Entity.Text(fields, "plain", text.toString()));
    }
}
