package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server as a process of its own, begun and ended as an administrator does it.
@Timeout(120)
class ProcessTest {
    @TempDir
    Path folder;

    private final StringBuilder said = new StringBuilder();

    /// Starts it and waits until it says that it runs.
    private Process serve(House house, String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "tamanoir.app.Main",
                "serve",
                "--home",
                house.home.toString()));
        for (String port :
                List.of("smtpd", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "http", "https")) {
            line.add("-o");
            line.add(port + "_port=0");
        }
        line.addAll(List.of("-o", "metrics_port=off", "-o", "inet_interfaces=127.0.0.1"));
        line.addAll(List.of(more));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String text; (text = out.readLine()) != null && !text.contains("tamanoir account add"); ) {
            said.append(text).append('\n');
        }
        return process;
    }

    @Test
    void stopWaitsUntilTheServerIsGone() throws Exception {
        House house = new House(folder.resolve("home"));
        Process server = serve(house);
        try {
            assertThat(said.toString())
                    .contains(
                            "Wrote the first configuration: " + house.home.resolve("main.cf"),
                            "runs; home folder " + house.home,
                            "There is no domain yet. Next:");
            assertThat(Files.readString(house.home.resolve("run/pid"))).isEqualTo(server.pid() + "\n");
            assertThat(house.run("status").out()).contains("process " + server.pid());
            assertThat(house.run("domain", "add", "example.net").exit()).isZero();
            assertThat(house.run("stop")).isEqualTo(new House.Outcome(0, "Stopping.\n", ""));
            // At once: the store is free.
            assertThat(house.run("domain", "list").out()).isEqualTo("example.net\n");
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
            assertThat(house.home.resolve("run/pid")).doesNotExist();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void aSignalEndsItInOrderAndTheLogSaysSo() throws Exception {
        House house = House.of(folder.resolve("home"), "maillog_file = $config_directory/log");
        Process server = serve(house);
        try {
            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            // 128 and the number of SIGTERM.
            assertThat(server.exitValue()).isEqualTo(143);
            assertThat(Files.readString(house.home.resolve("log")))
                    .containsSubsequence("tamanoir started ", "tamanoir stopping", "tamanoir stopped");
            assertThat(house.home.resolve("run/control")).doesNotExist();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void theLevelOfTheLogFollowsAReload() throws Exception {
        House house = House.of(folder.resolve("home"), "maillog_file = $config_directory/log", "log_level = error");
        Process server = serve(house);
        try {
            house.mainCf("maillog_file = $config_directory/log", "log_level = info");
            assertThat(house.run("reload").out()).isEqualTo("Reloaded; 1 value changed: log_level.\n");
            house.run("stop");
            assertThat(Files.readString(house.home.resolve("log")))
                    .doesNotContain("started")
                    .contains("tamanoir stopped");
        } finally {
            server.destroyForcibly();
        }
    }
}
