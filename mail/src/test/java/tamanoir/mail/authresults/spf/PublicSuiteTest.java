package tamanoir.mail.authresults.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.authresults.ZoneDns;

/// The public test suite of SPF, in its version for RFC 7208 and in the one for RFC 4408.
class PublicSuiteTest {
    @Test
    void everyCaseForRfc7208IsAnsweredAsItShould() throws IOException {
        assertThat(run("rfc7208-tests.yml")).isEmpty();
    }

    @Test
    void everyCaseForRfc4408IsAnsweredAsItMay() throws IOException {
        assertThat(run("rfc4408-tests.yml")).isEmpty();
    }

    private static List<String> run(String name) throws IOException {
        Optional<Path> file = data(name);
        if (file.isEmpty()) {
            System.out.println("NOT RUN: PublicSuiteTest: no shared/testdata/spf/" + name + " above this directory");
            return List.of();
        }
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Map<String, Object> document : Yaml.documents(Files.readString(file.get(), StandardCharsets.ISO_8859_1))) {
            ZoneDns dns = zone(map(document.getOrDefault("zonedata", Map.of())));
            for (Map.Entry<String, Object> test :
                    map(document.getOrDefault("tests", Map.of())).entrySet()) {
                count++;
                Optional<String> failure = check(map(test.getValue()), dns);
                failure.ifPresent(text -> wrong.add(test.getKey() + ": " + text));
            }
        }
        System.out.println(name + ": " + count + " cases");
        assertThat(count).isGreaterThan(190);
        return wrong;
    }

    private static Optional<String> check(Map<String, Object> test, ZoneDns dns) {
        String sender = String.valueOf(test.get("mailfrom"));
        String helo = String.valueOf(test.get("helo"));
        int at = sender.lastIndexOf('@');
        var client = ZoneDns.address(String.valueOf(test.get("host")));
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        SpfQuestion question = at < 0
                ? new SpfQuestion(client, helo, "", helo, true, "receiver.example", now)
                : new SpfQuestion(
                        client,
                        sender.substring(at + 1),
                        sender.substring(0, at),
                        helo,
                        false,
                        "receiver.example",
                        now);
        SpfResult result = SpfCheck.of(question, dns, SpfLimits.DEFAULT, () -> false);
        List<?> right =
                test.get("result") instanceof List<?> several ? several : List.of(test.getOrDefault("result", ""));
        if (!right.contains(result.result().word())) {
            return Optional.of(result + " instead of " + right);
        }
        boolean explains = test.containsKey("explanation");
        String explanation = String.valueOf(test.getOrDefault("explanation", "DEFAULT"));
        String wanted = explanation.equals("DEFAULT") ? "" : explanation;
        return !explains || result.explanation().equals(wanted)
                ? Optional.empty()
                : Optional.of("explains \"" + result.explanation() + "\" instead of \"" + wanted + "\"");
    }

    private static ZoneDns zone(Map<String, Object> data) {
        ZoneDns dns = new ZoneDns();
        data.forEach((name, records) -> {
            dns.exists(name);
            boolean texts =
                    ((List<?>) records).stream().anyMatch(r -> r instanceof Map<?, ?> m && m.containsKey("TXT"));
            for (Object record : (List<?>) records) {
                if (record.equals("TIMEOUT")) {
                    dns.fails(name);
                    continue;
                }
                map(record).forEach((type, value) -> {
                    if (type.equals("SPF") && !texts) {
                        dns.txt(name, joined(value, ""));
                    } else if (!type.equals("SPF") && !value.equals("NONE")) {
                        dns.add(type, name, joined(value, type.equals("MX") ? " " : ""));
                    }
                });
            }
        });
        return dns;
    }

    private static String joined(Object value, String between) {
        return value instanceof List<?> list
                ? String.join(between, list.stream().map(String::valueOf).toList())
                : value.toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static Optional<Path> data(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("shared/testdata/spf").resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
