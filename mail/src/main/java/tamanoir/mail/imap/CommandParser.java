package tamanoir.mail.imap;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Reads one command from its octets: the line, and where it announces literals these and what follows them, all as
/// they came, without the last line ending.
///
/// [#tag] first, so that even a wrong command gets its answer under its tag; then [#command]. APPEND is
/// [AppendParser]'s.
public final class CommandParser {
    private final Scanner in;

    public CommandParser(Octets whole) {
        this.in = new Scanner(whole);
    }

    /// @throws BadSyntax when the line does not begin with a tag: there is nothing to answer to but `* BAD`
    public String tag() {
        StringBuilder tag = new StringBuilder();
        // RFC 9051 §9: tag = 1*<any ASTRING-CHAR except "+">
        while (in.peek() != '+' && (Scanner.isAtomChar(in.peek()) || in.peek() == ']')) {
            tag.append((char) in.peek());
            in.takes((char) in.peek());
        }
        if (tag.isEmpty() || tag.length() > 200) {
            throw new BadSyntax("a command begins with a tag");
        }
        in.space();
        return tag.toString();
    }

    /// Follows [#tag].
    public Command command() {
        String word = in.word();
        boolean uid = word.equals("UID");
        if (uid) {
            in.space();
            word = in.word();
        }
        Command command = uid ? uidCommand(word) : plainCommand(word);
        if (!(command instanceof Command.Unknown)) {
            in.end();
        }
        return command;
    }

    private Command uidCommand(String word) {
        return switch (word) {
            case "FETCH" -> fetch(true);
            case "STORE" -> store(true);
            case "SEARCH" -> search(true);
            case "COPY" -> new Command.Copy(true, set(), argument());
            case "MOVE" -> new Command.Move(true, set(), argument());
            case "EXPUNGE" -> new Command.UidExpunge(set());
            case "SORT" -> sort(true);
            case "THREAD" -> thread(true);
            default -> new Command.Unknown("UID " + word);
        };
    }

    private Command plainCommand(String word) {
        return switch (word) {
            case "CAPABILITY" -> new Command.Capability();
            case "NOOP" -> new Command.Noop();
            case "LOGOUT" -> new Command.Logout();
            case "ID" -> id();
            case "STARTTLS" -> new Command.StartTls();
            case "AUTHENTICATE" -> authenticate();
            case "LOGIN" -> new Command.Login(argument(), argument());
            case "ENABLE" -> enable();
            case "SELECT" -> select(false);
            case "EXAMINE" -> select(true);
            case "CREATE" -> create();
            case "DELETE" -> new Command.Delete(argument());
            case "RENAME" -> new Command.Rename(argument(), argument());
            case "SUBSCRIBE" -> new Command.Subscribe(argument());
            case "UNSUBSCRIBE" -> new Command.Unsubscribe(argument());
            case "LIST" -> listing();
            case "LSUB" -> {
                Octets reference = argument();
                in.space();
                yield new Command.Lsub(reference, in.listMailbox());
            }
            case "NAMESPACE" -> new Command.Namespace();
            case "STATUS" -> {
                Octets mailbox = argument();
                in.space();
                yield new Command.Status(mailbox, statusItems());
            }
            case "IDLE" -> new Command.Idle();
            case "GETQUOTA" -> new Command.GetQuota(argument());
            case "GETQUOTAROOT" -> new Command.GetQuotaRoot(argument());
            case "CHECK" -> new Command.Check();
            case "CLOSE" -> new Command.Close();
            case "UNSELECT" -> new Command.Unselect();
            case "EXPUNGE" -> new Command.Expunge();
            case "SEARCH" -> search(false);
            case "SORT" -> sort(false);
            case "THREAD" -> thread(false);
            case "FETCH" -> fetch(false);
            case "STORE" -> store(false);
            case "COPY" -> new Command.Copy(false, set(), argument());
            case "MOVE" -> new Command.Move(false, set(), argument());
            default -> new Command.Unknown(word);
        };
    }

    private Octets argument() {
        in.space();
        return in.astring();
    }

    private SequenceSet set() {
        in.space();
        return in.sequenceSet();
    }

    // ---- any state, not authenticated --------------------------------------------------------------------------

    private Command id() {
        in.space();
        List<String> fields = new ArrayList<>();
        if (in.takes('(')) {
            while (!in.takes(')')) {
                if (!fields.isEmpty()) {
                    in.space();
                }
                fields.add(in.string().utf8());
                in.space();
                fields.add(in.nstring().utf8());
                // RFC 2971 §3.3: 30 pairs, 30 octets a name, 1024 a value
                if (fields.size() > 60
                        || fields.get(fields.size() - 2).length() > 30
                        || fields.getLast().length() > 1024) {
                    throw new BadSyntax("ID takes 30 fields, names of 30 and values of 1024 octets");
                }
            }
        } else if (!in.word().equals("NIL")) {
            throw new BadSyntax("ID takes a list or NIL");
        }
        return new Command.Id(fields);
    }

