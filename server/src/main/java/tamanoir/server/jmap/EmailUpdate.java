package tamanoir.server.jmap;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Patch;
import tamanoir.mail.jmap.Pointer;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.mailbox.MessageChange;
import tamanoir.server.mailbox.MessageId;

/// The patch of one email (RFC 8621 §4.6): keywords and mailboxes, whole or one by one. Everything else of an email
/// never changes.
///
/// @param mailboxes reads a set of mailboxes as [EmailSet] does, and refuses those that are not there
record EmailUpdate(UnaryOperator<Flags> flags, UnaryOperator<Set<MailboxId>> mailboxes) {
    /// Finds the mailbox of an id, which may be a creation id.
    @FunctionalInterface
    interface MailboxesById {
        /// @throws SetError when there is none
        MailboxId get(String id);
    }

    static EmailUpdate from(Json.Obj patch, MailboxesById byId) {
        Patch.checkPrefixes(patch);
        Set<String> wrong = new LinkedHashSet<>();
        Set<String> plus = new HashSet<>();
        Set<String> minus = new HashSet<>();
        Map<MailboxId, Boolean> moves = new LinkedHashMap<>();
        UnaryOperator<Flags> flags = UnaryOperator.identity();
        UnaryOperator<Set<MailboxId>> mailboxes = UnaryOperator.identity();
        for (Map.Entry<String, Json> change : patch.members().entrySet()) {
            List<String> path = Pointer.ofPatch(change.getKey()).tokens();
            String property = path.getFirst();
            if (path.size() == 1 && property.equals("keywords")) {
                Flags wanted = Visible.flags(keywords(change.getValue()));
                flags = now -> new Flags(wanted.system() | (now.system() & Flags.DELETED), wanted.keywords());
            } else if (path.size() == 1 && property.equals("mailboxIds")) {
                Set<MailboxId> wanted = mailboxes(change.getValue(), byId);
                mailboxes = _ -> wanted;
            } else if (path.size() == 2 && property.equals("keywords")) {
                String keyword = path.getLast();
                checkKeyword(keyword);
                (isSet(change, "keywords") ? plus : minus).add(keyword);
            } else if (path.size() == 2 && property.equals("mailboxIds")) {
                boolean isSet = isSet(change, "mailboxIds");
                // One that is gone is left already.
                MailboxId mailbox = isSet
                        ? byId.get(path.getLast())
                        : Ids.mailbox(path.getLast()).orElseGet(() -> byId.get(path.getLast()));
                moves.put(mailbox, isSet);
            } else {
                wrong.add(property);
            }
        }
        if (!wrong.isEmpty()) {
            throw SetError.invalidProperties(
                    "of an email, only keywords and mailboxIds can change", wrong.toArray(String[]::new));
        }
        if (!plus.isEmpty() || !minus.isEmpty()) {
            Flags more = Visible.flags(plus);
            Flags less = Visible.flags(minus);
            flags = now -> now.plus(more).minus(less);
        }
        if (!moves.isEmpty()) {
            mailboxes = now -> {
                Set<MailboxId> then = new LinkedHashSet<>(now);
                moves.forEach((mailbox, isSet) -> {
                    if (isSet) {
                        then.add(mailbox);
                    } else {
                        then.remove(mailbox);
                    }
                });
                if (then.isEmpty()) {
                    throw new MailboxRefused(Reason.CANNOT, "an email is in one mailbox at least");
                }
                return then;
            };
        }
        return new EmailUpdate(flags, mailboxes);
    }

    MessageChange of(MessageId message) {
        return new MessageChange(message, flags, mailboxes);
    }

    private static boolean isSet(Map.Entry<String, Json> change, String property) {
        return switch (change.getValue()) {
            case Json.Null _ -> false;
            case Json.Bool(boolean value) when value -> true;
            case Json.Bool _, Json.Int _, Json.Real _, Json.Text _, Json.Arr _, Json.Obj _ ->
                throw SetError.invalidProperties(change.getKey() + " is true or null", property);
        };
    }

    private static void checkKeyword(String keyword) {
        if (!Visible.isKeyword(keyword)) {
            throw SetError.invalidProperties(
                    "a keyword has 1 to 255 printable characters of ASCII, and none of (){]%*\"\\", "keywords");
        }
    }

    /// A set of keywords.
    static Set<String> keywords(Json value) {
        Set<String> keywords = set(value, "keywords");
        keywords.forEach(EmailUpdate::checkKeyword);
        return keywords;
    }

    /// A set of mailboxes, one at least.
    static Set<MailboxId> mailboxes(Json value, MailboxesById byId) {
        Set<MailboxId> mailboxes = new LinkedHashSet<>();
        set(value, "mailboxIds").forEach(id -> mailboxes.add(byId.get(id)));
        if (mailboxes.isEmpty()) {
            throw SetError.invalidProperties("an email is in one mailbox at least", "mailboxIds");
        }
        return mailboxes;
    }

    private static Set<String> set(Json value, String property) {
        if (!(value instanceof Json.Obj object)) {
            throw SetError.invalidProperties(property + " is an object", property);
        }
        for (Json member : object.members().values()) {
            if (!(member instanceof Json.Bool(boolean isSet) && isSet)) {
                throw SetError.invalidProperties("the values of " + property + " are true", property);
            }
        }
        return object.members().keySet();
    }
}
