package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names of an account's mailboxes, from their parents and last levels. Immutable; made anew when a name changes.
final class Tree {
    private final Map<String, Integer> ids;
    private final Map<Integer, String> names;
    private final Set<Integer> parents;
    private final List<Integer> sorted;

    Tree(Box[] boxes) {
        Map<Integer, MailboxRow> rows = HashMap.newHashMap(boxes.length);
        for (Box box : boxes) {
            rows.put(box.id(), box.row());
        }
        ids = HashMap.newHashMap(boxes.length);
        names = HashMap.newHashMap(boxes.length);
        parents = new HashSet<>();
        List<String> all = new ArrayList<>(boxes.length);
        for (Box box : boxes) {
            String name = fullName(box.row(), rows);
            ids.put(name, box.id());
            names.put(box.id(), name);
            all.add(name);
            if (box.row().parent() != 0) {
                parents.add(box.row().parent());
            }
        }
        all.sort(
                Comparator.comparing((String name) -> !name.equals(Names.INBOX)).thenComparing(Tree::compare));
        sorted = all.stream().map(ids::get).toList();
    }

    private static String fullName(MailboxRow row, Map<Integer, MailboxRow> rows) {
        String name = row.name();
        MailboxRow above = rows.get(row.parent());
        // The bound is for damaged rows, which may point in a circle; `verify` names them.
        for (int levels = 0; above != null && levels < 2 * Names.MOST_LEVELS; levels++) {
            name = above.name() + Names.SEPARATOR + name;
            above = rows.get(above.parent());
        }
        return name;
    }

    /// Children come directly after their parent: `/` sorts before everything else.
    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return x == Names.SEPARATOR ? -1 : y == Names.SEPARATOR ? 1 : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /// The mailbox of a folded name, placeholders included; 0 when there is none.
    int id(String name) {
        Integer id = ids.get(name);
        return id == null ? 0 : id;
    }

    Optional<String> name(int id) {
        @Nullable String name = names.get(id);
        return Optional.ofNullable(name);
    }

    boolean hasChildren(int id) {
        return parents.contains(id);
    }

    /// Every mailbox, INBOX first, then by name.
    List<Integer> sorted() {
        return sorted;
    }
}
