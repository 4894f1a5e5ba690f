package tamanoir.server.tables;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.databases.Ldap;
import tamanoir.server.databases.LdapQuery;
import tamanoir.server.databases.Variables;
import tamanoir.server.observe.Unavailable;

/// ldap_table(5). The values of the result attributes are the answer; those of `special` attributes are names
/// of other entries, or LDAP addresses, whose result attributes count too. An entry with a `terminal` attribute
/// answers with that alone; `leaf` attributes count only in entries that lead no further.
record LdapTable(
        Ldap ldap,
        LdapQuery query,
        List<String> result,
        List<String> leaf,
        List<String> special,
        List<String> terminal,
        int recursionLimit,
        int sizeLimit)
        implements ServerTable.Asking {
    /// What the files of these tables may say; those behind `connections` are of no use here.
    static final List<String> NAMES = List.of(
            "server_host",
            "server_port",
            "timeout",
            "search_base",
            "query_filter",
            "result_format",
            "result_filter",
            "domain",
            "result_attribute",
            "special_result_attribute",
            "terminal_result_attribute",
            "leaf_result_attribute",
            "scope",
            "bind",
            "bind_dn",
            "bind_pw",
            "recursion_limit",
            "expansion_limit",
            "size_limit",
            "dereference",
            "start_tls",
            "tls_ca_cert_file",
            "tls_require_cert",
            "connections",
            "version",
            "chase_referrals",
            "cache",
            "cache_expiry",
            "cache_size",
            "debuglevel",
            "tls_ca_cert_dir",
            "tls_cert",
            "tls_key",
            "tls_random_file",
            "tls_cipher_suite");

    private static final int MOST_ENTRIES = 10_000;

    static LdapTable of(KeyValueFile values) {
        List<String> result = values.words("result_attribute");
        List<String> leaf = values.words("leaf_result_attribute");
        List<String> special = values.words("special_result_attribute");
        List<String> terminal = values.words("terminal_result_attribute");
        if (result.isEmpty() && leaf.isEmpty() && terminal.isEmpty()) {
            result = List.of("maildrop");
        }
        List<String> attributes = new ArrayList<>(result);
        attributes.addAll(leaf);
        attributes.addAll(special);
        attributes.addAll(terminal);
        LdapQuery query = new LdapQuery(
                values.text("search_base", ""),
                LdapQuery.scope(values.text("scope", "sub")),
                values.text("query_filter", "(mailacceptinggeneralid=%s)"),
                attributes);
        return new LdapTable(
                new Ldap(settings(values)),
                query,
                result,
                leaf,
                special,
                terminal,
                values.number("recursion_limit", 1000, 1, Integer.MAX_VALUE),
                values.number("size_limit", values.number("expansion_limit", 0, 0, Integer.MAX_VALUE), 0, 1 << 30));
    }

    private static Ldap.Settings settings(KeyValueFile values) {
        int port = values.number("server_port", 389, 1, 65535);
        List<String> uris = new ArrayList<>();
        List<String> hosts = values.words("server_host");
        for (String host : hosts.isEmpty() ? List.of("localhost") : hosts) {
            if (host.startsWith("ldapi:")) {
                throw values.wrong("server_host", "a directory is reached by address here, not by a socket file");
            }
            boolean url = host.startsWith("ldap://") || host.startsWith("ldaps://");
            boolean ownPort = !host.startsWith("[") && host.indexOf(':') > 0;
            uris.add(url ? host : "ldap://" + host + (ownPort ? "" : ":" + port));
        }
        String bind = values.text("bind", "yes");
        if (bind.equals("sasl")) {
            throw values.wrong("bind", "sasl is not supported; use bind_dn and bind_pw");
        }
        boolean signsIn = values.flag("bind", true);
        return new Ldap.Settings(
                uris,
                values.flag("start_tls", false),
                values.text("tls_ca_cert_file"),
                !values.text("tls_require_cert", "yes").equals("no"),
                signsIn ? values.text("bind_dn", "") : "",
                values.text("bind_pw", ""),
                Duration.ofSeconds(values.number("timeout", 10, 1, 600)),
                values.number("connections", 4, 1, 100),
                switch (values.number("dereference", 0, 0, 3)) {
                    case 1 -> DereferencePolicy.SEARCHING;
                    case 2 -> DereferencePolicy.FINDING;
                    case 3 -> DereferencePolicy.ALWAYS;
                    default -> DereferencePolicy.NEVER;
                });
    }

    @Override
    public List<String> ask(String key, Variables variables) {
        Optional<String> base = query.base(variables);
        Optional<Filter> filter = query.filter(variables);
        if (base.isEmpty() || filter.isEmpty() || (key.startsWith("*") && key.length() == 1)) {
            return List.of();
        }
        List<SearchResultEntry> entries;
        try {
            entries = ldap.search(
                    base.get(),
                    query.scope(),
                    filter.get(),
                    query.attributes(),
                    sizeLimit > 0 ? sizeLimit : MOST_ENTRIES);
        } catch (Ldap.TooMany e) {
            throw new Unavailable("too many", "more entries than size_limit for a key", e);
        }
        List<String> answers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (SearchResultEntry entry : entries) {
            collect(entry, answers, seen, 0);
        }
        return answers;
    }

    private void collect(SearchResultEntry entry, List<String> answers, Set<String> seen, int depth) {
        if (!seen.add(entry.getDN().toLowerCase(Locale.ROOT))) {
            return; // Groups that hold each other.
        }
        if (depth > recursionLimit || seen.size() > MOST_ENTRIES) {
            throw new Unavailable("too deep", "entries lead to entries more than recursion_limit deep");
        }
        List<String> last = values(entry, terminal);
        if (!last.isEmpty()) {
            answers.addAll(last);
            return;
        }
        answers.addAll(values(entry, result));
        List<String> further = values(entry, special);
        if (further.isEmpty()) {
            answers.addAll(values(entry, leaf));
        }
        for (String name : further) {
            follow(name, answers, seen, depth + 1);
        }
    }

    private void follow(String name, List<String> answers, Set<String> seen, int depth) {
        if (name.regionMatches(true, 0, "ldap://", 0, 7)) {
            try {
                LDAPURL url = new LDAPURL(name);
                for (SearchResultEntry entry : ldap.search(
                        url.getBaseDN().toString(),
                        url.getScope(),
                        url.getFilter(),
                        query.attributes(),
                        MOST_ENTRIES)) {
                    collect(entry, answers, seen, depth);
                }
            } catch (LDAPException | Ldap.TooMany e) {
                throw new Unavailable("wrong address", "an entry leads to \"" + name + "\": " + e.getMessage(), e);
            }
            return;
        }
        ldap.entry(name, Filter.createPresenceFilter("objectClass"), query.attributes())
                .ifPresent(entry -> collect(entry, answers, seen, depth));
    }

    private static List<String> values(SearchResultEntry entry, List<String> names) {
        List<String> values = new ArrayList<>();
        for (String name : names) {
            String[] some = entry.getAttributeValues(name);
            if (some != null) {
                values.addAll(List.of(some));
            }
        }
        return values;
    }

    @Override
    public void check() {
        ldap.check();
    }
}
