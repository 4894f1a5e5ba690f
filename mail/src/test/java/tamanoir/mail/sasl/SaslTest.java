package tamanoir.mail.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.sasl.Step.Challenge;
import tamanoir.mail.sasl.Step.Failed;
import tamanoir.mail.sasl.Step.Reason;
import tamanoir.mail.sasl.Step.Success;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

class SaslTest {
    private static final Passwords PASSWORDS =
            (name, password) -> name.equalsIgnoreCase("tim") && password.equals("tanstaaf")
                    ? new Passwords.Check.Right("tim@example.com")
                    : new Passwords.Check.Wrong("wrong password");
    private static final Map<String, Octets> TLS =
            Map.of("tls-exporter", Octets.of("exported"), "tls-server-end-point", Octets.of("certificate"));
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static final ScramSecrets SECRETS = name -> name.equals("user")
            ? ScramHash.SHA_256.keys("pencil", SALT, 4096, "user@example.com")
            : ScramHash.SHA_256.keys("made up", SALT, 4096, "");

    private static Step plain(String response) {
        return new PlainServer(PASSWORDS, ActingAs.NOBODY).respond(Octets.of(response));
    }

    private static Reason reason(Step step) {
        return ((Failed) step).reason();
    }

    private static String text(Step step) {
        return ((Challenge) step).octets().utf8();
    }

    // ---- PLAIN and LOGIN (RFC 4616) ------------------------------------------------------------------------------

    @Test
    void plainTakesNameAndPassword() {
        assertThat(plain("\0tim\0tanstaaf")).isEqualTo(new Success("tim@example.com", ""));
        assertThat(reason(plain("\0tim\0wrong"))).isEqualTo(Reason.WRONG_CREDENTIALS);
    }

    @Test
    void anAuthorizationIdentityIsOneselfOrNeedsPermission() {
        assertThat(plain("TIM\0tim\0tanstaaf")).isEqualTo(new Success("tim@example.com", ""));
        assertThat(plain("tim@Example.com\0tim\0tanstaaf")).isEqualTo(new Success("tim@example.com", ""));
        assertThat(reason(plain("ann\0tim\0tanstaaf"))).isEqualTo(Reason.NOT_AUTHORIZED);
        assertThat(reason(plain("ann\0tim\0wrong"))).isEqualTo(Reason.WRONG_CREDENTIALS);
        Step step = new PlainServer(PASSWORDS, (who, as) -> who.equals("tim@example.com") && as.equals("ann"))
                .respond(Octets.of("ann\0tim\0tanstaaf"));
        assertThat(step).isEqualTo(new Success("tim@example.com", "ann"));
        assertThat(((Success) step).effective()).isEqualTo("ann");
    }

