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
/// Old names are replaced by the ones in use when a configuration is read. `place` is `file:line` where it
/// is written, empty where nobody wrote it.
public record Restriction(String name, String argument, String place) {
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
            "reject_unverified_recipient",
            "check_relay_domains",
            "permit_naked_ip_address",
            "greylist",
            "reject_spf_fail",
            "reject_dmarc_fail");

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

    private static final Map<String, String> OLD = Map.ofEntries(
            Map.entry("reject_unknown_client", "reject_unknown_client_hostname"),
            Map.entry("reject_unknown_hostname", "reject_unknown_helo_hostname"),
            Map.entry("reject_invalid_hostname", "reject_invalid_helo_hostname"),
            Map.entry("reject_non_fqdn_hostname", "reject_non_fqdn_helo_hostname"),
            Map.entry("reject_unknown_address", "reject_unknown_sender_domain"),
            Map.entry("reject_rbl", "reject_rbl_client"),
            Map.entry("check_recipient_maps", "reject_unlisted_recipient"),
            Map.entry("check_greylist", "greylist"));

    /// They still do what they did, and what should stand in their place.
    private static final Map<String, String> DEPRECATED = Map.of(
            "check_relay_domains", "reject_unauth_destination",
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
                steps.add(new Restriction(word, words.get(++i), ""));
            } else if (word.indexOf(':') > 0) {
                steps.add(new Restriction(TABLE, word, ""));
            } else {
                steps.add(new Restriction(word, "", ""));
            }
        }
        return List.copyOf(steps);
    }

    Restriction at(String file) {
        return new Restriction(name, argument, file);
    }

    /// As it is written.
    @Override
    public String toString() {
        return name.equals(TABLE) ? argument : argument.isEmpty() ? name : name + " " + argument;
    }

    /// Splits and checks a list; the names come out as the ones in use today.
    static List<String> words(String text, Reading reading) {
        List<String> words = new ArrayList<>();
        List<String> given = reading.list(text);
        for (int i = 0; i < given.size(); i++) {
            String word = given.get(i);
            String low = word.toLowerCase(java.util.Locale.ROOT);
            String name = OLD.getOrDefault(low, low);
            if (DEPRECATED.containsKey(low)) {
                reading.warn("\"" + word + "\" is deprecated; write " + DEPRECATED.get(low));
            }
            if (low.equals("reject_maps_rbl")) {
                for (String domain : reading.list(reading.expand("$maps_rbl_domains"))) {
                    words.add("reject_rbl_client");
                    words.add(domain);
                }
            } else if (PLAIN.contains(name)) {
                words.add(name);
            } else if (WITH_WORD.contains(name) || WITH_TABLE.contains(name)) {
                if (++i == given.size()) {
                    throw new BadSyntax("\"" + word + "\" needs "
                            + (WITH_TABLE.contains(name) ? "a table behind it (type:name)" : "an argument behind it"));
                }
                words.add(name);
                words.add(argument(name, given.get(i), reading));
            } else if (word.indexOf(':') > 0) {
                words.add(TableNames.checked(word, "hash", reading));
            } else if (reading.restrictionClasses().contains(word)) {
                words.add(word);
            } else {
                throw new BadSyntax("\"" + word + "\" is no restriction" + Words.meant(word, known(reading)));
            }
        }
        return List.copyOf(words);
    }

    private static String argument(String name, String given, Reading reading) {
        if (name.equals("check_ccert_access") && given.startsWith("{")) {
            return given; // `{ type:name { search_order = … } }`; who opens the table reads it
        }
        if (WITH_TABLE.contains(name)) {
            return TableNames.checked(given, "hash", reading);
        }
        if (name.equals("sleep") && !given.matches("[0-9]{1,9}")) {
            throw new BadSyntax("\"sleep " + given + "\": a number of seconds is expected behind sleep");
        }
        if (name.equals("check_policy_service") && given.indexOf(':') < 0) {
            throw new BadSyntax("\"check_policy_service " + given
                    + "\": inet:host:port or unix:path is expected behind check_policy_service");
        }
        return given;
    }

    private static Set<String> known(Reading reading) {
        Set<String> known = new TreeSet<>(PLAIN);
        known.addAll(WITH_WORD);
        known.addAll(WITH_TABLE);
        known.addAll(OLD.keySet());
        known.addAll(DEPRECATED.keySet());
        known.addAll(reading.restrictionClasses());
        return known;
    }
}
