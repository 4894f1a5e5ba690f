package tamanoir.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.Command.ListReturn;
import tamanoir.mail.imap.Command.ListSelection;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.MailboxInfo;

/// LIST and LSUB (RFC 9051 §6.3.9, RFC 3501 §6.3.9, RFC 5258, RFC 5819, RFC 6154).
///
/// Reference and pattern are joined as they are (`"a/" "b"` means `a/b`), as SELECT would read the result.
final class ListCommand {
    private final Session session;

    ListCommand(Session session) {
        this.session = session;
    }

    /// One name on the way to the client; `info` is none for a name that exists only as a subscription or a parent.
    private record Entry(String name, List<MailboxInfo> info, boolean subscribed, boolean childSubscribed) {
        boolean selectable() {
            return !info.isEmpty() && info.getFirst().selectable();
        }

        boolean special() {
            return selectable() && info.getFirst().role().isPresent();
        }
    }

    Answer list(Command.Listing command, Wire wire) throws IOException {
        session.mail();
        // RFC 9051 §6.3.9: an empty name asks for separator and root; RFC 5258 §3 has no such exception
        if (!command.extended() && command.patterns().getFirst().isEmpty()) {
            wire.text("* LIST (\\Noselect) \"/\" \"\"").crlf();
            return Answer.ok("done");
        }
        List<ListPattern> patterns = patterns(command.reference(), command.patterns());
        Set<ListSelection> selection = command.selection();
        boolean recursive = selection.contains(ListSelection.RECURSIVEMATCH);
        StatusCommand status = new StatusCommand(session);
        Map<String, Entry> entries = entries();
        for (Entry entry : entries.values()) {
            if (patterns.stream().noneMatch(p -> p.matches(entry.name()))) {
                continue;
            }
            boolean itself = isSelected(entry, selection);
            // RFC 5258 §3.5: a parent is named for a child that matches the selection but not the pattern
            List<String> childInfo = recursive ? childInfo(entry, entries, selection, patterns) : List.of();
            if (!itself && childInfo.isEmpty()) {
                continue;
            }
            write(command, entry, childInfo, wire);
            if (!command.status().isEmpty() && entry.selectable()) {
                status.write(entry.info().getFirst(), command.status(), wire);
            }
        }
        return Answer.ok("done");
    }

    private List<ListPattern> patterns(Octets reference, List<Octets> patterns) {
        Names names = session.names();
        List<ListPattern> joined = new ArrayList<>();
        for (Octets pattern : patterns) {
            // What is no name is well formed all the same, and matches no mailbox
            try {
                joined.add(new ListPattern(names.plain(reference) + names.plain(pattern)));
            } catch (Names.Impossible e) {
                session.trace().debug("pattern", "problem", String.valueOf(e.getMessage()));
            }
        }
        return joined;
    }

    /// Every name there is: mailboxes, their parents, subscriptions. INBOX first, then by name.
    private Map<String, Entry> entries() {
        List<MailboxInfo> mailboxes = session.mail().list();
        Set<String> subscriptions = session.mail().subscriptions();
        Map<String, MailboxInfo> known = new TreeMap<>(ListCommand::order);
        mailboxes.forEach(info -> known.put(info.name(), info));
        Set<String> names = new TreeSet<>(ListCommand::order);
        names.addAll(known.keySet());
        names.addAll(subscriptions);
        Set<String> parents = new HashSet<>();
        Set<String> aboveSubscribed = new HashSet<>();
        for (String name : names) {
            for (int at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
                if (known.containsKey(name)) {
                    parents.add(name.substring(0, at));
                }
                if (subscriptions.contains(name)) {
                    aboveSubscribed.add(name.substring(0, at));
                }
            }
        }
        names.addAll(parents);
        names.addAll(aboveSubscribed);
        Map<String, Entry> entries = new TreeMap<>(ListCommand::order);
        for (String name : names) {
            MailboxInfo info = known.get(name);
            entries.put(
                    name,
                    new Entry(
                            name,
                            info == null ? List.of() : List.of(info),
                            subscriptions.contains(name),
                            aboveSubscribed.contains(name)));
        }
        return entries;
    }

    private static int order(String a, String b) {
        boolean inboxA = a.equals("INBOX");
        boolean inboxB = b.equals("INBOX");
        return inboxA || inboxB ? Boolean.compare(inboxB, inboxA) : a.compareTo(b);
    }

