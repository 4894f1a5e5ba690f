package tamanoir.server.directory.source;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.config.Words;
import tamanoir.server.databases.Sql;
import tamanoir.server.databases.Sql.Dialect;
import tamanoir.server.databases.SqlQuery;
import tamanoir.server.observe.Unavailable;

/// People in an SQL database, with the settings file of Dovecot (`dovecot-sql.conf.ext`): `driver`, `connect`,
/// `default_pass_scheme`, `password_query`, `user_query`; ours are `alias_query` (every column of every row is
/// an address), `timeout` and `connections`.
final class SqlSource implements Source {
    private static final int MOST_TARGETS = 10_000;

    private final String name;
    private final Sql sql;
    private final String scheme;
    private final Optional<SqlQuery> password;
    private final Optional<SqlQuery> user;
    private final Optional<SqlQuery> alias;

    SqlSource(String name, Path home, KeyValueFile values) {
        this.name = name;
        Sql.Settings settings = settings(home, values);
        this.password = query(values, "password_query", settings.dialect());
        this.user = query(values, "user_query", settings.dialect());
        this.alias = query(values, "alias_query", settings.dialect());
        this.scheme = values.text("default_pass_scheme", "CRYPT");
        if (password.isEmpty() && user.isEmpty() && alias.isEmpty()) {
            throw values.wrong("password_query", "it says how to find somebody");
        }
        this.sql = new Sql(settings);
    }

    private static Optional<SqlQuery> query(KeyValueFile values, String name, Dialect dialect) {
        try {
            return values.text(name).map(text -> SqlQuery.of(Fields.plainVariables(text), dialect));
        } catch (BadSyntax e) {
            throw values.wrong(name, String.valueOf(e.getMessage()));
        }
    }

    private static Sql.Settings settings(Path home, KeyValueFile values) {
        Dialect dialect = switch (values.text("driver", "")) {
            case "pgsql" -> Dialect.POSTGRESQL;
            case "mysql" -> Dialect.MYSQL;
            case "sqlite" -> Dialect.SQLITE;
            default -> throw values.wrong("driver", "it is pgsql, mysql or sqlite");
        };
        String connect = values.text("connect").orElseThrow(() -> values.wrong("connect", "it says where it is"));
        Duration timeout = Duration.ofSeconds(values.number("timeout", 5, 1, 600));
        int connections = values.number("connections", 8, 1, 200);
        if (dialect == Dialect.SQLITE) {
            return new Sql.Settings(
                    dialect, List.of(), home.resolve(connect).toString(), "", "", Map.of(), timeout, connections);
        }
        List<String> hosts = new ArrayList<>();
        Map<String, String> words = new HashMap<>();
        String port = "";
        for (String word : Words.of(connect)) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? "" : word.substring(0, equals);
            String value = word.substring(equals + 1).replaceAll("^'|'$", "");
            switch (key) {
                case "host", "hostaddr" -> hosts.add(value);
                case "port" -> port = value;
                case "dbname", "user", "password", "sslmode", "sslrootcert", "ssl_ca" -> words.put(key, value);
                case "connect_timeout", "maxconns", "client_flags", "ssl_cipher", "ssl_verify_server_cert" -> {}
                default -> throw values.wrong("connect", "\"" + key + "\" is not known here");
            }
        }
        String ownPort = port;
        List<String> servers = hosts.stream()
                .map(host -> ownPort.isEmpty() || host.indexOf(':') >= 0 ? host : host + ":" + ownPort)
                .toList();
        Map<String, String> options = new HashMap<>();
        if (words.containsKey("sslmode")) {
            options.put("sslmode", words.getOrDefault("sslmode", ""));
        }
        if (words.containsKey("sslrootcert")) {
            options.put("sslrootcert", words.getOrDefault("sslrootcert", ""));
        }
        if (words.containsKey("ssl_ca")) {
            options.put("sslMode", "verify-full");
            options.put("serverSslCert", words.getOrDefault("ssl_ca", ""));
        }
        return new Sql.Settings(
                dialect,
                servers,
                words.getOrDefault("dbname", ""),
                words.getOrDefault("user", ""),
                words.getOrDefault("password", ""),
                options,
                timeout,
                connections);
    }

    @Override
    public String name() {
        return name;
    }

    /// Who exists says `user_query`, or where it is missing `password_query`; the fields of both count.
    @Override
    public Optional<Person> find(Address address) {
        Map<String, String> fields = new HashMap<>();
        Optional<Map<String, String>> own = row(password, address);
        if (user.isPresent()) {
            Optional<Map<String, String>> known = row(user, address);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            fields.putAll(known.get());
        } else if (own.isEmpty()) {
            return Optional.empty();
        }
        own.ifPresent(fields::putAll);
        return Optional.of(new Fields(fields).person(address, scheme, ""));
    }

    private Optional<Map<String, String>> row(Optional<SqlQuery> query, Address address) {
        if (query.isEmpty()) {
            return Optional.empty();
        }
        List<Map<String, String>> rows = sql.query(query.get(), variable -> Fields.variable(address, variable), 2);
        if (rows.size() > 1) {
            throw new Unavailable(
                    "a directory does not answer now, try again later", name + ": several rows for " + address);
        }
        return rows.stream().findFirst();
    }

    @Override
    public List<Address> members(Address address) {
        if (alias.isEmpty()) {
            return List.of();
        }
        List<Address> targets = new ArrayList<>();
        sql.query(alias.get(), variable -> Fields.variable(address, variable), MOST_TARGETS)
                .forEach(row -> row.values().forEach(text -> targets.addAll(addresses(text))));
        return List.copyOf(targets);
    }

    /// Addresses between commas; what is none is left out.
    static Set<Address> addresses(String text) {
        Set<Address> addresses = new java.util.LinkedHashSet<>();
        for (String word : text.split("[,\\s]+")) {
            try {
                if (word.indexOf('@') > 0) {
                    addresses.add(Address.of(word.toLowerCase(Locale.ROOT)));
                }
            } catch (BadSyntax e) {
                // Not an address that mail can go to.
            }
        }
        return addresses;
    }

    @Override
    public void check() {
        password.ifPresent(sql::check);
        user.ifPresent(sql::check);
        alias.ifPresent(sql::check);
    }

    @Override
    public void close() {
        sql.close();
    }
}
