package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;

/// Whatever stands in main.cf, every value comes out or is refused, in bounded time and memory.
class MainCfFuzzTest {
    private static final String SEED = """
            # comment
            mydomain = example.com
            myhostname = mail.$mydomain
            submission/smtpd_timeout = ${stress?{10}:{300}}s
            relayhost = ${{$compatibility_level} >=level {3.6} ? {[$myhostname]:25} : ${mydomain:none}}
            a = $b$(b)${b?x}
              , $c
            b = $c$c$c
            smtpd_recipient_restrictions = permit_mynetworks, check_client_access hash:/x, { a b } reject
            """;

    @FuzzTest
    void anyTextIsReadOrRefused(byte[] data) {
        read(new String(data, StandardCharsets.UTF_8));
    }

    @Test
    void mutatedTextsAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "${}()?:=!<> \t\n#,ab/\\\"0";
        for (int i = 0; i < 5000; i++) {
            StringBuilder text = new StringBuilder(SEED);
            for (int change = random.nextInt(12); change >= 0; change--) {
                int at = random.nextInt(text.length() - 10);
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.delete(at, at + 1 + random.nextInt(5));
                }
            }
            try {
                read(text.toString());
            } catch (RuntimeException | StackOverflowError e) {
                fail("seed " + seed + ", text <<" + text + ">>", e);
            }
        }
    }

    @Test
    void namesThatDoubleEachOtherEndInAnError() {
        StringBuilder text = new StringBuilder("a0 = " + "x".repeat(100) + "\n");
        StringBuilder empty = new StringBuilder("e0 = \n");
        for (int i = 1; i < 90; i++) {
            text.append("a%d = $a%d$a%d\n".formatted(i, i - 1, i - 1));
            empty.append("e%d = $e%d$e%d\n".formatted(i, i - 1, i - 1));
        }
        read(text + "relayhost = $a89\n");
        read(empty + "relayhost = $e89\n");
        read("relayhost = " + "${a?{".repeat(20_000) + "}}".repeat(20_000) + "\n");
    }

    private static void read(String text) {
        List<Problem> problems = new ArrayList<>();
        List<Setting> settings = MainCf.settings("main.cf", text, problems);
        Map<String, Setting> byName = new LinkedHashMap<>();
        settings.forEach(s -> byName.put(s.name(), s));
        Checks.names(settings, problems);
        Environment environment = new Environment(Path.of("/home"), "", byName);
        for (String name : byName.keySet()) {
            try {
                Words.of(environment.expansion().value(name));
            } catch (BadSyntax refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }
}
