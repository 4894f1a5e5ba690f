package tamanoir.server.sieve;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.sieve.Host;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxInfo.Role;

/// What one run asks, answered from the account's mailboxes and its memory. Used by one thread.
final class World implements Host {
    private final SieveSettings settings;
    private final Occasion occasion;
    private final AccountMail mail;
    private final Memory.Session memory;
    private final ZonedDateTime now;

    World(SieveSettings settings, Occasion occasion, AccountMail mail, Memory.Session memory, ZonedDateTime now) {
        this.settings = settings;
        this.occasion = occasion;
        this.mail = mail;
        this.memory = memory;
        this.now = now;
    }

    @Override
    public ZonedDateTime now() {
        return now;
    }

    @Override
    public Optional<String> environment(String item) {
        return switch (item) {
            case "version" -> Optional.of("");
            case "vnd.dovecot.username" ->
                Optional.of(occasion.account().address().toString());
            case "vnd.dovecot.default-mailbox" -> Optional.of(occasion.junk().orElse("INBOX"));
            case "vnd.tamanoir.recipient-delimiter" -> Optional.of(settings.delimiter());
            default -> settings.environment(item);
        };
    }

    @Override
    public boolean hasMailbox(String name) {
        return mail.find(name).filter(MailboxInfo::selectable).isPresent();
    }

    @Override
    public boolean isMailboxName(String name) {
        return !name.isEmpty()
                && name.length() <= 1_000
                && name.chars().noneMatch(c -> c < ' ' || c == 127 || c == '*' || c == '%');
    }

    @Override
    public Optional<String> mailboxOf(String id) {
        // As IMAP and JMAP write it (RFC 8474 §4).
        if (!id.startsWith("m")) {
            return Optional.empty();
        }
        try {
            return mail.info(new MailboxId(Integer.parseUnsignedInt(id.substring(1), 16)))
                    .filter(MailboxInfo::selectable)
                    .map(MailboxInfo::name);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean hasSpecialUse(String mailbox, String use) {
        return mailbox.isEmpty()
                ? withUse(use).isPresent()
                : role(use).isPresent()
                        && mail.find(mailbox).flatMap(MailboxInfo::role).equals(role(use));
    }

    /// The mailbox with a special use such as `\Junk`.
    Optional<String> withUse(String use) {
        return role(use)
                .flatMap(role -> mail.list().stream()
                        .filter(info -> info.role().equals(Optional.of(role)))
                        .map(MailboxInfo::name)
                        .findFirst());
    }

    private static Optional<Role> role(String use) {
        String name = use.startsWith("\\") ? use.substring(1).toUpperCase(Locale.ROOT) : "";
        for (Role role : Role.values()) {
            if (role.name().equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /// No door sets annotations yet.
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
        Memory.Entry entry = new Memory.Entry(Memory.Kind.DUPLICATE, id);
        boolean seen = memory.knows(entry);
        if (!seen || last) {
            // RFC 7352 §3: without :last the time counts from the first message.
            memory.add(entry, within);
        }
        return seen;
    }

    @Override
    public Optional<Double> score(String kind) {
        return kind.equals("spam") ? occasion.spam() : Optional.empty();
    }

    @Override
    public boolean isNotifyMethod(String uri) {
        return uri.regionMatches(true, 0, "mailto:", 0, 7);
    }
}
