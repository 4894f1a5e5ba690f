package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Restriction;
import tamanoir.server.delivery.AddressMaps;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.policy.Checks.Stage;
import tamanoir.server.policy.RestrictionList.Carry;
import tamanoir.server.policy.Verdict.Refuse;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.Tables;

/// The restriction lists of one service in Postfix's order: client, HELO, sender, relay, recipient, data, end of data.
/// Immutable; used by many sessions.
///
/// A yes ends its own list only; a no ends everything. With `smtpd_delay_reject` the first three lists wait until a
/// recipient is named, so that the log tells who was refused what, and run again for each recipient.
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

    /// @throws BadSyntax when a list names a restriction that is not supported; the text names list and restriction
    public Policy(
            PolicySettings settings,
            Recipients recipients,
            AddressLookup lookup,
            AddressMaps senderLogins,
            Tables tables,
            Dns dns) {
        this.settings = settings;
        this.recipients = recipients;
        this.checks = new Checks(settings, recipients, lookup, senderLogins, tables, dns);
        this.client = list("smtpd_client_restrictions", Stage.CLIENT);
        this.helo = list("smtpd_helo_restrictions", Stage.HELO);
        this.sender = list("smtpd_sender_restrictions", Stage.SENDER);
        RestrictionList relay = list("smtpd_relay_restrictions", Stage.RECIPIENT);
        RestrictionList others = list("smtpd_recipient_restrictions", Stage.RECIPIENT);
        this.recipient = settings.relayFirst() ? List.of(relay, others) : List.of(others, relay);
        this.data = list("smtpd_data_restrictions", Stage.DATA);
        this.endOfData = list("smtpd_end_of_data_restrictions", Stage.END_OF_DATA);
        this.headerRewriteClients =
                named("local_header_rewrite_clients", Stage.CLIENT, settings.headerRewriteClients());
        this.guarded = relay.has(GUARDS) || others.has(GUARDS);
    }

    private RestrictionList list(String name, Stage stage) {
        return named(name, stage, settings.list(name));
    }

    private RestrictionList named(String name, Stage stage, List<Restriction> steps) {
        try {
            return checks.list(name, stage, steps);
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
        return settings.delayReject() ? Verdict.PASS : single(client, question);
    }

    public Verdict greeted(Question question) {
        return settings.delayReject() ? Verdict.PASS : single(helo, question);
    }

    public Verdict sender(Question question) {
        if (settings.delayReject()) {
            return Verdict.PASS;
        }
        Verdict verdict = single(sender, question);
        return verdict instanceof Verdict.Pass && settings.rejectUnlistedSender()
                ? judged(checks.unlistedSender(question), verdict, "reject_unlisted_sender")
                : verdict;
    }

    /// The lists for one recipient, then what holds without any list: nobody relays by accident, and unknown names are
    /// refused here and not by a bounce.
    public Verdict recipient(Question question) {
        if (!guarded) {
            return new Refuse(MISCONFIGURED, "no restriction guards against relaying");
        }
        Carry carry = new Carry();
        if (settings.delayReject()) {
            for (RestrictionList list : List.of(client, helo, sender)) {
                Optional<Refuse> no = list.run(question, carry);
                if (no.isPresent()) {
                    return soft(no.get());
                }
            }
            if (settings.rejectUnlistedSender()
                    && judged(checks.unlistedSender(question), Verdict.PASS, "reject_unlisted_sender")
                            instanceof Refuse no) {
                return no;
            }
        }
        // A permission to connect or to say a name is none to relay.
        carry.specific = false;
        for (RestrictionList list : recipient) {
            Optional<Refuse> no = list.run(question, carry);
            if (no.isPresent()) {
                return soft(no.get());
            }
        }
        if (!mayRelay(question, carry)) {
            return soft(new Refuse(
                    Reply.of(
                            settings.codes().relayDenied(),
                            settings.codes().relayDenied() < 500 ? "4.7.1" : "5.7.1",
                            "<" + question.to().map(Object::toString).orElse("") + ">: Relay access denied"),
                    "nobody permitted relaying"));
        }
        Verdict pass = carry.pass();
        if (pass instanceof Refuse refuse) {
            return soft(refuse); // a doubt of a list speaks before the question whether the recipient exists
        }
        if (settings.rejectUnlistedRecipient()) {
            Verdict verdict = judged(checks.unlistedRecipient(question), Verdict.PASS, "reject_unlisted_recipient");
            if (verdict instanceof Refuse) {
                return verdict;
            }
        }
        return pass;
    }

    /// Mail for elsewhere needs somebody who said yes to this client or address, not only lists that said nothing.
    private boolean mayRelay(Question question, Carry carry) {
        return carry.specific
                || question.authenticated()
                || question.to().isEmpty()
                || recipients.classOf(question.to().get()).isOurs()
                || settings.mynetworks().test(question.client().address());
    }

    public Verdict data(Question question) {
        return single(data, question);
    }

    public Verdict endOfData(Question question) {
        return single(endOfData, question);
    }

    /// Whether headers of this client's mail are completed and mapped (`local_header_rewrite_clients`).
    public boolean rewritesHeadersOf(Question question) {
        return headerRewriteClients.rules().stream()
                .anyMatch(rule -> rule.check().judge(question) instanceof Ruling.Permit);
    }

    private Verdict single(RestrictionList list, Question question) {
        Carry carry = new Carry();
        Optional<Refuse> no = list.run(question, carry);
        if (no.isPresent()) {
            return soft(no.get());
        }
        Verdict pass = carry.pass();
        return pass instanceof Refuse refuse ? soft(refuse) : pass;
    }

    private Verdict judged(Ruling ruling, Verdict otherwise, String name) {
        return ruling instanceof Ruling.Refuse refuse ? soft(new Refuse(refuse.reply(), name)) : otherwise;
    }

    /// `soft_bounce`: while a set-up is tried out, nothing is final.
    private Refuse soft(Refuse refuse) {
        Reply reply = refuse.reply();
        if (!settings.softBounce() || !reply.isPermanent()) {
            return refuse;
        }
        String status = reply.status().isEmpty() ? "" : "4" + reply.status().substring(1);
        return new Refuse(new Reply(reply.code() - 100, status, reply.lines()), refuse.reason());
    }
}
