package tamanoir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.directory.Account.State;
import tamanoir.server.directory.Directory.Alias;
import tamanoir.server.directory.Directory.ScramKeys;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

class DirectoryTest {
    private static final Domain COM = Domain.of("example.com");
    private static final Domain ORG = Domain.of("example.org");

    private final Store store = new MemoryStore();
    private Directory directory = open(settings(64, Duration.ofSeconds(30)));

    private Directory open(DirectorySettings settings) {
        return new Directory(store, new TurnableClock(), settings, () -> List.of(COM));
    }

    private static DirectorySettings settings(int waiting, Duration longestWait) {
        return new DirectorySettings(2, waiting, longestWait, Duration.ofMinutes(10), 256, 1, 1, 4096, 1_000);
    }

    @AfterEach
    void close() {
        directory.close();
        store.close();
    }

    private static Address address(String text) {
        return Address.of(text);
    }

    private Account add(String text) {
        return directory.addAccount(address(text), "", "secret", 0);
    }

    private static void refused(String says, Runnable what) {
        assertThatThrownBy(what::run).isInstanceOf(Refused.class).hasMessageContaining(says);
    }

    // ---- addresses ---------------------------------------------------------------------------------------------

    /// RFC 5321 §2.4, B50.
    @Test
    void accountsAreFoundWithoutRegardToCase() {
        Account ann = directory.addAccount(address("Ann.Ähre@Example.COM"), "Ann", "secret", 5);
        assertThat(ann.address()).isEqualTo(address("ann.ähre@example.com"));
        assertThat(directory.account(address("ANN.ÄHRE@EXAMPLE.com"))).contains(ann);
        assertThat(directory.account(address("ann.a\u0308hre@example.com"))).contains(ann);
        assertThat(directory.account(ann.id())).contains(ann);
        assertThat(directory.account(address("ann@example.com"))).isEmpty();
        refused("already", () -> add("ANN.ÄHRE@example.com"));
    }

    @Test
    void whoWasUnknownIsFoundOnceMade() {
        assertThat(directory.account(address("ann@example.com"))).isEmpty();
        assertThat(directory.byLoginName("ann")).isEmpty();
        Account ann = add("ann@example.com");
        assertThat(directory.account(address("ann@example.com"))).contains(ann);
        assertThat(directory.byLoginName("Ann")).contains(ann);
        assertThat(directory.byLoginName("ann@example.com")).contains(ann);
        assertThat(directory.byLoginName("ann@example.org")).isEmpty();
        assertThat(directory.byLoginName("not @ an address")).isEmpty();
        assertThat(directory.byLoginName("")).isEmpty();
    }

    @Test
    void anAccountNeedsADomainOfThisServer() {
        refused("domain add example.org", () -> add("ann@example.org"));
        directory.addDomain(ORG);
        add("ann@example.org");
        assertThat(directory.hasDomain(Domain.of("EXAMPLE.org."))).isTrue();
        refused("exists already", () -> directory.addDomain(ORG));
        refused("still has accounts, such as ann@example.org", () -> directory.removeDomain(ORG));
        directory.removeAccount(
                directory.account(address("ann@example.org")).orElseThrow().id());
        directory.addAlias("@example.org", List.of(address("x@example.com")));
        refused("still has aliases, such as @example.org", () -> directory.removeDomain(ORG));
        directory.removeAlias("@example.org");
        directory.removeDomain(ORG);
        assertThat(directory.hasDomain(ORG)).isFalse();
        assertThat(directory.domains()).isEmpty();
        refused("not in the directory", () -> directory.removeDomain(ORG));
        refused("address literal", () -> directory.addDomain(Domain.of("[192.0.2.1]")));
    }

    @Test
    void theFirstAccountOfADomainKeepsItUntilItGoes() {
        Domain domain = Domain.of("example.com");
        assertThat(directory.keeper(domain)).isEmpty();
        Account zoe = add("zoe@example.com");
        Account ann = add("ann@example.com");
        assertThat(directory.keeper(domain)).contains(zoe);
        directory.removeAccount(zoe.id());
        assertThat(directory.keeper(domain)).contains(ann);
        Account bob = add("bob@example.com");
        assertThat(directory.keeper(domain)).contains(bob);
        directory.rename(bob.id(), address("ben@example.com"));
        assertThat(directory.keeper(domain))
                .hasValueSatisfying(one -> assertThat(one.id()).isEqualTo(bob.id()));
    }

    @Test
    void accountsAreListedPageByPage() {
        directory.addDomain(ORG);
        for (String name : List.of("c@example.com", "a@example.org", "b@example.com", "a@example.com")) {
            add(name);
        }
        List<String> all = new ArrayList<>();
        String after = "";
        for (List<Account> page = directory.accounts(Optional.empty(), after, 2);
                !page.isEmpty();
                page = directory.accounts(Optional.empty(), after, 2)) {
            page.forEach(account -> all.add(account.address().toString()));
            after = all.getLast();
        }
        assertThat(all).containsExactly("a@example.com", "b@example.com", "c@example.com", "a@example.org");
        assertThat(directory.accounts(Optional.of(ORG), "", 10)).hasSize(1);
        assertThat(directory.accounts(Optional.of(COM), "b@example.com", 10)).hasSize(1);
        assertThat(directory.accounts(Optional.of(COM), "a@example.org", 10)).isEmpty();
    }

