package tamanoir.server.tables;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.databases.Sql;
import tamanoir.server.databases.Sql.Dialect;
import tamanoir.server.databases.SqlQuery;
import tamanoir.server.databases.Variables;

/// mysql_table(5), pgsql_table(5), sqlite_table(5): the columns of all rows are the answer, in order.
record SqlTable(Sql sql, SqlQuery query) implements ServerTable.Asking {
    /// What the files of these tables may say; those behind the first line are of no use here.
    static final List<String> NAMES = List.of(
            "hosts",
            "user",
            "password",
            "dbname",
            "dbpath",
            "query",
            "result_format",
            "result_filter",
            "domain",
            "expansion_limit",
            "select_field",
            "table",
            "where_field",
            "additional_conditions",
            "select_function",
            "tls_CAfile",
            "tls_verify_cert",
            "timeout",
            "connections",
            "option_file",
            "option_group",
            "encoding",
            "charset",
            "idle_interval",
            "retry_interval",
            "tls_cert_file",
            "tls_key_file",
            "tls_CApath",
            "tls_ciphers",
            "require_result_set");

    private static final int MOST_ROWS = 10_000;

    static SqlTable of(Dialect dialect, Path home, KeyValueFile values) {
        return new SqlTable(new Sql(settings(dialect, home, values)), SqlQuery.of(query(dialect, values), dialect));
    }

    private static Sql.Settings settings(Dialect dialect, Path home, KeyValueFile values) {
        if (dialect == Dialect.SQLITE) {
            String file = values.text("dbpath").orElseThrow(() -> values.wrong("dbpath", "it names the database file"));
            return new Sql.Settings(
                    dialect,
                    List.of(),
                    home.resolve(file).toString(),
                    "",
                    "",
                    Map.of(),
                    Duration.ofSeconds(values.number("timeout", 5, 1, 600)),
                    values.number("connections", 4, 1, 100));
        }
        Map<String, String> options = new LinkedHashMap<>();
        values.text("tls_CAfile")
                .ifPresent(file -> options.putAll(
                        dialect == Dialect.POSTGRESQL
                                ? Map.of("sslmode", "verify-full", "sslrootcert", file)
                                : Map.of("sslMode", "verify-full", "serverSslCert", file)));
        return new Sql.Settings(
                dialect,
                values.words("hosts"),
                values.text("dbname").orElseThrow(() -> values.wrong("dbname", "it names the database")),
                values.text("user", ""),
                values.text("password", ""),
                options,
                Duration.ofSeconds(values.number("timeout", 5, 1, 600)),
                values.number("connections", 4, 1, 100));
    }

    /// `query`, or the parts of it from before Postfix 2.2.
    private static String query(Dialect dialect, KeyValueFile values) {
        Optional<String> query = values.text("query");
        if (query.isPresent()) {
            return query.get();
        }
        Optional<String> function = values.text("select_function");
        if (function.isPresent() && dialect == Dialect.POSTGRESQL) {
            return "SELECT " + function.get() + "('%s')";
        }
        String field = values.text("select_field").orElseThrow(() -> values.wrong("query", "it says what to ask"));
        String table = values.text("table").orElseThrow(() -> values.wrong("table", "it goes with select_field"));
        String where =
                values.text("where_field").orElseThrow(() -> values.wrong("where_field", "it goes with select_field"));
        return "SELECT " + field + " FROM " + table + " WHERE " + where + " = '%s' "
                + values.text("additional_conditions", "");
    }

    @Override
    public List<String> ask(String key, Variables variables) {
        List<String> values = new ArrayList<>();
        sql.query(query, variables, MOST_ROWS).forEach(row -> values.addAll(row.values()));
        return values;
    }

    @Override
    public void check() {
        sql.check(query);
    }
}
