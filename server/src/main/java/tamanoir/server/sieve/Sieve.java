package tamanoir.server.sieve;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.MailNotification;
import tamanoir.mail.sieve.Mailing;
import tamanoir.mail.sieve.Outcome;
import tamanoir.mail.sieve.Owner;
import tamanoir.mail.sieve.Problem;
import tamanoir.mail.sieve.Refusal;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.sieve.VacationReply;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Trace;
import tamanoir.server.personal.Personal;
import tamanoir.server.sieve.Memory.Entry;
import tamanoir.server.sieve.Shelf.Shelved;
import tamanoir.server.sieve.Sorted.Filed;
import tamanoir.server.sieve.Sorted.Forward;

/// Runs the scripts of an account over a message and says what is to be done; whoever asked does it, in one commit.
/// Immutable but for its caches; used by many threads.
///
/// The scripts of `sieve_before`, the account's own active one, and those of `sieve_after` run one after the other for
/// as long as the message is still to be kept, within one budget. A script that fails does nothing: the message is
/// kept, and its owner is told.
public final class Sieve {
    /// Put on top of what a script sends on; an account that finds itself there keeps the message.
    public static final String REDIRECTED = "X-Sieve-Redirected-From";

    /// Redirects that one message can have been through.
    private static final int MOST_REDIRECTED = 20;

    private static final Duration REMEMBER_ACTED = Duration.ofDays(10);
    private static final Duration REMEMBER_TOLD = Duration.ofDays(3_650);

    /// Messages longer than this are in memory a few at a time.
    private static final long LONG_MESSAGE = 1 << 20;

    private static final int LONG_MESSAGES = 8;

    private final SieveSettings settings;
    private final Scripts scripts;
    private final Shelf shelf;
    private final Mailboxes mailboxes;
    private final Memory memory;
    private final InstantSource clock;
    private final Semaphore longMessages = new Semaphore(LONG_MESSAGES);
    private final AtomicLong numbers = new AtomicLong();

    public Sieve(SieveSettings settings, Personal personal, Mailboxes mailboxes, Memory memory, InstantSource clock) {
        this.settings = settings;
        Dialect dialect = new Dialect(settings);
        this.scripts = new Scripts(personal, () -> dialect);
        this.shelf = new Shelf(personal, scripts, dialect);
        this.mailboxes = mailboxes;
        this.memory = memory;
        this.clock = clock;
    }

    /// The scripts that it runs.
    public Scripts scripts() {
        return scripts;
    }

    /// Gives the occasion when there is anything to run, so that no message is read for nothing.
    @FunctionalInterface
    public interface Question {
        Occasion occasion();
    }

    /// Empty when the account has no script: the message goes where it always goes. `octets` is its length.
    ///
    /// @throws tamanoir.server.observe.Unavailable when the store cannot be read
    public Optional<Sorted> sort(AccountId account, long octets, Question question) {
        List<Shelved> sequence = shelf.sequence(account);
        if (sequence.isEmpty()) {
            return Optional.empty();
        }
        boolean isLong = octets > LONG_MESSAGE;
        if (isLong) {
            longMessages.acquireUninterruptibly();
        }
        try {
            return Optional.of(new Sorting(question.occasion()).sort(sequence));
        } finally {
            if (isLong) {
                longMessages.release();
            }
        }
    }

    /// One message. Used by one thread.
    private final class Sorting {
        private final Occasion occasion;
        private final Trace trace;
        private final AccountMail mail;
        private final Memory.Session remembered;
        private final World world;
        private final ZonedDateTime now;
        private final Owner owner;
        private final List<Filed> filed = new ArrayList<>();
        private final List<Filed> written = new ArrayList<>();
        private final List<Forward> forwards = new ArrayList<>();
        private final List<Mailing> mailings = new ArrayList<>();
        private Optional<String> refusal = Optional.empty();

        Sorting(Occasion occasion) {
            this.occasion = occasion;
            this.trace = occasion.trace();
            this.now = clock.instant().atZone(ZoneId.systemDefault());
            this.mail = mailboxes.open(occasion.account().id());
            this.remembered = memory.open(occasion.account().id(), clock.instant());
            this.world = new World(settings, occasion, mail, remembered, now);
            this.owner = new Owner(
                    occasion.account().address().toString(),
                    List.of(),
                    "Auto: %$",
                    !settings.vacation().checkRecipient());
        }

