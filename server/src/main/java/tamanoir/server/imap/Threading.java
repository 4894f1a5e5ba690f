package tamanoir.server.imap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Arranges messages in conversations: ORDEREDSUBJECT and REFERENCES (RFC 5256 §3).
///
/// No step recurses, and references are bounded, so that mail made to be deep or endless costs what its size costs.
final class Threading {
    private static final int MOST_REFERENCES = 200;
    private static final Comparator<Node> BY_DATE =
            Comparator.<Node>comparingLong(Node::date).thenComparingLong(Node::number);

    private Threading() {}

    /// What threading asks of a message. `number` is what the response shows; `order` its place in the mailbox.
    record Message(
            long number,
            int order,
            long sent,
            String baseSubject,
            boolean isReply,
            String id,
            List<String> references) {}

    /// A message with what answers it, or a place where one is missing.
    static final class Node {
        private @Nullable Message message;
        private @Nullable Node parent;
        private List<Node> children = new ArrayList<>(1);

        private Node(@Nullable Message message) {
            this.message = message;
        }

        boolean isMissing() {
            return message == null;
        }

        long shown() {
            return message == null ? 0 : message.number();
        }

        List<Node> children() {
            return children;
        }

        /// RFC 5256 §3, step 4: a missing message goes by the first of its children.
        private long date() {
            Message first = first();
            return first == null ? 0 : first.sent();
        }

        private long number() {
            Message first = first();
            return first == null ? 0 : first.order();
        }

        private @Nullable Message first() {
            Node node = this;
            while (node.message == null && !node.children.isEmpty()) {
                node = node.children.getFirst();
            }
            return node.message;
        }

        private void adopt(Node child) {
            child.leave();
            child.parent = this;
            children.add(child);
        }

        private void leave() {
            if (parent != null) {
                parent.children.remove(this);
                parent = null;
            }
        }

        private boolean isBelow(Node other) {
            for (Node node = this; node != null; node = node.parent) {
                if (node == other) {
                    return true;
                }
            }
            return false;
        }
    }

    // ---- ORDEREDSUBJECT ----------------------------------------------------------------------------------------

    /// One thread for each base subject: the first message, and all others as answers to it.
    static List<Node> bySubject(List<Message> messages) {
        List<Message> sorted = new ArrayList<>(messages);
        sorted.sort(Comparator.comparingLong(Message::sent).thenComparingInt(Message::order));
        Map<String, Node> threads = new LinkedHashMap<>();
        for (Message message : sorted) {
            Node node = new Node(message);
            Node root = threads.putIfAbsent(fold(message.baseSubject()), node);
            if (root != null) {
                root.adopt(node);
            }
        }
        return new ArrayList<>(threads.values());
    }

    private static String fold(String subject) {
        return subject.toUpperCase(Locale.ROOT);
    }

    // ---- REFERENCES --------------------------------------------------------------------------------------------

    static List<Node> byReferences(List<Message> messages) {
        List<Node> roots = prune(link(messages));
        sortChildren(roots);
        roots.sort(BY_DATE);
        roots = joinBySubject(roots);
        sortChildren(roots);
        roots.sort(BY_DATE);
        return roots;
    }

    /// Steps 1 and 2: parents and children by message ids; answers those without a parent.
    private static List<Node> link(List<Message> messages) {
        Map<String, Node> byId = new LinkedHashMap<>();
        List<Node> nameless = new ArrayList<>();
        for (Message message : messages) {
            Node node = byId.get(message.id());
            if (message.id().isEmpty() || (node != null && !node.isMissing())) {
                node = new Node(message); // no id, or one that another message has: one of its own
                nameless.add(node);
            } else if (node == null) {
                node = new Node(message);
                byId.put(message.id(), node);
            } else {
                node.message = message;
            }
            hang(node, message, byId);
        }
        List<Node> roots = new ArrayList<>();
        for (Node node : byId.values()) {
            if (node.parent == null) {
                roots.add(node);
            }
        }
        for (Node node : nameless) {
            if (node.parent == null) {
                roots.add(node);
            }
        }
        return roots;
    }

