package tamanoir.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tamanoir.server.jmap.Ids;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.outbound.PublicWeb;

/// The fetcher of remote pictures reaches the public internet and nothing else.
@Timeout(60)
class PicturesTest {
    private static final byte[] GIF = "GIF89a-and-more".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private WebHouse house;
    private HttpServer elsewhere;
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        house = new WebHouse(folder.resolve("home"));
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/dot.gif", 200, "text/html", GIF);
        answer("/evil.svg", 200, "image/gif", "<svg onload='alert(1)'/>".getBytes(StandardCharsets.US_ASCII));
        elsewhere.createContext("/away", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().set("Location", "http://private.example:" + port() + "/dot.gif");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        elsewhere.start();
    }

    @AfterEach
    void stop() {
        elsewhere.stop(0);
        house.close();
    }

    private int port() {
        return elsewhere.getAddress().getPort();
    }

    private void answer(String path, int status, String type, byte[] body) {
        elsewhere.createContext(path, exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    /// With this machine's 127.0.0.1 standing for the whole internet.
    private void startWithAnInternet() throws IOException {
        house.dns.address("public.example", "127.0.0.1").address("private.example", "127.0.0.2");
        house.with(new PublicWeb(
                        house.dns, address -> address.equals(InetAddress.ofLiteral("127.0.0.1")), at -> at == port()))
                .start();
    }

    private String sign(Asker browser, MessageId mail, String url) throws IOException {
        Asker.Answer answer =
                browser.post("/pictures/sign", "{\"emailId\":\"" + Ids.of(mail) + "\",\"urls\":[\"" + url + "\"]}");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().replaceAll(".*\":\"(/pictures/fetch[^\"]+)\".*", "$1");
    }

    private MessageId mail() {
        return house.deliver(house.alice, "From: a@b.example\nSubject: pictures\n\nHello.\n");
    }

    @Test
    void aPictureComesAsWhatItIsWhateverItIsCalled() throws IOException {
        startWithAnInternet();
        Asker alice = house.browser("alice");
        String signed = sign(alice, mail(), "http://public.example:" + port() + "/dot.gif");
        Asker.Answer picture = alice.get(signed);
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("Content-Type")).hasValue("image/gif");
        assertThat(picture.octets()).isEqualTo(GIF);
        assertThat(alice.get(signed).status()).isEqualTo(200);
        assertThat(asked).as("from memory").hasValue(1);
        assertThat(alice.get(sign(alice, mail(), "http://public.example:" + port() + "/evil.svg"))
                        .status())
                .as("not pixels")
                .isEqualTo(502);
    }

    @Test
    void onlySignedAddressesAreFetchedAndOnlyForTheirReader() throws IOException {
        startWithAnInternet();
        Asker alice = house.browser("alice");
        String url = "http://public.example:" + port() + "/dot.gif";
        String signed = sign(alice, mail(), url);
        assertThat(house.browser("bob").get(signed).status()).isEqualTo(403);
        assertThat(alice.get(signed.replace("dot.gif", "other.gif")).status()).isEqualTo(403);
        assertThat(alice.get("/pictures/fetch?u=" + URLEncoder.encode(url, StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(403);
        assertThat(house.browser("bob")
                        .post("/pictures/sign", "{\"emailId\":\"e999\",\"urls\":[\"" + url + "\"]}")
                        .status())
                .isEqualTo(404);
        assertThat(asked).hasValue(0);
    }

    @Test
    void aRedirectIsJudgedLikeTheFirstAddress() throws IOException {
        startWithAnInternet();
        Asker alice = house.browser("alice");
        assertThat(alice.get(sign(alice, mail(), "http://public.example:" + port() + "/away"))
                        .status())
                .isEqualTo(502);
        assertThat(asked).as("only the redirect itself was asked").hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.0.8",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b:1::a00:1",
                "2002:7f00:1::",
                "2001::1",
                "2001:db8::1"
            })
    void anAddressThatIsNotPublicIsNeverReached(String address) throws IOException {
        house.dns.address("trap.example", address);
        house.start();
        Asker alice = house.browser("alice");
        MessageId mail = mail();
        assertThat(alice.get(sign(alice, mail, "http://trap.example/dot.gif")).status())
                .isEqualTo(502);
        String literal = address.contains(":") ? "[" + address + "]" : address;
        assertThat(alice.get(sign(alice, mail, "http://" + literal + "/dot.gif"))
                        .status())
                .isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/x.gif",
                "http://0x7f.1/x.gif",
                "http://0177.0.0.1/x.gif",
                "http://127.1/x.gif",
                "http://user@public.example/x.gif",
                "http://public.example:22/x.gif",
                "http://nowhere.example/x.gif"
            })
    void oddAddressesLeadNowhere(String url) throws IOException {
        house.start();
        Asker alice = house.browser("alice");
        assertThat(alice.get(sign(alice, mail(), url)).status()).isEqualTo(502);
    }
}
