package tamanoir.server.authresults;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.AuthenticationResults;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;

/// Whether a forwarder that we trust saw a message pass DMARC before it changed it (RFC 8617 §7.2.1).
final class TrustedChain {
    private static final String FIELD = "ARC-Authentication-Results";

    private final HeaderFields header;
    private final Predicate<Domain> trusted;

    TrustedChain(HeaderFields header, Predicate<Domain> trusted) {
        this.header = header;
        this.trusted = trusted;
    }

    /// The sealer that saw it pass, if everybody behind it is trusted as well: any of them could have changed
    /// everything.
    Optional<String> sawPass(ArcResult chain) {
        if (chain.result() != Result.PASS) {
            return Optional.empty();
        }
        List<String> sealers = chain.sealers();
        for (int instance = sealers.size(); instance >= 1; instance--) {
            String sealer = sealers.get(instance - 1);
            if (!isTrusted(sealer)) {
                return Optional.empty();
            }
            if (says(instance)) {
                return Optional.of(sealer);
            }
        }
        return Optional.empty();
    }

    private boolean isTrusted(String sealer) {
        try {
            return trusted.test(Domain.of(sealer));
        } catch (BadSyntax e) {
            return false;
        }
    }

    private boolean says(int instance) {
        for (HeaderField field : header.all(FIELD)) {
            String value = field.value();
            int end = value.indexOf(';');
            String tag = end < 0 ? "" : value.substring(0, end).replaceAll("[ \t]", "");
            if (tag.equals("i=" + instance)) {
                try {
                    return AuthenticationResults.parse(value.substring(end + 1)).methods().stream()
                            .anyMatch(method -> method.name().equals("dmarc")
                                    && method.result().equals("pass"));
                } catch (BadSyntax e) {
                    return false;
                }
            }
        }
        return false;
    }
}
