package tamanoir.server.filter.scan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.FilterParameters.VirusAction;
import tamanoir.server.filter.draft.Conversation;
import tamanoir.server.filter.draft.Endpoint;

/// ClamAV's daemon by its INSTREAM command (clamd(8)): chunks with a length of four octets, an empty one at the end,
/// one line as the answer. Immutable.
record Clamd(Endpoint endpoint, Duration limit, VirusAction action, Scanners.Rule rule) implements Scanner {
    private static final int CHUNK = 64 * 1024;
    private static final int LONGEST_ANSWER = 4096;

    @Override
    public String name() {
        return "clamd";
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
            talk.write(Octets.of("zINSTREAM\0"));
            byte[] chunk = new byte[4 + CHUNK];
            boolean taken = true;
            for (int n = message.readNBytes(chunk, 4, CHUNK); n > 0 && taken; n = message.readNBytes(chunk, 4, CHUNK)) {
                chunk[0] = (byte) (n >>> 24);
                chunk[1] = (byte) (n >>> 16);
                chunk[2] = (byte) (n >>> 8);
                chunk[3] = (byte) n;
                taken = write(talk, chunk, 4 + n);
            }
            if (taken) {
                write(talk, new byte[4], 4);
            }
            return opinion(answer(talk), action);
        }
    }

    /// Beyond its StreamMaxLength clamd answers at once and closes: then there is an answer to read all the same.
    private static boolean write(Conversation talk, byte[] octets, int length) throws IOException {
        try {
            talk.write(octets, 0, length);
            talk.flush();
            return true;
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return false;
        }
    }

    private static String answer(Conversation talk) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] some = new byte[512];
        for (int n = talk.read(some, 0, some.length); n > 0; n = talk.read(some, 0, some.length)) {
            answer.write(some, 0, n);
            if (some[n - 1] == 0 || some[n - 1] == '\n' || answer.size() > LONGEST_ANSWER) {
                break;
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /// `stream: OK`, `stream: NAME FOUND`, anything else is an error.
    ///
    /// @throws BadSyntax when it is an error
    static Opinion opinion(String answer, VirusAction action) {
        String line = answer.replace('\0', ' ').strip();
        if (line.endsWith(" FOUND") && line.indexOf(": ") > 0) {
            String virus = line.substring(line.indexOf(": ") + 2, line.length() - " FOUND".length())
                    .strip()
                    .replaceAll("[^\\x21-\\x7E]", "?");
            return switch (action) {
                case REJECT ->
                    new Opinion.Refuse(Reply.of(554, "5.7.1", "Error: this message holds a virus: " + virus), virus);
                case QUARANTINE -> new Opinion.Hold("virus " + virus);
                case DISCARD -> new Opinion.Discard("virus " + virus);
            };
        }
        if (line.endsWith(": OK")) {
            return Opinion.NOTHING;
        }
        throw new BadSyntax(line.isEmpty() ? "it closed without an answer" : "it answered \"" + line + "\"");
    }
}
