package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;

/// Whatever stands in a table file, it is read or refused with its line, and nothing else happens.
class TableFuzzTest {
    private static final List<String> SEEDS = List.of(
            "# comment\nann  one\n\"two words\" x\n  continued\nbob\ttwo, three\n",
            "root: ann, bob\nlist: :include:/srv/list,\n  \"|program -x\", /var/mail/x\n\"a b\": <c@d.example> (e)\n",
            "192.0.2.0/24 permit\nif !10.0.0.0/8\n2001:db8::/32 reject\nendif\n!127.0.0.0/8 x\n",
            "/^Subject: (.*)x{2,3}[^]a-z[:alpha:]]$/i REJECT $1 ${1} $(1) $$\nif !/a\\.b/\n#/y#m z\n!/n/ no\nendif\n",
            "/(?<n>a|b)+?\\d\\h\\R\\x41\\x{263a}\\Qa.b\\E[\\]\\-x]/xsmAU ok $1\n/(?i:a)(?#c)b/ x\n");

    @FuzzTest
    void anyTableIsReadOrRefused(byte[] data) {
        read(new String(data, StandardCharsets.UTF_8));
    }

    @Test
    void mutatedTablesAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "/\\[](){}*+?|^$!<>:,.\"'# \t\n-=aixsmAU0129é";
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
            for (int change = random.nextInt(8); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(5)));
                }
                if (text.isEmpty()) {
                    text.append('/');
                }
            }
            try {
                read(text.toString());
            } catch (RuntimeException | StackOverflowError e) {
                fail("seed " + seed + ", text <<" + text + ">>", e);
            }
        }
    }

    private static void read(String text) {
        List<SourceFile.Format> formats = List.of(
                MapFormat::pairs, MapFormat::aliases, CidrFormat::read, PatternFormat::regexp, PatternFormat::pcre);
        for (SourceFile.Format format : formats) {
            try {
                Snapshot table = format.read(text);
                for (String key : List.of("", "ann", "Subject: axx\n b", "192.0.2.1", "2001:db8::1")) {
                    table.lookup(key);
                }
            } catch (WrongTable refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
        try {
            AliasTargets.parse(text, Path.of("/home"));
        } catch (BadSyntax refused) {
            return;
        }
    }
}
