package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.soon;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;
import tamanoir.server.json.JsonText;
import tamanoir.server.personal.Kind;

/// PushSubscription (RFC 8620 §7.2), RFC 8291, RFC 8292.
class PushTest {
    private static final String URL = "https://push.example/abc";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    @TempDir
    private Path home;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(home);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private String subscribe(String more) {
        Json.Obj made = plain(
                "PushSubscription/set", "{'create':{'p':{'deviceClientId':'phone','url':'" + URL + "'" + more + "}}}");
        assertThat(at(made, "/notCreated")).as(made.toString()).isEqualTo(Json.NULL);
        return text(made, "/created/p/id");
    }

    /// Without accountId: these methods belong to no account.
    private Json.Obj plain(String method, String arguments) {
        Json.Obj answer = desk.jmap.answer(
                new tamanoir.server.jmap.Caller(desk.alice, new tamanoir.server.observe.Trace("test", "")),
                Json.object()
                        .put("using", Json.Arr.ofTexts(List.of("urn:ietf:params:jmap:core")))
                        .put(
                                "methodCalls",
                                List.of(new Json.Arr(List.of(Json.of(method), desk.json(arguments), Json.of("c")))))
                        .build());
        return Desk.response(answer, 0);
    }

    private Json pushed(int index) {
        soon(() -> desk.pushed.size() > index);
        return new JsonText(10_000).read(desk.pushed.get(index).body());
    }

    private List<Json> messages() {
        return List.copyOf(desk.pushed).stream()
                .map(pushed -> new JsonText(10_000).read(pushed.body()))
                .toList();
    }

    private void verify(String id) {
        Json verification = pushed(0);
        assertThat(text(verification, "/@type")).isEqualTo("PushVerification");
        assertThat(text(verification, "/pushSubscriptionId")).isEqualTo(id);
        Json.Obj verified = plain(
                "PushSubscription/set",
                "{'update':{'" + id + "':{'verificationCode':'" + text(verification, "/verificationCode") + "'}}}");
        assertThat(at(verified, "/notUpdated")).isEqualTo(Json.NULL);
        watched();
    }

    /// The pushes look at a new subscription in their own thread: a change of which nobody is told yet is
    /// no change.
    private void watched() {
        int before = desk.pushed.size();
        soon(() -> {
            desk.call("Settings/set", "{'update':{'singleton':{'n':" + System.nanoTime() + "}}}");
            return desk.pushed.size() > before;
        });
        soon(desk.pushes::isQuiet);
        desk.pushed.clear();
    }

    @Test
    void aDeviceIsToldOnlyAfterItHasShownTheCode() {
        String id = subscribe("");
        desk.call("Settings/set", "{'update':{'singleton':{'a':1}}}");
        pushed(0);
        assertThat(text(
                        plain("PushSubscription/set", "{'update':{'" + id + "':{'verificationCode':'guess'}}}"),
                        "/notUpdated/" + id + "/type"))
                .isEqualTo("invalidProperties");
        soon(desk.pushes::isQuiet);
        assertThat(desk.pushed).hasSize(1);
        verify(id);
        desk.call("Template/set", "{'create':{'t':{'name':'x'}}}");
        String state = text(desk.call("Template/get", "{}"), "/state");
        // What was changed before may be told in between.
        soon(() -> messages().stream()
                .anyMatch(message -> text(message, "/@type").equals("StateChange")
                        && text(message, "/changed/" + desk.alice.id() + "/Template")
                                .equals(state)));
        assertThat(desk.pushed.getFirst().headers())
                .containsKeys("TTL", "Authorization")
                .doesNotContainKey("Content-Encoding");
    }

    @Test
    void onlyTheTypesThatItWantsAreTold() {
        String id = subscribe(",'types':['Settings']");
        verify(id);
        desk.call("Template/set", "{'create':{'t':{'name':'x'}}}");
        desk.call("Settings/set", "{'update':{'singleton':{'b':1}}}");
        soon(() -> !desk.pushed.isEmpty());
        soon(desk.pushes::isQuiet);
        for (Desk.Pushed pushed : desk.pushed) {
            assertThat(new String(pushed.body(), StandardCharsets.UTF_8))
                    .contains("Settings")
                    .doesNotContain("Template");
        }
    }

