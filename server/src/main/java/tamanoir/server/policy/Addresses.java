package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.smtp.Path;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.delivery.AddressClass;
import tamanoir.server.delivery.AddressMaps;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.delivery.Recipients.Standing;
import tamanoir.server.delivery.Target;

/// What is wrong with the sender's or the recipient's address: its form, its domain, whether we know it,
/// and whether the sender may use it. Immutable.
final class Addresses {
    private final PolicySettings settings;
    private final Recipients recipients;
    private final AddressMaps senderLogins;
    private final Dns dns;

    Addresses(PolicySettings settings, Recipients recipients, AddressMaps senderLogins, Dns dns) {
        this.settings = settings;
        this.recipients = recipients;
        this.senderLogins = senderLogins;
        this.dns = dns;
    }

    // ---- form --------------------------------------------------------------------------------------------------

    Ruling nonFqdnSender(Question q, Carry carry) {
        return nonFqdn(About.SENDER, q, q.sender());
    }

    Ruling nonFqdnRecipient(Question q, Carry carry) {
        return nonFqdn(About.RECIPIENT, q, q.recipient().orElse(Path.NULL));
    }

    private Ruling nonFqdn(About about, Question q, Path path) {
        boolean full = switch (path) {
            case Path.Null _ -> true;
            case Path.Bare _ -> false;
            case Path.Whole whole -> isFqdn(whole.address().domain());
        };
        return full
                ? Ruling.DUNNO
                : Refusals.no(settings.codes().nonFqdn(), "5.5.2", about, q, "need fully-qualified address");
    }

    private static boolean isFqdn(Domain domain) {
        return domain.isLiteral() || domain.name().indexOf('.') > 0;
    }

    // ---- domains -----------------------------------------------------------------------------------------------

    Ruling unknownSenderDomain(Question q, Carry carry) {
        return q.from() instanceof ReversePath.Sender(Address address)
                ? unknownDomain(About.SENDER, q, address, "4.1.8")
                : Ruling.DUNNO;
    }

    Ruling unknownRecipientDomain(Question q, Carry carry) {
        return q.to().isPresent() ? unknownDomain(About.RECIPIENT, q, q.to().get(), "4.1.2") : Ruling.DUNNO;
    }

    /// No MX and no address, or a null MX (RFC 7505 §4). Domains whose mail ends here exist whatever the
    /// DNS says.
    private Ruling unknownDomain(About about, Question q, Address address, String status) {
        Domain domain = address.domain();
        AddressClass addressClass = recipients.classOf(address);
        if (domain.isLiteral() || (addressClass.isOurs() && addressClass != AddressClass.RELAY)) {
            return Ruling.DUNNO;
        }
        Answer<Mx> mx = dns.mx(domain.ascii());
        if (mx instanceof Answer.Found<Mx> found) {
            if (found.records().stream().allMatch(Mx::isRoot)) {
                boolean sender = about == About.SENDER;
                return Refusals.no(
                        sender ? 550 : 556,
                        sender ? "5.7.27" : "5.1.10",
                        about,
                        q,
                        "Domain " + domain + " does not accept mail (nullMX)");
            }
            return new Ruling.Dunno(domain + " has mail exchangers");
        }
        if (mx.isFailed()) {
            return notFoundNow(about, q, status, HostNames.failure(mx));
        }
        Answer<InetAddress> addresses = dns.addresses(domain.ascii());
        if (addresses instanceof Answer.Found) {
            return new Ruling.Dunno(domain + " has an address"); // RFC 5321 §5.1: the implicit MX
        }
        if (addresses.isFailed()) {
            return notFoundNow(about, q, status, HostNames.failure(addresses));
        }
        return new Ruling.Refuse(
                Refusals.reply(settings.codes().unknownAddress(), status, about, q, "Domain not found"),
                domain + " has neither MX nor address records");
    }

    private Ruling notFoundNow(About about, Question q, String status, String why) {
        return settings.later(
                settings.tempfail().address(), Refusals.reply(450, status, about, q, "Domain not found"), why);
    }

    // ---- who is known ------------------------------------------------------------------------------------------

