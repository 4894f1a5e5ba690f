package tamanoir.app.command;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.app.Office;
import tamanoir.app.Submission;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.SmtpdParameters;
import tamanoir.server.intake.Receipt;

/// The command that programs have called for forty years to send mail: `sendmail -t < message`.
///
/// Any local user may submit; the server knows who calls. Not picocli: this grammar is older than options.
final class SendmailCommand {
    static final String HELP = """
            Usage: tamanoir sendmail [OPTIONS] [RECIPIENT...] < MESSAGE
            Hands a message to the running server. Compatible with sendmail(1).

              -t            take recipients from To, Cc and Bcc; Bcc is removed
              -i, -oi       a line with a single dot does not end the message
              -f ADDRESS    the sender of the envelope; <> for none
              -F NAME       the full name for a From field that is missing
              -N WHEN       reports: never, or success,failure,delay
              -R full|hdrs  what a report returns
              -V ID         envelope id for reports
              -bp           list the queue (mailq)
              -q            try everything in the queue now
              -bi           nothing to do: alias files are read as they are

            Examples:
              tamanoir sendmail -t < message.eml
              printf 'Subject: hello\\n\\nHi.\\n' | tamanoir sendmail ann@example.net

            Exit codes: 0 taken; 64 wrong usage; 65 message refused; 69 no server; 75 try again later.
            """;

    private final Invocation call;

    SendmailCommand(Invocation call) {
        this.call = call;
    }

    int run(List<String> words) {
        if (words.contains("--help")) {
            call.out().print(HELP);
            return Exit.OK;
        }
        SendmailWords parsed = SendmailWords.of(words);
        return switch (parsed.mode()) {
            case SUBMIT -> submit(parsed);
            case LIST_QUEUE -> CommandTree.execute(with(List.of("queue", "list")));
            case FLUSH -> CommandTree.execute(with(List.of("queue", "flush", "--all")));
            case NEW_ALIASES -> Exit.OK;
        };
    }

    private Invocation with(List<String> words) {
        return new Invocation(
                call.home(),
                call.overrides(),
                words,
                call.in(),
                call.out(),
                call.err(),
                call.user(),
                call.privileged(),
                call.office());
    }

    private int submit(SendmailWords words) {
        byte[] message;
        try {
            message = call.in().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (call.office().isEmpty()) {
            return call.byServer(call.words(), new ByteArrayInputStream(message))
                    .orElseGet(() -> {
                        call.err()
                                .println("sendmail: no server is running with the home folder " + call.home()
                                        + "; the message was not taken");
                        return Exit.UNAVAILABLE;
                    });
        }
        Office office = call.office().get();
        if (office.running().isEmpty()) {
            return Exit.UNAVAILABLE;
        }
        Octets lines = Submission.lines(message, words.dotEndsInput());
        Set<String> recipients = new LinkedHashSet<>(words.recipients());
        if (words.recipientsFromHeader()) {
            recipients.addAll(Submission.recipients(lines));
        }
        if (recipients.isEmpty()) {
            call.err().println("sendmail: no recipients: name them on the command line, or use -t and To, Cc or Bcc");
            return Exit.USAGE;
        }
        long limit = office.config().get(SmtpdParameters.MESSAGE_SIZE_LIMIT);
        if (limit > 0 && lines.length() > limit) {
            call.err()
                    .println("sendmail: 552 5.3.4 the message has " + lines.length() + " octets, more than the " + limit
                            + " that message_size_limit allows");
            return Exit.DATA;
        }
        Submission submission = new Submission(
                call.user(),
                words.sender(),
                words.fullName(),
                new ArrayList<>(recipients),
                words.envelopeId(),
                words.notifications(),
                words.returned());
        Receipt receipt = office.running()
                .get()
                .submit(
                        call.user(),
                        submission.envelope(office.config()),
                        submission.completed(lines, office.config()));
        return switch (receipt) {
            case Receipt.Accepted accepted -> Exit.OK;
            case Receipt.Refused refused -> {
                call.err().println("sendmail: " + refused.reply());
                yield refused.reply().isTransient() ? Exit.TEMPORARY : Exit.DATA;
            }
        };
    }

    static Optional<List<String>> wordsAfter(List<String> line) {
        return !line.isEmpty() && line.getFirst().equals("sendmail")
                ? Optional.of(line.subList(1, line.size()))
                : Optional.empty();
    }
}
