package tamanoir.server.jmap;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.MailboxCounts.Counts;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxInfo.Role;

/// A mailbox as JMAP sees it (RFC 8621 §2). Names that only have mailboxes below them are mailboxes here, which nothing
/// can be put into.
record MailboxObject(MailboxInfo info) {
    static final Set<String> COUNTS = Set.of("totalEmails", "unreadEmails", "totalThreads", "unreadThreads");

    static final Set<String> PROPERTIES = Set.of(
            "id",
            "name",
            "parentId",
            "role",
            "sortOrder",
            "totalEmails",
            "unreadEmails",
            "totalThreads",
            "unreadThreads",
            "myRights",
            "isSubscribed");

    /// In the order in which a person wants to see them, as long as nobody has said another.
    private static final Map<String, Integer> ORDER = Map.of(
            "inbox",
            10,
            "drafts",
            20,
            "sent",
            30,
            "snoozed",
            40,
            "scheduled",
            45,
            "archive",
            50,
            "junk",
            60,
            "trash",
            70,
            "all",
            80);

    private static final int LATER = 100;

    String id() {
        return Ids.of(info.id());
    }

    boolean isInbox() {
        return info.name().equals("INBOX");
    }

    String name() {
        return isInbox() ? "Inbox" : info.name().substring(info.name().lastIndexOf('/') + 1);
    }

    Optional<MailboxId> parent() {
        return info.parent();
    }

    /// The name in IANA's registry of roles (RFC 8621 §10.5.1).
    Optional<String> role() {
        return isInbox()
                ? Optional.of("inbox")
                : info.role().map(role -> role.name().toLowerCase(Locale.ROOT));
    }

    /// Empty for a name that is no role of ours.
    static Optional<Role> role(String name) {
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    int sortOrder() {
        return info.sortOrder().orElse(ORDER.getOrDefault(role().orElse(""), LATER));
    }

    Json.Obj show(Set<String> properties, Counts counts) {
        Json.Building object = Json.object();
        for (String property : properties) {
            switch (property) {
                case "id" -> object.put(property, id());
                case "name" -> object.put(property, name());
                case "parentId" ->
                    object.put(property, Json.orNull(parent().map(Ids::of).map(Json::of)));
                case "role" -> object.put(property, Json.orNull(role().map(Json::of)));
                case "sortOrder" -> object.put(property, sortOrder());
                case "totalEmails" -> object.put(property, counts.totalEmails());
                case "unreadEmails" -> object.put(property, counts.unreadEmails());
                case "totalThreads" -> object.put(property, counts.totalThreads());
                case "unreadThreads" -> object.put(property, counts.unreadThreads());
                case "myRights" -> object.put(property, rights());
                case "isSubscribed" -> object.put(property, info.subscribed());
                default -> throw new IllegalStateException("a property " + property);
            }
        }
        return object.build();
    }

    private Json.Obj rights() {
        boolean holds = info.selectable();
        return Json.object()
                .put("mayReadItems", true)
                .put("mayAddItems", holds)
                .put("mayRemoveItems", holds)
                .put("maySetSeen", holds)
                .put("maySetKeywords", holds)
                .put("mayCreateChild", true)
                .put("mayRename", !isInbox())
                .put("mayDelete", !isInbox())
                .put("maySubmit", true)
                .build();
    }
}
