package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.List;

/// The addresses in a From, To or similar field, in order, groups as groups (RFC 5322 §3.4, §4.4). Immutable.
///
/// The reader goes once from left to right and takes whatever comes: people write these fields too. What has no
/// domain is a mailbox with an empty domain; what has no address at all is one with a name only. Two addresses that
/// no comma separates are two addresses: who checks a From field must see both.
public record AddressList(List<Entry> entries) {
    public static final AddressList EMPTY = new AddressList(List.of());

    public sealed interface Entry {}

    /// One mailbox. All texts as written, quotes undone; octets above 127 as UTF-8.
    ///
    /// @param rawName the name before the address or the comment beside it, encoded words as they are; may be empty
    /// @param route the obsolete source route, `@a,@b`, usually empty
    /// @param localPart without quotes; empty when there was only a name
    /// @param domain empty when there was none
    public record Mailbox(String rawName, String route, String localPart, String domain) implements Entry {
        public Mailbox(String rawName, String localPart, String domain) {
            this(rawName, "", localPart, domain);
        }

        /// The name as people read it; empty for none.
        public String name() {
            return EncodedWords.withoutControls(EncodedWords.decode(rawName));
        }

        /// `local@domain` in wire form, quotes where the local part needs them; the local part alone when there is
        /// no domain; empty when there is neither.
        public String address() {
            String local = HeaderWriter.localPart(localPart);
            return domain.isEmpty() ? local : local + "@" + domain;
        }

        public boolean hasAddress() {
            return !localPart.isEmpty() && !domain.isEmpty();
        }
    }

    /// `name: mailbox, mailbox;` (RFC 5322 §3.4). Groups hold no groups.
    public record Group(String rawName, List<Mailbox> members) implements Entry {
        public Group {
            members = List.copyOf(members);
        }

        public String name() {
            return EncodedWords.withoutControls(EncodedWords.decode(rawName));
        }
    }

    public AddressList {
        entries = List.copyOf(entries);
    }

    public static AddressList of(Mailbox... mailboxes) {
        return new AddressList(List.of(mailboxes));
    }

    /// Reads the unfolded value of a field.
    public static AddressList parse(String value) {
        return value.isEmpty() ? EMPTY : new AddressReader(value).read();
    }

    static AddressList join(List<AddressList> lists) {
        if (lists.size() == 1) {
            return lists.getFirst();
        }
        List<Entry> all = new ArrayList<>();
        for (AddressList list : lists) {
            all.addAll(list.entries);
        }
        return new AddressList(all);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /// All mailboxes, those in groups too.
    public List<Mailbox> mailboxes() {
        List<Mailbox> all = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            switch (entry) {
                case Mailbox mailbox -> all.add(mailbox);
                case Group group -> all.addAll(group.members());
            }
        }
        return all;
    }
}
