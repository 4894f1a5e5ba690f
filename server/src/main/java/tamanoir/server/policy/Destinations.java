package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.List;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.delivery.AddressClass;
import tamanoir.server.delivery.Recipients;

/// Whether mail may be sent where it wants to go: the relay restrictions. Immutable.
final class Destinations {
    private final PolicySettings settings;
    private final Recipients recipients;
    private final Dns dns;

    Destinations(PolicySettings settings, Recipients recipients, Dns dns) {
        this.settings = settings;
        this.recipients = recipients;
        this.dns = dns;
    }

    /// True when the recipient is in one of our domains; also where no recipient is judged.
    boolean isAuthorized(Question q) {
        return q.to().isEmpty() || recipients.classOf(q.to().get()).isOurs();
    }

    private Ruling permitOurs(Question q) {
        return isAuthorized(q) ? new Ruling.Permit(true, ours(q)) : new Ruling.Dunno(ours(q));
    }

    /// What the recipient's domain is to us, for explanations.
    String ours(Question q) {
        if (q.to().isEmpty()) {
            return "there is no recipient";
        }
        Domain domain = q.to().get().domain();
        return domain + " is "
                + switch (recipients.classOf(q.to().get())) {
                    case LOCAL -> "in mydestination";
                    case VIRTUAL_ALIAS -> "in virtual_alias_domains";
                    case VIRTUAL_MAILBOX -> "in virtual_mailbox_domains or a domain of the directory";
                    case RELAY -> "in relay_domains";
                    case DEFAULT -> "none of our domains";
                };
    }

    Ruling permitOurs(Question q, Carry carry) {
        return q.to().isEmpty() ? Ruling.DUNNO : permitOurs(q);
    }

    Ruling refuseOthers(Question q, int code, String status) {
        return isAuthorized(q)
                ? new Ruling.Dunno(ours(q))
                : new Ruling.Refuse(
                        Refusals.plain(code, status, "<" + About.RECIPIENT.subject(q) + ">: Relay access denied"),
                        ours(q));
    }

    /// `check_relay_domains`: our clients and our domains, nobody else.
    Ruling relayDomains(Question q, Carry carry) {
        if (q.to().isEmpty()) {
            return Ruling.DUNNO;
        }
        String name = q.client().name();
        if (!name.equals(Client.UNKNOWN) && isRelayDomain(name)) {
            return new Ruling.Permit(true, name + " is in relay_domains");
        }
        return isAuthorized(q)
                ? permitOurs(q)
                : refuseOthers(q, settings.codes().relayDenied(), "5.7.1");
    }

    private boolean isRelayDomain(String name) {
        try {
            return recipients.classOf(new Address("postmaster", Domain.of(name))) == AddressClass.RELAY;
        } catch (BadSyntax e) {
            return false;
        }
    }

    /// `permit_mx_backup`: the domain names us among its mail exchangers, though not as the first, and
    /// those that it likes best are in `permit_mx_backup_networks` where that is set.
    Ruling permitMxBackup(Question q, Carry carry) {
        if (q.to().isEmpty()) {
            return Ruling.DUNNO;
        }
        if (isAuthorized(q)) {
            return permitOurs(q);
        }
        Domain domain = q.to().get().domain();
        if (domain.isLiteral()) {
            return Ruling.DUNNO;
        }
        return switch (dns.mx(domain.ascii())) {
            case Answer.Failed<Mx> failed ->
                cannotTell(q, "Unable to look up mail exchanger information: " + failed.reason());
            case Answer.NoData<Mx> _, Answer.NoSuchName<Mx> _ -> new Ruling.Dunno(domain + " has no mail exchangers");
            case Answer.Found<Mx> found -> backup(q, domain, found.records());
        };
    }

    private Ruling backup(Question q, Domain domain, List<Mx> all) {
        int best = all.getFirst().preference();
        List<Mx> first = all.stream().filter(mx -> mx.preference() == best).toList();
        List<Mx> rest = all.stream().filter(mx -> mx.preference() != best).toList();
        if (first.stream().anyMatch(this::isUs) || rest.stream().noneMatch(this::isUs)) {
            return new Ruling.Dunno("this host is no backup mail exchanger of " + domain);
        }
        if (settings.mxBackupNetworks().isPresent()) {
            for (Mx mx : first) {
                Answer<InetAddress> addresses = dns.addresses(mx.host());
                if (!(addresses instanceof Answer.Found<InetAddress> known)) {
                    return cannotTell(q, "Unable to look up host " + mx.host() + " as mail exchanger");
                }
                if (!known.records().stream()
                        .allMatch(settings.mxBackupNetworks().get())) {
                    return new Ruling.Dunno(mx.host() + " is not in permit_mx_backup_networks");
                }
            }
        }
        return new Ruling.Permit(true, "this host is a backup mail exchanger of " + domain);
    }

    private boolean isUs(Mx mx) {
        if (mx.isRoot()) {
            return false;
        }
        if (mx.host().equalsIgnoreCase(settings.hostname())) {
            return true;
        }
        return dns.addresses(mx.host()).recordsOrNone().stream().anyMatch(settings.ownAddresses());
    }

    private static Ruling cannotTell(Question q, String text) {
        return new Ruling.DeferIfReject(Refusals.reply(450, "4.4.4", About.RECIPIENT, q, text), "");
    }
}
