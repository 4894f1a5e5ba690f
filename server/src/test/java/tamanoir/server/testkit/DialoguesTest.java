package tamanoir.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Door;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.SelfSigned;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Trace;

class DialoguesTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Dialogues.beside(DialoguesTest.class, this::start);
    }

    private Dialogues.Server start() throws IOException {
        Path file = folder.resolve("self.pem");
        SelfSigned.write(SelfSigned.make("mail.example.com", InstantSource.system()), file, file);
        Trace trace = new Trace("kit", "");
        TlsServer tls = new TlsServer(TlsSettings.of("mail.example.com", file, file), trace);
        Network network = new Network();
        Service service = Service.plain("kit", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Listener listener = network.listen(service, tls, new SaysBack(tls), trace);
        return new Dialogues.Server() {
            @Override
            public int port(String name) {
                return listener.port();
            }

            @Override
            public void close() {
                listener.drain(Duration.ofSeconds(1));
                network.close();
            }
        };
    }

    private record SaysBack(TlsServer tls) implements Door {
        @Override
        public void serve(Connection connection) throws IOException {
            connection.write("hello from the kit\r\n");
            while (true) {
                String line = connection.readLine(1000).octets().latin1();
                switch (line) {
                    case "STARTTLS" -> {
                        connection.write("220 go ahead\r\n").flush();
                        connection.startTls(tls);
                    }
                    case "QUIT" -> {
                        connection.write("bye\r\n");
                        return;
                    }
                    case "many" -> connection.write("250-one\r\n250-two\r\n250 three\r\n");
                    case "later" -> connection.write("one\r\ntwo\r\nfour times\r\n");
                    default -> connection.write(line + "\r\n");
                }
            }
        }

        @Override
        public String refusal(Crowded why) {
            return "busy\r\n";
        }
    }

    private void fails(String text, String... told) throws IOException {
        Dialogue dialogue = Dialogue.parse(Path.of("x.dialogue"), text);
        try (Dialogues.Server server = start()) {
            assertThatThrownBy(() -> Dialogues.play(dialogue, server))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll(told);
        }
    }

    @Test
    void aFailureShowsTheLineAndWhatWasSaid() throws IOException {
        fails("S: hello<any>\nC: one\n\nS: two\n", "x.dialogue:4", "expected: two", "got:      one", "[1] C: one");
        fails("S: hello<any>\nCLOSE\n".replace("CLOSE", "C: x\nCLOSE"), "x.dialogue:3", "x\\r\\n");
        fails("S: hello<any>\nC: many\nS: 251…\n", "x.dialogue:3", "250-one");
        fails("S: hello<any>\nC: QUIT\nS: bye\nS: more\n", "x.dialogue:4", "closed");
        fails("S~: hi \\d\n", "x.dialogue:1");
    }

    @Test
    void aLineThatIsNoneIsRefused() {
        for (String bad : List.of("X: hello", "C hello", "S{x}: y", "[a] C: x")) {
            assertThatThrownBy(() -> Dialogue.parse(Path.of("x.dialogue"), "# fine\n" + bad))
                    .hasMessageContaining("x.dialogue:2");
        }
        assertThat(Dialogue.parse(Path.of("x.dialogue"), "# only a comment\n\n").steps())
                .isEmpty();
    }
}
