package tamanoir.server.directory.source;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;

/// The fields of Dovecot's passdb and userdb, as far as they mean something here: `user`, `password`, `name`,
/// `nologin`,
/// `quota_rule` and `quota_storage_size`, with `userdb_` before them or not. Immutable.
record Fields(Map<String, String> values) {
    Fields {
        values = Map.copyOf(values);
    }

    Optional<String> text(String name) {
        String value = values.get(name);
        if (value == null) {
            value = values.get("userdb_" + name);
        }
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /// The person that these fields describe; `asked` is what was looked up.
    ///
    /// @param scheme of a password that names none
    Person person(Address asked, String scheme, String signInName) {
        String password = text("password").map(text -> withScheme(text, scheme)).orElse("");
        return new Person(
                address(asked),
                text("name").orElse(""),
                signInName.isEmpty() ? password : "",
                signInName,
                quota(),
                !values.containsKey("nologin")
                        || text("nologin").filter("no"::equals).isPresent());
    }

    /// `user` renames; without a domain it is of the one that was asked.
    private Address address(Address asked) {
        Optional<String> user = text("user").or(() -> text("username"));
        if (user.isEmpty()) {
            return asked;
        }
        String domain = text("domain").orElse(asked.domain().name());
        try {
            String whole = user.get().indexOf('@') > 0 ? user.get() : user.get() + "@" + domain;
            return Address.of(whole.toLowerCase(Locale.ROOT));
        } catch (BadSyntax e) {
            return asked;
        }
    }

    static String withScheme(String password, String scheme) {
        return password.startsWith("{") && password.indexOf('}') > 1 ? password : "{" + scheme + "}" + password;
    }

    /// `*:storage=1G`, `*:bytes=1000000`, or a plain size.
    private long quota() {
        String rule = text("quota_rule").or(() -> text("quota_storage_size")).orElse("");
        if (rule.isEmpty()) {
            return Person.NO_QUOTA_SAID;
        }
        long unit = 1;
        String size = rule;
        int equals = rule.indexOf('=');
        if (equals > 0) {
            String name = rule.substring(rule.lastIndexOf(':', equals) + 1, equals);
            unit = name.equals("storage") ? 1024 : 1;
            size = rule.substring(equals + 1);
            if (!name.equals("storage") && !name.equals("bytes")) {
                return Person.NO_QUOTA_SAID; // Of messages.
            }
        }
        String digits = size.strip();
        int end = digits.length();
        while (end > 0 && !Character.isDigit(digits.charAt(end - 1))) {
            end--;
        }
        String suffix = digits.substring(end).strip().toLowerCase(Locale.ROOT);
        unit = switch (suffix) {
            case "" -> unit;
            case "b" -> 1;
            case "k", "kb" -> 1L << 10;
            case "m", "mb" -> 1L << 20;
            case "g", "gb" -> 1L << 30;
            case "t", "tb" -> 1L << 40;
            default -> -1;
        };
        try {
            return unit < 0 ? Person.NO_QUOTA_SAID : Math.multiplyExact(Long.parseLong(digits.substring(0, end)), unit);
        } catch (ArithmeticException | NumberFormatException e) {
            return Person.NO_QUOTA_SAID;
        }
    }

    /// `%u` the address, `%n` and `%d` its parts, as Dovecot has them; `:user`, `:name`, `:domain` in SQL. `%L`
    /// before a letter is Dovecot's "in lower case", which every address here is.
    static Optional<String> variable(Address address, String name) {
        return switch (name) {
            case "u", "user", "w" ->
                Optional.of(address.localPart() + "@" + address.domain().ascii());
            case "n", "name" -> Optional.of(address.localPart());
            case "d", "domain" -> Optional.of(address.domain().ascii());
            default -> Optional.empty();
        };
    }

    /// `%Lu`, `%{user}`, `%{username}`, `%{domain}` and their like written as `%u`, `%n`, `%d`.
    static String plainVariables(String template) {
        return template.replace("%Lu", "%u")
                .replace("%Ln", "%n")
                .replace("%Ld", "%d")
                .replace("%{user}", "%u")
                .replace("%{username}", "%n")
                .replace("%{user|username}", "%n")
                .replace("%{user | username}", "%n")
                .replace("%{user|domain}", "%d")
                .replace("%{user | domain}", "%d")
                .replace("%{domain}", "%d");
    }
}
