package tamanoir.server.mailbox;

import java.util.List;
import java.util.Optional;

/// Several mailboxes of one account at one and the same version: what a query over columns needs. Immutable.
///
/// @param version of the account: with the same one, everything is the same
/// @param newest the highest message id that was ever given out
/// @param views in order of mailbox numbers
public record Overview(long version, long newest, List<View> views) {
    public Overview {
        views = List.copyOf(views);
    }

    public Optional<View> view(MailboxId mailbox) {
        return views.stream().filter(view -> view.mailbox().equals(mailbox)).findFirst();
    }
}