    private Command authenticate() {
        in.space();
        String mechanism = in.word();
        String initial = "";
        if (in.takes(' ')) {
            StringBuilder base64 = new StringBuilder();
            while (in.peek() > ' ' && in.peek() < 127) {
                base64.append((char) in.peek());
                in.takes((char) in.peek());
            }
            initial = base64.toString();
            if (initial.isEmpty()) {
                throw new BadSyntax("an empty initial response is written =");
            }
        }
        return new Command.Authenticate(mechanism, initial);
    }

    // ---- authenticated -----------------------------------------------------------------------------------------

    private Command enable() {
        List<String> names = new ArrayList<>();
        do {
            in.space();
            names.add(in.word());
        } while (!in.atEnd());
        return new Command.Enable(names);
    }

    private Command select(boolean readOnly) {
        Octets mailbox = argument();
        boolean condstore = false;
        Command.Resync resync = Command.Resync.NONE;
        if (in.takes(' ')) {
            in.expect('(');
            do {
                switch (in.word()) {
                    case "CONDSTORE" -> condstore = true;
                    case "QRESYNC" -> resync = resync();
                    default -> throw new BadSyntax("SELECT knows CONDSTORE and QRESYNC");
                }
            } while (in.takes(' '));
            in.expect(')');
        }
        return new Command.Select(mailbox, readOnly, condstore, resync);
    }

    /// RFC 7162 §7: `(uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data])`.
    private Command.Resync resync() {
        in.space();
        in.expect('(');
        long validity = in.positive();
        in.space();
        long modseq = in.positive();
        List<SequenceSet.Range> known = List.of();
        List<SequenceSet.Range> sequence = List.of();
        List<SequenceSet.Range> uids = List.of();
        boolean blank = in.takes(' ');
        if (blank && in.peek() != '(') {
            known = in.plainSet().ranges();
            blank = in.takes(' ');
        }
        if (blank) {
            in.expect('(');
            sequence = in.plainSet().ranges();
            in.space();
            uids = in.plainSet().ranges();
            in.expect(')');
        }
        in.expect(')');
        return new Command.Resync(true, validity, modseq, known, sequence, uids);
    }

    private Command create() {
        Octets mailbox = argument();
        List<String> uses = new ArrayList<>();
        if (in.takes(' ')) {
            in.expect('(');
            if (!in.word().equals("USE")) {
                throw new BadSyntax("CREATE knows USE");
            }
            in.space();
            uses.addAll(in.flagList());
            in.expect(')');
        }
        return new Command.Create(mailbox, uses);
    }

    private Command listing() {
        in.space();
        boolean extended = in.peek() == '(';
        Set<Command.ListSelection> selection = EnumSet.noneOf(Command.ListSelection.class);
        if (extended) {
            selection.addAll(listSelection());
            in.space();
        }
        Octets reference = in.astring();
        in.space();
        List<Octets> patterns = new ArrayList<>();
        if (in.takes('(')) {
            extended = true;
            do {
                patterns.add(in.listMailbox());
            } while (in.takes(' '));
            in.expect(')');
        } else {
            patterns.add(in.listMailbox());
        }
        Set<Command.ListReturn> returns = EnumSet.noneOf(Command.ListReturn.class);
        List<Command.StatusItem> status = List.of();
        if (in.takes(' ')) {
            extended = true;
            if (!in.word().equals("RETURN")) {
                throw new BadSyntax("expected RETURN");
            }
            in.space();
            in.expect('(');
            for (boolean first = true; !in.takes(')'); first = false) {
                if (!first) {
                    in.space();
                }
                switch (in.word()) {
                    case "SUBSCRIBED" -> returns.add(Command.ListReturn.SUBSCRIBED);
                    case "CHILDREN" -> returns.add(Command.ListReturn.CHILDREN);
                    case "SPECIAL-USE" -> returns.add(Command.ListReturn.SPECIAL_USE);
                    case "STATUS" -> {
                        in.space();
                        status = statusItems();
                    }
                    default -> throw new BadSyntax("LIST does not know this return option");
                }
            }
        }
        return new Command.Listing(extended, selection, reference, patterns, returns, status);
    }

