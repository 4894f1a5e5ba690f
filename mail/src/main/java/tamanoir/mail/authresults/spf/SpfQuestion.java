package tamanoir.mail.authresults.spf;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;

/// Who wants to send as whom: the arguments of check_host() (RFC 7208 §4.1).
///
/// `domain` is in ASCII and `localPart` never empty. `helo` is what the client called itself, `isHelo` tells that this
/// is the identity in question; `receiver` is our own name and `now` for `%{t}`.
public record SpfQuestion(
        InetAddress client,
        String domain,
        String localPart,
        String helo,
        boolean isHelo,
        String receiver,
        Instant now) {
    private static final String NOBODY = "postmaster"; // RFC 7208 §4.3

    public SpfQuestion {
        localPart = localPart.isEmpty() ? NOBODY : localPart;
    }

    /// The HELO identity (§2.3); also what stands for a null sender (§2.4).
    public static SpfQuestion helo(InetAddress client, String helo, String receiver, Instant now) {
        String domain;
        try {
            domain = Domain.of(helo).ascii();
        } catch (BadSyntax e) {
            domain = ""; // no name at all, so nothing to check
        }
        return new SpfQuestion(client, domain, NOBODY, helo, true, receiver, now);
    }

    /// The MAIL FROM identity (§2.4).
    public static SpfQuestion sender(
            InetAddress client, Optional<Address> sender, String helo, String receiver, Instant now) {
        return sender.map(address -> new SpfQuestion(
                        client, address.domain().ascii(), address.localPart(), helo, false, receiver, now))
                .orElseGet(() -> helo(client, helo, receiver, now));
    }
}