        Sorted sort(List<Shelved> sequence) {
            try {
                run(sequence);
                return new Sorted(filed, written, forwards, mailings, refusal, remembered);
            } catch (RuntimeException e) {
                remembered.close();
                throw e;
            }
        }

        private void run(List<Shelved> sequence) {
            Letter letter = new Letter(occasion.message());
            Run run = new Run(world, settings.limits(), letter, occasion.sent(), Run.Trace.NONE);
            List<Action> decided = List.of();
            boolean implicit = true;
            boolean first = true;
            for (Shelved one : sequence) {
                if (one.result().script().isEmpty()) {
                    fails(one, one.result().problems());
                    continue;
                }
                if (!first) {
                    run.next();
                }
                first = false;
                Outcome outcome = one.result().script().get().run(run);
                outcome.complaints().forEach(problem -> say(one, "complains", problem));
                if (outcome.failure().isPresent()) {
                    fails(one, List.of(outcome.failure().get()));
                    // What it did before it failed may be half of something: it did nothing.
                    decided = List.of();
                    implicit = true;
                    break;
                }
                decided = outcome.actions();
                implicit = outcome.implicitKeep();
                if (!run.keeps()) {
                    break;
                }
            }
            decided.forEach(action -> carryOut(action, letter));
            boolean effects = !forwards.isEmpty() || !mailings.isEmpty();
            if (implicit && refusal.isEmpty()) {
                keep(run.flags(), run.message());
            }
            if (effects && occasion.again() && refusal.isEmpty()) {
                once();
            }
            if (refusal.isPresent()) {
                filed.clear();
                written.clear();
                forwards.clear();
                mailings.clear();
            }
        }

        /// The queue may ask twice for what was committed once.
        private void once() {
            Entry acted = new Entry(Memory.Kind.ACTED, occasion.id());
            if (remembered.knows(acted)) {
                forwards.clear();
                mailings.clear();
                written.clear();
            } else {
                remembered.add(acted, REMEMBER_ACTED);
            }
        }

        private void fails(Shelved script, List<Problem> problems) {
            say(script, "fails", problems.getFirst());
            Entry told = new Entry(Memory.Kind.TOLD, script.version());
            if (script.own() && !remembered.knows(told) && remembered.claim(told)) {
                remembered.add(told, REMEMBER_TOLD);
                written.add(new Filed(
                        "INBOX",
                        false,
                        List.of(),
                        Optional.of(Notice.of(
                                occasion.account(),
                                script.name(),
                                problems.subList(0, Math.min(problems.size(), 20)),
                                stamp()))));
            }
        }

        private void say(Shelved script, String what, Problem problem) {
            trace.info(
                    "sieve",
                    "id",
                    occasion.id(),
                    "account",
                    occasion.account().address(),
                    "script",
                    script.name(),
                    what,
                    problem);
        }

        // ---- one action -----------------------------------------------------------------------------------------

        private void carryOut(Action action, Letter letter) {
            switch (action) {
                case Action.Keep keep -> keep(keep.flags(), keep.message());
                case Action.FileInto into -> fileInto(into);
                case Action.Redirect redirect -> redirect(redirect);
                case Action.Discard _ -> {}
                case Action.Reject reject -> reject(reject, letter);
                case Action.Vacation vacation -> vacation(vacation, letter);
                case Action.Notify notify ->
                    MailNotification.of(letter, occasion.sent(), notify, owner, stamp())
                            .ifPresent(mailing -> mail(mailing, notify.fcc()));
                case Action.Report report ->
                    trace.warn("sieve", "id", occasion.id(), "report", report.address(), "status", "not sent");
            }
        }

        private void keep(List<String> flags, Octets message) {
            String mailbox = occasion.junk().orElse("INBOX");
            file(new Filed(mailbox, occasion.junk().isPresent(), flags, changed(message)));
        }