    @Test
    void nobodySignsInWithACutName() { // B37
        for (String bad :
                List.of("", "tim\0tanstaaf", "\0tim\0", "\0\0tanstaaf", "\0tim\0tanstaaf\0x", "\0tim\0tan\0staaf")) {
            assertThat(reason(plain(bad))).as(bad).isEqualTo(Reason.MALFORMED);
        }
        assertThat(reason(new PlainServer(PASSWORDS, ActingAs.NOBODY).respond(Octets.latin1("\0tim\0\u00e9"))))
                .isEqualTo(Reason.MALFORMED);
        LoginServer login = new LoginServer(PASSWORDS);
        assertThat(reason(login.respond(Octets.of("tim\0x")))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void loginAsksTwice() {
        LoginServer login = new LoginServer(PASSWORDS);
        assertThat(text(login.start())).isEqualTo("Username:");
        assertThat(text(login.respond(Octets.of("tim")))).isEqualTo("Password:");
        assertThat(login.respond(Octets.of("tanstaaf"))).isEqualTo(new Success("tim@example.com", ""));
        LoginServer withInitialResponse = new LoginServer(PASSWORDS);
        assertThat(text(withInitialResponse.respond(Octets.of("tim")))).isEqualTo("Password:");
        assertThat(reason(withInitialResponse.respond(Octets.of("x")))).isEqualTo(Reason.WRONG_CREDENTIALS);
    }

    // ---- SCRAM ---------------------------------------------------------------------------------------------------

    @Test
    void scramSha256AnswersAsInRfc7677() {
        ScramServer server = new ScramServer(
                ScramHash.SHA_256, false, Map.of(), SECRETS, ActingAs.NOBODY, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        assertThat(text(server.respond(Octets.of("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))))
                .isEqualTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(text(server.respond(Octets.of("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(server.respond(Octets.EMPTY)).isEqualTo(new Success("user@example.com", ""));
    }

    @Test
    void scramSha1AnswersAsInRfc5802() {
        byte[] salt = Base64.getDecoder().decode("QSXCR+Q6sek8bf92");
        ScramClient client = new ScramClient(
                ScramHash.SHA_1, new ScramClient.Binding.Unable(), "user", "pencil", "fyko+d2lbbFgONRv9qkxdawL");
        assertThat(client.initial().utf8()).isEqualTo("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        ScramServer server = new ScramServer(
                ScramHash.SHA_1,
                false,
                Map.of(),
                _ -> ScramHash.SHA_1.keys("pencil", salt, 4096, "user"),
                ActingAs.NOBODY,
                "3rfcNHYJY1ZVvWVs7j");
        Challenge first = (Challenge) server.respond(client.initial());
        assertThat(first.octets().utf8())
                .isEqualTo("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
        Octets proof = client.respond(first.octets());
        assertThat(proof.utf8())
                .isEqualTo("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
        Challenge last = (Challenge) server.respond(proof);
        assertThat(last.octets().utf8()).isEqualTo("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
        assertThat(client.mayBelieveSuccess()).isFalse();
        assertThat(server.respond(client.respond(last.octets()))).isEqualTo(new Success("user", ""));
        assertThat(client.mayBelieveSuccess()).isTrue();
    }

    private static Step talk(ServerMechanism server, ClientMechanism client) {
        Step step = client.sendsFirst() ? server.respond(client.initial()) : server.start();
        while (step instanceof Challenge challenge) {
            step = server.respond(client.respond(challenge.octets()));
        }
        return step;
    }

    private static ClientMechanism client(
            List<String> offered, Map<String, Octets> bindings, String name, String password) {
        return ClientMechanism.choose(offered, _ -> true, bindings, name, password)
                .orElseThrow();
    }

    @Test
    void bothSidesAgreeOnTheStrongestMechanism() {
        Mechanisms mechanisms = new Mechanisms(PASSWORDS, SECRETS, ActingAs.NOBODY);
        assertThat(Mechanisms.names(false, Map.of())).containsExactly("SCRAM-SHA-256");
        assertThat(Mechanisms.names(true, TLS))
                .containsExactly("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(mechanisms.begin("plain", false, Map.of())).isEmpty();
        assertThat(mechanisms.begin("SCRAM-SHA-256-PLUS", true, Map.of())).isEmpty();
        for (Map<String, Octets> bindings : List.of(TLS, Map.<String, Octets>of())) {
            ClientMechanism client = client(Mechanisms.names(true, bindings), bindings, "user", "pencil");
            ServerMechanism server =
                    mechanisms.begin(client.name(), true, bindings).orElseThrow();
            assertThat(client.name()).isEqualTo(bindings.isEmpty() ? "SCRAM-SHA-256" : "SCRAM-SHA-256-PLUS");
            assertThat(talk(server, client)).isEqualTo(new Success("user@example.com", ""));
        }
        for (String name : List.of("PLAIN", "LOGIN")) {
            ClientMechanism client = client(List.of("X", name), TLS, "tim", "tanstaaf");
            assertThat(talk(mechanisms.begin(name, true, TLS).orElseThrow(), client))
                    .isEqualTo(new Success("tim@example.com", ""));
        }
        assertThat(ClientMechanism.choose(List.of("GSSAPI"), _ -> true, TLS, "a", "b"))
                .isEqualTo(Optional.empty());
    }

    @Test
    void aWrongPasswordAndAnUnknownNameLookTheSame() {
        Step wrong = talk(
                scram(false, Map.of()),
                new ScramClient(ScramHash.SHA_256, new ScramClient.Binding.Unable(), "user", "wrong"));
        Step unknown = talk(
                scram(false, Map.of()),
                new ScramClient(ScramHash.SHA_256, new ScramClient.Binding.Unable(), "nobody", "made up"));
        assertThat(reason(wrong)).isEqualTo(Reason.WRONG_CREDENTIALS);
        assertThat(reason(unknown)).isEqualTo(Reason.WRONG_CREDENTIALS);
    }

    private static ScramServer scram(boolean plus, Map<String, Octets> bindings) {
        return new ScramServer(ScramHash.SHA_256, plus, bindings, SECRETS, ActingAs.NOBODY);
    }

    @Test
    void aManInTheMiddleIsFoundOut() {
        // He took -PLUS out of the list: the client says "y" (RFC 5802 §6).
        assertThat(reason(scram(false, TLS).respond(Octets.of("y,,n=user,r=abc"))))
                .isEqualTo(Reason.CHANNEL_BINDING);
        // A client that cannot bind is welcome all the same.
        assertThat(talk(
                        scram(false, TLS),
                        new ScramClient(ScramHash.SHA_256, new ScramClient.Binding.Unable(), "user", "pencil")))
                .isEqualTo(new Success("user@example.com", ""));
        // Without TLS on our side "y" is honest.
        assertThat(talk(
                        scram(false, Map.of()),
                        new ScramClient(ScramHash.SHA_256, new ScramClient.Binding.NotOffered(), "user", "pencil")))
                .isEqualTo(new Success("user@example.com", ""));
        // Two TLS connections, one to each side.
        ScramClient bound = new ScramClient(
                ScramHash.SHA_256, new ScramClient.Binding.To("tls-exporter", Octets.of("his")), "user", "pencil");
        assertThat(reason(talk(scram(true, TLS), bound))).isEqualTo(Reason.CHANNEL_BINDING);
        ScramClient endPoint = new ScramClient(
                ScramHash.SHA_256,
                new ScramClient.Binding.To("tls-server-end-point", Octets.of("certificate")),
                "user",
                "pencil");
        assertThat(talk(scram(true, TLS), endPoint)).isEqualTo(new Success("user@example.com", ""));
        // -PLUS without, plain with, and a type that nobody knows.
        assertThat(reason(scram(true, TLS).respond(Octets.of("n,,n=user,r=abc"))))
                .isEqualTo(Reason.CHANNEL_BINDING);
        assertThat(reason(scram(false, TLS).respond(Octets.of("p=tls-exporter,,n=user,r=abc"))))
                .isEqualTo(Reason.CHANNEL_BINDING);
        assertThat(reason(scram(true, TLS).respond(Octets.of("p=tls-unique,,n=user,r=abc"))))
                .isEqualTo(Reason.CHANNEL_BINDING);
    }

    @Test
    void scramRefusesWhatTheGrammarDoesNotHave() {
        for (String bad : List.of(
                "",
                "n",
                "n,",
                "n,,",
                "x,,n=user,r=abc",
                "n,b=x,n=user,r=abc",
                "n,,m=x,n=user,r=abc",
                "n,,r=abc,n=user",
                "n,,n=,r=abc",
                "n,,n=user,r=",
                "n,,n=us=er,r=abc",
                "n,,n=us=2cer,r=abc",
                "n,,n=user,r=a\u00e9",
                "n,,n=us\0er,r=abc",
                "n,,n=us\u0007er,r=abc",
                "n,,n=user,r=abc,",
                "n".repeat(5000))) {
            assertThat(reason(scram(false, Map.of()).respond(Octets.of(bad))))
                    .as(bad)
                    .isEqualTo(Reason.MALFORMED);
        }
        for (String bad :
                List.of("", "c=biws", "c=biws,r=abcdef", "c=biws,p=AAAA", "c=!,r=x,p=AAAA", "r=x,c=biws,p=AAAA")) {
            ScramServer server = scram(false, Map.of());
            server.respond(Octets.of("n,,n=user,r=abc"));
            assertThat(reason(server.respond(Octets.of(bad)))).as(bad).isEqualTo(Reason.MALFORMED);
            assertThat(reason(server.respond(Octets.EMPTY))).isEqualTo(Reason.MALFORMED);
        }
        ScramServer server = scram(false, Map.of());
        server.respond(Octets.of("n,,n=user,r=abc"));
        assertThat(reason(server.respond(Octets.of("c=biws,r=other,p=AAAA")))).isEqualTo(Reason.WRONG_CREDENTIALS);
    }

    @Test
    void scramNamesMayHoldCommasAndEqualsSigns() {
        ScramSecrets odd = name -> ScramHash.SHA_256.keys("pencil", SALT, 4096, name);
        Step step = talk(
                new ScramServer(ScramHash.SHA_256, false, Map.of(), odd, ActingAs.NOBODY),
                new ScramClient(ScramHash.SHA_256, new ScramClient.Binding.Unable(), "a,=2C=b", "pencil"));
        assertThat(step).isEqualTo(new Success("a,=2C=b", ""));
    }

    @Test
    void aServerThatCheatsIsNotBelieved() {
        ScramClient client =
                new ScramClient(ScramHash.SHA_256, new ScramClient.Binding.Unable(), "user", "pencil", "abc");
        for (String bad : List.of(
                "r=xyz,s=QSXCR+Q6sek8bf92,i=4096",
                "r=abc,s=QSXCR+Q6sek8bf92,i=4096",
                "r=abcd,s=QSXCR+Q6sek8bf92,i=1",
                "r=abcd,s=QSXCR+Q6sek8bf92,i=2000000001",
                "r=abcd,s=!,i=4096",
                "e=other-error")) {
            assertThatThrownBy(() -> client.respond(Octets.of(bad))).as(bad).isInstanceOf(BadSyntax.class);
        }
        client.respond(Octets.of("r=abcd,s=QSXCR+Q6sek8bf92,i=4096"));
        assertThatThrownBy(() -> client.respond(Octets.of("v=AAAA"))).isInstanceOf(BadSyntax.class);
        assertThat(client.mayBelieveSuccess()).isFalse();
    }

    // ---- lines and names -----------------------------------------------------------------------------------------

    @Test
    void linesAreBase64OrCancel() {
        assertThat(ResponseLine.parse(Octets.of("*"))).isEqualTo(new ResponseLine.Cancel());
        assertThat(ResponseLine.parse(Octets.of("YQ=="))).isEqualTo(new ResponseLine.Response(Octets.of("a")));
        assertThat(ResponseLine.parse(Octets.EMPTY)).isEqualTo(new ResponseLine.Response(Octets.EMPTY));
        assertThat(ResponseLine.initial(Octets.of("="))).isEqualTo(Octets.EMPTY);
        for (String bad : List.of("YQ", "YQ=", "YQ===", "YR==", "Y Q=", "Y", "====", "YQ==YQ==", "**", "=", "YQ==\r")) {
            assertThatThrownBy(() -> ResponseLine.parse(Octets.of(bad))).as(bad).isInstanceOf(BadSyntax.class);
        }
        assertThatThrownBy(() -> ResponseLine.initial(Octets.EMPTY)).isInstanceOf(BadSyntax.class);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] octets = new byte[random.nextInt(50)];
            random.nextBytes(octets);
            Octets there = Octets.of(octets);
            assertThat(ResponseLine.decode(Octets.of(ResponseLine.encode(there))))
                    .as("seed %d", seed)
                    .isEqualTo(there);
        }
    }

    @Test
    void namesArePreparedAsInRfc4013() {
        assertThat(Saslprep.prepare("I\u00adX")).isEqualTo("IX");
        assertThat(Saslprep.prepare("user")).isEqualTo("user");
        assertThat(Saslprep.prepare("USER")).isEqualTo("USER");
        assertThat(Saslprep.prepare("\u00aa")).isEqualTo("a");
        assertThat(Saslprep.prepare("\u2168")).isEqualTo("IX");
        assertThat(Saslprep.prepare("a\u00a0b")).isEqualTo("a b");
        assertThatThrownBy(() -> Saslprep.prepare("\u0007")).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Saslprep.prepare("\u06271")).isInstanceOf(BadSyntax.class);
    }
}
