package tamanoir.server.directory.source;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.databases.Ldap;
import tamanoir.server.databases.LdapQuery;
import tamanoir.server.databases.Variables;
import tamanoir.server.observe.Unavailable;

/// People in an LDAP directory, with the settings file of Dovecot (`dovecot-ldap.conf.ext`): `uris` or `hosts`,
/// `tls`, `tls_ca_cert_file`, `tls_require_cert`, `dn`, `dnpass`, `base`, `scope`, `deref`, `auth_bind`,
/// `auth_bind_userdn`, `user_filter`, `user_attrs`, `pass_filter`, `pass_attrs`, `default_pass_scheme`. Ours
/// are `group_filter`, `group_attrs` (`member`), `group_mail` (`mail`, of the members that are names of
/// entries), `search_filter`, `timeout`, `connections`.
final class LdapSource implements Source {
    private static final int MOST_MEMBERS = 10_000;
    private static final List<String> NAMES = List.of("displayName", "cn");

    /// A field and the template it is made of: `%{ldap:attribute}` inside.
    private record Field(String name, String template, List<String> attributes) {}

    private final String name;
    private final Ldap ldap;
    private final String scheme;
    private final boolean bind;
    private final Optional<String> bindName;
    private final Optional<LdapQuery> user;
    private final Optional<LdapQuery> pass;
    private final Optional<LdapQuery> group;
    private final List<String> groupMail;
    private final Optional<String> searchFilter;
    private final String base;
    private final List<Field> userFields;
    private final List<Field> passFields;

    LdapSource(String name, KeyValueFile values) {
        this.name = name;
        this.scheme = values.text("default_pass_scheme", "CRYPT");
        this.bind = values.flag("auth_bind", false);
        this.bindName = values.text("auth_bind_userdn").map(Fields::plainVariables);
        this.userFields = fields(values, "user_attrs", "");
        this.passFields = fields(values, "pass_attrs", "uid=user,userPassword=password");
        this.base = Fields.plainVariables(values.text("base", ""));
        this.user = query(values, "user_filter", attributes(userFields));
        this.pass = query(values, "pass_filter", attributes(passFields));
        this.groupMail = words(values, "group_mail", "mail");
        this.group = query(values, "group_filter", words(values, "group_attrs", "member"));
        this.searchFilter = values.text("search_filter");
        if (user.isEmpty() && pass.isEmpty()) {
            throw values.wrong("user_filter", "it says how to find somebody");
        }
        this.ldap = new Ldap(settings(values));
    }

    private static List<String> words(KeyValueFile values, String name, String otherwise) {
        List<String> words = values.words(name);
        return words.isEmpty() ? List.of(otherwise) : words;
    }

    private static Ldap.Settings settings(KeyValueFile values) {
        List<String> uris = new ArrayList<>(values.words("uris"));
        for (String host : values.words("hosts")) {
            uris.add("ldap://" + host);
        }
        if (uris.isEmpty()) {
            uris.add("ldap://localhost");
        }
        for (String uri : uris) {
            if (uri.startsWith("ldapi:")) {
                throw values.wrong("uris", "a directory is reached by address here, not by a socket file");
            }
        }
        String verify = values.text("tls_require_cert", "hard");
        return new Ldap.Settings(
                uris,
                values.flag("tls", false),
                values.text("tls_ca_cert_file"),
                !verify.equals("never") && !verify.equals("allow") && !verify.equals("no"),
                values.text("dn", ""),
                values.text("dnpass", ""),
                Duration.ofSeconds(values.number("timeout", 5, 1, 600)),
                values.number("connections", 8, 1, 200),
                switch (values.text("deref", "never")) {
                    case "searching" -> DereferencePolicy.SEARCHING;
                    case "finding" -> DereferencePolicy.FINDING;
                    case "always" -> DereferencePolicy.ALWAYS;
                    default -> DereferencePolicy.NEVER;
                });
    }

    private Optional<LdapQuery> query(KeyValueFile values, String filter, List<String> attributes) {
        try {
            return values.text(filter)
                    .map(text -> new LdapQuery(
                            base,
                            LdapQuery.scope(values.text("scope", "subtree")),
                            Fields.plainVariables(text),
                            attributes));
        } catch (BadSyntax e) {
            throw values.wrong(filter, String.valueOf(e.getMessage()));
        }
    }

    /// `attribute=field`, `attribute=field=text with %$`, `=field=text with %{ldap:attribute}`.
    private static List<Field> fields(KeyValueFile values, String name, String otherwise) {
        List<Field> fields = new ArrayList<>();
        for (String word : values.text(name, otherwise).split(",")) {
            String[] parts = word.strip().split("=", 3);
            if (parts[0].isEmpty() && parts.length < 2) {
                continue;
            }
            if (parts.length < 2 || parts[1].isEmpty()) {
                throw values.wrong(name, "\"" + word.strip() + "\" is not attribute=field");
            }
            String own = "%{ldap:" + parts[0] + "}";
            String template = parts.length < 3 ? own : parts[2].replace("%$", own);
            fields.add(new Field(parts[1].strip(), template, attributesOf(template)));
        }
        return List.copyOf(fields);
    }

