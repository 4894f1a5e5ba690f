package tamanoir.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.imap.BodySection;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.FetchItem;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Content;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;

/// FETCH (RFC 9051 §6.4.5) with CHANGEDSINCE and VANISHED (RFC 7162 §3.1.4, §3.2.6).
///
/// Goes over the messages in bundles: for each, \Seen is set where the items ask for it and facts are read in one
/// sweep;
/// then one response a message is written. What the rows know costs no reading at all. Messages are named by UID
/// throughout, as the picture may be renewed between two bundles.
final class FetchCommand {
    private static final int BUNDLE = 256;
    /// Contents are sent slowly perhaps; \Seen should not run far ahead of them.
    private static final int SMALL_BUNDLE = AccountMail.CONTENTS_AT_ONCE;

    private final Session session;

    FetchCommand(Session session) {
        this.session = session;
    }

    Answer run(Command.Fetch command, Wire wire) throws IOException {
        SelectedMailbox box = session.selected();
        if (command.vanished() && !session.qresync()) {
            throw new BadSyntax("ENABLE QRESYNC comes first"); // RFC 7162 §3.2.6
        }
        Uids uids = box.resolve(command.set(), command.uid());
        List<FetchItem> items = items(command);
        if (items.contains(new FetchItem.Modseq()) || command.changedSince() >= 0) {
            session.turnOnCondstore(wire);
        }
        box.look();
        if (command.vanished()) {
            SelectCommand.vanished(session, box, uids, command.changedSince(), wire);
        }
        int[] indexes = box.indexes(uids);
        boolean some = !command.uid() && indexes.length < uids.size();
        long[] wanted = Arrays.stream(indexes)
                .filter(i -> box.view().modseq(i) > command.changedSince())
                .mapToLong(box.view()::uid)
                .toArray();
        boolean unreadable = write(box, items, wanted, wire);
        if (unreadable) {
            return Answer.no(ResponseCode.Plain.UNAVAILABLE, "some messages could not be read");
        }
        // RFC 5530 §3: numbers whose messages have gone
        return some ? Answer.ok(ResponseCode.Plain.EXPUNGEISSUED, "some messages have gone") : Answer.ok("done");
    }

    /// The items asked for, with those that come unasked.
    private List<FetchItem> items(Command.Fetch command) {
        List<FetchItem> items = new ArrayList<>(command.items());
        if (command.uid() && !items.contains(new FetchItem.Uid())) {
            items.addFirst(new FetchItem.Uid()); // RFC 9051 §6.4.9
        }
        boolean flags = items.contains(new FetchItem.Flags());
        boolean counts = session.condstore() && flags;
        if ((command.changedSince() >= 0 || counts) && !items.contains(new FetchItem.Modseq())) {
            items.add(new FetchItem.Modseq()); // RFC 7162 §3.1.4.1
        }
        return items;
    }

    private boolean write(SelectedMailbox box, List<FetchItem> items, long[] wanted, Wire wire) throws IOException {
        boolean seen = !box.readOnly() && items.stream().anyMatch(FetchItem::setsSeen);
        boolean facts = items.stream().anyMatch(FetchCommand::needsFacts);
        boolean octets = items.stream().anyMatch(FetchCommand::needsOctets);
        int bundle = octets ? SMALL_BUNDLE : BUNDLE;
        boolean unreadable = false;
        for (int from = 0; from < wanted.length; from += bundle) {
            long[] some = Arrays.copyOfRange(wanted, from, Math.min(wanted.length, from + bundle));
            Uids newlySeen = seen ? markSeen(box, some) : Uids.NONE;
            List<Optional<MessageFacts>> known = facts ? facts(box.view(), some) : List.of();
            Map<Long, Content> contents = octets && some.length > 1 ? contents(box.view(), some) : Map.of();
            for (int i = 0; i < some.length; i++) {
                int index = box.view().indexOf(some[i]);
                if (index < 0 || (facts && known.get(i).isEmpty())) {
                    continue;
                }
                FetchWriter writer =
                        new FetchWriter(session, box, index, newlySeen.contains(some[i]), contents.get(some[i]), wire);
                try {
                    writer.write(items, facts ? known.get(i) : Optional.empty());
                } catch (BinaryContent.UnknownEncoding e) {
                    throw e;
                } catch (MailboxRefused gone) {
                    // Expunged between the picture and the reading
                    if (!wire.abandon()) {
                        throw gone;
                    }
                } catch (RuntimeException e) {
                    // One message that cannot be read never spoils the others
                    if (!wire.abandon()) {
                        throw e;
                    }
                    session.trace().warn("unreadable message", "uid", some[i], "cause", e);
                    unreadable = true;
                }
            }
        }
        return unreadable;
    }

