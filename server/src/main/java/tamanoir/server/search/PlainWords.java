package tamanoir.server.search;

import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.MessageFacts;

/// Looks for words in the facts of a message: addresses, subject, the beginning of its text.
final class PlainWords {
    private final Words words;
    private final Condition.Field field;

    PlainWords(Words words, Condition.Field field) {
        this.words = words;
        this.field = field;
    }

    boolean matches(MessageFacts facts) {
        String text = Folding.fold(text(facts));
        for (Words.Clause clause : words.clauses()) {
            if (text.contains(Folding.fold(clause.text())) == clause.absent()) {
                return false;
            }
        }
        return true;
    }

    private String text(MessageFacts facts) {
        StringBuilder text = new StringBuilder();
        switch (field) {
            case FROM -> append(text, facts.envelope().from());
            case TO -> append(text, facts.envelope().to());
            case CC -> append(text, facts.envelope().cc());
            case BCC -> append(text, facts.envelope().bcc());
            case SUBJECT -> text.append(facts.subject());
            case BODY -> text.append(facts.preview());
            case ANY -> {
                append(text, facts.envelope().from());
                append(text, facts.envelope().to());
                append(text, facts.envelope().cc());
                append(text, facts.envelope().bcc());
                text.append(facts.subject()).append('\n').append(facts.preview());
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, AddressList list) {
        for (AddressList.Entry entry : list.entries()) {
            switch (entry) {
                case AddressList.Mailbox mailbox -> append(text, mailbox);
                case AddressList.Group group -> {
                    text.append(group.name()).append('\n');
                    group.members().forEach(member -> append(text, member));
                }
            }
        }
    }

    private static void append(StringBuilder text, AddressList.Mailbox mailbox) {
        text.append(mailbox.name()).append(' ').append(mailbox.address()).append('\n');
    }
}
