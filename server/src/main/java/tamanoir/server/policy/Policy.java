package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Path;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Restriction;
import tamanoir.server.delivery.AddressMaps;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.dns.ListHealth;
import tamanoir.server.policy.Carry.Where;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.policy.Verdict.Refuse;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// The restriction lists of one service in Postfix's order: client, HELO, sender, relay, recipient, data,
/// end of data. Immutable; used by many sessions.
///
/// A yes ends its own list only; a no ends everything. With `smtpd_delay_reject` the first three lists wait
/// until a recipient is named, so that the log tells who was refused what, and run again for each
/// recipient.
public final class Policy {
    private static final List<String> GUARDS =
            List.of("reject", "defer", "defer_if_permit", "reject_unauth_destination", "defer_unauth_destination");
    private static final Reply MISCONFIGURED = Reply.of(451, "4.3.5", "Server configuration error");

    /// Addresses that are nobody's network: for documentation (RFC 5737 §3, RFC 3849 §2).
    private static final InetAddress STRANGER = InetAddress.ofLiteral("203.0.113.77");

    private static final InetAddress STRANGER_SIX = InetAddress.ofLiteral("2001:db8:ffff::77");

    private final PolicySettings settings;
    private final Recipients recipients;
    private final Checks checks;
    private final RestrictionList client;
    private final RestrictionList helo;
    private final RestrictionList sender;
    private final List<RestrictionList> recipient;
    private final RestrictionList data;
    private final RestrictionList endOfData;
    private final RestrictionList headerRewriteClients;
    private final boolean guarded;
    private final boolean greylists;

    /// What the lists ask: who our recipients are, tables, names, what is remembered, and who probes
    /// addresses.
    public record Parts(
            Recipients recipients,
            AddressLookup lookup,
            AddressMaps senderLogins,
            List<LookupTable> relayCertificates,
            Tables tables,
            Dns dns,
            Notebook notebook,
            Prober prober,
            ListHealth listHealth) {
        public Parts {
            relayCertificates = List.copyOf(relayCertificates);
        }
    }

    /// @throws BadSyntax when a list names a restriction that is not supported; the text names list and
    /// restriction
    public Policy(PolicySettings settings, Parts parts) {
        this.settings = settings;
        this.recipients = parts.recipients();
        this.checks = new Checks(settings, parts);
        this.client = list("smtpd_client_restrictions", About.CLIENT);
        this.helo = list("smtpd_helo_restrictions", About.HELO);
        this.sender = list("smtpd_sender_restrictions", About.SENDER);
        RestrictionList relay = list("smtpd_relay_restrictions", About.RECIPIENT);
        RestrictionList others = list("smtpd_recipient_restrictions", About.RECIPIENT);
        this.recipient = settings.relayFirst() ? List.of(relay, others) : List.of(others, relay);
        this.data = list("smtpd_data_restrictions", About.DATA);
        this.endOfData = list("smtpd_end_of_data_restrictions", About.END_OF_DATA);
        this.headerRewriteClients =
                named("local_header_rewrite_clients", About.CLIENT, settings.headerRewriteClients());
        this.guarded = relay.has(GUARDS) || others.has(GUARDS);
        this.greylists = settings.greylist().everywhere()
                || settings.lists().values().stream().anyMatch(Policy::greylists)
                || settings.classNames().stream()
                        .anyMatch(name -> greylists(settings.classes().apply(name)));
    }

    private static boolean greylists(List<Restriction> steps) {
        return steps.stream().anyMatch(step -> step.name().equals("greylist"));
    }

    private RestrictionList list(String name, About about) {
        return named(name, about, settings.list(name));
    }

    private RestrictionList named(String name, About about, List<Restriction> steps) {
        try {
            return checks.list(name, new AccessTables.Spot(about, 0), steps);
        } catch (BadSyntax e) {
            throw new BadSyntax(name + ": " + e.getMessage());
        }
    }