    private Set<Command.ListSelection> listSelection() {
        in.expect('(');
        Set<Command.ListSelection> selection = EnumSet.noneOf(Command.ListSelection.class);
        for (boolean first = true; !in.takes(')'); first = false) {
            if (!first) {
                in.space();
            }
            selection.add(
                    switch (in.word()) {
                        case "SUBSCRIBED" -> Command.ListSelection.SUBSCRIBED;
                        case "REMOTE" -> Command.ListSelection.REMOTE;
                        case "RECURSIVEMATCH" -> Command.ListSelection.RECURSIVEMATCH;
                        case "SPECIAL-USE" -> Command.ListSelection.SPECIAL_USE;
                        default -> throw new BadSyntax("LIST does not know this selection option");
                    });
        }
        // RFC 5258 §3: RECURSIVEMATCH needs a base option, and REMOTE is none
        if (selection.contains(Command.ListSelection.RECURSIVEMATCH)
                && !selection.contains(Command.ListSelection.SUBSCRIBED)
                && !selection.contains(Command.ListSelection.SPECIAL_USE)) {
            throw new BadSyntax("RECURSIVEMATCH needs another selection option");
        }
        return selection;
    }

    private List<Command.StatusItem> statusItems() {
        in.expect('(');
        List<Command.StatusItem> items = new ArrayList<>();
        do {
            items.add(
                    switch (in.word()) {
                        case "MESSAGES" -> Command.StatusItem.MESSAGES;
                        case "RECENT" -> Command.StatusItem.RECENT;
                        case "UIDNEXT" -> Command.StatusItem.UIDNEXT;
                        case "UIDVALIDITY" -> Command.StatusItem.UIDVALIDITY;
                        case "UNSEEN" -> Command.StatusItem.UNSEEN;
                        case "DELETED" -> Command.StatusItem.DELETED;
                        case "SIZE" -> Command.StatusItem.SIZE;
                        case "HIGHESTMODSEQ" -> Command.StatusItem.HIGHESTMODSEQ;
                        case "APPENDLIMIT" -> Command.StatusItem.APPENDLIMIT;
                        case "MAILBOXID" -> Command.StatusItem.MAILBOXID;
                        default -> throw new BadSyntax("STATUS does not know this item");
                    });
        } while (in.takes(' '));
        in.expect(')');
        return items;
    }

    // ---- selected ----------------------------------------------------------------------------------------------

    private Command fetch(boolean uid) {
        SequenceSet set = set();
        in.space();
        List<FetchItem> items = new FetchItemParser(in).items();
        long changedSince = -1;
        boolean vanished = false;
        if (in.takes(' ')) {
            in.expect('(');
            do {
                switch (in.word()) {
                    case "CHANGEDSINCE" -> {
                        in.space();
                        changedSince = in.positive();
                    }
                    case "VANISHED" -> vanished = true;
                    default -> throw new BadSyntax("FETCH knows CHANGEDSINCE and VANISHED");
                }
            } while (in.takes(' '));
            in.expect(')');
        }
        if (vanished && (!uid || changedSince < 0)) {
            // RFC 7162 §3.2.6
            throw new BadSyntax("VANISHED goes with UID FETCH and CHANGEDSINCE");
        }
        return new Command.Fetch(uid, set, items, changedSince, vanished);
    }

    private Command store(boolean uid) {
        SequenceSet set = set();
        in.space();
        long unchangedSince = Long.MAX_VALUE;
        if (in.takes('(')) {
            if (!in.word().equals("UNCHANGEDSINCE")) {
                throw new BadSyntax("STORE knows UNCHANGEDSINCE");
            }
            in.space();
            unchangedSince = in.number();
            in.expect(')');
            in.space();
        }
        Command.StoreMode mode = in.takes('+')
                ? Command.StoreMode.ADD
                : in.takes('-') ? Command.StoreMode.REMOVE : Command.StoreMode.REPLACE;
        boolean silent = switch (in.word()) {
            case "FLAGS" -> false;
            case "FLAGS.SILENT" -> true;
            default -> throw new BadSyntax("STORE knows FLAGS and FLAGS.SILENT");
        };
        in.space();
        List<String> flags = new ArrayList<>();
        if (in.peek() == '(') {
            flags.addAll(in.flagList());
        } else {
            do {
                flags.add(in.flag());
            } while (in.takes(' '));
        }
        return new Command.Store(uid, set, mode, silent, flags, unchangedSince);
    }

    private Command search(boolean uid) {
        SearchParser search = new SearchParser(in);
        in.space();
        SearchReturn returns = search.returns();
        return new Command.Search(uid, returns, search.program(true));
    }

    private Command sort(boolean uid) {
        SearchParser search = new SearchParser(in);
        in.space();
        SearchReturn returns = search.returns();
        List<Command.SortKey> order = search.order();
        in.space();
        search.charset(in.astring().latin1());
        in.space();
        return new Command.Sort(uid, returns, order, search.program(false));
    }

    private Command thread(boolean uid) {
        SearchParser search = new SearchParser(in);
        in.space();
        String algorithm = in.word();
        in.space();
        search.charset(in.astring().latin1());
        in.space();
        return new Command.Threads(uid, algorithm, search.program(false));
    }
}
