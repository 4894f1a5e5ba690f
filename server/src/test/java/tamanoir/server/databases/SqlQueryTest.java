package tamanoir.server.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.unboundid.ldap.sdk.SearchScope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.databases.Sql.Dialect;

class SqlQueryTest {
    private static final Variables ANN = name -> switch (name) {
        case "u", "s", "user" -> Optional.of("o'brien@example.com");
        case "n" -> Optional.of("o'brien");
        case "d" -> Optional.of("example.com");
        default -> Optional.empty();
    };

    @Test
    void aQuotedVariableIsOneParameter() {
        SqlQuery query = SqlQuery.of("SELECT a FROM b WHERE c = '%u' AND d='%n+%d' AND e = 'no' ", Dialect.POSTGRESQL);
        assertThat(query.sql()).isEqualTo("SELECT a FROM b WHERE c = ? AND d=? AND e = 'no' ");
        assertThat(query.values(ANN)).contains(List.of("o'brien@example.com", "o'brien+example.com"));
    }

    @Test
    void variablesStandWithoutQuotesAndByNameToo() {
        SqlQuery query = SqlQuery.of("SELECT f(%u)::text WHERE x = :user AND y LIKE 'a%%'", Dialect.POSTGRESQL);
        assertThat(query.sql()).isEqualTo("SELECT f(?)::text WHERE x = ? AND y LIKE 'a%'");
        assertThat(query.values(ANN)).contains(List.of("o'brien@example.com", "o'brien@example.com"));
    }

    @Test
    void quotesFollowTheLanguage() {
        assertThat(SqlQuery.of("SELECT \"%u\", 'it\\'s %d'", Dialect.MYSQL).values(ANN))
                .contains(List.of("o'brien@example.com", "it's example.com"));
        assertThat(SqlQuery.of("SELECT 'it''s %d'", Dialect.SQLITE).values(ANN)).contains(List.of("it's example.com"));
        assertThatThrownBy(() -> SqlQuery.of("SELECT \"%u\"", Dialect.POSTGRESQL))
                .isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> SqlQuery.of("SELECT 'a", Dialect.POSTGRESQL)).isInstanceOf(BadSyntax.class);
    }

    @Test
    void aMissingPartIsNothingToAskFor() {
        assertThat(SqlQuery.of("SELECT '%3'", Dialect.SQLITE).values(ANN)).isEmpty();
    }

    /// No value changes the query; each comes out as it went in.
    @FuzzTest(maxDuration = "10s")
    void noValueBecomesPartOfTheQuery(byte[] data) {
        String value = new String(data, StandardCharsets.UTF_8);
        SqlQuery query = SqlQuery.of("SELECT a FROM b WHERE c = '%u' OR d = 'x%ux'", Dialect.MYSQL);
        assertThat(query.values(_ -> Optional.of(value))).contains(List.of(value, "x" + value + "x"));
        LdapQuery ldap = new LdapQuery("ou=%u,dc=example", SearchScope.SUB, "(&(uid=%u)(objectClass=a))", List.of());
        com.unboundid.ldap.sdk.Filter filter =
                ldap.filter(_ -> Optional.of(value)).orElseThrow();
        assertThat(filter.getComponents()).hasSize(2);
        assertThat(filter.getComponents()[0].getAssertionValue()).isEqualTo(value);
        assertThat(ldap.base(_ -> Optional.of(value)).orElseThrow()).endsWith(",dc=example");
    }

    /// Whatever an administrator writes is a query or bad syntax.
    @FuzzTest(maxDuration = "10s")
    void anyTextIsAQueryOrBadSyntax(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        for (Dialect dialect : Dialect.values()) {
            try {
                SqlQuery.of(text, dialect).values(ANN);
            } catch (BadSyntax said) {
                assertThat(said).hasMessageContaining(" ");
            }
        }
    }
}
