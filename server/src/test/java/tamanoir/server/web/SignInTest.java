package tamanoir.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.directory.Account;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;

/// Who gets in, how, and how they are put out again.
@Timeout(60)
class SignInTest {
    @TempDir
    Path folder;

    private WebHouse house;

    @BeforeEach
    void start() throws IOException {
        house = new WebHouse(folder.resolve("home")).start();
    }

    @AfterEach
    void stop() {
        house.close();
    }

    private static String basic(String name, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    // ---- in --------------------------------------------------------------------------------------------------

    @Test
    void theRightPasswordGivesACookieThatNoScriptAndNoOtherSiteCanUse() throws IOException {
        Asker.Answer answer = house.signIn("alice", WebHouse.PASSWORD);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"session\":{", "\"username\":\"alice@example.com\"");
        assertThat(answer.header("Set-Cookie").orElseThrow().split("; "))
                .contains("Path=/", "Secure", "HttpOnly", "SameSite=Strict")
                .noneMatch(word -> word.startsWith("Domain"))
                .anyMatch(word -> word.matches("__Host-tamanoir=[A-Za-z0-9_-]{43}"));
        assertThat(house.asker()
                        .get("/auth/session", "Cookie: " + answer.cookie())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aWrongPasswordAndAnUnknownNameLookTheSame() throws IOException {
        Asker.Answer wrong = house.signIn("alice", "guess");
        Asker.Answer unknown = house.signIn("mallory", "guess");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("Set-Cookie")).isEmpty();
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @Test
    void wrongPasswordsMakeTheNextOneWaitLongerAndLonger() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(house.signIn("alice", "guess " + i).status()).isEqualTo(401);
        }
        Asker.Answer throttled = house.signIn("alice", WebHouse.PASSWORD);
        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.header("Retry-After")).isPresent();
        assertThat(throttled.body()).contains("\"retryAfter\":");
        house.clock.advance(Duration.ofSeconds(2));
        assertThat(house.signIn("alice", "guess again").status()).isEqualTo(401);
        house.clock.advance(Duration.ofMillis(1_100));
        assertThat(house.signIn("alice", WebHouse.PASSWORD).status())
                .as("twice as long now")
                .isEqualTo(429);
        house.clock.advance(Duration.ofSeconds(2));
        assertThat(house.signIn("alice", WebHouse.PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void aSuspendedAccountIsOutAtOnce() throws IOException {
        Asker browser = house.browser("alice");
        house.directory.setState(house.alice.id(), Account.State.SUSPENDED);
        assertThat(browser.get("/auth/session").status()).isEqualTo(401);
        assertThat(house.signIn("alice", WebHouse.PASSWORD).status()).isEqualTo(401);
    }

    @Test
    void programsComeInByNameAndPassword() throws IOException {
        assertThat(house.asker()
                        .get("/.well-known/jmap", basic("alice", WebHouse.PASSWORD))
                        .status())
                .isEqualTo(200);
        Asker.Answer refused = house.asker().get("/.well-known/jmap", basic("alice", "guess"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate").orElseThrow()).startsWith("Basic ");
        assertThat(house.asker()
                        .get("/.well-known/jmap", "Sec-Fetch-Site: same-origin")
                        .header("WWW-Authenticate"))
                .as("no window of the browser's own")
                .isEmpty();
    }

    // ---- sessions --------------------------------------------------------------------------------------------

    @Test
    void aSessionOutlivesTheServer() throws IOException {
        String cookie = "Cookie: " + house.signIn("alice", WebHouse.PASSWORD).cookie();
        house.stop();
        house.start();
        assertThat(house.asker().get("/auth/session", cookie).status()).isEqualTo(200);
    }

    @Test
    void theStoreKnowsNoToken() throws IOException {
        String token = house.signIn("alice", WebHouse.PASSWORD).cookie().split("=", 2)[1];
        StringBuilder everything = new StringBuilder();
        try (Snapshot snapshot = house.store.snapshot()) {
            snapshot.scan(Partition.of('S', 0), WebSessions.SESSION, new byte[0], new byte[0], (key, row) -> {
                everything.append(new String(key, StandardCharsets.ISO_8859_1));
                everything.append(new String(row, StandardCharsets.ISO_8859_1));
                return true;
            });
        }
        assertThat(everything).isNotEmpty().doesNotContain(token);
    }

    @Test
    void anIdleSessionEndsAndAnyAtItsAge() throws IOException {
        Asker browser = house.browser("alice");
        house.clock.advance(Duration.ofDays(13));
        assertThat(browser.get("/auth/session").status()).isEqualTo(200);
        house.clock.advance(Duration.ofDays(15));
        assertThat(browser.get("/auth/session").status()).as("idle").isEqualTo(401);
        Asker busy = house.browser("alice");
        for (int i = 0; i < 9; i++) {
            house.clock.advance(Duration.ofDays(10));
            assertThat(busy.get("/auth/session").status()).isEqualTo(200);
        }
        house.clock.advance(Duration.ofDays(1));
        assertThat(busy.get("/auth/session").status()).as("old").isEqualTo(401);
    }

    @Test
    void sessionsAreListedAndRevoked() throws IOException {
        Asker here = house.browser("alice").with("User-Agent: here");
        Asker there = house.browser("alice");
        Asker other = house.browser("bob");
        String list = here.get("/auth/sessions").body();
        assertThat(list.split("\"current\":true", -1)).hasSize(2);
        assertThat(list.split("\"current\":false", -1)).hasSize(2);
        String id = list.replaceAll("(?s).*\\{[^}]*?\"id\":\"([0-9a-f]+)\"[^}]*\"current\":false.*", "$1");
        assertThat(other.ask("DELETE", "/auth/sessions/" + id, "").status()).isEqualTo(204);
        assertThat(there.get("/auth/session").status())
                .as("another's are not hers")
                .isEqualTo(200);
        assertThat(here.ask("DELETE", "/auth/sessions/" + id, "").status()).isEqualTo(204);
        assertThat(there.get("/auth/session").status()).isEqualTo(401);
        assertThat(here.get("/auth/session").status()).isEqualTo(200);
    }

    @Test
    void signingOutEndsTheSession() throws IOException {
        Asker browser = house.browser("alice");
        Asker.Answer out = browser.post("/auth/sign-out", "");
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("Set-Cookie").orElseThrow()).contains("__Host-tamanoir=;", "Max-Age=0");
        assertThat(browser.get("/auth/session").status()).isEqualTo(401);
    }

    // ---- passwords and tokens --------------------------------------------------------------------------------

    @Test
    void aNewPasswordWantsTheOldOneAndEndsOtherSessions() throws IOException {
        Asker here = house.browser("alice");
        Asker there = house.browser("alice");
        assertThat(here.post("/auth/password", "{\"old\":\"guess\",\"new\":\"a longer secret\"}")
                        .status())
                .isEqualTo(403);
        assertThat(here.post("/auth/password", "{\"old\":\"" + WebHouse.PASSWORD + "\",\"new\":\"short\"}")
                        .status())
                .isEqualTo(400);
        assertThat(here.post("/auth/password", "{\"old\":\"" + WebHouse.PASSWORD + "\",\"new\":\"a longer secret\"}")
                        .status())
                .isEqualTo(204);
        assertThat(here.get("/auth/session").status()).isEqualTo(200);
        assertThat(there.get("/auth/session").status()).isEqualTo(401);
        assertThat(house.signIn("alice", WebHouse.PASSWORD).status()).isEqualTo(401);
        assertThat(house.signIn("alice", "a longer secret").status()).isEqualTo(200);
    }

    @Test
    void aTokenIsShownOnceAndWorksUntilItIsRemoved() throws IOException {
        Asker browser = house.browser("alice");
        assertThat(browser.post("/auth/tokens", "{\"name\":\"phone\",\"password\":\"guess\"}")
                        .status())
                .isEqualTo(403);
        Asker.Answer made =
                browser.post("/auth/tokens", "{\"name\":\"phone\",\"password\":\"" + WebHouse.PASSWORD + "\"}");
        assertThat(made.status()).isEqualTo(200);
        String token = made.body().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
        String id = made.body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        assertThat(browser.get("/auth/tokens").body())
                .contains("\"" + id + "\"", "phone")
                .doesNotContain(token);
        Asker program = house.asker().with("Authorization: Bearer " + token);
        assertThat(program.get("/.well-known/jmap").status()).isEqualTo(200);
        assertThat(browser.ask("DELETE", "/auth/tokens/" + id, "").status()).isEqualTo(204);
        assertThat(program.get("/.well-known/jmap").status()).isEqualTo(401);
    }

    // ---- other sites -----------------------------------------------------------------------------------------

    @Test
    void whatAnotherSiteCanMakeABrowserSendIsRefused() throws IOException {
        Asker browser = house.browser("alice");
        String echo = "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[[\"Core/echo\",{},\"0\"]]}";
        assertThat(browser.post("/jmap/api", echo).status()).isEqualTo(200);
        assertThat(browser.post("/jmap/api", echo, "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(200);
        assertThat(browser.post("/jmap/api", echo, "Sec-Fetch-Site: cross-site").status())
                .isEqualTo(403);
        assertThat(browser.post("/jmap/api", echo, "Sec-Fetch-Site: same-site").status())
                .isEqualTo(403);
        assertThat(browser.post("/jmap/api", echo, "Content-Type: text/plain").status())
                .as("a form can send this")
                .isEqualTo(403);
        assertThat(browser.post("/auth/sign-out", "", "Sec-Fetch-Site: cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(house.asker()
                        .post(
                                "/auth/sign-in",
                                "{\"name\":\"alice\",\"password\":\"" + WebHouse.PASSWORD + "\"}",
                                "Content-Type: text/plain")
                        .status())
                .as("nobody is signed in without wanting it")
                .isEqualTo(403);
    }

    @Test
    void withoutSigningInThereIsNothing() throws IOException {
        for (String path : new String[] {
            "/.well-known/jmap",
            "/jmap/events",
            "/jmap/download/a/b/c",
            "/jmap/zip/a/e1/x.zip",
            "/pictures/fetch",
            "/auth/session",
            "/auth/sessions",
            "/auth/tokens"
        }) {
            assertThat(house.asker().get(path).status()).as(path).isEqualTo(401);
        }
        for (String path : new String[] {
            "/jmap/api", "/jmap/upload/a/", "/pictures/sign", "/unsubscribe", "/auth/password", "/auth/tokens"
        }) {
            assertThat(house.asker().post(path, "{}").status()).as(path).isEqualTo(401);
        }
    }
}