    Ruling unlistedRecipient(Question q, Carry carry) {
        if (q.to().isEmpty() || carry.recipientChecked) {
            return Ruling.DUNNO;
        }
        carry.recipientChecked = carry.warning == 0;
        return switch (recipients.standing(q.to().get())) {
            case Standing.Unknown unknown -> new Ruling.Refuse(unknown.reply(), "nobody has this name here");
            case Standing.Known known -> new Ruling.Dunno("a recipient of ours (" + known.addressClass() + ")");
            case Standing.Elsewhere _ -> new Ruling.Dunno("not one of our domains");
        };
    }

    Ruling unlistedSender(Question q, Carry carry) {
        if (!(q.from() instanceof ReversePath.Sender(Address address)) || carry.senderChecked) {
            return Ruling.DUNNO;
        }
        carry.senderChecked = carry.warning == 0;
        return switch (recipients.standing(address)) {
            case Standing.Unknown unknown -> {
                Reply reply = unknown.reply();
                yield new Ruling.Refuse(
                        Refusals.plain(
                                reply.code(),
                                "5.1.0",
                                reply.lines().getFirst().replace("Recipient address", "Sender address")),
                        "nobody has this name here");
            }
            case Standing.Known _ -> new Ruling.Dunno("an address of ours");
            case Standing.Elsewhere _ -> new Ruling.Dunno("not one of our domains");
        };
    }

    // ---- senders and logins ------------------------------------------------------------------------------------

    /// Whom a login restriction judges.
    enum Judged {
        EVERYBODY,
        USERS,
        STRANGERS,
        /// Everybody, but a user may use an address that nobody owns.
        KNOWN_ADDRESSES
    }

    /// Who may send as whom: `smtpd_sender_login_maps`, and where there is none, whoever gets the mail of
    /// an address.
    Ruling loginMismatch(Question q, Judged judged) {
        if (!(q.from() instanceof ReversePath.Sender(Address address))) {
            return Ruling.DUNNO; // B15: nobody owns the null sender
        }
        if (judged == (q.authenticated() ? Judged.STRANGERS : Judged.USERS)) {
            return Ruling.DUNNO;
        }
        Owners owners = owners(address);
        if (!q.authenticated()) {
            return owners.logins.isEmpty() ? new Ruling.Dunno(owners.why) : refuse(q, "not logged in", owners.why);
        }
        String login = q.login().toLowerCase(Locale.ROOT);
        int at = login.indexOf('@');
        if (owners.logins.contains(login)
                || (at > 0 && owners.logins.contains(login.substring(0, at)))
                || (judged == Judged.KNOWN_ADDRESSES && owners.logins.isEmpty())) {
            return new Ruling.Dunno(owners.why);
        }
        return refuse(q, "not owned by user " + q.login(), owners.why);
    }

    private static Ruling refuse(Question q, String text, String why) {
        return new Ruling.Refuse(Refusals.reply(553, "5.7.1", About.SENDER, q, text), why);
    }

    private record Owners(Set<String> logins, String why) {}

    private Owners owners(Address sender) {
        Set<String> logins = new HashSet<>();
        if (!senderLogins.isEmpty()) {
            return senderLogins
                    .find(sender)
                    .map(match -> {
                        List.of(match.text().split("[,\\s]+"))
                                .forEach(word -> logins.add(word.toLowerCase(Locale.ROOT)));
                        return new Owners(
                                logins, "\"" + match.key() + "\" at " + match.place() + " says " + match.text());
                    })
                    .orElseGet(() -> new Owners(logins, "no entry in smtpd_sender_login_maps"));
        }
        if (recipients.classOf(sender).isOurs()) {
            for (Target target : recipients.targets(sender, ReversePath.NULL, Set.of())) {
                if (target instanceof Target.Mailbox mailbox) {
                    logins.add(mailbox.account().address().toString().toLowerCase(Locale.ROOT));
                }
            }
        }
        return new Owners(
                logins,
                logins.isEmpty() ? "nobody here gets mail for it" : "its mail goes to " + String.join(", ", logins));
    }
}
