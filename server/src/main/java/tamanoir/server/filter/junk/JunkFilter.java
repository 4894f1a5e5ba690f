package tamanoir.server.filter.junk;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.delivery.Placement;
import tamanoir.server.directory.AccountId;
import tamanoir.server.dns.DnsList;
import tamanoir.server.filter.Peer;
import tamanoir.server.filter.Subject;
import tamanoir.server.filter.draft.SpamVerdict;
import tamanoir.server.filter.junk.Lessons.Lesson;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.Correspondence;
import tamanoir.server.personal.Personal;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Judges mail of strangers: for the site, and for each account that gets a copy. Immutable; used by many threads.
///
/// It never stands in the way: trouble of its own is logged, and the mail goes to INBOX.
public final class JunkFilter {
    /// What it asks.
    public record Parts(
            Lessons lessons, Personal personal, Mailboxes mailboxes, Blobs blobs, Dns dns, InstantSource clock) {}

    /// Names of one message that lists are asked about.
    private static final int MOST_ASKED = 20;

    private final JunkSettings settings;
    private final Parts parts;

    public JunkFilter(JunkSettings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
    }

    public boolean isOn() {
        return settings.on();
    }

    /// A message of a stranger at the door. `foreign` is the verdict of a scanner that the administrator set up, which
    /// then counts instead of ours; empty without one.
    public Case open(Subject subject, Optional<SpamVerdict> foreign) {
        return new Case(
                subject.trace(),
                subject.id().toString(),
                subject.body(),
                Origin.of(subject.about().evidence()),
                Optional.of(subject.about().peer()),
                foreign.map(this::reason));
    }

    /// On our scale: a scanner has a threshold of its own.
    private Reason reason(SpamVerdict verdict) {
        double points = verdict.threshold() > 0
                ? verdict.score() / verdict.threshold() * settings.threshold()
                : verdict.score();
        return new Reason(
                verdict.by().toUpperCase(java.util.Locale.ROOT),
                verdict.junk() ? Math.max(points, settings.threshold()) : Math.min(points, settings.threshold() - 0.1));
    }

    /// A message that had to wait in the queue. Only mail of strangers was checked at the door and says so.
    public Placement waited(QueuedMessage message) {
        Origin origin = Origin.of(message.prefix());
        return settings.on() && origin.checked()
                ? new Case(
                        new Trace("local", message.id().toString()),
                        message.id().toString(),
                        message.body(),
                        origin,
                        Optional.empty(),
                        Optional.empty())
                : Placement.INBOX;
    }

    /// What it thinks of a message that lies somewhere, without knowing who brought it (`tamanoir junk test`).
    public Judgement judge(tamanoir.mail.text.Octets message, Optional<AccountId> account) {
        Case read = new Case(
                new Trace("junk", ""),
                "",
                new Body.Small(message),
                new Origin(
                        false,
                        tamanoir.mail.authresults.Result.NONE,
                        tamanoir.mail.authresults.Result.NONE,
                        tamanoir.mail.authresults.Result.NONE,
                        false),
                Optional.empty(),
                Optional.empty());
        return read.judge(account);
    }

    /// Teaches a message that lies in no mailbox: the account alone, or the site where none is named. The same lesson
    /// about the same octets again is none. Answers whether anything was learned.
    ///
    /// @throws Unavailable when the store cannot write
    public boolean learn(tamanoir.mail.text.Octets message, Lesson lesson, Optional<AccountId> account) {
        long[] tokens = Tokens.of(Contents.of(new Body.Small(message), parts.blobs()));
        return parts.lessons().learnSample(account, Sample.number(message), tokens, lesson);
    }

    /// One message. Read when it is first asked about; for one thread.
    public final class Case implements Placement {
        private final Trace trace;
        private final String id;
        private final Body body;
        private final Origin origin;
        private final Optional<Peer> peer;
        private final Optional<Reason> foreign;
        private final Map<AccountId, Place> places = new HashMap<>();
        private @Nullable Contents contents;
        private long[] tokens = {};
        private final List<Reason> common = new ArrayList<>();

        private Case(Trace trace, String id, Body body, Origin origin, Optional<Peer> peer, Optional<Reason> foreign) {
            this.trace = trace;
            this.id = id;
            this.body = body;
            this.origin = origin;
            this.peer = peer;
            this.foreign = foreign;
        }

        /// Set when the site refuses such mail; by default it refuses none.
        public Optional<Reply> refusal() {
            if (settings.reject().isEmpty()) {
                return Optional.empty();
            }
            try {
                Judgement judgement = judge(Optional.empty());
                if (judgement.score() < settings.reject().getAsDouble()) {
                    return Optional.empty();
                }
                say("site", judgement, "reject");
                return Optional.of(
                        Reply.of(550, "5.7.1", "this message looks like junk; ask its recipient by other means"));
            } catch (Unavailable e) {
                trace.warn("junk filter passed over", "id", id, "reason", e.detail());
            } catch (RuntimeException bug) {
                trace.bug(bug);
            }
            return Optional.empty();
        }

        @Override
        public Place of(AccountId account) {
            return places.computeIfAbsent(account, this::place);
        }

        private Place place(AccountId account) {
            try {
                Judgement judgement = judge(Optional.of(account));
                String mailbox = judgement.isJunk() ? junkOf(account) : "INBOX";
                say(account.toString(), judgement, mailbox);
                autolearn(account, judgement);
                return new Place(mailbox, judgement.isJunk(), judgement.fields(), Optional.of(judgement.share()));
            } catch (Unavailable e) {
                trace.warn("junk filter passed over", "id", id, "account", account, "reason", e.detail());
            } catch (MailboxRefused e) {
                trace.warn("junk filter passed over", "id", id, "account", account, "reason", e.detail());
            } catch (RuntimeException bug) {
                trace.bug(bug);
            }
            return Place.INBOX;
        }

