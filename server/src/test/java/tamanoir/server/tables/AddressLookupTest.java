package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Trace;
import tamanoir.server.tables.AddressLookup.Found;

/// The order of keys, told by tables that write down what they are asked.
class AddressLookupTest {
    private final Tables tables = new Tables(Path.of("/nonexistent"), Clock.systemUTC(), new Trace("test", ""));
    private final AddressLookup lookup =
            new AddressLookup(RecipientDelimiter.of("+-"), d -> d.ascii().equals("example.com"));

    /// Knows nothing and remembers what it was asked.
    private record Asked(String name, boolean wantsWholeKeyOnly, List<String> keys) implements LookupTable {
        @Override
        public Optional<String> lookup(String key) {
            keys.add(name + key);
            return Optional.empty();
        }
    }

    private static Asked parts() {
        return new Asked("", false, new ArrayList<>());
    }

    private static Asked patterns() {
        return new Asked("", true, new ArrayList<>());
    }

    private List<LookupTable> inline(String entries) {
        return List.of(tables.open("inline:{" + entries + "}"));
    }

    @Test
    void canonicalAndVirtualTablesAreAskedFromTheWholeToTheDomain() {
        Asked asked = parts();
        lookup.address(List.of(asked), Address.of("user+a-b@example.com"));
        assertThat(asked.keys)
                .containsExactly("user+a-b@example.com", "user@example.com", "user+a-b", "user", "@example.com");
        Asked elsewhere = parts();
        lookup.address(List.of(elsewhere), Address.of("user+a@example.org"));
        assertThat(elsewhere.keys).containsExactly("user+a@example.org", "user@example.org", "@example.org");
        Asked pattern = patterns();
        lookup.address(List.of(pattern), Address.of("user+a@example.com"));
        assertThat(pattern.keys).containsExactly("user+a@example.com");
    }

    @Test
    void everyTableIsAskedForAKeyBeforeTheNextKeyIs() {
        List<String> keys = new ArrayList<>();
        List<LookupTable> two = List.of(new Asked("1:", false, keys), new Asked("2:", false, keys));
        lookup.address(two, Address.of("a@example.org"));
        assertThat(keys).containsExactly("1:a@example.org", "2:a@example.org", "1:@example.org", "2:@example.org");
    }

    @Test
    void aliasAccessAndTransportTablesHaveTheirOwnOrder() throws Exception {
        Asked alias = parts();
        lookup.alias(List.of(alias), "user+x");
        assertThat(alias.keys).containsExactly("user+x", "user");

        Asked access = parts();
        lookup.mailAccess(List.of(access), Address.of("user+x@a.example.com"), true);
        assertThat(access.keys)
                .containsExactly(
                        "user+x@a.example.com",
                        "user@a.example.com",
                        "a.example.com",
                        "example.com",
                        "com",
                        "user+x@",
                        "user@");
        Asked dotted = parts();
        lookup.mailAccess(List.of(dotted), Address.of("user@a.example.com"), false);
        assertThat(dotted.keys).containsExactly("user@a.example.com", "a.example.com", ".example.com", ".com", "user@");

        Asked route = parts();
        lookup.route(List.of(route), Address.of("user+x@a.example.com"), false);
        assertThat(route.keys)
                .containsExactly(
                        "user+x@a.example.com", "user@a.example.com", "a.example.com", ".example.com", ".com", "*");

        Asked host = parts();
        AddressLookup.hostAccess(List.of(host), "mail.example.com", true);
        assertThat(host.keys).containsExactly("mail.example.com", "example.com", "com");
        Asked hostPattern = patterns();
        AddressLookup.hostAccess(List.of(hostPattern), "mail.example.com", true);
        assertThat(hostPattern.keys).containsExactly("mail.example.com");

        Asked four = parts();
        AddressLookup.addressAccess(List.of(four), InetAddress.ofLiteral("192.0.2.1"));
        assertThat(four.keys).containsExactly("192.0.2.1", "192.0.2", "192.0", "192");
        Asked six = parts();
        AddressLookup.addressAccess(List.of(six), InetAddress.ofLiteral("2001:db8:0:0::1"));
        assertThat(six.keys).containsExactly("2001:db8::1", "2001:db8", "2001");
        Asked network = patterns();
        AddressLookup.addressAccess(List.of(network), InetAddress.ofLiteral("192.0.2.1"));
        assertThat(network.keys).containsExactly("192.0.2.1");
    }

    /// B50: the delimiter is a set of characters, the first one found divides, and some names are never divided.
    @Test
    void theDelimiterIsASetOfCharacters() {
        RecipientDelimiter delimiter = RecipientDelimiter.of("+-");
        assertThat(delimiter.split("user001+a")).isEqualTo(new RecipientDelimiter.Parts("user001", "+a"));
        assertThat(delimiter.split("user001-a")).isEqualTo(new RecipientDelimiter.Parts("user001", "-a"));
        assertThat(delimiter.split("user001+a-b").detail()).isEqualTo("a-b");
        assertThat(delimiter.split("first-last")).isEqualTo(new RecipientDelimiter.Parts("first", "-last"));
        assertThat(delimiter.split("user+")).isEqualTo(new RecipientDelimiter.Parts("user", "+"));
        for (String whole : List.of(
                "+x",
                "-x",
                "user",
                "owner-list",
                "Owner-List",
                "list-request",
                "postmaster",
                "MAILER-DAEMON",
                "double-bounce")) {
            assertThat(delimiter.split(whole)).isEqualTo(new RecipientDelimiter.Parts(whole, ""));
        }
        assertThat(RecipientDelimiter.of("").split("a+b").extension()).isEmpty();
        assertThat(RecipientDelimiter.of("+").split("owner-a+b").user()).isEqualTo("owner-a");
        assertThat(new RecipientDelimiter("-", false, Set.of())
                        .split("owner-list")
                        .user())
                .isEqualTo("owner");
    }