    private static void hang(Node node, Message message, Map<String, Node> byId) {
        List<String> references = message.references();
        int from = Math.max(0, references.size() - MOST_REFERENCES);
        Node above = null;
        for (String id : references.subList(from, references.size())) {
            Node named = byId.computeIfAbsent(id, _ -> new Node(null));
            // (A): a link that is there is kept, and none may lead around in a circle
            if (above != null && named.parent == null && !above.isBelow(named)) {
                above.adopt(named);
            }
            above = named;
        }
        // (B): what the message itself says of its parent counts most, even where it would lead in a circle
        if (above != null && above != node.parent) {
            node.leave();
            if (!above.isBelow(node)) {
                above.adopt(node);
            }
        }
    }

    /// Step 3: missing messages go, their children take their place; at the top only when there is one.
    private static List<Node> prune(List<Node> roots) {
        List<Node> all = new ArrayList<>(roots);
        for (int i = 0; i < all.size(); i++) {
            all.addAll(all.get(i).children);
        }
        // Children before parents
        for (Node node : all.reversed()) {
            List<Node> kept = new ArrayList<>(node.children.size());
            for (Node child : node.children) {
                if (child.isMissing()) {
                    kept.addAll(child.children);
                } else {
                    kept.add(child);
                }
            }
            kept.forEach(child -> child.parent = node);
            node.children = kept;
        }
        List<Node> left = new ArrayList<>();
        for (Node root : roots) {
            if (root.isMissing() && root.children.size() < 2) {
                root.children.forEach(child -> child.parent = null);
                left.addAll(root.children);
            } else {
                left.add(root);
            }
        }
        return left;
    }

    /// Step 5: threads with the same base subject become one.
    private static List<Node> joinBySubject(List<Node> roots) {
        Map<String, Node> table = new HashMap<>();
        for (Node root : roots) {
            String subject = subject(root);
            Node entry = table.get(subject);
            boolean better = entry == null
                    || (root.isMissing() && !entry.isMissing())
                    || (!root.isMissing() && !entry.isMissing() && isReply(entry) && !isReply(root));
            if (!subject.isEmpty() && better) {
                table.put(subject, root);
            }
        }
        List<Node> joined = new ArrayList<>();
        for (Node root : roots) {
            String subject = subject(root);
            Node entry = table.get(subject);
            if (subject.isEmpty() || entry == null || entry == root) {
                if (root.parent == null) {
                    joined.add(root);
                }
                continue;
            }
            if (entry.isMissing() && root.isMissing()) {
                for (Node child : List.copyOf(root.children)) {
                    entry.adopt(child);
                }
            } else if (entry.isMissing() || (isReply(root) && !isReply(entry))) {
                entry.adopt(root);
            } else {
                // Neither answers the other: both belong below a message that nobody has
                Node above = new Node(null);
                int place = joined.indexOf(entry);
                if (place >= 0) {
                    joined.set(place, above);
                } else {
                    joined.add(above);
                }
                above.adopt(entry);
                above.adopt(root);
                table.put(subject, above);
            }
        }
        return joined;
    }

    private static String subject(Node root) {
        Message first = root.first();
        return first == null ? "" : fold(first.baseSubject());
    }

    private static boolean isReply(Node root) {
        Message first = root.first();
        return first != null && first.isReply();
    }

    private static void sortChildren(List<Node> roots) {
        List<Node> all = new ArrayList<>(roots);
        for (int i = 0; i < all.size(); i++) {
            all.addAll(all.get(i).children);
        }
        for (Node node : all.reversed()) {
            node.children.sort(BY_DATE);
        }
    }

    // ---- the response ------------------------------------------------------------------------------------------

    /// `(1)(2 (7)(12))`: a chain goes on with a blank, branches stand in parentheses (RFC 5256 §4).
    static String write(List<Node> roots) {
        StringBuilder text = new StringBuilder();
        Deque<Object> left = new ArrayDeque<>();
        for (Node root : roots.reversed()) {
            left.push(")");
            left.push(root);
            left.push("(");
        }
        while (!left.isEmpty()) {
            Object next = left.pop();
            if (!(next instanceof Node node)) {
                text.append(next);
                continue;
            }
            boolean missing = node.isMissing();
            if (!missing) {
                text.append(node.shown());
            }
            if (node.children().size() == 1) {
                left.push(node.children().getFirst());
                left.push(missing ? "" : " ");
            } else if (!node.children().isEmpty()) {
                for (Node child : node.children().reversed()) {
                    left.push(")");
                    left.push(child);
                    left.push("(");
                }
                left.push(missing ? "" : " ");
            }
        }
        return text.toString();
    }
}
