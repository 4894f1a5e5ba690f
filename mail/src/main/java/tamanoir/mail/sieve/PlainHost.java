package tamanoir.mail.sieve;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;

/// A world in which every mailbox is there, nothing was seen before, no list has anybody, and no filter has looked: for
/// scripts that are tried or measured.
public class PlainHost implements Host {
    private final ZonedDateTime now;

    public PlainHost(ZonedDateTime now) {
        this.now = now;
    }

    @Override
    public ZonedDateTime now() {
        return now;
    }

    @Override
    public Optional<String> environment(String item) {
        return Optional.empty();
    }

    @Override
    public boolean hasMailbox(String name) {
        return true;
    }

    @Override
    public boolean isMailboxName(String name) {
        return true;
    }

    @Override
    public Optional<String> mailboxOf(String id) {
        return Optional.empty();
    }

    @Override
    public boolean hasSpecialUse(String mailbox, String use) {
        return false;
    }

    @Override
    public Optional<String> metadata(String mailbox, String annotation) {
        return Optional.empty();
    }

    @Override
    public boolean isListed(String list, String value) {
        return false;
    }

    @Override
    public boolean hasList(String list) {
        return false;
    }

    @Override
    public boolean duplicate(String id, Duration within, boolean last) {
        return false;
    }

    @Override
    public Optional<Double> score(String kind) {
        return Optional.empty();
    }

    @Override
    public boolean isNotifyMethod(String uri) {
        return false;
    }
}
