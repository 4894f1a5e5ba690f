package tamanoir.server.databases;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;

/// One SQL database, on one server or on several that hold the same. Only asked, never changed. Used by any
/// number of threads.
public final class Sql implements AutoCloseable {
    /// Whose language it is.
    public enum Dialect {
        POSTGRESQL,
        MYSQL,
        SQLITE
    }

    /// How it is reached.
    ///
    /// @param hosts `host`, `host:port` or `inet:host:port`, tried in this order; for SQLite none
    /// @param database its name; for SQLite its file
    /// @param options of the driver, such as `sslmode` or `sslrootcert`
    /// @param timeout for a connection and for each answer
    public record Settings(
            Dialect dialect,
            List<String> hosts,
            String database,
            String user,
            String password,
            Map<String, String> options,
            Duration timeout,
            int connections) {
        public Settings {
            hosts = List.copyOf(hosts);
            options = Map.copyOf(options);
        }

        /// Without the password.
        @Override
        public String toString() {
            return dialect.name().toLowerCase(Locale.ROOT) + ":" + database + hosts;
        }
    }

    private final Settings settings;
    private final Pool<Connection> pool;

    /// Connects when first asked.
    ///
    /// @throws BadSyntax when an address is wrong
    public Sql(Settings settings) {
        this.settings = settings;
        List<Pool.Server<Connection>> servers = new ArrayList<>();
        if (settings.dialect == Dialect.SQLITE) {
            servers.add(new One(settings.database, "jdbc:sqlite:" + Path.of(settings.database)));
        } else {
            for (String host : settings.hosts.isEmpty() ? List.of("127.0.0.1") : settings.hosts) {
                servers.add(new One(host, url(host)));
            }
        }
        this.pool = new Pool<>(servers, settings.connections, settings.timeout);
    }

    private String url(String written) {
        String host = written.startsWith("inet:") ? written.substring("inet:".length()) : written;
        if (host.startsWith("unix:") || host.startsWith("/")) {
            throw new BadSyntax(
                    "\"" + written + "\": a database is reached by address here, such as 127.0.0.1, not by a"
                            + " socket in the file system");
        }
        boolean allowed = !host.isEmpty()
                && host.chars().allMatch(c -> Character.isLetterOrDigit(c) || ".-:[]".indexOf(c) >= 0)
                && settings.database.chars().noneMatch(c -> "?&/#;%".indexOf(c) >= 0 || c <= ' ');
        if (!allowed) {
            throw new BadSyntax(
                    "\"" + written + "\" and \"" + settings.database + "\" are not a host and the name of a database");
        }
        String kind = settings.dialect == Dialect.POSTGRESQL ? "postgresql" : "mariadb";
        return "jdbc:" + kind + "://" + host + "/" + settings.database;
    }

    private final class One implements Pool.Server<Connection> {
        private final String name;
        private final String url;

        One(String name, String url) {
            this.name = name;
            this.url = url;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Connection open() throws Pool.Lost {
            try {
                Properties properties = new Properties();
                String millis = Long.toString(settings.timeout.toMillis());
                String seconds = Long.toString(Math.max(1, settings.timeout.toSeconds()));
                switch (settings.dialect) {
                    case POSTGRESQL -> {
                        properties.setProperty("connectTimeout", seconds);
                        properties.setProperty("loginTimeout", seconds);
                        properties.setProperty("socketTimeout", seconds);
                        properties.setProperty("ApplicationName", "tamanoir");
                        // Any value is compared as the column's own type would be.
                        properties.setProperty("stringtype", "unspecified");
                    }
                    case MYSQL -> {
                        properties.setProperty("connectTimeout", millis);
                        properties.setProperty("socketTimeout", millis);
                    }
                    case SQLITE -> {
                        properties.setProperty("open_mode", "1"); // SQLITE_OPEN_READONLY
                        properties.setProperty("busy_timeout", millis);
                    }
                }
                if (!settings.user.isEmpty()) {
                    properties.setProperty("user", settings.user);
                    properties.setProperty("password", settings.password);
                }
                settings.options.forEach(properties::setProperty);
                Connection connection = DriverManager.getConnection(url, properties);
                if (settings.dialect != Dialect.SQLITE) {
                    connection.setReadOnly(true);
                }
                return connection;
            } catch (SQLException e) {
                throw new Pool.Lost(reason(e), e);
            }
        }
    }

    /// The rows, at most `most`, each column by its name in lower case; null is left out.
    ///
    /// @throws Unavailable when no server answers in time, or the query fails there
    public List<Map<String, String>> query(SqlQuery query, Variables variables, int most) {
        Optional<List<String>> values = query.values(variables);
        if (values.isEmpty()) {
            return List.of();
        }
        return pool.with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
                statement.setMaxRows(most);
                statement.setQueryTimeout((int) Math.max(1, settings.timeout.toSeconds()));
                int at = 1;
                for (String value : values.get()) {
                    // PostgreSQL has no text with NUL in it, so no such value is there to be found.
                    if (value.indexOf('\0') >= 0) {
                        return List.of();
                    }
                    statement.setString(at++, value);
                }
                try (ResultSet result = statement.executeQuery()) {
                    return rows(result);
                }
            } catch (SQLException e) {
                throw lostOrRefused(e);
            }
        });
    }

    private static List<Map<String, String>> rows(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<Map<String, String>> rows = new ArrayList<>();
        while (result.next()) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                String value = result.getString(i);
                if (value != null) {
                    String name = columns.getColumnLabel(i).toLowerCase(Locale.ROOT);
                    row.put(row.containsKey(name) ? name + " " + i : name, value);
                }
            }
            rows.add(row);
        }
        return rows;
    }

    /// Lets a server prepare the query, so that a slip in it shows before anybody depends on it.
    ///
    /// @throws Unavailable with the reasons
    public void check(SqlQuery query) {
        query(query, _ -> Optional.of(""), 1);
    }

    /// SQLSTATE 08 is a connection that is gone, 57P a server that stops; a wrong query is the same on each
    /// server.
    private static Pool.Lost lostOrRefused(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("08") || state.startsWith("57P") || state.equals("HY000")) {
            return new Pool.Lost(reason(e), e);
        }
        throw new Unavailable("a directory does not answer now, try again later", reason(e), e);
    }

    private static String reason(SQLException e) {
        return String.valueOf(e.getMessage()).replace('\n', ' ');
    }

    @Override
    public void close() {
        pool.close();
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