    @Test
    void changesAreSeenAtOnceAndSurvive() {
        Account ann = add("ann@example.com");
        assertThat(directory.setQuota(ann.id(), 7).quotaOctets()).isEqualTo(7);
        assertThat(directory.setDisplayName(ann.id(), "Ann Ähre").displayName()).isEqualTo("Ann Ähre");
        assertThat(directory.setState(ann.id(), State.SUSPENDED).state()).isEqualTo(State.SUSPENDED);
        Account renamed = directory.rename(ann.id(), address("Anna@example.com"));
        assertThat(directory.account(address("ann@example.com"))).isEmpty();
        assertThat(directory.account(address("anna@example.com"))).contains(renamed);
        directory.close();
        directory = open(settings(64, Duration.ofSeconds(30)));
        assertThat(directory.account(ann.id())).contains(renamed);
        assertThat(renamed)
                .isEqualTo(new Account(ann.id(), address("anna@example.com"), "Ann Ähre", State.SUSPENDED, 7));
        refused("quota", () -> directory.setQuota(ann.id(), -1));
        refused("control", () -> directory.setDisplayName(ann.id(), "a\r\nb"));
        add("bob@example.com");
        refused("already", () -> directory.rename(ann.id(), address("bob@example.com")));
        directory.removeAccount(ann.id());
        assertThat(directory.account(ann.id())).isEmpty();
        refused("no account", () -> directory.removeAccount(ann.id()));
    }

    // ---- aliases -----------------------------------------------------------------------------------------------

    /// B50.
    @Test
    void aliasesAreFoundWithoutRegardToCaseAndApartFromTheCatchAll() {
        Alias made = directory.addAlias("FooBar@example.com", List.of(address("user002@example.com")));
        assertThat(made.name()).isEqualTo("foobar@example.com");
        directory.addAlias("@example.com", List.of(address("user003@example.com"), address("x@example.net")));
        assertThat(directory.alias(address("FOOBAR@EXAMPLE.COM"))).containsExactly(address("user002@example.com"));
        assertThat(directory.alias(address("other@example.com"))).isEmpty();
        assertThat(directory.catchAll(COM)).containsExactly(address("user003@example.com"), address("x@example.net"));
        assertThat(directory.catchAll(ORG)).isEmpty();
        assertThat(directory.aliases(Optional.of(COM), "", 10))
                .extracting(Alias::name)
                .containsExactly("@example.com", "foobar@example.com");
        assertThat(directory.aliases(Optional.empty(), "@example.com", 10)).hasSize(1);
        directory.removeAlias("foobar@Example.com");
        assertThat(directory.alias(address("foobar@example.com"))).isEmpty();
        refused("no alias", () -> directory.removeAlias("foobar@example.com"));
    }

    @Test
    void anAddressIsEitherAnAccountOrAnAlias() {
        add("ann@example.com");
        refused("is an account", () -> directory.addAlias("ann@example.com", List.of(address("b@example.com"))));
        directory.addAlias("info@example.com", List.of(address("ann@example.com")));
        refused("alias remove info@example.com", () -> add("info@example.com"));
        refused("already", () -> directory.addAlias("info@example.com", List.of(address("b@example.com"))));
        refused("at least one", () -> directory.addAlias("empty@example.com", List.of()));
        refused("domain add", () -> directory.addAlias("x@example.org", List.of(address("b@example.com"))));
    }

    // ---- signing in --------------------------------------------------------------------------------------------

    @Test
    void theRightPasswordOpensAndNothingElseDoes() {
        Account ann = add("ann@example.com");
        assertThat(directory.authenticate("ann", "secret")).isEqualTo(new Login.Ok(ann));
        assertThat(directory.authenticate("ANN@example.com", "secret")).isEqualTo(new Login.Ok(ann));
        for (String wrong : List.of("Secret", "secret ", "", "x".repeat(5_000))) {
            assertThat(directory.authenticate("ann", wrong)).isInstanceOf(Login.Refused.class);
        }
        assertThat(directory.authenticate("nobody", "secret")).isInstanceOf(Login.Refused.class);
        directory.setPassword(ann.id(), "other");
        assertThat(directory.authenticate("ann", "secret")).isInstanceOf(Login.Refused.class);
        assertThat(directory.authenticate("ann", "other")).isEqualTo(new Login.Ok(ann));
        directory.setState(ann.id(), State.SUSPENDED);
        assertThat(directory.authenticate("ann", "other")).isInstanceOf(Login.Refused.class);
        directory.setState(ann.id(), State.ACTIVE);
        directory.setPassword(ann.id(), "");
        assertThat(directory.authenticate("ann", "other")).isInstanceOf(Login.Refused.class);
        assertThat(directory.authenticate("ann", "")).isInstanceOf(Login.Refused.class);
    }