    private static boolean isSelected(Entry entry, Set<ListSelection> selection) {
        if (selection.contains(ListSelection.SUBSCRIBED) && !entry.subscribed()) {
            return false;
        }
        if (selection.contains(ListSelection.SPECIAL_USE) && !entry.special()) {
            return false;
        }
        // Without a selection, what is only a subscription is no mailbox; a parent of mailboxes shows as \NonExistent
        return selection.contains(ListSelection.SUBSCRIBED) || !entry.info().isEmpty();
    }

    /// The selection options that a child of `entry` fulfils which the patterns do not name itself.
    private static List<String> childInfo(
            Entry entry, Map<String, Entry> entries, Set<ListSelection> selection, List<ListPattern> patterns) {
        for (Entry child : entries.values()) {
            if (child.name().startsWith(entry.name() + "/")
                    && isSelected(child, selection)
                    && patterns.stream().noneMatch(p -> p.matches(child.name()))) {
                List<String> options = new ArrayList<>();
                if (selection.contains(ListSelection.SUBSCRIBED)) {
                    options.add("SUBSCRIBED");
                }
                if (selection.contains(ListSelection.SPECIAL_USE)) {
                    options.add("SPECIAL-USE");
                }
                return options;
            }
        }
        return List.of();
    }

    private void write(Command.Listing command, Entry entry, List<String> childInfo, Wire wire) throws IOException {
        List<String> attributes = new ArrayList<>();
        if (entry.info().isEmpty()) {
            attributes.add("\\NonExistent");
        } else if (!entry.selectable()) {
            attributes.add(command.extended() ? "\\NonExistent" : "\\Noselect");
        }
        boolean subscribed = command.returns().contains(ListReturn.SUBSCRIBED)
                || command.selection().contains(ListSelection.SUBSCRIBED);
        if (subscribed && entry.subscribed()) {
            attributes.add("\\Subscribed");
        }
        // RFC 3348: told to everybody, as all servers do; RFC 5258 §4 asks for it by name
        if (!command.extended() || command.returns().contains(ListReturn.CHILDREN)) {
            boolean children =
                    !entry.info().isEmpty() && entry.info().getFirst().hasChildren();
            attributes.add(children ? "\\HasChildren" : "\\HasNoChildren");
        }
        if (entry.special()) {
            // RFC 6154 §2: may be told to everybody, and old clients need that
            attributes.add(attribute(entry.info().getFirst().role().orElseThrow()));
        }
        line("LIST", attributes, entry.name(), wire);
        if (!childInfo.isEmpty()) {
            wire.text(" (CHILDINFO (");
            for (int i = 0; i < childInfo.size(); i++) {
                wire.text(i == 0 ? "\"" : " \"").text(childInfo.get(i)).character('"');
            }
            wire.text("))");
        }
        wire.crlf();
    }

    private static String attribute(MailboxInfo.Role role) {
        String name = role.name();
        return "\\" + name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private void line(String response, List<String> attributes, String name, Wire wire) throws IOException {
        wire.text("* ")
                .text(response)
                .text(" (")
                .text(String.join(" ", attributes))
                .text(") \"/\" ");
        wire.astring(session.names().encode(name));
    }

    /// LSUB (RFC 3501 §6.3.9): subscriptions, and with `%` the parents of deeper ones as \Noselect.
    Answer lsub(Command.Lsub command, Wire wire) throws IOException {
        session.mail();
        if (command.pattern().isEmpty()) {
            wire.text("* LSUB (\\Noselect) \"/\" \"\"").crlf();
            return Answer.ok("done");
        }
        List<ListPattern> patterns = patterns(command.reference(), List.of(command.pattern()));
        boolean levels = command.pattern().indexOf('%', 0) >= 0;
        for (Entry entry : entries().values()) {
            if (patterns.stream().noneMatch(p -> p.matches(entry.name()))) {
                continue;
            }
            if (entry.subscribed()) {
                line("LSUB", List.of(), entry.name(), wire);
                wire.crlf();
            } else if (levels && entry.childSubscribed()) {
                line("LSUB", List.of("\\Noselect"), entry.name(), wire);
                wire.crlf();
            }
        }
        return Answer.ok("done");
    }
}
