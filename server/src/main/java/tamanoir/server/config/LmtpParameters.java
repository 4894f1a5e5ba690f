package tamanoir.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The names with which Postfix sets its LMTP client apart from its SMTP client. Mail leaves over LMTP with the values
/// of
/// the `smtp_` parameters for now; the names are known, with types, so that a set-up that has them is told so.
final class LmtpParameters {
    /// LHLO instead of EHLO.
    private static final Map<String, String> NAMES = Map.of(
            "smtp_discard_ehlo_keywords", "lmtp_discard_lhlo_keywords",
            "smtp_discard_ehlo_keyword_address_maps", "lmtp_discard_lhlo_keyword_address_maps",
            "smtp_helo_timeout", "lmtp_lhlo_timeout");

    /// Where LMTP has another default.
    private static final Map<String, String> DEFAULTS =
            Map.of("lmtp_connect_timeout", "0s", "lmtp_skip_quit_response", "no", "lmtp_fallback_relay", "");

    private static final Set<String> SMTP_ONLY =
            Set.of("smtp_helo_name", "smtp_always_send_ehlo", "smtp_never_send_ehlo");

    private LmtpParameters() {}

    static List<Parameter<?>> all(List<Parameter<?>> others) {
        Set<String> taken = new HashSet<>();
        others.forEach(p -> taken.add(p.name()));
        List<Parameter<?>> all = new ArrayList<>();
        for (Parameter<?> one : others) {
            if (!one.name().startsWith("smtp_") || SMTP_ONLY.contains(one.name())) {
                continue;
            }
            String name = NAMES.getOrDefault(one.name(), "lmtp_" + one.name().substring("smtp_".length()));
            if (!taken.contains(name)) {
                String defaultText = DEFAULTS.getOrDefault(
                        name, one.defaultText().replace("$smtp_", "$lmtp_").replace("${smtp_", "${lmtp_"));
                all.add(one.twin(name, defaultText, "The same as " + one.name() + ", for LMTP."));
            }
        }
        return all;
    }
}