        private void say(String who, Judgement judgement, String mailbox) {
            trace.info(
                    "junk",
                    "id",
                    id,
                    "account",
                    who,
                    "verdict",
                    judgement.verdict().name().toLowerCase(Locale.ROOT),
                    "score",
                    Judgement.number(judgement.score()),
                    "mailbox",
                    mailbox,
                    "reasons",
                    judgement.reasons().stream().map(Reason::toString).collect(Collectors.joining(",")));
        }

        Judgement judge(Optional<AccountId> account) {
            if (foreign.isPresent()) {
                return Judgement.of(List.of(foreign.get()), settings.threshold());
            }
            Contents read = read();
            List<Reason> reasons = new ArrayList<>(common);
            try (Lessons.Memory memory = parts.lessons().recall(account)) {
                Bayes.judge(tokens, memory).ifPresent(reasons::add);
                sender(read, memory, reasons);
            }
            account.filter(who -> !read.author().isEmpty()
                            && origin.isCredible()
                            && Correspondence.knows(parts.personal().open(who), read.author()))
                    .ifPresent(_ -> reasons.add(new Reason(Rule.CORRESPONDENT)));
            return Judgement.of(reasons, settings.threshold());
        }

        /// Whoever said of this author's mail that it is wanted, or not, meant the author too.
        private void sender(Contents read, Lessons.Memory memory, List<Reason> reasons) {
            if (read.author().isEmpty()) {
                return;
            }
            Lessons.Counts counts = memory.counts(Tokens.author(read.author()));
            if (counts.ham() > counts.junk() && origin.isCredible()) {
                reasons.add(new Reason(Rule.SENDER_WANTED));
            } else if (counts.junk() > counts.ham()) {
                reasons.add(new Reason(Rule.SENDER_UNWANTED));
            }
        }

        private Contents read() {
            Contents known = contents;
            if (known == null) {
                known = Contents.of(body, parts.blobs());
                contents = known;
                tokens = Tokens.of(known);
                Rules.judge(known, parts.clock().instant(), settings.hostname(), common);
                origin.judge(common);
                peer.ifPresent(this::client);
                links(known);
            }
            return known;
        }

        private void client(Peer client) {
            String helo = client.helo();
            boolean here = client.address().isLoopbackAddress();
            boolean bare = !helo.startsWith("[") && helo.indexOf('.') < 0;
            if (!here && (bare || helo.equalsIgnoreCase(settings.hostname()))) {
                common.add(new Reason(Rule.HELO_ODD));
            }
            if (client.name().equals("unknown") && !client.address().isLoopbackAddress()) {
                common.add(new Reason(Rule.NO_REVERSE_NAME));
            }
            for (DnsList list : settings.clientLists()) {
                if (isListed(list, list.query(client.address()))) {
                    common.add(new Reason(Rule.CLIENT_LISTED));
                    return;
                }
            }
        }

        private void links(Contents read) {
            if (settings.uriLists().isEmpty()) {
                return;
            }
            Set<String> domains = new LinkedHashSet<>();
            for (Contents.Link link : read.links()) {
                String host = Links.host(link.target());
                if (!Links.isNumber(host) && host.indexOf('.') > 0 && domains.size() < MOST_ASKED) {
                    domains.add(Links.registered(host));
                }
            }
            for (String domain : domains) {
                for (DnsList list : settings.uriLists()) {
                    if (isListed(list, list.query(domain))) {
                        common.add(new Reason(Rule.LINK_LISTED));
                        return;
                    }
                }
            }
        }

        private void autolearn(AccountId account, Judgement judgement) {
            if (!settings.autolearn() || foreign.isPresent()) {
                return;
            }
            // By what the message is made of and who vouches, not by what learning itself believes.
            double without = judgement.reasons().stream()
                    .filter(reason ->
                            !reason.key().startsWith("BAYES") && !reason.key().startsWith("SENDER"))
                    .mapToDouble(Reason::points)
                    .sum();
            if (without >= 2 * settings.threshold() || without <= -2) {
                boolean _ = parts.lessons()
                        .learn(
                                Optional.of(account),
                                Optional.empty(),
                                tokens,
                                new Lessons.Taught(without > 0 ? Lesson.JUNK : Lesson.HAM, false, 0));
            }
        }
    }

    /// Silence and refusals of a list say nothing.
    private boolean isListed(DnsList list, String name) {
        return parts.dns().a(name) instanceof Answer.Found<InetAddress> found
                && found.records().stream().anyMatch(answer -> list.isListing(answer) && list.matches(answer));
    }

    /// The mailbox with the use \Junk (RFC 6154 §2), made if there is none.
    private String junkOf(AccountId account) {
        AccountMail mail = parts.mailboxes().open(account);
        Optional<MailboxInfo> junk = mail.list().stream()
                .filter(box -> box.selectable() && box.role().equals(Optional.of(Role.JUNK)))
                .findFirst();
        return junk.map(MailboxInfo::name).orElseGet(() -> {
            Optional<MailboxInfo> named = mail.find("Junk").filter(MailboxInfo::selectable);
            return named.orElseGet(() -> mail.create("Junk", Optional.of(Role.JUNK)))
                    .name();
        });
    }
}