    @Test
    void passwordsOfOtherKeyboardsAreOneSpelling() {
        Account ann = add("ann@example.com");
        directory.setPassword(ann.id(), "Ünïcode\u00a0x");
        assertThat(directory.authenticate("ann", "U\u0308ni\u0308code x")).isEqualTo(new Login.Ok(ann));
    }

    @Test
    void passwordsWithControlsAreRefused() {
        Account ann = add("ann@example.com");
        refused("control", () -> directory.setPassword(ann.id(), "secret\n"));
        refused("at most", () -> directory.setPassword(ann.id(), "x".repeat(2_000)));
    }

    @Test
    void aRepeatedSignInCostsNoHash() {
        add("ann@example.com");
        directory.authenticate("ann", "secret");
        long start = System.nanoTime();
        for (int i = 0; i < 3_000; i++) {
            assertThat(directory.authenticate("ann", "secret")).isInstanceOf(Login.Ok.class);
        }
        // 3,000 hashes of even these small ones would take far longer.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void hashesOfOtherServersAreTakenOver() {
        Account ann = add("ann@example.com");
        // Argon2 reference: argon2 somesalt -id -t 2 -m 16 -p 1 -l 32, password "password".
        directory.setPasswordHash(
                ann.id(),
                "{ARGON2ID}$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
        assertThat(directory.authenticate("ann", "password")).isEqualTo(new Login.Ok(ann));
        assertThat(directory.authenticate("ann", "Password")).isInstanceOf(Login.Refused.class);
        assertThat(directory.scramSha256("ann").account()).isEmpty();
        directory.setPasswordHash(ann.id(), "{plain}open sesame");
        assertThat(directory.authenticate("ann", "open sesame")).isEqualTo(new Login.Ok(ann));
        assertThat(directory.scramSha256("ann").account()).contains(ann);
        for (String bad : List.of(
                "secret",
                "{MD5}x",
                "{ARGON2ID}x",
                "{PLAIN}",
                "{ARGON2ID}$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")) {
            refused("not known", () -> directory.setPasswordHash(ann.id(), bad));
        }
    }

    /// RFC 5802 §3, RFC 7677.
    @Test
    void scramKeysBelongToThePassword() throws Exception {
        Account ann = add("ann@example.com");
        ScramKeys keys = directory.scramSha256("ann@example.com");
        assertThat(keys.account()).contains(ann);
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec("secret".toCharArray(), keys.salt(), keys.iterations(), 256))
                .getEncoded();
        byte[] client = Passwords.hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        assertThat(MessageDigest.getInstance("SHA-256").digest(client)).isEqualTo(keys.storedKey());
        assertThat(Passwords.hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(keys.serverKey());
        directory.setState(ann.id(), State.SUSPENDED);
        assertThat(directory.scramSha256("ann").account()).isEmpty();
    }

    /// RFC 5802 §9.
    @Test
    void anUnknownNameShowsTheSameSaltEvenAfterARestart() {
        ScramKeys first = directory.scramSha256("nobody");
        assertThat(first.account()).isEmpty();
        assertThat(directory.scramSha256("NOBODY").salt()).isEqualTo(first.salt());
        assertThat(directory.scramSha256("somebody").salt()).isNotEqualTo(first.salt());
        directory.close();
        directory = open(settings(64, Duration.ofSeconds(30)));
        ScramKeys again = directory.scramSha256("nobody");
        assertThat(again.salt()).isEqualTo(first.salt());
        assertThat(again.iterations()).isEqualTo(first.iterations());
    }

    @Test
    void tooManySignInsAtOnceAreToldToTryLater() throws InterruptedException {
        add("ann@example.com");
        directory.close();
        directory = new Directory(
                store,
                new TurnableClock(),
                new DirectorySettings(
                        1, 1, Duration.ofSeconds(30), Duration.ofMinutes(10), 32 * 1024, 4, 1, 4096, 1_000),
                () -> List.of(COM));
        ConcurrentLinkedQueue<Object> answers = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String name = "nobody" + i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    answers.add(directory.authenticate(name, "x"));
                } catch (Unavailable e) {
                    answers.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answers)
                .hasSize(12)
                .hasAtLeastOneElementOfType(Unavailable.class)
                .hasAtLeastOneElementOfType(Login.Refused.class);
    }

    @Test
    void secretsArePrintedNowhere() {
        Account ann = add("ann@example.com");
        ScramKeys keys = directory.scramSha256("ann");
        assertThat(ann.toString() + keys).doesNotContain("secret").doesNotContain("ARGON2");
        assertThat(new Secrets("{PLAIN}secret", null).toString()).doesNotContain("secret");
    }
}
