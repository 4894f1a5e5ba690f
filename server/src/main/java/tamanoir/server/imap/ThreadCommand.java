package tamanoir.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.View;

/// THREAD (RFC 5256 §3).
final class ThreadCommand {
    private static final int BUNDLE = 256;

    private final Session session;

    ThreadCommand(Session session) {
        this.session = session;
    }

    Answer run(Command.Threads command, Wire wire) throws IOException {
        SelectedMailbox box = session.selected();
        boolean references = command.algorithm().equals("REFERENCES");
        if (!references && !command.algorithm().equals("ORDEREDSUBJECT")) {
            throw new BadSyntax("THREAD knows ORDEREDSUBJECT and REFERENCES");
        }
        if (command.key().asksModseq()) {
            session.turnOnCondstore(wire);
        }
        box.look();
        List<Threading.Message> messages =
                messages(box, command.uid(), new SearchPlan(session, box, command.key()).find());
        List<Threading.Node> threads = references ? Threading.byReferences(messages) : Threading.bySubject(messages);
        wire.text("* THREAD");
        if (!threads.isEmpty()) {
            wire.character(' ').text(Threading.write(threads));
        }
        wire.crlf();
        return Answer.ok("done");
    }

    private List<Threading.Message> messages(SelectedMailbox box, boolean uid, int[] found) {
        View view = box.view();
        List<Threading.Message> messages = new ArrayList<>(found.length);
        for (int from = 0; from < found.length; from += BUNDLE) {
            int[] some = Arrays.copyOfRange(found, from, Math.min(found.length, from + BUNDLE));
            List<MessageId> ids = Arrays.stream(some).mapToObj(view::message).toList();
            List<Optional<MessageFacts>> facts = session.mail().facts(ids);
            for (int i = 0; i < some.length; i++) {
                if (facts.get(i).isPresent()) {
                    long number = uid ? view.uid(some[i]) : box.sequenceAt(some[i]);
                    messages.add(message(number, some[i], view, facts.get(i).get()));
                }
            }
        }
        return messages;
    }

    private static Threading.Message message(long number, int index, View view, MessageFacts facts) {
        // RFC 5256 §3, REFERENCES step 1: In-Reply-To stands in for References, its first id only
        List<String> references =
                !facts.references().isEmpty() || facts.inReplyTo().isEmpty()
                        ? facts.references()
                        : List.of(facts.inReplyTo().getFirst());
        return new Threading.Message(
                number,
                index,
                SortCommand.sent(facts, view.internalDate(index)),
                facts.baseSubject(),
                facts.isReplyOrForward(),
                facts.messageIds().isEmpty() ? "" : facts.messageIds().getFirst(),
                references);
    }
}