    /// B50: an exact entry wins over the catch-all however it is written, also for the plus form.
    @Test
    void anExactEntryWinsOverACatchAllInAnyCase() {
        List<LookupTable> virtual = inline(
                "{foobar@example.com=user002@example.com}, {@example.com=user003@example.com}, {first-last@example.com=box}");
        assertThat(answer(virtual, "FooBar@example.com")).contains("user002@example.com");
        assertThat(answer(virtual, "FOOBAR+x@EXAMPLE.COM")).contains("user002+x@example.com");
        assertThat(answer(virtual, "other@example.com")).contains("user003@example.com");
        assertThat(answer(virtual, "first-last@example.com")).contains("box");
    }

    private Optional<String> answer(List<LookupTable> virtual, String address) {
        return lookup.address(virtual, Address.of(address))
                .map(f -> f.addresses(true).getFirst());
    }

    @Test
    void anAnswerMayKeepTheLocalPart() {
        Found found = lookup.address(inline("{@example.com=@example.org}"), Address.of("ann+x@example.com"))
                .orElseThrow();
        assertThat(found.addresses(true)).containsExactly("ann+x@example.org");
        assertThat(found.addresses(false)).containsExactly("ann@example.org");
        Found several = lookup.address(
                        inline("{ann@example.com=a@b.example, c, \"d e\"@f.example}"), Address.of("ann+x@example.com"))
                .orElseThrow();
        assertThat(several.addresses(true)).containsExactly("a+x@b.example", "c+x", "\"d e+x\"@f.example");
        assertThat(several.addresses(false)).containsExactly("a@b.example", "c", "\"d e\"@f.example");
        Found command = lookup.address(inline("{ann@example.com=|program}"), Address.of("ann@example.com"))
                .orElseThrow();
        assertThatThrownBy(() -> command.addresses(true)).isInstanceOf(BadSyntax.class);
    }

    @Test
    void networksHostsAndTablesMakeAList() throws Exception {
        NetworkList list = NetworkList.of(
                List.of(
                        "!10.9.0.0/16",
                        "10.0.0.0/8",
                        "[2001:db8::]/32",
                        "::1",
                        "127.0.0.1",
                        "inline:{192.0.2.1=yes}",
                        ".example.com",
                        "host.example.org"),
                tables,
                false);
        assertThat(list.matches(InetAddress.ofLiteral("10.1.1.1"))).isTrue();
        assertThat(list.matches(InetAddress.ofLiteral("10.9.1.1"))).isFalse();
        assertThat(list.matches(InetAddress.ofLiteral("2001:db8:5::1"))).isTrue();
        assertThat(list.matches(InetAddress.ofLiteral("::1"))).isTrue();
        assertThat(list.matches(InetAddress.ofLiteral("::2"))).isFalse();
        assertThat(list.matches(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(list.matches(InetAddress.ofLiteral("192.0.2.1"))).isTrue();
        assertThat(list.matches(InetAddress.ofLiteral("192.0.2.2"))).isFalse();
        assertThat(list.matches("a.example.com", InetAddress.ofLiteral("192.0.2.2")))
                .isTrue();
        assertThat(list.matches("example.com", InetAddress.ofLiteral("192.0.2.2")))
                .isFalse();
        assertThat(list.matches("HOST.example.org", InetAddress.ofLiteral("192.0.2.2")))
                .isTrue();
        NetworkList mapped = NetworkList.of(List.of("127.0.0.0/8"), tables, true);
        assertThat(mapped.matches(InetAddress.ofLiteral("::ffff:127.0.0.1"))).isTrue();
        assertThatThrownBy(() -> NetworkList.of(List.of("10.0.0.1/8"), tables, false))
                .isInstanceOf(BadSyntax.class);
    }

    @Test
    void domainsMatchThoseBelowThemOnlyWhereTheListSaysSo() {
        DomainList plain = DomainList.of(
                List.of(
                        "!not.example.com",
                        "example.com",
                        ".example.com",
                        "inline:{table.example=x, .table.example=x}"),
                tables,
                false);
        assertThat(plain.contains(Domain.of("Example.COM"))).isTrue();
        assertThat(plain.contains(Domain.of("a.b.example.com"))).isTrue();
        assertThat(plain.contains(Domain.of("not.example.com"))).isFalse();
        assertThat(plain.contains(Domain.of("sub.table.example"))).isTrue();
        assertThat(plain.contains(Domain.of("example.org"))).isFalse();
        DomainList exact = DomainList.of(List.of("example.com", "inline:{table.example=x}"), tables, false);
        assertThat(exact.contains(Domain.of("a.example.com"))).isFalse();
        assertThat(exact.contains(Domain.of("a.table.example"))).isFalse();
        DomainList parents = DomainList.of(List.of("example.com", "inline:{table.example=x}"), tables, true);
        assertThat(parents.contains(Domain.of("a.b.example.com"))).isTrue();
        assertThat(parents.contains(Domain.of("a.b.table.example"))).isTrue();
        assertThat(parents.contains(Domain.of("badexample.com"))).isFalse();
        DomainList literal = DomainList.of(List.of("[192.0.2.1]", "müller.example"), tables, false);
        assertThat(literal.contains(Domain.of("[192.0.2.1]"))).isTrue();
        assertThat(literal.contains(Domain.of("müller.example"))).isTrue();
    }
}
