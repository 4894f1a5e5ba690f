package tamanoir.server.jmap;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Mailboxes;

/// `urn:ietf:params:jmap:mail` (RFC 8621 §1.3.1): mailboxes, threads and emails.
public final class MailCapability implements Capability {
    static final String URI = "urn:ietf:params:jmap:mail";

    /// What Email/query may sort by (RFC 8621 §4.4.2).
    private static final List<String> SORT_OPTIONS = List.of(
            "receivedAt",
            "size",
            "from",
            "to",
            "subject",
            "sentAt",
            "hasKeyword",
            "allInThreadHaveKeyword",
            "someInThreadHaveKeyword");

    private static final int DEEPEST = 24;
    private static final int LONGEST_NAME = 255;

    private final MailRoom room;
    private final Map<String, Method> methods;

    /// `queries` are Email/query, Email/queryChanges and SearchSnippet/get, which search answers.
    public MailCapability(
            JmapSettings settings,
            Mailboxes mailboxes,
            AccountBlobs blobs,
            InstantSource clock,
            Map<String, Method> queries) {
        this.room = new MailRoom(mailboxes, blobs, settings);
        Map<String, Method> all = new HashMap<>(queries);
        all.putAll(new MailboxMethods(room).methods());
        all.putAll(new ThreadMethods(room).methods());
        all.putAll(new EmailMethods(room).methods());
        all.putAll(new EmailSet(room, clock).methods());
        this.methods = Map.copyOf(all);
    }

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public Json.Obj ofServer() {
        return Json.Obj.EMPTY;
    }

    @Override
    public Json.Obj ofAccount(Account account) {
        return Json.object()
                .put("maxMailboxesPerEmail", Json.NULL)
                .put("maxMailboxDepth", DEEPEST)
                .put("maxSizeMailboxName", LONGEST_NAME)
                .put("maxSizeAttachmentsPerEmail", room.settings().maxSizeUpload())
                .put("emailQuerySortOptions", Json.Arr.ofTexts(SORT_OPTIONS))
                .put("mayCreateTopLevelMailbox", true)
                .build();
    }

    @Override
    public Map<String, Method> methods() {
        return methods;
    }

    /// All three have one state: the version of the newest change of the account's mail.
    @Override
    public Map<String, String> states(Account account) {
        String state =
                MailState.of(room.mailboxes().open(account.id()).lastChange()).toString();
        Map<String, String> states = new TreeMap<>();
        states.put("Mailbox", state);
        states.put("Thread", state);
        states.put("Email", state);
        return states;
    }

    @Override
    public Optional<Watch> watch(Account account, Runnable onChange) {
        AccountMail.Watch watch = room.mailboxes().open(account.id()).watch(onChange);
        return Optional.of(watch::close);
    }
}
