package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MailboxRefused.Reason;

/// The rules of making, renaming and deleting mailboxes (RFC 9051 §6.3.4 to §6.3.8, RFC 6154 §3), applied to one edit.
///
/// Names are looked up in the edit, so that several steps of one change see one another.
final class Structure {
    private final Edit edit;
    private final MailboxSettings settings;

    Structure(Edit edit, MailboxSettings settings) {
        this.edit = edit;
        this.settings = settings;
    }

    /// Makes a mailbox and the missing ones above it; answers its number.
    int create(String wanted, Optional<Role> role) {
        String name = Names.forNew(wanted);
        int there = edit.id(name);
        Box old = edit.box(there);
        if (old != null && !old.row().placeholder()) {
            throw new MailboxRefused(Reason.ALREADYEXISTS, "there is a mailbox of that name already");
        }
        role.ifPresent(this::checkFree);
        if (old != null) {
            edit.revive(there, role, edit.takeOrphan(name) || old.row().subscribed());
            return there;
        }
        int parent = parentOf(name);
        if (edit.mailboxCount() >= settings.mostMailboxes()) {
            throw new MailboxRefused(
                    Reason.LIMIT, "an account has at most " + settings.mostMailboxes() + " mailboxes; delete some");
        }
        return edit.makeMailbox(parent, Names.lastLevel(name), role, edit.takeOrphan(name));
    }

    /// As JMAP makes one: below a mailbox that there is.
    int create(MailboxForm form) {
        int id = create(fullName(form), form.role());
        if (form.subscribed() != Objects.requireNonNull(edit.box(id)).row().subscribed()) {
            edit.subscribe(id, form.subscribed());
        }
        if (form.sortOrder().isPresent()) {
            edit.arrange(id, form.role(), form.sortOrder().getAsInt() + 1);
        }
        return id;
    }

    void change(int id, MailboxForm form) {
        Box box = edit.box(id);
        if (box == null) {
            throw nonexistent();
        }
        String old = edit.name(id);
        String name = old.equals(Names.INBOX)
                        && form.parent().isEmpty()
                        && form.name().equalsIgnoreCase(old)
                ? old
                : fullName(form);
        if (!name.equals(old)) {
            if (old.equals(Names.INBOX)) {
                throw new MailboxRefused(Reason.CANNOT, "INBOX keeps its name and place");
            }
            rename(old, name);
        }
        MailboxRow row = Objects.requireNonNull(edit.box(id)).row();
        if (!form.role().equals(row.special())) {
            form.role().ifPresent(this::checkFree);
        }
        int sortOrder = form.sortOrder().isPresent() ? form.sortOrder().getAsInt() + 1 : row.sortOrder();
        if (!form.role().equals(row.special()) || sortOrder != row.sortOrder()) {
            edit.arrange(id, form.role(), sortOrder);
        }
        if (form.subscribed() != row.subscribed()) {
            edit.subscribe(id, form.subscribed());
        }
    }

    private String fullName(MailboxForm form) {
        if (form.name().indexOf(Names.SEPARATOR) >= 0) {
            throw new MailboxRefused(Reason.CANNOT, "a mailbox name has no /");
        }
        if (form.parent().isEmpty()) {
            return Names.folded(form.name());
        }
        int parent = form.parent().get().number();
        if (edit.box(parent) == null) {
            throw nonexistent();
        }
        return Names.folded(edit.name(parent) + Names.SEPARATOR + form.name());
    }

    /// RFC 9051 §6.3.4: the server SHOULD create the names above. They are full mailboxes, because JMAP knows no
    /// others.
    private int parentOf(String name) {
        String above = Names.parent(name);
        if (above.isEmpty()) {
            return 0;
        }
        int there = edit.id(above);
        return there != 0 ? there : create(above, Optional.empty());
    }

    /// RFC 8621 §2: no two mailboxes have the same role.
    private void checkFree(Role role) {
        for (Box box : edit.boxes()) {
            if (box.row().special().equals(Optional.of(role))) {
                throw new MailboxRefused(
                        Reason.USEATTR, "the special use belongs to " + edit.name(box.id()) + " already");
            }
        }
    }

    void delete(String wanted) {
        String name = Names.folded(wanted);
        int id = edit.id(name);
        Box box = edit.box(id);
        if (box == null) {
            throw nonexistent();
        }
        if (name.equals(Names.INBOX)) {
            throw new MailboxRefused(Reason.CANNOT, "INBOX cannot be deleted"); // RFC 9051 §6.3.5
        }
        boolean hasChildren = edit.hasChildren(id);
        if (box.row().placeholder() && hasChildren) {
            throw new MailboxRefused(Reason.HASCHILDREN, "delete the mailboxes below it first");
        }
        if (hasChildren && 3L * edit.childCount(id) + 16 > edit.room()) {
            throw new MailboxRefused(Reason.HASCHILDREN, "too many mailboxes lie below it; delete some of them first");
        }
        // RFC 9051 §6.3.7: the subscription outlives the mailbox.
        if (box.row().subscribed()) {
            edit.addOrphan(name);
        }
        edit.dropMailbox(id, hasChildren);
        dropEmptyPlaceholders(box.row().parent());
    }

    /// A name that was kept for its children goes with the last of them.
    private void dropEmptyPlaceholders(int from) {
        int id = from;
        while (id != 0) {
            Box box = Objects.requireNonNull(edit.box(id));
            if (!box.row().placeholder() || edit.hasChildren(id)) {
                return;
            }
            if (box.row().subscribed()) {
                edit.addOrphan(edit.name(id));
            }
            edit.dropMailbox(id, false);
            id = box.row().parent();
        }
    }

    /// Not for INBOX, whose messages move and whose name stays.
    void rename(String from, String to) {
        String source = Names.folded(from);
        int id = edit.id(source);
        Box box = edit.box(id);
        if (box == null) {
            throw nonexistent();
        }
        String target = Names.forNew(to);
        if (target.equals(source) || edit.id(target) != 0) {
            throw new MailboxRefused(Reason.ALREADYEXISTS, "there is a mailbox of that name already");
        }
        if (Names.isBelow(target, source)) {
            throw new MailboxRefused(Reason.CANNOT, "a mailbox cannot be moved below itself");
        }
        checkNamesBelow(id, source, target);
        edit.renameMailbox(id, parentOf(target), Names.lastLevel(target));
        edit.takeOrphan(target);
        dropEmptyPlaceholders(box.row().parent());
    }

    /// What lies below gets longer and deeper with it.
    private void checkNamesBelow(int id, String source, String target) {
        List<String> below = new ArrayList<>();
        for (Box box : edit.boxes()) {
            String name = edit.name(box.id());
            if (box.id() != id && Names.isBelow(name, source)) {
                below.add(target + name.substring(source.length()));
            }
        }
        below.forEach(Names::forNew);
    }

    void subscribe(String wanted, boolean subscribed) {
        String name = Names.folded(wanted);
        int id = edit.id(name);
        Box box = edit.box(id);
        if (box != null) {
            if (box.row().subscribed() != subscribed) {
                edit.subscribe(id, subscribed);
            }
            return;
        }
        if (!subscribed) {
            edit.takeOrphan(name); // Unsubscribed twice is no error.
        } else if (!edit.isOrphan(name)) {
            throw nonexistent(); // RFC 9051 §6.3.7: the server may check that it exists.
        }
    }

    private static MailboxRefused nonexistent() {
        return new MailboxRefused(Reason.NONEXISTENT, "there is no mailbox of that name");
    }
}