    @Test
    void whereItLeadsIsNeverToldAgain() {
        String id = subscribe("");
        Json.Obj got = plain("PushSubscription/get", "{'ids':['" + id + "','nosuch']}");
        assertThat(text(got, "/list/0/deviceClientId")).isEqualTo("phone");
        assertThat(got.toString()).doesNotContain("push.example");
        assertThat(got.has("state")).isFalse();
        assertThat(texts(got, "/notFound")).containsExactly("nosuch");
        assertThat(text(plain("PushSubscription/get", "{'properties':['url']}"), "/type"))
                .isEqualTo("forbidden");
        Json.Obj changed = plain("PushSubscription/set", "{'update':{'" + id + "':{'url':'https://other.example/'}}}");
        assertThat(texts(changed, "/notUpdated/" + id + "/properties")).containsExactly("url");
        assertThat(changed.has("newState")).isFalse();
    }

    @Test
    void whatCannotBeReachedOrReadIsRefused() {
        for (String bad : new String[] {
            "'url':'http://push.example/'",
            "'url':'https://user@push.example/'",
            "'url':'https://push.example:8443/'",
            "'url':'ftp://push.example/'",
            "'url':'nonsense'",
            "'url':'" + URL + "','keys':{'p256dh':'AAAA','auth':'AAAA'}",
            "'url':'" + URL + "','expires':'2001-01-01T00:00:00Z'",
            "'url':'" + URL + "','types':'Email'",
            "'url':'" + URL + "','verificationCode':'x'"
        }) {
            assertThat(text(
                            plain("PushSubscription/set", "{'create':{'p':{'deviceClientId':'x'," + bad + "}}}"),
                            "/notCreated/p/type"))
                    .as(bad)
                    .isEqualTo("invalidProperties");
        }
    }

    @Test
    void itEndsWhenItsTimeIsOverOrThePushServiceSaysSo() {
        String id = subscribe(",'expires':'2100-01-01T00:00:00Z'");
        assertThat(text(plain("PushSubscription/get", "{}"), "/list/0/expires"))
                .as("no longer than thirty days")
                .isEqualTo(desk.clock.instant().plus(Duration.ofDays(30)).toString());
        verify(id);
        desk.clock.advance(Duration.ofDays(31));
        desk.call("Settings/set", "{'update':{'singleton':{'c':1}}}");
        soon(() ->
                desk.personal.open(desk.alice.id()).all(Kind.PUSH_SUBSCRIPTION).isEmpty());
        assertThat(desk.pushed).isEmpty();
        String other = subscribe("");
        verify(other);
        desk.statuses.put(URL, 410);
        desk.call("Settings/set", "{'update':{'singleton':{'d':1}}}");
        soon(() ->
                desk.personal.open(desk.alice.id()).all(Kind.PUSH_SUBSCRIPTION).isEmpty());
    }

    @Test
    void aServiceInTroubleIsAskedAgain() {
        String id = subscribe("");
        verify(id);
        desk.statuses.put(URL, 503);
        desk.call("Settings/set", "{'update':{'singleton':{'e':1}}}");
        soon(() -> desk.pushed.size() >= 2);
        desk.statuses.clear();
        soon(desk.pushes::isQuiet);
        assertThat(desk.personal.open(desk.alice.id()).all(Kind.PUSH_SUBSCRIPTION))
                .hasSize(1);
    }

    @Test
    void afterARestartItIsStillTold() {
        String id = subscribe("");
        verify(id);
        desk.restart();
        watched();
    }

    // ---- encryption ------------------------------------------------------------------------------------------

