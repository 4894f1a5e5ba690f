package tamanoir.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.server.config.Config;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.Problem;
import tamanoir.server.config.Restriction;
import tamanoir.server.config.TlsParameters;
import tamanoir.server.net.ClientCertificate;

/// What an administrator should know about lists that are not wrong, but do not do what they seem to.
public final class ListAdvice {
    private static final Set<String> LAST = Set.of("permit", "reject", "defer");
    private static final Set<String> WITH_CERTIFICATE =
            Set.of("permit_tls_clientcerts", "permit_tls_all_clientcerts", "check_ccert_access");

    private ListAdvice() {}

    /// Advice on the lists of one service, at their lines.
    public static List<Problem> of(Config config) {
        List<Problem> advice = new ArrayList<>();
        for (Parameter<List<String>> list : PolicySettings.LISTS) {
            List<Restriction> steps = config.restrictions(list);
            unreached(config, list, steps).ifPresent(advice::add);
            for (Restriction step : steps) {
                boolean asks =
                        config.get(TlsParameters.SMTPD_TLS_ASK_CCERT) || config.get(TlsParameters.SMTPD_TLS_REQ_CCERT);
                if (WITH_CERTIFICATE.contains(step.name()) && !asks) {
                    advice.add(config.warning(
                            list,
                            "\"" + step.name() + "\" needs a client certificate, but with smtpd_tls_ask_ccert = no"
                                    + " nobody is asked for one"));
                }
            }
        }
        String digest = config.get(TlsParameters.SMTPD_TLS_FINGERPRINT_DIGEST);
        if (!ClientCertificate.knows(digest)) {
            advice.add(config.error(
                    TlsParameters.SMTPD_TLS_FINGERPRINT_DIGEST,
                    "there is no digest \"" + digest + "\"; sha256 is the usual one"));
        }
        return advice;
    }

    private static Optional<Problem> unreached(Config config, Parameter<List<String>> list, List<Restriction> steps) {
        for (int i = 0; i + 1 < steps.size(); i++) {
            boolean warns = i > 0 && steps.get(i - 1).name().equals("warn_if_reject");
            if (LAST.contains(steps.get(i).name()) && !warns) {
                return Optional.of(config.warning(
                        list,
                        "\"" + steps.get(i + 1) + "\" is never reached, for it stands behind "
                                + steps.get(i).name()));
            }
        }
        return Optional.empty();
    }
}
