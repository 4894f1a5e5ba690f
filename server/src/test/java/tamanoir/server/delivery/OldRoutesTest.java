package tamanoir.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;

class OldRoutesTest {
    private static final Domain HERE = Domain.of("example.com");

    private static OldRoutes routes(boolean percent, boolean bang) {
        return new OldRoutes(percent, bang, true, HERE, HERE::equals);
    }

    private static String resolved(OldRoutes routes, String localPart, String domain) {
        return routes.resolved(new Address(localPart, Domain.of(domain))).toString();
    }

    @Test
    void aWayBehindADomainOfOursIsTakenApart() {
        OldRoutes both = routes(true, true);
        assertThat(resolved(both, "user%elsewhere.example", "example.com")).isEqualTo("user@elsewhere.example");
        assertThat(resolved(both, "elsewhere.example!user", "example.com")).isEqualTo("user@elsewhere.example");
        assertThat(resolved(both, "user@elsewhere.example", "example.com")).isEqualTo("user@elsewhere.example");
        assertThat(resolved(both, "a%b.example%example.com", "example.com")).isEqualTo("a@b.example");
        assertThat(resolved(both, "example.com!b.example!a", "example.com")).isEqualTo("a@b.example");
        assertThat(both.bare("elsewhere.example!user").toString()).isEqualTo("user@elsewhere.example");
        assertThat(both.bare("user%elsewhere.example").toString()).isEqualTo("user@elsewhere.example");
        assertThat(both.bare("user").toString()).isEqualTo("user@example.com");
    }

    @Test
    void elsewhereAndSwitchedOffItIsAName() {
        assertThat(resolved(routes(true, true), "user%a.example", "b.example")).isEqualTo("user%a.example@b.example");
        assertThat(resolved(routes(false, true), "user%a.example", "example.com"))
                .isEqualTo("user%a.example@example.com");
        assertThat(resolved(routes(true, false), "a.example!user", "example.com"))
                .isEqualTo("a.example!user@example.com");
        for (String odd : new String[] {"%", "!", "user%", "!user", "%a.example"}) {
            assertThat(resolved(routes(true, true), odd, "example.com")).as(odd).endsWith("@example.com");
        }
    }
}
