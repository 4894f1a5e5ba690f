package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.Entity;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.MessageWriter;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// The answer of somebody who is away (RFC 5230, RFC 3834): whether there is one, to whom, and how it reads.
///
/// How often the same person gets one is remembered by whoever sends it: [#key] tells for whom and for which answer.
public final class VacationReply {
    private static final Set<String> LIST_FIELDS = Set.of(
            "list-id", "list-owner", "list-subscribe", "list-post", "list-unsubscribe", "list-help", "list-archive");

    /// Subjects of answers stay readable: longer ones are cut.
    private static final int LONGEST_SUBJECT = 256;

    /// References of the longest threads are cut in the middle (RFC 5322 §3.6.4 sets no limit, lines do).
    private static final int MOST_REFERENCES = 50;

    private VacationReply() {}

    /// Why nobody gets an answer, or the answer.
    public sealed interface Decision {
        record Silence(String why) implements Decision {}

        record Answer(Mailing mailing) implements Decision {}
    }

    public static Decision to(Letter letter, Sent sent, Action.Vacation action, Owner owner, Mailing.Stamp stamp) {
        Optional<Address> sender = address(sent.from());
        if (sender.isEmpty()) {
            return new Decision.Silence("the message has no sender to answer"); // RFC 5230 §4.6, RFC 3834 §2
        }
        String to = sender.get().toString();
        if (owner.is(to) || named(action.addresses(), to)) {
            return new Decision.Silence("one does not answer oneself");
        }
        Optional<String> automatic = automatic(letter, sender.get());
        if (automatic.isPresent()) {
            return new Decision.Silence(automatic.get());
        }
        Optional<String> me = me(letter, sent, action, owner);
        if (me.isEmpty() && !owner.answersAll()) {
            return new Decision.Silence("none of the owner's addresses is named in To or Cc"); // RFC 5230 §4.5
        }
        String from = action.from().isEmpty() ? me.orElse(owner.address()) : action.from();
        return new Decision.Answer(new Mailing("", List.of(to), write(letter, action, owner, from, to, stamp)));
    }

    /// For whom and which answer (RFC 5230 §4.2), as one line.
    public static String key(Sent sent, Action.Vacation action) {
        return sent.from().toLowerCase(Locale.ROOT) + "\0" + action.handle();
    }

    static Optional<Address> address(String path) {
        String bare = path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
        try {
            return bare.isEmpty() ? Optional.empty() : Optional.of(Address.of(bare));
        } catch (BadSyntax e) {
            return Optional.empty();
        }
    }

    private static boolean named(List<String> addresses, String someone) {
        return addresses.stream().anyMatch(one -> one.equalsIgnoreCase(someone));
    }

