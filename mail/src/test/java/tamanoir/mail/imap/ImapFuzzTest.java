package tamanoir.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Octets that nobody thought of. Seeds run with every build; `JAZZER_FUZZ=1` looks for more.
class ImapFuzzTest {
    private static final String[] WORDS = {
        "a ",
        "FETCH ",
        "1:*",
        " (",
        ")",
        "BODY[",
        "]",
        "HEADER.FIELDS",
        "{3}\r\n",
        "{3+}\r\n",
        "~{2}\r\n",
        "\"",
        "\\",
        "SEARCH ",
        "NOT ",
        "OR ",
        "UID ",
        "RETURN (",
        "CHARSET UTF-8 ",
        "$",
        "<0.1>",
        "\0",
        "\u00ff",
        "LIST ",
        "%",
        "STORE ",
        "+FLAGS ",
        "SELECT x (QRESYNC (1 2 3))",
        "APPEND x ",
        "UTF8 (",
        "99999999999999999999",
        " ",
        "\r\n",
        "THREAD REFERENCES ",
        "SORT (DATE) ",
        "1-Jan-2026",
        "ID (",
        "NIL",
        "ENABLE ",
        "STATUS x (MESSAGES",
        "TEXT"
    };

    @FuzzTest(maxDuration = "100s")
    void command(byte[] octets) {
        readCommand(Octets.of(octets));
    }

    @FuzzTest(maxDuration = "100s")
    void append(byte[] octets) {
        readAppend(Octets.of(octets));
    }

    /// Words of the grammar in any order find more than single octets do.
    @Test
    void wordsInAnyOrderAreReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder("a ");
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(WORDS[random.nextInt(WORDS.length)]);
            }
            try {
                readCommand(Octets.latin1(text.toString()));
                readAppend(Octets.latin1(text.toString()));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + Octets.latin1(text.toString()), e);
            }
        }
    }

    private static void readCommand(Octets octets) {
        try {
            CommandParser parser = new CommandParser(octets);
            parser.tag();
            Command command = parser.command();
            if (command.toString().isEmpty()) {
                throw new AssertionError("a command without a name");
            }
            if (command instanceof Command.Fetch fetch) {
                for (SequenceSet.Range range : fetch.set().resolve(10)) {
                    if (range.first() < 1 || range.last() < range.first()) {
                        throw new AssertionError("a range of " + range);
                    }
                }
            }
        } catch (BadSyntax e) {
            // What a client may get as an answer, and nothing else
            Octets.of(String.valueOf(e.getMessage()));
        }
    }

    private static void readAppend(Octets octets) {
        Optional<LiteralHead> head = LiteralHead.atEndOf(octets);
        if (head.isPresent() && head.get().length() < 0) {
            throw new AssertionError("a negative length");
        }
        try {
            AppendParser.wantsName(octets);
            AppendParser parser = new AppendParser();
            if (AppendParser.isAppend(octets)) {
                parser.begin(octets);
            }
            parser.next(octets);
        } catch (BadSyntax e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
