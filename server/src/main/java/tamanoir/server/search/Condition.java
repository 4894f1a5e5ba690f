package tamanoir.server.search;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.server.mailbox.MailboxId;

/// What a message must be like: the filters of RFC 8621 §4.4.1 and the operators of RFC 8620 §5.5, as a tree.
public sealed interface Condition {
    /// Every message.
    static Condition all() {
        return new And(List.of());
    }

    record And(List<Condition> all) implements Condition {
        public And {
            all = List.copyOf(all);
        }
    }

    record Or(List<Condition> any) implements Condition {
        public Or {
            any = List.copyOf(any);
        }
    }

    /// RFC 8620 §5.5: none of them.
    record Not(List<Condition> none) implements Condition {
        public Not {
            none = List.copyOf(none);
        }
    }

    record InMailbox(MailboxId mailbox) implements Condition {}

    /// It is in a mailbox that is none of these.
    record InMailboxOtherThan(Set<MailboxId> mailboxes) implements Condition {
        public InMailboxOtherThan {
            mailboxes = Set.copyOf(mailboxes);
        }
    }

    /// Received before that moment.
    record Before(Instant instant) implements Condition {}

    /// Received at that moment or later.
    record After(Instant instant) implements Condition {}

    /// As large as that or larger.
    record MinSize(long octets) implements Condition {}

    /// Smaller than that.
    record MaxSize(long octets) implements Condition {}

    record HasKeyword(String keyword) implements Condition {}

    record AllInThreadHaveKeyword(String keyword) implements Condition {}

    record SomeInThreadHaveKeyword(String keyword) implements Condition {}

    record NoneInThreadHaveKeyword(String keyword) implements Condition {}

    record HasAttachment(boolean yes) implements Condition {}

    /// Words in one field or in all of them, as a person types them: [Words].
    record Text(Field field, String words) implements Condition {}

    /// There is a header field of that name whose value contains the text; the empty one is in every value.
    record Header(String name, String text) implements Condition {}

    /// Where [Text] looks.
    enum Field {
        /// From, To, Cc, Bcc, Subject and the body (RFC 8621 §4.4.1).
        ANY,
        FROM,
        TO,
        CC,
        BCC,
        SUBJECT,
        BODY
    }

    default boolean dependsOnKeywords() {
        return switch (this) {
            case And and -> and.all().stream().anyMatch(Condition::dependsOnKeywords);
            case Or or -> or.any().stream().anyMatch(Condition::dependsOnKeywords);
            case Not not -> not.none().stream().anyMatch(Condition::dependsOnKeywords);
            case HasKeyword _, AllInThreadHaveKeyword _, SomeInThreadHaveKeyword _, NoneInThreadHaveKeyword _ -> true;
            case InMailbox _, InMailboxOtherThan _ -> false;
            case Before _, After _, MinSize _, MaxSize _, HasAttachment _, Text _, Header _ -> false;
        };
    }

    default boolean dependsOnThreads() {
        return switch (this) {
            case And and -> and.all().stream().anyMatch(Condition::dependsOnThreads);
            case Or or -> or.any().stream().anyMatch(Condition::dependsOnThreads);
            case Not not -> not.none().stream().anyMatch(Condition::dependsOnThreads);
            case AllInThreadHaveKeyword _, SomeInThreadHaveKeyword _, NoneInThreadHaveKeyword _ -> true;
            case HasKeyword _, InMailbox _, InMailboxOtherThan _ -> false;
            case Before _, After _, MinSize _, MaxSize _, HasAttachment _, Text _, Header _ -> false;
        };
    }

    default boolean dependsOnMailboxes() {
        return switch (this) {
            case And and -> and.all().stream().anyMatch(Condition::dependsOnMailboxes);
            case Or or -> or.any().stream().anyMatch(Condition::dependsOnMailboxes);
            case Not not -> not.none().stream().anyMatch(Condition::dependsOnMailboxes);
            case InMailbox _, InMailboxOtherThan _ -> true;
            case HasKeyword _, AllInThreadHaveKeyword _, SomeInThreadHaveKeyword _, NoneInThreadHaveKeyword _ -> false;
            case Before _, After _, MinSize _, MaxSize _, HasAttachment _, Text _, Header _ -> false;
        };
    }

    /// The mailbox that every message found must be in, if the tree says so at its top.
    default Optional<MailboxId> onlyMailbox() {
        return switch (this) {
            case InMailbox in -> Optional.of(in.mailbox());
            case And and ->
                and.all().stream()
                        .map(Condition::onlyMailbox)
                        .flatMap(Optional::stream)
                        .findFirst();
            case Or or -> or.any().size() == 1 ? or.any().getFirst().onlyMailbox() : Optional.empty();
            case Not _, InMailboxOtherThan _, Before _, After _, MinSize _, MaxSize _ -> Optional.empty();
            case HasKeyword _, AllInThreadHaveKeyword _, SomeInThreadHaveKeyword _, NoneInThreadHaveKeyword _ ->
                Optional.empty();
            case HasAttachment _, Text _, Header _ -> Optional.empty();
        };
    }

    /// Whether no mailbox but this one matters.
    default boolean asksOnlyOf(MailboxId mailbox) {
        return switch (this) {
            case And and -> and.all().stream().allMatch(inner -> inner.asksOnlyOf(mailbox));
            case Or or -> or.any().stream().allMatch(inner -> inner.asksOnlyOf(mailbox));
            case Not not -> not.none().stream().allMatch(inner -> inner.asksOnlyOf(mailbox));
            case InMailbox in -> in.mailbox().equals(mailbox);
            case InMailboxOtherThan _ -> false;
            // Copies in other mailboxes may have other flags.
            case HasKeyword _, AllInThreadHaveKeyword _, SomeInThreadHaveKeyword _, NoneInThreadHaveKeyword _ -> false;
            case Before _, After _, MinSize _, MaxSize _, HasAttachment _, Text _, Header _ -> true;
        };
    }

    /// Whether an index of texts helps to answer it.
    default boolean readsTexts() {
        return switch (this) {
            case And and -> and.all().stream().anyMatch(Condition::readsTexts);
            case Or or -> or.any().stream().anyMatch(Condition::readsTexts);
            case Not not -> not.none().stream().anyMatch(Condition::readsTexts);
            case Text _, HasAttachment _ -> true;
            case InMailbox _, InMailboxOtherThan _, Before _, After _, MinSize _, MaxSize _, Header _ -> false;
            case HasKeyword _, AllInThreadHaveKeyword _, SomeInThreadHaveKeyword _, NoneInThreadHaveKeyword _ -> false;
        };
    }
}
