package tamanoir.mail.authresults.dmarc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tamanoir.mail.address.Domain;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.AddressList.Mailbox;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;

/// Whose name a message shows: the domains of its From field in ASCII (RFC 9989 §5.3.1).
///
/// `problem` is empty when the field is as RFC 5322 §3.6.2 wants it, else why nothing that passes can make up for it.
/// Several domains are no problem by themselves, but each of them must be vouched for.
public record Author(List<String> domains, String problem) {
    /// More domains than any person writes for; the rest is not looked at, and nothing passes.
    private static final int MOST = 5;

    public Author {
        domains = List.copyOf(domains);
    }

    public static Author of(HeaderFields header) {
        List<HeaderField> fields = header.all("From");
        if (fields.isEmpty()) {
            return new Author(List.of(), "the message has no From field");
        }
        String problem = fields.size() > 1 ? "the message has " + fields.size() + " From fields" : "";
        Set<String> domains = new LinkedHashSet<>();
        for (HeaderField field : fields) {
            for (Mailbox mailbox : AddressList.parse(field.value()).mailboxes()) {
                problem = add(mailbox, domains, problem);
            }
        }
        if (domains.isEmpty() && problem.isEmpty()) {
            problem = "the From field has no address";
        }
        if (domains.size() > MOST) {
            problem = "the From field names too many domains";
        }
        return new Author(domains.stream().limit(MOST).toList(), problem);
    }

    /// What is no address may look like one once its encoded words are decoded, and that is what the reader sees.
    private static String add(Mailbox mailbox, Set<String> domains, String problem) {
        if (!mailbox.domain().isEmpty()) {
            return add(mailbox.domain(), domains, problem);
        }
        String why = "the From field has a name without an address";
        String text = mailbox.name() + " " + new Mailbox(mailbox.localPart(), "", "").name();
        for (Mailbox shown : AddressList.parse(text.strip()).mailboxes()) {
            if (!shown.domain().isEmpty()) {
                add(shown.domain(), domains, why);
            }
        }
        return problem.isEmpty() ? why : problem;
    }

    private static String add(String domain, Set<String> domains, String problem) {
        try {
            domains.add(Domain.of(domain).ascii());
            return problem;
        } catch (BadSyntax e) {
            return problem.isEmpty() ? "the From field has a domain that is none" : problem;
        }
    }
}
