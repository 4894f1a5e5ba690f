package tamanoir.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tamanoir.mail.text.BadSyntax;

/// One step of an access list such as `smtpd_recipient_restrictions`: a name and, for some, an argument.
///
/// A table that stands alone is the `check_…_access` of the list it stands in and has the name [#TABLE].
/// Old names are replaced by the ones in use when a configuration is read.
public record Restriction(String name, String argument) {
    /// The name of a step that is only a table, `hash:/etc/access`.
    public static final String TABLE = "table";

    private static final Set<String> PLAIN = Set.of(
            "permit",
            "defer",
            "reject",
            "defer_if_permit",
            "defer_if_reject",
            "warn_if_reject",
            "reject_unauth_pipelining",
            "permit_inet_interfaces",
            "permit_mynetworks",
            "permit_sasl_authenticated",
            "permit_tls_clientcerts",
            "permit_tls_all_clientcerts",
            "permit_auth_destination",
            "reject_unauth_destination",
            "defer_unauth_destination",
            "permit_mx_backup",
            "reject_plaintext_session",
            "reject_multi_recipient_bounce",
            "reject_unknown_client_hostname",
            "reject_unknown_reverse_client_hostname",
            "reject_unknown_forward_client_hostname",
            "reject_invalid_helo_hostname",
            "reject_non_fqdn_helo_hostname",
            "reject_unknown_helo_hostname",
            "reject_non_fqdn_sender",
            "reject_unknown_sender_domain",
            "reject_unlisted_sender",
            "reject_unverified_sender",
            "reject_sender_login_mismatch",
            "reject_authenticated_sender_login_mismatch",
            "reject_known_sender_login_mismatch",
            "reject_unauthenticated_sender_login_mismatch",
            "reject_non_fqdn_recipient",
            "reject_unknown_recipient_domain",
            "reject_unlisted_recipient",
            "reject_unverified_recipient");

    /// With an argument of one word.
    private static final Set<String> WITH_WORD = Set.of(
            "check_policy_service",
            "reject_rbl_client",
            "reject_rhsbl_client",
            "reject_rhsbl_reverse_client",
            "reject_rhsbl_helo",
            "reject_rhsbl_sender",
            "reject_rhsbl_recipient",
            "permit_dnswl_client",
            "permit_rhswl_client",
            "sleep");

    /// With a lookup table.
    private static final Set<String> WITH_TABLE = Set.of(
            "check_ccert_access",
            "check_sasl_access",
            "check_client_access",
            "check_client_a_access",
            "check_client_mx_access",
            "check_client_ns_access",
            "check_reverse_client_hostname_access",
            "check_reverse_client_hostname_a_access",
            "check_reverse_client_hostname_mx_access",
            "check_reverse_client_hostname_ns_access",
            "check_helo_access",
            "check_helo_a_access",
            "check_helo_mx_access",
            "check_helo_ns_access",
            "check_sender_access",
            "check_sender_a_access",
            "check_sender_mx_access",
            "check_sender_ns_access",
            "check_recipient_access",
            "check_recipient_a_access",
            "check_recipient_mx_access",
            "check_recipient_ns_access",
            "check_etrn_access");

    private static final Map<String, String> OLD = Map.of(
            "reject_unknown_client", "reject_unknown_client_hostname",
            "reject_unknown_hostname", "reject_unknown_helo_hostname",
            "reject_invalid_hostname", "reject_invalid_helo_hostname",
            "reject_non_fqdn_hostname", "reject_non_fqdn_helo_hostname");

    private static final Map<String, String> GONE = Map.of(
            "check_relay_domains", "permit_mynetworks, reject_unauth_destination",
            "permit_naked_ip_address", "permit_mynetworks or permit_sasl_authenticated",
            "reject_maps_rbl", "reject_rbl_client with the name of each list");

    /// Reads the words of a list that was checked before.
    public static List<Restriction> of(List<String> words) {
        List<Restriction> steps = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (WITH_WORD.contains(word) || WITH_TABLE.contains(word)) {
                if (i + 1 == words.size()) {
                    throw new BadSyntax("\"" + word + "\" needs an argument");
                }
                steps.add(new Restriction(word, words.get(++i)));
            } else if (word.indexOf(':') > 0) {
                steps.add(new Restriction(TABLE, word));
            } else {
                steps.add(new Restriction(word, ""));
            }
        }
        return List.copyOf(steps);
    }

    /// Splits and checks a list; the names come out as the ones in use today.
    static List<String> words(String text, Reading reading) {
        List<String> words = new ArrayList<>();
        List<String> given = reading.list(text);
        for (int i = 0; i < given.size(); i++) {
            String word = given.get(i);
            String low = word.toLowerCase(java.util.Locale.ROOT);
            String name = OLD.getOrDefault(low, low);
            if (PLAIN.contains(name)) {
                words.add(name);
            } else if (WITH_WORD.contains(name) || WITH_TABLE.contains(name)) {
                if (++i == given.size()) {
                    throw new BadSyntax("\"" + word + "\" needs "
                            + (WITH_TABLE.contains(name) ? "a table behind it (type:name)" : "an argument behind it"));
                }
                words.add(name);
                words.add(WITH_TABLE.contains(name) ? TableNames.checked(given.get(i), "hash", reading) : given.get(i));
            } else if (word.indexOf(':') > 0) {
                words.add(TableNames.checked(word, "hash", reading));
            } else if (reading.restrictionClasses().contains(word)) {
                words.add(word);
            } else if (GONE.containsKey(low)) {
                throw new BadSyntax("the restriction \"" + word + "\" no longer exists; write " + GONE.get(low));
            } else {
                throw new BadSyntax("\"" + word + "\" is no restriction" + Words.meant(word, known(reading)));
            }
        }
        return List.copyOf(words);
    }

    private static Set<String> known(Reading reading) {
        Set<String> known = new TreeSet<>(PLAIN);
        known.addAll(WITH_WORD);
        known.addAll(WITH_TABLE);
        known.addAll(OLD.keySet());
        known.addAll(reading.restrictionClasses());
        return known;
    }
}