    /// RFC 3834 §2, RFC 5230 §4.6.
    private static Optional<String> automatic(Letter letter, Address sender) {
        String name = sender.localPart().toLowerCase(Locale.ROOT);
        if (name.startsWith("owner-")
                || name.endsWith("-request")
                || name.endsWith("-owner")
                || Set.of("mailer-daemon", "listserv", "majordomo").contains(name)) {
            return Optional.of("the sender is a system address");
        }
        for (Letter.Line line : letter.lines()) {
            String field = line.name().toLowerCase(Locale.ROOT);
            String value = line.rawValue().toLowerCase(Locale.ROOT);
            if (LIST_FIELDS.contains(field)) {
                return Optional.of("the message came by a mailing list");
            }
            switch (field) {
                case "precedence" -> {
                    if (Set.of("bulk", "list", "junk").contains(value)) {
                        return Optional.of("the message is bulk mail");
                    }
                }
                case "auto-submitted" -> {
                    if (!value.split("[; (]", 2)[0].strip().equals("no")) {
                        return Optional.of("the message was sent by a machine");
                    }
                }
                case "x-auto-response-suppress" -> {
                    for (String word : value.split(",")) {
                        if (word.strip().equals("all") || word.strip().equals("oof")) {
                            return Optional.of("the sender asks for no automatic answer");
                        }
                    }
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    /// The address by which the owner was written to.
    private static Optional<String> me(Letter letter, Sent sent, Action.Vacation action, Owner owner) {
        List<String> mine = new ArrayList<>();
        address(sent.to()).map(Address::toString).ifPresent(mine::add);
        address(sent.originalTo()).map(Address::toString).ifPresent(mine::add);
        mine.add(owner.address());
        mine.addAll(owner.others());
        mine.addAll(action.addresses());
        for (String field : List.of("to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc")) {
            for (Letter.Line line : letter.all(field)) {
                for (AddressList.Mailbox one :
                        AddressList.parse(line.rawValue()).mailboxes()) {
                    String text = one.localPart() + "@" + one.domain();
                    Optional<String> found =
                            mine.stream().filter(text::equalsIgnoreCase).findFirst();
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    // ---- how it reads --------------------------------------------------------------------------------------------

    private static Octets write(
            Letter letter, Action.Vacation action, Owner owner, String from, String to, Mailing.Stamp stamp) {
        List<Field> fields = new ArrayList<>();
        fields.add(Field.ids("Message-ID", List.of(stamp.messageId())));
        fields.add(Field.date("Date", stamp.now()));
        fields.add(addresses("From", from));
        fields.add(addressee(letter, to));
        fields.add(Field.text("Subject", subject(letter, action, owner)));
        // RFC 3834 §3.1.7: "auto-replied" and the id that is answered.
        fields.add(Field.structured("Auto-Submitted", "auto-replied (vacation)"));
        fields.add(Field.structured("Precedence", "bulk"));
        fields.add(Field.structured("X-Auto-Response-Suppress", "All"));
        List<String> answered = ids(letter, "message-id");
        if (!answered.isEmpty()) {
            fields.add(Field.ids("In-Reply-To", answered.subList(0, 1)));
            List<String> references = new ArrayList<>(ids(letter, "references"));
            if (references.isEmpty()) {
                references.addAll(ids(letter, "in-reply-to"));
            }
            references.add(answered.getFirst());
            fields.add(Field.ids(
                    "References",
                    references.size() > MOST_REFERENCES
                            ? references.subList(references.size() - MOST_REFERENCES, references.size())
                            : references));
        }
        if (!action.mime()) {
            return MessageWriter.ASCII.write(new Entity.Text(fields, "plain", action.reason()));
        }
        // RFC 5230 §4.3: the reason is a whole MIME entity, header and all.
        StringBuilder header = new StringBuilder();
        fields.forEach(field -> header.append(field.write(false)));
        header.append("MIME-Version: 1.0\r\n");
        return Octets.of(header + action.reason());
    }

    static Field addresses(String name, String text) {
        return Field.addresses(name, AddressList.parse(text));
    }

    /// The sender's name where the From or Reply-To of the message has it.
    private static Field addressee(Letter letter, String to) {
        for (String name : List.of("sender", "resent-from", "from", "reply-to")) {
            for (Letter.Line line : letter.all(name)) {
                for (AddressList.Mailbox one :
                        AddressList.parse(line.rawValue()).mailboxes()) {
                    if ((one.localPart() + "@" + one.domain()).equalsIgnoreCase(to)) {
                        return Field.addresses("To", AddressList.of(one));
                    }
                }
            }
        }
        return addresses("To", to);
    }

    private static String subject(Letter letter, Action.Vacation action, Owner owner) {
        String original = letter.first("subject").map(Letter.Line::value).orElse("");
        String subject = !action.subject().isEmpty()
                ? action.subject()
                : original.isEmpty()
                        ? "Automated reply"
                        : owner.defaultSubject().replace("%$", original);
        String plain = subject.replaceAll("[\\p{Cntrl}]+", " ").strip();
        if (plain.length() <= LONGEST_SUBJECT) {
            return plain;
        }
        int end = LONGEST_SUBJECT - 1;
        return plain.substring(0, Character.isHighSurrogate(plain.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    private static List<String> ids(Letter letter, String field) {
        List<String> ids = new ArrayList<>();
        letter.first(field).ifPresent(line -> {
            String value = line.rawValue();
            for (int open = value.indexOf('<'); open >= 0; open = value.indexOf('<', open + 1)) {
                int close = value.indexOf('>', open);
                if (close < 0) {
                    break;
                }
                String id = value.substring(open + 1, close);
                if (!id.isEmpty() && id.length() < 900 && id.chars().allMatch(c -> c > ' ' && c < 127 && c != '<')) {
                    ids.add(id);
                }
                open = close;
            }
        });
        return ids;
    }
}