    private static List<String> attributesOf(String template) {
        List<String> attributes = new ArrayList<>();
        int at = template.indexOf("%{ldap:");
        while (at >= 0) {
            int end = template.indexOf('}', at);
            if (end < 0) {
                break;
            }
            attributes.add(template.substring(at + "%{ldap:".length(), end));
            at = template.indexOf("%{ldap:", end);
        }
        return List.copyOf(attributes);
    }

    private static List<String> attributes(List<Field> fields) {
        Set<String> all = new LinkedHashSet<>(NAMES);
        fields.forEach(field -> all.addAll(field.attributes));
        return List.copyOf(all);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Person> find(Address address) {
        Variables variables = variable -> Fields.variable(address, variable);
        Map<String, String> fields = new HashMap<>();
        Optional<SearchResultEntry> own = one(pass, variables, address);
        if (user.isPresent()) {
            Optional<SearchResultEntry> known = one(user, variables, address);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            put(known.get(), userFields, fields);
        } else if (own.isEmpty()) {
            return Optional.empty();
        }
        own.ifPresent(entry -> put(entry, passFields, fields));
        String signInName = "";
        if (bind) {
            fields.remove("password");
            signInName = bindName.isPresent()
                    ? Variables.fill(bindName.get(), variables, LdapQuery::escaped)
                            .orElse("")
                    : own.map(SearchResultEntry::getDN).orElse("");
        }
        return Optional.of(new Fields(fields).person(address, scheme, signInName));
    }

    private Optional<SearchResultEntry> one(Optional<LdapQuery> query, Variables variables, Address address) {
        if (query.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> where = query.get().base(variables);
        Optional<Filter> filter = query.get().filter(variables);
        if (where.isEmpty() || filter.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<SearchResultEntry> entries = ldap.search(
                    where.get(), query.get().scope(), filter.get(), query.get().attributes(), 2);
            if (entries.size() > 1) {
                throw new Ldap.TooMany();
            }
            return entries.stream().findFirst();
        } catch (Ldap.TooMany e) {
            throw new Unavailable(
                    "a directory does not answer now, try again later", name + ": several entries for " + address, e);
        }
    }

    private static void put(SearchResultEntry entry, List<Field> fields, Map<String, String> values) {
        for (String attribute : NAMES) {
            String value = entry.getAttributeValue(attribute);
            if (value != null) {
                values.putIfAbsent("name", value);
            }
        }
        for (Field field : fields) {
            String text = field.template;
            for (String attribute : field.attributes) {
                String value = entry.getAttributeValue(attribute);
                text = value == null ? "" : text.replace("%{ldap:" + attribute + "}", value);
            }
            if (!text.isEmpty()) {
                values.put(field.name, text);
            }
        }
    }

    @Override
    public boolean isPassword(Person person, String password) {
        return ldap.isPassword(person.signInName(), password);
    }

    /// Members that are addresses, and the addresses of members that are names of entries.
    @Override
    public List<Address> members(Address address) {
        Variables variables = variable -> Fields.variable(address, variable);
        Optional<SearchResultEntry> entry = one(group, variables, address);
        if (entry.isEmpty() || group.isEmpty()) {
            return List.of();
        }
        Set<Address> members = new LinkedHashSet<>();
        for (String attribute : group.get().attributes()) {
            String[] values = entry.get().getAttributeValues(attribute);
            for (String value : values == null ? new String[0] : values) {
                if (value.indexOf('=') < 0) {
                    members.addAll(SqlSource.addresses(value));
                    continue;
                }
                ldap.entry(value, Filter.createPresenceFilter("objectClass"), groupMail)
                        .flatMap(member -> groupMail.stream()
                                .map(member::getAttributeValue)
                                .filter(mail -> mail != null)
                                .findFirst())
                        .ifPresent(mail -> members.addAll(SqlSource.addresses(mail)));
            }
            if (members.size() > MOST_MEMBERS) {
                throw new Unavailable("too many members", name + ": " + address + " has too many members");
            }
        }
        return List.copyOf(members);
    }

    /// `search_filter` with `%s` for what was typed; without it any name or address that begins so.
    @Override
    public List<Person> search(String text, int most) {
        String template =
                searchFilter.orElse("(&(mail=*)(|(cn=%s*)(sn=%s*)(givenName=%s*)(displayName=%s*)(mail=%s*)))");
        LdapQuery query = new LdapQuery(
                base.indexOf('%') >= 0 ? "" : base,
                LdapQuery.scope("sub"),
                template,
                List.of("mail", "displayName", "cn"));
        Filter filter = query.filter(_ -> Optional.of(text)).orElseThrow();
        List<Person> people = new ArrayList<>();
        List<SearchResultEntry> entries;
        try {
            entries = ldap.search(query.base(), query.scope(), filter, query.attributes(), most);
        } catch (Ldap.TooMany e) {
            return List.of(); // Type more.
        }
        for (SearchResultEntry entry : entries) {
            String mail = entry.getAttributeValue("mail");
            String display = entry.getAttributeValue("displayName");
            String common = entry.getAttributeValue("cn");
            try {
                people.add(new Person(
                        Address.of(String.valueOf(mail).toLowerCase(Locale.ROOT)),
                        display != null ? display : common != null ? common : "",
                        "",
                        "",
                        Person.NO_QUOTA_SAID,
                        true));
            } catch (BadSyntax e) {
                // Not an address that mail can go to.
            }
        }
        return people;
    }

    @Override
    public void check() {
        ldap.check();
    }

    @Override
    public void close() {
        ldap.close();
    }
}