    /// Sets \Seen where it is missing; answers where it was.
    private Uids markSeen(SelectedMailbox box, long[] some) {
        View view = box.view();
        Uids.Builder unseen = new Uids.Builder();
        for (long uid : some) {
            int index = view.indexOf(uid);
            if (index >= 0 && (view.systemFlags(index) & Flags.SEEN) == 0) {
                unseen.add(uid);
            }
        }
        Uids uids = unseen.build();
        if (!uids.isEmpty()) {
            session.mail()
                    .store(box.id(), uids, AccountMail.FlagOperation.ADD, Flags.of(List.of("\\Seen")), Long.MAX_VALUE);
            box.look();
        }
        return uids;
    }

    private List<Optional<MessageFacts>> facts(View view, long[] uids) {
        List<MessageId> messages = new ArrayList<>(uids.length);
        List<Integer> places = new ArrayList<>(uids.length);
        for (int i = 0; i < uids.length; i++) {
            int index = view.indexOf(uids[i]);
            if (index >= 0) {
                messages.add(view.message(index));
                places.add(i);
            }
        }
        List<Optional<MessageFacts>> found = session.mail().facts(messages);
        List<Optional<MessageFacts>> all =
                new ArrayList<>(java.util.Collections.nCopies(uids.length, Optional.empty()));
        for (int i = 0; i < found.size(); i++) {
            all.set(places.get(i), found.get(i));
        }
        return all;
    }

    /// By UID. Those that are missing are read one by one, so that a message that cannot be read spoils no other.
    private Map<Long, Content> contents(View view, long[] uids) {
        long[] here = Arrays.stream(uids).filter(uid -> view.indexOf(uid) >= 0).toArray();
        List<MessageId> messages = Arrays.stream(here)
                .mapToObj(uid -> view.message(view.indexOf(uid)))
                .toList();
        Map<Long, Content> found = HashMap.newHashMap(here.length);
        try {
            List<Optional<Content>> contents = session.mail().contents(messages);
            for (int i = 0; i < here.length; i++) {
                long uid = here[i];
                contents.get(i).ifPresent(content -> found.put(uid, content));
            }
        } catch (RuntimeException e) {
            session.trace().debug("contents are read one by one", "cause", e);
            found.clear();
        }
        return found;
    }

    private static boolean needsFacts(FetchItem item) {
        return switch (item) {
            case FetchItem.Envelope e -> true;
            case FetchItem.Structure s -> true;
            case FetchItem.Preview p -> true;
            case FetchItem.Body body -> !body.section().equals(BodySection.WHOLE);
            case FetchItem.Rfc822 old -> old.kind() != BodySection.Kind.ALL;
            case FetchItem.Binary binary -> !binary.part().isEmpty();
            case FetchItem.BinarySize size -> !size.part().isEmpty();
            case FetchItem.Flags f -> false;
            case FetchItem.InternalDate d -> false;
            case FetchItem.Rfc822Size s -> false;
            case FetchItem.Uid u -> false;
            case FetchItem.Modseq m -> false;
            case FetchItem.EmailId e -> false;
            case FetchItem.ThreadId t -> false;
            case FetchItem.SaveDate s -> false;
        };
    }

    private static boolean needsOctets(FetchItem item) {
        return switch (item) {
            case FetchItem.Body b -> true;
            case FetchItem.Rfc822 r -> true;
            case FetchItem.Binary b -> true;
            case FetchItem.BinarySize b -> true;
            case FetchItem.Envelope e -> false;
            case FetchItem.Structure s -> false;
            case FetchItem.Preview p -> false;
            case FetchItem.Flags f -> false;
            case FetchItem.InternalDate d -> false;
            case FetchItem.Rfc822Size s -> false;
            case FetchItem.Uid u -> false;
            case FetchItem.Modseq m -> false;
            case FetchItem.EmailId e -> false;
            case FetchItem.ThreadId t -> false;
            case FetchItem.SaveDate s -> false;
        };
    }
}
