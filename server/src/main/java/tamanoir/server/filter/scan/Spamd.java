package tamanoir.server.filter.scan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.draft.Conversation;
import tamanoir.server.filter.draft.Endpoint;
import tamanoir.server.filter.draft.SpamVerdict;

/// SpamAssassin's daemon by the SYMBOLS command of its protocol (spamd/PROTOCOL): the message goes, a score and the
/// names of the rules come; the fields are ours. Immutable.
record Spamd(Endpoint endpoint, Duration limit, String user, double rejectScore, Scanners.Rule rule)
        implements Scanner {
    private static final int LONGEST_ANSWER = 64 * 1024;

    @Override
    public String name() {
        return "spamd";
    }

    @Override
    public boolean wants(Letter letter) {
        return rule.wants(letter);
    }

    @Override
    public boolean defersWithoutAnswer() {
        return rule.defers();
    }

    @Override
    public Opinion scan(Letter letter) throws IOException {
        try (Conversation talk = Conversation.open(endpoint, limit);
                InputStream message = letter.draft().whole()) {
            talk.write(Octets.of("SYMBOLS SPAMC/1.5\r\nContent-length: "
                    + letter.draft().size() + "\r\n" + (user.isEmpty() ? "" : "User: " + user + "\r\n") + "\r\n"));
            byte[] chunk = new byte[16 * 1024];
            for (int n = message.read(chunk); n > 0; n = message.read(chunk)) {
                talk.write(chunk, 0, n);
            }
            talk.endOfOutput();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int n = talk.read(chunk, 0, chunk.length); n > 0; n = talk.read(chunk, 0, chunk.length)) {
                answer.write(chunk, 0, n);
                if (answer.size() > LONGEST_ANSWER) {
                    throw new BadSyntax("an answer without end");
                }
            }
            return opinion(answer.toString(StandardCharsets.ISO_8859_1), rejectScore);
        }
    }

    /// `SPAMD/1.1 0 EX_OK`, fields with `Spam: True ; 15.0 / 5.0` among them, an empty line, rules between commas.
    ///
    /// @throws BadSyntax when it is anything else
    static Opinion opinion(String answer, double rejectScore) {
        int end = answer.indexOf("\r\n\r\n");
        String[] lines = (end < 0 ? answer : answer.substring(0, end)).split("\r?\n");
        String[] status = lines[0].split(" +");
        if (status.length < 3 || !status[0].startsWith("SPAMD/") || !status[1].equals("0")) {
            throw new BadSyntax("it answered \"" + lines[0] + "\"");
        }
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith("spam:")) {
                String symbols = end < 0 ? "" : answer.substring(end + 4);
                return opinion(line.substring("spam:".length()), symbols, rejectScore);
            }
        }
        throw new BadSyntax("its answer has no score");
    }

    private static Opinion opinion(String spam, String symbols, double rejectScore) {
        int semicolon = spam.indexOf(';');
        int slash = spam.indexOf('/');
        if (semicolon < 0 || slash < semicolon) {
            throw new BadSyntax("the score \"" + spam + "\"");
        }
        boolean junk = spam.substring(0, semicolon).strip().equalsIgnoreCase("true");
        double score;
        double threshold;
        try {
            score = Double.parseDouble(spam.substring(semicolon + 1, slash).strip());
            threshold = Double.parseDouble(spam.substring(slash + 1).strip());
        } catch (NumberFormatException e) {
            throw new BadSyntax("the score \"" + spam + "\"");
        }
        String tests = String.join(", ", symbols.strip().split("[\\s,]+")).replaceAll("[^\\x20-\\x7E]", "?");
        if (score >= rejectScore) {
            return new Opinion.Refuse(
                    Reply.of(550, "5.7.1", "Error: this message looks like spam"), "score " + score + ", " + tests);
        }
        String text = (junk ? "Yes" : "No") + ", score=" + score + " required=" + threshold + "\n\ttests="
                + (tests.isEmpty() ? "none" : tests.replace(", ", ",\n\t"));
        List<Opinion.Field> fields = junk
                ? List.of(
                        new Opinion.Field("X-Spam-Flag", "YES", 0),
                        new Opinion.Field("X-Spam-Score", Double.toString(score), 1),
                        new Opinion.Field("X-Spam-Status", text, 2))
                : List.of(new Opinion.Field("X-Spam-Status", text, 0));
        // What a stranger says about the matter is not left standing.
        return new Opinion.Pass(
                List.of("X-Spam-Flag", "X-Spam-Score", "X-Spam-Status", "X-Spam-Level", "X-Spam-Report"),
                fields,
                Optional.empty(),
                Optional.of(new SpamVerdict("spamassassin", junk, score, threshold, tests)));
    }
}
