package tamanoir.mail.authresults.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.authresults.KeyDns;
import tamanoir.mail.authresults.dkim.Signature;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// The public test suite of ARC: chains to judge, and messages to seal.
class PublicSuiteTest {
    @Test
    void everyChainIsJudgedAsItShould() throws IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Scenario scenario : scenarios("arc-draft-validation-tests.yml")) {
            KeyDns dns = scenario.dns();
            for (Map.Entry<String, Map<String, String>> test : scenario.tests.entrySet()) {
                count++;
                ArcResult result = verify(message(test.getValue()), dns);
                String wanted = test.getValue().getOrDefault("cv", "").strip().toLowerCase(java.util.Locale.ROOT);
                String got = result.result().word();
                // An empty cv: the chain was broken before; "fail" and "nothing to say" are both right.
                if (!got.equals(wanted) && !(wanted.isEmpty() && !got.equals("pass"))) {
                    wrong.add(test.getKey() + ": " + got + " (" + result.reason() + ") instead of " + wanted);
                }
            }
        }
        report("validation", count);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyMessageIsSealedSoThatItIsBelieved() throws Exception {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Scenario scenario : scenarios("arc-draft-sign-tests.yml")) {
            KeyDns dns = scenario.dns();
            SigningKey key = new SigningKey(
                    scenario.values.getOrDefault("domain", "").strip(),
                    scenario.values.getOrDefault("sel", "").strip(),
                    Signature.Algorithm.RSA_SHA256,
                    KeyFactory.getInstance("RSA")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(pkcs8(scenario.values.getOrDefault("privatekey", "")))));
            for (Map.Entry<String, Map<String, String>> test : scenario.tests.entrySet()) {
                count++;
                seal(test.getValue(), key, dns).ifPresent(text -> wrong.add(test.getKey() + ": " + text));
            }
        }
        report("sealing", count);
        assertThat(wrong).isEmpty();
    }

    private static Optional<String> seal(Map<String, String> test, SigningKey key, KeyDns dns) throws IOException {
        Octets message = message(test);
        Part root = MessageParser.parse(message);
        HeaderFields header = HeaderFields.of(root.header());
        ArcResult before = verify(message, dns);
        ArcSealer sealer = new ArcSealer(key);
        byte[] body = root.body().toByteArray();
        sealer.feed(body, 0, body.length);
        Optional<String> fields = sealer.fields(
                header,
                Arrays.asList(test.getOrDefault("sig-headers", "from").strip().split(":")),
                test.getOrDefault("srv-id", "lists.example.org").strip() + "; spf=pass smtp.mfrom=jqd@d1.example",
                before,
                Instant.ofEpochSecond(12345));
        String wanted = test.getOrDefault("AS", "").strip();
        if (wanted.isEmpty()) {
            return fields.isEmpty() ? Optional.empty() : Optional.of("sealed, although nobody should");
        }
        if (fields.isEmpty()) {
            return Optional.of("not sealed");
        }
        String cv = wanted.replaceAll("(?s).*cv=(\\w+).*", "$1");
        if (!fields.get().contains("cv=" + cv + ";")) {
            return Optional.of("not cv=" + cv);
        }
        ArcResult after = verify(Octets.join(Octets.of(fields.get()), message), dns);
        String result = after.result().word();
        return cv.equals("fail") == result.equals("fail")
                ? Optional.empty()
                : Optional.of(result + " " + after.reason());
    }

    private static ArcResult verify(Octets message, KeyDns dns) throws IOException {
        Part root = MessageParser.parse(message);
        return ArcVerifier.verify(
                HeaderFields.of(root.header()),
                new ByteArrayInputStream(root.body().toByteArray()),
                dns);
    }

    private static Octets message(Map<String, String> test) {
        return Octets.of(test.getOrDefault("message", "").replace("\r\n", "\n").replace("\n", "\r\n"));
    }

    private static void report(String what, int count) {
        if (count > 0) {
            System.out.println("ARC " + what + ": " + count + " cases");
        }
    }

    /// PKCS #1 in PEM, with the algorithm put around it.
    private static byte[] pkcs8(String pem) {
        byte[] bare = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
        byte[] head = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
        byte[] octets = der(0x04, bare);
        byte[] both = Arrays.copyOf(head, head.length + octets.length);
        System.arraycopy(octets, 0, both, head.length, octets.length);
        return der(0x30, both);
    }

    private static byte[] der(int tag, byte[] content) {
        byte[] whole = new byte[content.length + 4];
        whole[0] = (byte) tag;
        whole[1] = (byte) 0x82;
        whole[2] = (byte) (content.length >> 8);
        whole[3] = (byte) content.length;
        System.arraycopy(content, 0, whole, 4, content.length);
        return whole;
    }

    // ---- as much of YAML as these two files are written in ---------------------------------------------------------

    private record Scenario(
            Map<String, String> values, Map<String, Map<String, String>> tests, Map<String, String> records) {
        KeyDns dns() {
            KeyDns dns = new KeyDns();
            records.forEach((name, text) -> dns.txt(name, text.strip()));
            return dns;
        }
    }

    private static List<Scenario> scenarios(String name) throws IOException {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("shared/testdata/arc").resolve(name);
            if (Files.exists(file)) {
                List<Scenario> all = new ArrayList<>();
                for (String document :
                        Files.readString(file, StandardCharsets.UTF_8).split("(?m)^---.*$")) {
                    if (document.contains("tests:")) {
                        all.add(scenario(document));
                    }
                }
                return all;
            }
        }
        System.out.println("NOT RUN: the public ARC tests (shared/testdata/arc is absent)");
        return List.of();
    }

    private static Scenario scenario(String document) {
        Map<String, Object> top = mapping(List.of(document.split("\n", -1)), 0);
        Map<String, Map<String, String>> tests = new LinkedHashMap<>();
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, String> records = new LinkedHashMap<>();
        top.forEach((key, value) -> {
            if (value instanceof String text) {
                values.put(key, text);
            } else if (value instanceof Map<?, ?> map) {
                map.forEach((name, inner) -> {
                    if (inner instanceof Map<?, ?> fields) {
                        Map<String, String> test = new LinkedHashMap<>();
                        fields.forEach((field, text) -> test.put(field.toString(), text.toString()));
                        tests.put(name.toString(), test);
                    } else {
                        records.put(name.toString(), inner.toString());
                    }
                });
            }
        });
        return new Scenario(values, tests, records);
    }

    /// `key: value`, `key: |`, `key: >-` and deeper mappings, at one indentation.
    private static Map<String, Object> mapping(List<String> lines, int indent) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); ) {
            String line = lines.get(i);
            if (line.isBlank() || line.strip().startsWith("#") || depth(line) != indent) {
                i++;
                continue;
            }
            int colon = line.indexOf(':', line.strip().startsWith("\"") ? line.indexOf('"', indent + 1) : indent);
            String key = line.substring(indent, colon).strip().replace("\"", "");
            String value = line.substring(colon + 1).strip();
            int end = i + 1;
            while (end < lines.size() && (lines.get(end).isBlank() || depth(lines.get(end)) > indent)) {
                end++;
            }
            List<String> below = lines.subList(i + 1, end);
            if (value.startsWith("|") || value.startsWith(">")) {
                map.put(key, block(below, value.startsWith(">")));
            } else if (value.isEmpty() && below.stream().anyMatch(l -> !l.isBlank())) {
                int deeper = below.stream()
                        .filter(l -> !l.isBlank())
                        .mapToInt(PublicSuiteTest::depth)
                        .min()
                        .orElse(0);
                map.put(key, mapping(below, deeper));
            } else {
                map.put(key, value.replaceAll("^[\"']|[\"']$", ""));
            }
            i = end;
        }
        return map;
    }

    private static int depth(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static String block(List<String> lines, boolean folded) {
        int indent = lines.stream()
                .filter(l -> !l.isBlank())
                .mapToInt(PublicSuiteTest::depth)
                .findFirst()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        int last = lines.size();
        while (last > 0 && lines.get(last - 1).isBlank()) {
            last--;
        }
        for (String line : lines.subList(0, last)) {
            String content = line.length() >= indent ? line.substring(indent) : "";
            text.append(content).append(folded ? " " : "\n");
        }
        return text.toString();
    }
}
