package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.Optional;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.Cidr;

/// What is wrong with a client's names: the one it says (HELO), and those that the DNS knows for its
/// address. Immutable.
final class HostNames {
    private final PolicySettings settings;
    private final Dns dns;

    HostNames(PolicySettings settings, Dns dns) {
        this.settings = settings;
        this.dns = dns;
    }

    // ---- HELO --------------------------------------------------------------------------------------------------

    Ruling nonFqdnHelo(Question q, Carry carry) {
        String helo = q.helo();
        if (helo.isEmpty()) {
            return Ruling.DUNNO;
        }
        if (helo.startsWith("[")) {
            return invalidHelo(q, carry);
        }
        return helo.indexOf('.') > 0 && isHostName(helo)
                ? Ruling.DUNNO
                : Refusals.no(settings.codes().nonFqdn(), "5.5.2", About.HELO, q, "need fully-qualified hostname");
    }

    Ruling invalidHelo(Question q, Carry carry) {
        String helo = q.helo();
        if (helo.isEmpty()) {
            return Ruling.DUNNO;
        }
        int code = settings.codes().invalidHostname();
        if (helo.startsWith("[")) {
            return isLiteral(helo) ? Ruling.DUNNO : Refusals.no(code, "5.5.2", About.HELO, q, "invalid ip address");
        }
        // A bare address is no name, but not invalid: reject_non_fqdn_helo_hostname is who minds.
        return isHostName(helo) || Cidr.literal(helo).isPresent()
                ? Ruling.DUNNO
                : Refusals.no(code, "5.5.2", About.HELO, q, "Invalid name");
    }

    /// No address and no mail exchanger of that name; one that wants no mail is a name all the same.
    Ruling unknownHelo(Question q, Carry carry) {
        String helo = q.helo();
        if (helo.isEmpty()) {
            return Ruling.DUNNO;
        }
        if (helo.startsWith("[")) {
            return invalidHelo(q, carry);
        }
        Answer<InetAddress> addresses = isHostName(helo) ? dns.addresses(helo) : new Answer.NoSuchName<>(false);
        if (addresses instanceof Answer.Found) {
            return Ruling.DUNNO;
        }
        Answer<Mx> mx = isHostName(helo) ? dns.mx(helo) : new Answer.NoSuchName<>(false);
        if (mx instanceof Answer.Found) {
            return Ruling.DUNNO;
        }
        if (addresses.isFailed() || mx.isFailed()) {
            return settings.later(
                    settings.tempfail().heloHostname(),
                    Refusals.reply(450, "4.7.1", About.HELO, q, "Host not found"),
                    failure(addresses) + failure(mx));
        }
        return Refusals.no(settings.codes().unknownHostname(), "4.7.1", About.HELO, q, "Host not found");
    }

    /// `permit_naked_ip_address`: the HELO name is an address.
    Ruling nakedAddress(Question q, Carry carry) {
        return Cidr.literal(q.helo()).isPresent()
                ? new Ruling.Permit(true, "the HELO name is an address")
                : Ruling.DUNNO;
    }

    static String failure(Answer<?> answer) {
        return answer instanceof Answer.Failed<?> failed ? failed.reason() + " " : "";
    }

    // ---- the client --------------------------------------------------------------------------------------------

    Ruling unknownClient(Question q, Carry carry) {
        return unknown(q, q.client().name(), "4.7.25", "cannot find your hostname");
    }

    Ruling unknownReverseClient(Question q, Carry carry) {
        return unknown(q, q.client().reverseName(), "4.7.1", "cannot find your reverse hostname");
    }

    /// Trouble with the DNS proves nothing, but is not for us to carry: the client comes again
    /// (postconf(5)).
    private Ruling unknown(Question q, String name, String status, String text) {
        if (!name.equals(Client.UNKNOWN)) {
            return new Ruling.Dunno("it is called " + name);
        }
        boolean trouble = q.client().trouble();
        Reply reply = Refusals.plain(
                trouble ? 450 : settings.codes().unknownClient(),
                status,
                "Client host rejected: " + text + ", [" + q.client().addressText() + "]");
        String reverse = q.client().reverseName();
        return new Ruling.Refuse(
                reply,
                trouble
                        ? "the names cannot be looked up now"
                        : reverse.equals(Client.UNKNOWN)
                                ? "the address has no PTR record"
                                : "its PTR record says " + reverse + ", which does not lead back to the address");
    }

    // ---- what is a name ----------------------------------------------------------------------------------------

    /// Letters, digits, hyphens and (for names of real clients) underscores, labels of 1 to 63, no hyphen
    /// at an end, and not an address.
    static boolean isHostName(String name) {
        String text = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (text.isEmpty() || text.length() > 255) {
            return false;
        }
        boolean numeric = true;
        for (String label : text.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                if (!(c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'))) {
                    return false;
                }
                numeric &= c >= '0' && c <= '9';
            }
        }
        return !numeric;
    }

    /// RFC 5321 §4.1.3; the tag in any case, and IPv6 without it, as real clients write.
    private static boolean isLiteral(String helo) {
        return literal(helo).isPresent();
    }

    /// The address of `[192.0.2.1]` and `[IPv6:2001:db8::1]`.
    static Optional<InetAddress> literal(String text) {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return Optional.empty();
        }
        String inside = text.substring(1, text.length() - 1);
        return Cidr.literal(inside.regionMatches(true, 0, "IPv6:", 0, 5) ? inside.substring(5) : inside);
    }
}