    /// What an administrator must hear about the lists as a whole; empty when all is well.
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!guarded) {
            problems.add("neither smtpd_relay_restrictions nor smtpd_recipient_restrictions holds one of "
                    + String.join(", ", GUARDS)
                    + "; all mail is refused until one does (reject_unauth_destination is the usual one)");
        }
        if (settings.mynetworks().test(STRANGER) || settings.mynetworks().test(STRANGER_SIX)) {
            problems.add("mynetworks names the whole Internet, which would make this server an open relay");
        }
        return problems;
    }

    // ---- the stages --------------------------------------------------------------------------------------------

    public Verdict connected(Question question) {
        return settings.delayReject()
                ? Verdict.PASS
                : early(List.of(client), question, new Carry(Where.CONNECT, Optional.empty()));
    }

    public Verdict greeted(Question question) {
        Where where = question.protocol().equals("SMTP") ? Where.HELO : Where.EHLO;
        return settings.delayReject()
                ? Verdict.PASS
                : early(List.of(helo), question, new Carry(where, Optional.empty()));
    }

    public Verdict sender(Question question) {
        if (settings.delayReject()) {
            return Verdict.PASS;
        }
        Carry carry = new Carry(Where.MAIL, Optional.empty());
        Verdict verdict = early(List.of(sender), question, carry);
        return verdict instanceof Verdict.Pass
                ? unlistedSender(question, carry)
                        .<Verdict>map(Function.identity())
                        .orElse(verdict)
                : verdict;
    }

    /// A list before RCPT: its doubts wait until somebody is to get mail.
    private Verdict early(List<RestrictionList> lists, Question question, Carry carry) {
        for (RestrictionList list : lists) {
            carry.nextStage();
            Optional<Refuse> no = list.run(question, carry);
            if (no.isPresent()) {
                return refused(no.get(), carry);
            }
        }
        return new Verdict.Pass(carry.effects, carry.doubt());
    }

    /// The lists for one recipient, then what holds without any list: nobody relays by accident, and
    /// unknown names are refused here and not by a bounce.
    public Verdict recipient(Question question) {
        return recipient(question, new Carry(Where.RCPT, Optional.empty()));
    }

    /// The same for VRFY, which only asks whether it could be a recipient.
    public Verdict verify(Question question) {
        return recipient(question, new Carry(Where.VRFY, Optional.empty()));
    }

    /// RFC 5321 §4.5.1: `<postmaster>` without a domain is always welcome.
    private static boolean isPostmaster(Question question) {
        return question.recipient().orElse(Path.NULL) instanceof Path.Bare bare
                && bare.localPart().equalsIgnoreCase("postmaster");
    }

    private Verdict recipient(Question question, Carry carry) {
        if (isPostmaster(question)) {
            carry.step("postmaster", "permit", "postmaster without a domain is always welcome", "");
            return Verdict.PASS;
        }
        if (!guarded) {
            return new Refuse(MISCONFIGURED, "no restriction guards against relaying");
        }
        if (settings.delayReject()) {
            Verdict verdict = early(List.of(client, helo, sender), question, carry);
            if (verdict instanceof Refuse) {
                return verdict;
            }
            Optional<Refuse> unlisted = unlistedSender(question, carry);
            if (unlisted.isPresent()) {
                return unlisted.get();
            }
        } else {
            question.doubts().first().ifPresent(carry::doubt);
        }
        // A permission to connect or to say a name is none to relay.
        carry.specific = carry.discarded;
        carry.nextStage();
        for (RestrictionList list : recipient) {
            Optional<Refuse> no = list.run(question, carry);
            if (no.isPresent()) {
                return refused(no.get(), carry);
            }
        }
        if (!mayRelay(question, carry)) {
            carry.step("relaying", "reject", "no list permits this client or address to relay", "");
            return refused(
                    new Refuse(
                            Refusals.plain(
                                    settings.codes().relayDenied(),
                                    "5.7.1",
                                    "<" + About.RECIPIENT.subject(question) + ">: Relay access denied"),
                            "no list permits relaying"),
                    carry);
        }
        Optional<Refuse> no = settings.greylist().everywhere() && !carry.discarded
                ? implied("greylist", checks.greylist().judge(question, carry), "greylist_enable", carry)
                : Optional.empty();
        if (no.isEmpty() && carry.doubt().isPresent()) {
            // A doubt of a list speaks before the question whether the recipient exists.
            carry.step(
                    "defer_if_permit",
                    "defer",
                    carry.doubt().get().reason(),
                    carry.doubt().get().reply().toString());
            no = carry.doubt();
        }
        if (no.isEmpty() && settings.rejectUnlistedRecipient() && !carry.discarded) {
            no = implied(
                    "reject_unlisted_recipient",
                    checks.addresses().unlistedRecipient(question, carry),
                    "smtpd_reject_unlisted_recipient",
                    carry);
        }
        return no.isPresent() ? refused(no.get(), carry) : new Verdict.Pass(carry.effects);
    }

    private Optional<Refuse> unlistedSender(Question question, Carry carry) {
        if (!settings.rejectUnlistedSender() || carry.discarded) {
            return Optional.empty();
        }
        return implied(
                        "reject_unlisted_sender",
                        checks.addresses().unlistedSender(question, carry),
                        "smtpd_reject_unlisted_sender",
                        carry)
                .map(no -> refused(no, carry));
    }

    /// What is asked without standing in a list, because a parameter says so.
    private static Optional<Refuse> implied(String name, Ruling ruling, String parameter, Carry carry) {
        if (ruling instanceof Ruling.Refuse no) {
            carry.step(
                    name + " (" + parameter + ")",
                    Carry.outcome(ruling),
                    no.why(),
                    no.reply().toString());
            return Optional.of(new Refuse(
                    no.reply(), name + " (" + parameter + ")" + (no.why().isEmpty() ? "" : ": " + no.why())));
        }
        carry.step(name + " (" + parameter + ")", Carry.outcome(ruling), ruling.why(), "");
        return Optional.empty();
    }

    /// Mail for elsewhere needs somebody who said yes to this client or address, not only lists that said
    /// nothing.
    private boolean mayRelay(Question question, Carry carry) {
        return carry.specific
                || question.authenticated()
                || question.to().isEmpty()
                || recipients.classOf(question.to().get()).isOurs()
                || settings.mynetworks().test(question.client().address());
    }

    public Verdict data(Question question) {
        return single(data, question, new Carry(Where.DATA, Optional.empty()));
    }

    public Verdict endOfData(Question question) {
        Carry carry = new Carry(Where.END_OF_MESSAGE, Optional.empty());
        Verdict verdict = single(endOfData, question, carry);
        if (!(verdict instanceof Verdict.Pass) || carry.discarded) {
            return verdict;
        }
        Optional<Refuse> no = settings.vouching().refusal(question);
        if (no.isPresent()) {
            return refused(no.get(), carry);
        }
        if (settings.vouching().quarantines(question)) {
            carry.effects.add(new Effect.Prepend("X-Spam-Flag: YES"));
            return new Verdict.Pass(carry.effects);
        }
        return verdict;
    }

    /// The message of this question was taken, for whoever remembers good senders.
    public void accepted(Question question) {
        if (greylists) {
            checks.greylist().accepted(question);
        }
    }

    /// Whether headers of this client's mail are completed and mapped (`local_header_rewrite_clients`).
    public boolean rewritesHeadersOf(Question question) {
        Carry carry = new Carry(Where.MAIL, Optional.empty());
        return headerRewriteClients.rules().stream()
                .anyMatch(rule -> rule.check().judge(question, carry) instanceof Ruling.Permit);
    }

    private Verdict single(RestrictionList list, Question question, Carry carry) {
        Optional<Refuse> no = list.run(question, carry).or(carry::doubt);
        return no.isPresent() ? refused(no.get(), carry) : new Verdict.Pass(carry.effects);
    }

    /// With what else belongs into the log, and by `soft_bounce` never for good: while a set-up is tried
    /// out, nothing is final.
    private Refuse refused(Refuse refuse, Carry carry) {
        Reply reply = refuse.reply();
        if (settings.softBounce() && reply.isPermanent()) {
            String status = reply.status().isEmpty() ? "" : "4" + reply.status().substring(1);
            reply = new Reply(reply.code() - 100, status, reply.lines());
        }
        List<Effect.Note> notes = new ArrayList<>();
        for (Effect effect : carry.effects) {
            if (effect instanceof Effect.Note note) {
                notes.add(note);
            }
        }
        return new Refuse(reply, refuse.reason(), notes);
    }

    // ---- explanations ------------------------------------------------------------------------------------------

    /// How a verdict came about.
    public record Explained(Verdict verdict, List<Step> steps) {
        public Explained {
            steps = List.copyOf(steps);
        }
    }

    /// Asks everything that a message of this question would be asked up to RCPT, without anybody
    /// remembering it, then what the lists at DATA say.
    public Explained explain(Question question) {
        List<Step> steps = new ArrayList<>();
        if (!settings.delayReject()) {
            Carry early = new Carry(Where.MAIL, Optional.of(steps));
            Verdict verdict = early(List.of(client, helo, sender), question, early);
            if (verdict instanceof Refuse) {
                return new Explained(verdict, steps);
            }
        }
        Verdict verdict = recipient(question, new Carry(Where.RCPT, Optional.of(steps)));
        for (RestrictionList list : List.of(data, endOfData)) {
            if (verdict instanceof Verdict.Pass && !list.rules().isEmpty()) {
                Where where = list.equals(data) ? Where.DATA : Where.END_OF_MESSAGE;
                Verdict later = single(list, question, new Carry(where, Optional.of(steps)));
                verdict = later instanceof Refuse ? later : verdict;
            }
        }
        return new Explained(verdict, steps);
    }
}
