package tamanoir.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.net.TlsDetails;
import tamanoir.server.net.TlsDetails.Trust;
import tamanoir.server.policy.AccessTables.Spot;
import tamanoir.server.policy.RestrictionList.Check;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// Clients known by their certificates: `permit_tls_clientcerts`, `permit_tls_all_clientcerts`,
/// `check_ccert_access`. A fingerprint counts whoever vouches for the certificate. Immutable.
final class Certificates {
    private final String digest;
    private final List<LookupTable> relay;

    /// `digest` is `smtpd_tls_fingerprint_digest`, `relay` are `relay_clientcerts`.
    Certificates(String digest, List<LookupTable> relay) {
        this.digest = digest;
        this.relay = List.copyOf(relay);
    }

    Ruling permitAll(Question q, Carry carry) {
        Optional<TlsDetails> tls = q.link().tls();
        if (tls.isPresent() && isTrusted(tls.get())) {
            return new Ruling.Permit(true, "an authority vouches for the client's certificate");
        }
        return permitListed(q, carry);
    }

    private static boolean isTrusted(TlsDetails tls) {
        return tls.trust() == Trust.TRUSTED || tls.trust() == Trust.VERIFIED;
    }

    Ruling permitListed(Question q, Carry carry) {
        for (String fingerprint : prints(q, List.of("cert_fingerprint", "pubkey_fingerprint"))) {
            if (LookupTable.first(relay, fingerprint).isPresent()) {
                return new Ruling.Permit(true, "relay_clientcerts has " + fingerprint);
            }
        }
        return new Ruling.Dunno(
                q.link().tls().flatMap(TlsDetails::clientCertificate).isEmpty()
                        ? "the client showed no certificate"
                        : "relay_clientcerts does not have its certificate");
    }

    private List<String> prints(Question q, List<String> order) {
        List<String> prints = new ArrayList<>();
        q.link().tls().flatMap(TlsDetails::clientCertificate).ifPresent(certificate -> {
            for (String kind : order) {
                prints.add(
                        kind.equals("cert_fingerprint")
                                ? certificate.fingerprint(digest)
                                : certificate.keyFingerprint(digest));
            }
        });
        return prints;
    }

    /// `type:name`, or `{ type:name { search_order = cert_fingerprint, pubkey_fingerprint } }`.
    ///
    /// @throws BadSyntax when it is neither
    Check check(String argument, Tables tables, AccessTables access, Spot spot) {
        List<String> order = List.of("cert_fingerprint", "pubkey_fingerprint");
        String name = argument;
        if (argument.startsWith("{")) {
            String inside = argument.substring(1, argument.length() - 1).strip();
            int brace = inside.indexOf('{');
            name = (brace < 0 ? inside : inside.substring(0, brace))
                    .replace(",", " ")
                    .strip();
            if (brace >= 0) {
                order = order(inside.substring(
                        brace + 1, inside.lastIndexOf('}') < brace ? inside.length() : inside.lastIndexOf('}')));
            }
        }
        LookupTable table = tables.open(name);
        List<String> kinds = order;
        return (q, carry) -> {
            for (String fingerprint : prints(q, kinds)) {
                Ruling ruling =
                        access.ruled(spot, About.CERTIFICATE, q, carry, table, access.exactly(table, fingerprint));
                if (!(ruling instanceof Ruling.Dunno)) {
                    return ruling;
                }
            }
            return Ruling.DUNNO;
        };
    }

    private static List<String> order(String text) {
        int equals = text.indexOf('=');
        List<String> words =
                List.of((equals < 0 ? "" : text.substring(equals + 1)).strip().split("[,\\s]+"));
        if (equals < 0
                || !text.substring(0, equals).strip().equals("search_order")
                || !words.stream().allMatch(w -> w.equals("cert_fingerprint") || w.equals("pubkey_fingerprint"))) {
            throw new BadSyntax(
                    "\"" + text.strip() + "\": search_order = cert_fingerprint, pubkey_fingerprint is expected here");
        }
        return words;
    }
}
