package tamanoir.server.config;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// The kinds of lookup tables a configuration may name, `type:name`. What they do stands in `tamanoir.server.tables`.
public final class TableNames {
    /// Kinds that work.
    public static final List<String> TYPES = List.of(
            "hash",
            "btree",
            "lmdb",
            "cdb",
            "dbm",
            "sdbm",
            "texthash",
            "cidr",
            "regexp",
            "pcre",
            "static",
            "inline",
            "unionmap",
            "pipemap",
            "randmap",
            "fail",
            "unix",
            "environ",
            "ldap",
            "mysql",
            "pgsql",
            "sqlite");

    /// Kinds that Postfix has and we do not, and what to do instead.
    private static final List<String> LATER = List.of("mongodb", "memcache");

    private static final List<String> NEVER = List.of("nis", "nisplus", "netinfo", "proxy-write", "socketmap", "tcp");

    private TableNames() {}

    /// True for tables whose settings stand in a file of their own and whose answers another program gives.
    public static boolean isAskedOfServer(String table) {
        return table.startsWith("ldap:")
                || table.startsWith("mysql:")
                || table.startsWith("pgsql:")
                || table.startsWith("sqlite:");
    }

    /// Why tables of this kind cannot be used, or empty when they can.
    public static Optional<String> whyNot(String type) {
        if (TYPES.contains(type)) {
            return Optional.empty();
        }
        if (LATER.contains(type)) {
            return Optional.of("tables of type \"" + type + "\" are not supported yet");
        }
        if (NEVER.contains(type)) {
            return Optional.of(
                    "tables of type \"" + type + "\" are not supported; write the entries into a file and use hash:");
        }
        return Optional.of("\"" + type + "\" is no type of table" + Words.meant(type, TYPES) + " (allowed: "
                + String.join(", ", TYPES) + ")");
    }

    /// True for `type:name` where there is, was or will be such a type; `inet:host` and `[2001:db8::1]` are none.
    public static boolean isTable(String word) {
        int colon = word.indexOf(':');
        String type = colon < 0 ? "" : word.substring(0, colon);
        return type.equals("proxy") || TYPES.contains(type) || LATER.contains(type) || NEVER.contains(type);
    }

    static String checked(String word, String defaultType, Reading reading) {
        String table = word;
        while (table.startsWith("proxy:")) {
            table = table.substring("proxy:".length());
        }
        int colon = table.indexOf(':');
        if (colon < 0) {
            if (!table.startsWith("/")) {
                throw new BadSyntax("\"" + word + "\" names no table; allowed is type:name, such as hash:"
                        + reading.home().resolve(table));
            }
            return defaultType + ":" + table;
        }
        Optional<String> whyNot = whyNot(table.substring(0, colon));
        if (whyNot.isPresent()) {
            throw new BadSyntax(whyNot.get());
        }
        return word;
    }
}
