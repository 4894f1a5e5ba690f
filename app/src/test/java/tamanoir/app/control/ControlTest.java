package tamanoir.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Words and input one way, output and exit code the other.
@Timeout(60)
class ControlTest {
    @TempDir
    Path home;

    private static PrintStream into(ByteArrayOutputStream octets) {
        return new PrintStream(octets, false, StandardCharsets.UTF_8);
    }

    @Test
    void aCommandGoesThereAndItsAnswerComesBack() throws IOException {
        byte[] input = new byte[300_000];
        new Random(1).nextBytes(input);
        try (ControlServer _ = ControlServer.open(home, (user, privileged, words, in, out, err) -> {
            try {
                out.println(user + " " + privileged + " " + words);
                out.write(in.readAllBytes());
                err.println("careful");
                return 77;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        })) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            try (ControlClient client = ControlClient.connect(home).orElseThrow()) {
                int exit = client.run(List.of("queue", "", "ü"), new ByteArrayInputStream(input), into(out), into(err));
                assertThat(exit).isEqualTo(77);
            }
            String first = System.getProperty("user.name") + " true [queue, , ü]\n";
            byte[] expected = first.getBytes(StandardCharsets.UTF_8);
            assertThat(out.toByteArray()).startsWith(expected).endsWith(input).hasSize(expected.length + input.length);
            assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("careful\n");
        }
        assertThat(ControlClient.connect(home)).isEmpty();
        assertThat(ControlSocket.of(home)).doesNotExist();
    }

    @Test
    void whatAKilledServerLeftIsNobodyAndIsReplaced() throws IOException {
        Path socket = ControlSocket.of(home);
        Files.createDirectories(socket.getParent());
        try (var dead = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        assertThat(ControlClient.connect(home)).isEmpty();
        ControlServer.open(home, (user, privileged, words, in, out, err) -> 0).close();
    }

    @Test
    void nonsenseEndsItsOwnCallOnly() throws IOException {
        try (ControlServer _ = ControlServer.open(home, (user, privileged, words, in, out, err) -> 0)) {
            for (byte[] nonsense : List.of(
                    "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                    new byte[] {'w', 0x7f, -1, -1, -1},
                    new byte[] {'x', 0, 0, 0, 0},
                    new byte[] {'w', 0, 0, 0, 9, 'a'})) {
                try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    channel.connect(UnixDomainSocketAddress.of(ControlSocket.of(home)));
                    channel.write(ByteBuffer.wrap(nonsense));
                    channel.shutdownOutput();
                    assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
                }
            }
            try (ControlClient client = ControlClient.connect(home).orElseThrow()) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                assertThat(client.run(List.of("x"), new ByteArrayInputStream(new byte[0]), into(out), into(out)))
                        .isZero();
            }
        }
    }

    @Test
    void aServerThatFallsSilentIsSaid() throws IOException {
        try (ControlServer _ = ControlServer.open(home, (user, privileged, words, in, out, err) -> {
                    throw new IllegalStateException("a bug of a command, made by the test");
                });
                ControlClient client = ControlClient.connect(home).orElseThrow()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThatThrownBy(
                            () -> client.run(List.of("x"), new ByteArrayInputStream(new byte[0]), into(out), into(out)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("its log says why");
        }
    }

    @Test
    void onlyRootAndWhoRunsTheServerMayDoEverything() {
        assertThat(ControlServer.isPrivileged("root", "mail")).isTrue();
        assertThat(ControlServer.isPrivileged("mail", "mail")).isTrue();
        assertThat(ControlServer.isPrivileged("nobody", "mail")).isFalse();
        assertThat(ControlServer.isPrivileged("mail", "root")).isFalse();
    }

    @Test
    void passwordsAreNotToldToAStrangersSocket() {
        assertThat(ControlClient.isTrusted("root", "ann", "mail")).isTrue();
        assertThat(ControlClient.isTrusted("mail", "ann", "mail")).isTrue();
        assertThat(ControlClient.isTrusted("ann", "ann", "mail")).isTrue();
        assertThat(ControlClient.isTrusted("eve", "ann", "mail")).isFalse();
    }

    @Test
    void aHomeThatIsTooDeepHasItsSocketElsewhere() {
        Path deep = home.resolve("x".repeat(120));
        assertThat(ControlSocket.of(deep).toString()).hasSizeLessThan(104);
        assertThat(ControlSocket.of(deep))
                .isEqualTo(ControlSocket.of(deep.resolve("..").resolve("x".repeat(120))));
        assertThat(ControlSocket.of(deep)).isNotEqualTo(ControlSocket.of(home.resolve("y".repeat(120))));
    }
}
