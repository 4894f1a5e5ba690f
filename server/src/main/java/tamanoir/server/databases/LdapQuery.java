package tamanoir.server.databases;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// What to search for: base and filter with variables, scope, attributes. Immutable.
///
/// Values come into the filter escaped (RFC 4515 §3) and into names escaped (RFC 4514 §2.4), by the library's
/// own encoding: nobody's name changes what is asked.
public record LdapQuery(String base, SearchScope scope, String filter, List<String> attributes) {
    /// @throws BadSyntax when the filter is none, whatever its variables are
    public LdapQuery {
        attributes = List.copyOf(attributes);
        try {
            Filter.create(Variables.fill(filter, _ -> Optional.of("x"), Filter::encodeValue)
                    .orElseThrow());
        } catch (LDAPException e) {
            throw new BadSyntax("\"" + filter + "\" is no LDAP filter: " + e.getMessage());
        }
        try {
            new DN(Variables.fill(base, _ -> Optional.of("x"), LdapQuery::escaped)
                    .orElseThrow());
        } catch (LDAPException e) {
            throw new BadSyntax("\"" + base + "\" is no LDAP name: " + e.getMessage());
        }
    }

    /// `sub`, `one` or `base`, with the words of both Postfix and Dovecot.
    public static SearchScope scope(String word) {
        return switch (word) {
            case "sub", "subtree" -> SearchScope.SUB;
            case "one", "onelevel" -> SearchScope.ONE;
            case "base" -> SearchScope.BASE;
            default -> throw new BadSyntax("\"" + word + "\" is no scope (allowed: sub, one, base)");
        };
    }

    /// The filter for these values; empty when one of them is missing.
    public Optional<Filter> filter(Variables variables) {
        return Variables.fill(filter, variables, Filter::encodeValue).map(text -> {
            try {
                return Filter.create(text);
            } catch (LDAPException e) {
                throw new BadSyntax("\"" + filter + "\" is no LDAP filter with this value: " + e.getMessage());
            }
        });
    }

    /// The base for these values; empty when one of them is missing.
    public Optional<String> base(Variables variables) {
        return Variables.fill(base, variables, LdapQuery::escaped);
    }

    /// A value as it may stand in a distinguished name.
    public static String escaped(String value) {
        String pair = new RDN("x", value).toString();
        return pair.substring(pair.indexOf('=') + 1);
    }
}
