package tamanoir.server.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// An SQL query as an administrator wrote it, `… WHERE name = '%u'`, with every variable turned into a bound
/// parameter.
///
/// A text in quotes that holds a variable becomes one parameter whole: `'%n@%d'` is the value of both with the
/// `@` between them. Outside quotes a variable is a parameter too, as is `:user` by name. So no value can end a
/// text or add a word, whatever stands in it. A variable in the name of a column is refused: nothing can be
/// bound there. Immutable.
public final class SqlQuery {
    private final String written;
    private final String sql;
    private final List<String> parameters;

    private SqlQuery(String written, String sql, List<String> parameters) {
        this.written = written;
        this.sql = sql;
        this.parameters = List.copyOf(parameters);
    }

    /// @param dialect whose rules of quoting count
    /// @throws BadSyntax when a quote is not closed or a variable stands where none can be bound
    public static SqlQuery of(String text, Sql.Dialect dialect) {
        boolean mysql = dialect == Sql.Dialect.MYSQL;
        StringBuilder sql = new StringBuilder();
        List<String> parameters = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"' || c == '`') {
                int end = endOfQuoted(text, at, mysql && c != '`');
                String inner = text.substring(at + 1, end - 1);
                if (!hasVariable(inner)) {
                    // The other programs fill in before they parse: a doubled % is one there, so it is one here.
                    sql.append(c).append(inner.replace("%%", "%")).append(c);
                } else if (c == '\'' || (mysql && c == '"')) {
                    sql.append('?');
                    parameters.add(unquoted(inner, c, mysql));
                } else {
                    throw new BadSyntax("a variable in the quoted name " + text.substring(at, end)
                            + " cannot be bound; variables stand where values do");
                }
                at = end;
            } else if (c == '%' && at + 1 < text.length()) {
                char name = text.charAt(at + 1);
                if (name == '%') {
                    sql.append('%');
                } else {
                    sql.append('?');
                    parameters.add("%" + name);
                }
                at += 2;
            } else if (c == '?') {
                throw new BadSyntax("a bare ? in \"" + text + "\" says nothing; write a variable such as '%u'");
            } else if (c == ':' && at + 1 < text.length() && text.charAt(at + 1) == ':') {
                sql.append("::"); // A cast of PostgreSQL.
                at += 2;
            } else if (c == ':' && at + 1 < text.length() && Character.isLetter(text.charAt(at + 1))) {
                int end = at + 1;
                while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
                    end++;
                }
                sql.append('?');
                parameters.add(":" + text.substring(at + 1, end));
                at = end;
            } else {
                sql.append(c);
                at++;
            }
        }
        return new SqlQuery(text, sql.toString(), parameters);
    }

    private static boolean hasVariable(String text) {
        for (int i = text.indexOf('%'); i >= 0 && i + 1 < text.length(); i = text.indexOf('%', i + 2)) {
            if (Character.isLetterOrDigit(text.charAt(i + 1))) {
                return true;
            }
        }
        return false;
    }

    /// Behind the closing quote.
    private static int endOfQuoted(String text, int from, boolean backslashes) {
        char quote = text.charAt(from);
        for (int i = from + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && backslashes) {
                i++;
            } else if (c == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i + 1;
                }
            }
        }
        throw new BadSyntax("a quote is not closed in \"" + text + "\"");
    }

    private static String unquoted(String inner, char quote, boolean backslashes) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if ((c == quote || (c == '\\' && backslashes)) && i + 1 < inner.length()) {
                i++;
                c = inner.charAt(i);
            }
            plain.append(c);
        }
        return plain.toString();
    }

    /// The text with `?` for each parameter.
    public String sql() {
        return sql;
    }

    /// The parameters in order; empty when a variable has no value.
    public Optional<List<String>> values(Variables variables) {
        List<String> values = new ArrayList<>();
        for (String parameter : parameters) {
            Optional<String> value = parameter.startsWith(":")
                    ? variables.value(parameter.substring(1))
                    : Variables.fill(parameter, variables, text -> text);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
        }
        return Optional.of(values);
    }

    @Override
    public String toString() {
        return written;
    }
}