    /// RFC 8291 §5, appendix A.
    @Test
    void theExampleOfTheRfcComesOut() throws Exception {
        Base64.Decoder decoder = Base64.getUrlDecoder();
        ECPublicKey ours = WebPush.publicKey(decoder.decode(
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"));
        ECPrivateKey secret = (ECPrivateKey) KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(
                        new BigInteger(1, decoder.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")),
                        WebPush.curve()));
        byte[] sealed = WebPush.encrypt(
                "When I grow up, I want to be a watermelon".getBytes(StandardCharsets.US_ASCII),
                WebPush.publicKey(decoder.decode(
                        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")),
                decoder.decode("BTBZMqHH6r4Tts7J_aSIgg"),
                new KeyPair(ours, secret),
                decoder.decode("DGv6ra1nlYgDCS1FRnbzlw"));
        assertThat(BASE64.encodeToString(sealed))
                .isEqualTo(
                        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
                                + "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
    }

    @Test
    void whatIsSentCanBeReadByTheDeviceAlone() throws Exception {
        KeyPair device = WebPush.newKeys();
        byte[] auth = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        String id = subscribe(",'keys':{'p256dh':'"
                + BASE64.encodeToString(WebPush.point((ECPublicKey) device.getPublic())) + "','auth':'"
                + BASE64.encodeToString(auth) + "'}");
        soon(() -> !desk.pushed.isEmpty());
        Desk.Pushed pushed = desk.pushed.getFirst();
        assertThat(pushed.headers()).containsEntry("Content-Encoding", "aes128gcm");
        Json verification = new JsonText(10_000).read(decrypt(pushed.body(), device, auth));
        assertThat(text(verification, "/pushSubscriptionId")).isEqualTo(id);
    }

    /// The other side of RFC 8291, written on its own.
    private static byte[] decrypt(byte[] sealed, KeyPair device, byte[] auth) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(sealed);
        byte[] salt = new byte[16];
        in.get(salt);
        assertThat(in.getInt()).isEqualTo(4096);
        byte[] sender = new byte[in.get()];
        in.get(sender);
        byte[] record = new byte[in.remaining()];
        in.get(record);
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(device.getPrivate());
        agreement.doPhase(WebPush.publicKey(sender), true);
        byte[] info = ByteBuffer.allocate(144)
                .put("WebPush: info\0".getBytes(StandardCharsets.US_ASCII))
                .put(WebPush.point((ECPublicKey) device.getPublic()))
                .put(sender)
                .array();
        byte[] ikm = hkdf(auth, agreement.generateSecret(), info, 32);
        byte[] key = hkdf(salt, ikm, "Content-Encoding: aes128gcm\0".getBytes(StandardCharsets.US_ASCII), 16);
        byte[] nonce = hkdf(salt, ikm, "Content-Encoding: nonce\0".getBytes(StandardCharsets.US_ASCII), 12);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        byte[] padded = cipher.doFinal(record);
        assertThat(padded[padded.length - 1]).isEqualTo((byte) 2);
        return Arrays.copyOf(padded, padded.length - 1);
    }

    private static byte[] hkdf(byte[] salt, byte[] ikm, byte[] info, int length) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(salt, "HmacSHA256"));
        byte[] prk = mac.doFinal(ikm);
        mac.init(new SecretKeySpec(prk, "HmacSHA256"));
        mac.update(info);
        return Arrays.copyOf(mac.doFinal(new byte[] {1}), length);
    }

    // ---- who we are ------------------------------------------------------------------------------------------

    @Test
    void pushServicesKnowTheServerByItsKey() throws Exception {
        String id = subscribe("");
        assertThat(id).startsWith("p");
        soon(() -> !desk.pushed.isEmpty());
        String authorization = String.valueOf(desk.pushed.getFirst().headers().get("Authorization"));
        String key = text(
                desk.jmap.session(
                        new tamanoir.server.jmap.Caller(desk.alice, new tamanoir.server.observe.Trace("test", "")),
                        "https://mail.example.com"),
                "/capabilities/urn:ietf:params:jmap:webpush-vapid/applicationServerKey");
        assertThat(authorization).startsWith("vapid t=").endsWith(", k=" + key);
        String token = authorization.substring("vapid t=".length(), authorization.indexOf(','));
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains("\"aud\":\"https://push.example\"").contains("mailto:postmaster@example.com");
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(WebPush.publicKey(Base64.getUrlDecoder().decode(key)));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(PushKey.of(desk.store).text()).as("it is kept").isEqualTo(key);
    }
}
