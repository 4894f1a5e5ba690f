package tamanoir.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// The command line of `sendmail`, as programs have called it for forty years (sendmail(1) of Postfix).
///
/// Options that only steer other programs (`-em`, `-m`, `-v`, …) are taken and have no effect.
record SendmailWords(
        Mode mode,
        Optional<String> sender,
        Optional<String> fullName,
        boolean recipientsFromHeader,
        boolean dotEndsInput,
        Optional<String> envelopeId,
        Optional<String> notifications,
        Optional<String> returned,
        List<String> recipients) {
    enum Mode {
        /// Take a message from standard input (`-bm`, the default).
        SUBMIT,
        /// List the queue (`-bp`, `mailq`).
        LIST_QUEUE,
        /// Try everything now (`-q`).
        FLUSH,
        /// Rebuild alias tables (`-bi`, `newaliases`): nothing to do here, tables are read as they are.
        NEW_ALIASES
    }

    /// Options with a value of their own, next to the letter or in the next word.
    private static final String WITH_VALUE = "fFrBNRVXCOLApG";

    static SendmailWords of(List<String> words) {
        Mode mode = Mode.SUBMIT;
        Optional<String> sender = Optional.empty();
        Optional<String> fullName = Optional.empty();
        Optional<String> envelopeId = Optional.empty();
        Optional<String> notifications = Optional.empty();
        Optional<String> returned = Optional.empty();
        boolean fromHeader = false;
        boolean dotEnds = true;
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                recipients.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (!word.startsWith("-") || word.length() == 1) {
                recipients.add(word);
                continue;
            }
            char letter = word.charAt(1);
            String attached = word.substring(2);
            String value = attached;
            if (WITH_VALUE.indexOf(letter) >= 0 && attached.isEmpty()) {
                if (++i >= words.size()) {
                    throw new BadSyntax("option -" + letter + " needs a value");
                }
                value = words.get(i);
            }
            switch (letter) {
                case 'f', 'r' -> sender = Optional.of(value);
                case 'F' -> fullName = Optional.of(value);
                case 'V' -> envelopeId = Optional.of(value);
                case 'N' -> notifications = Optional.of(value);
                case 'R' -> returned = Optional.of(value);
                case 't' -> fromHeader = true;
                case 'i' -> dotEnds = false;
                case 'o' -> dotEnds &= !attached.equals("i");
                case 'q' -> mode = Mode.FLUSH;
                case 'I' -> mode = Mode.NEW_ALIASES;
                case 'b' -> mode = mode(attached);
                case 'e', 'm', 'v', 'n', 'U', 'h', 'd', 'B', 'X', 'C', 'O', 'L', 'A', 'p', 'G' -> {
                    // Taken for compatibility; each steers a program that is not here.
                }
                default -> throw new BadSyntax("unknown option " + word);
            }
        }
        return new SendmailWords(
                mode,
                sender,
                fullName,
                fromHeader,
                dotEnds,
                envelopeId,
                notifications,
                returned,
                List.copyOf(recipients));
    }

    private static Mode mode(String letter) {
        return switch (letter) {
            case "m" -> Mode.SUBMIT;
            case "p" -> Mode.LIST_QUEUE;
            case "i" -> Mode.NEW_ALIASES;
            default ->
                throw new BadSyntax(
                        "-b" + letter + " is not supported: -bm submits, -bp lists the queue, -bi does nothing;"
                                + " for a server use 'tamanoir serve'");
        };
    }
}