        private void fileInto(Action.FileInto into) {
            String mailbox = into.mailboxId()
                    .flatMap(world::mailboxOf)
                    .or(() -> into.specialUse().flatMap(world::withUse))
                    .orElse(into.mailbox());
            if (!into.create() && !world.hasMailbox(mailbox)) {
                trace.info("sieve", "id", occasion.id(), "mailbox", mailbox, "status", "not there, INBOX instead");
                mailbox = "INBOX";
            }
            file(new Filed(mailbox, into.create(), into.flags(), changed(into.message())));
        }

        /// One copy a mailbox; of two the later one has the right flags (RFC 5228 §2.10.3).
        private void file(Filed copy) {
            String name = mail.find(copy.mailbox()).map(info -> info.name()).orElse(copy.mailbox());
            filed.removeIf(other -> mail.find(other.mailbox())
                    .map(info -> info.name())
                    .orElse(other.mailbox())
                    .equals(name));
            filed.add(copy);
        }

        private Optional<Octets> changed(Octets message) {
            return message.equals(occasion.message()) ? Optional.empty() : Optional.of(message);
        }

        private void redirect(Action.Redirect redirect) {
            String me = occasion.account().address().toString();
            List<String> before = new Letter(occasion.message())
                    .all(REDIRECTED).stream().map(Letter.Line::rawValue).toList();
            boolean loop = before.size() >= MOST_REDIRECTED
                    || before.stream().anyMatch(me::equalsIgnoreCase)
                    || redirect.address().equalsIgnoreCase(me)
                    || redirect.address().equalsIgnoreCase(occasion.sent().to());
            if (loop) {
                // RFC 5228 §4.2: no loop. Where it is found the message stays.
                trace.info("sieve", "id", occasion.id(), "redirect", redirect.address(), "status", "loop, kept");
                keep(List.of(), redirect.message());
                return;
            }
            // A script may take fields away, but not the trace of a loop.
            forwards.add(new Forward(
                    redirect.address(),
                    redirect.notifyWhen(),
                    changed(redirect.message()),
                    redirect.message().equals(occasion.message()) ? List.of() : before));
        }

        /// In the protocol where its text can stand there, else in a message of its own (RFC 5429 §2.1.2, §2.2).
        private void reject(Action.Reject reject, Letter letter) {
            boolean plain =
                    reject.reason().chars().allMatch(c -> c == '\r' || c == '\n' || c == '\t' || (c >= ' ' && c < 127));
            if (plain || reject.extended()) {
                refusal = Optional.of(reject.reason());
            } else {
                Refusal.of(letter, occasion.sent(), reject, stamp()).ifPresent(mailings::add);
            }
        }

        private void vacation(Action.Vacation vacation, Letter letter) {
            if (occasion.junk().isPresent()) {
                silent("the message is junk");
                return;
            }
            Sent sent = occasion.sent();
            switch (VacationReply.to(letter, sent, vacation, owner, stamp())) {
                case VacationReply.Decision.Silence silence -> silent(silence.why());
                case VacationReply.Decision.Answer answer -> {
                    Entry entry = new Entry(Memory.Kind.VACATION, VacationReply.key(sent, vacation));
                    if (remembered.knows(entry) || !remembered.claim(entry)) {
                        silent("this sender has had it");
                        return;
                    }
                    remembered.add(entry, vacation.interval());
                    mail(answer.mailing(), vacation.fcc());
                }
            }
        }

        private void silent(String why) {
            trace.info("sieve", "id", occasion.id(), "vacation", "none", "reason", why);
        }

        private void mail(Mailing mailing, Optional<Action.Copy> fcc) {
            mailings.add(mailing);
            fcc.ifPresent(copy -> written.add(new Filed(
                    copy.specialUse().flatMap(world::withUse).orElse(copy.mailbox()),
                    copy.create(),
                    copy.flags(),
                    Optional.of(mailing.message()))));
        }

        private Mailing.Stamp stamp() {
            return new Mailing.Stamp(
                    now.toOffsetDateTime(),
                    settings.hostname(),
                    "sieve." + occasion.id() + "." + Long.toHexString(clock.millis()) + "." + numbers.incrementAndGet()
                            + "@" + settings.hostname());
        }
    }
}
