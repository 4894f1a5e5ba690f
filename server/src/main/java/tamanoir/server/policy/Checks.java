package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.smtp.Path;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Restriction;
import tamanoir.server.delivery.AddressClass;
import tamanoir.server.delivery.AddressMaps;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.delivery.Recipients.Standing;
import tamanoir.server.delivery.Target;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.RestrictionList.Check;
import tamanoir.server.policy.RestrictionList.Rule;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// What each restriction does, one method each, in Postfix's words and codes (postconf(5)). Immutable.
///
/// [#list] turns names into something that runs; a name that is known but not built fails there, loudly, so that a
/// configuration never protects less than it says.
final class Checks {
    /// Which list it is: decides about whom a bare `reject` speaks.
    enum Stage {
        CLIENT("Client host"),
        HELO("Helo command"),
        SENDER("Sender address"),
        RECIPIENT("Recipient address"),
        DATA("Data command"),
        END_OF_DATA("End-of-data");

        final String what;

        Stage(String what) {
            this.what = what;
        }
    }

    /// Lists named by tables within lists, at most.
    private static final int DEEPEST = 20;

    private final PolicySettings settings;
    private final Recipients recipients;
    private final AddressLookup lookup;
    private final AddressMaps senderLogins;
    private final Tables tables;
    private final Dns dns;

    Checks(
            PolicySettings settings,
            Recipients recipients,
            AddressLookup lookup,
            AddressMaps senderLogins,
            Tables tables,
            Dns dns) {
        this.settings = settings;
        this.recipients = recipients;
        this.lookup = lookup;
        this.senderLogins = senderLogins;
        this.tables = tables;
        this.dns = dns;
    }

    /// @throws BadSyntax when a restriction is not there
    RestrictionList list(String name, Stage stage, List<Restriction> steps) {
        return new RestrictionList(name, rules(stage, steps, 0));
    }

    private List<Rule> rules(Stage stage, List<Restriction> steps, int depth) {
        if (depth > DEEPEST) {
            throw new BadSyntax("restriction classes name each other in a circle");
        }
        List<Rule> rules = new ArrayList<>();
        boolean warn = false;
        for (Restriction step : steps) {
            if (step.name().equals("warn_if_reject")) {
                warn = true;
                continue;
            }
            if (settings.classNames().contains(step.name())) {
                RestrictionList inner = new RestrictionList(
                        step.name(), rules(stage, settings.classes().apply(step.name()), depth + 1));
                rules.add(new Rule(step.name(), inner.asCheck(), warn));
            } else {
                rules.add(new Rule(step.name(), check(stage, step, depth), warn));
            }
            warn = false;
        }
        return rules;
    }

    private Check check(Stage stage, Restriction step, int depth) {
        PolicySettings.Codes codes = settings.codes();
        return switch (step.name()) {
            case "permit" -> _ -> new Ruling.Permit(false);
            case "reject" -> q -> no(codes.reject(), "5.7.1", stage, q, "Access denied");
            case "defer" -> q -> no(codes.defer(), "4.3.2", stage, q, "Try again later");
            case "defer_if_permit" ->
                q -> new Ruling.DeferIfPermit(reply(450, "4.7.0", stage, q, "defer_if_permit requested"));
            case "defer_if_reject" ->
                q -> new Ruling.DeferIfReject(reply(450, "4.7.0", stage, q, "defer_if_reject requested"));
            case "permit_mynetworks" ->
                q -> permitIf(settings.mynetworks().test(q.client().address()));
            case "permit_inet_interfaces" ->
                q -> permitIf(settings.ownAddresses().test(q.client().address()));
            case "permit_sasl_authenticated" -> q -> permitIf(q.authenticated());
            case "permit_auth_destination" -> q -> permitIf(isAuthorized(q));
            case "reject_unauth_destination" -> q -> unauthorized(q, codes.relayDenied(), "5.7.1");
            // 454 for the usual 554: the code that main.cf sets for good, made one for now.
            case "defer_unauth_destination" -> q -> unauthorized(q, 400 + codes.relayDenied() % 100, "4.7.1");
            case "reject_unlisted_recipient" -> this::unlistedRecipient;
            case "reject_unlisted_sender" -> this::unlistedSender;
            case "reject_unauth_pipelining" -> q -> pipelining(stage, q);
            case "reject_plaintext_session" ->
                q -> q.tls()
                        ? Ruling.DUNNO
                        : new Ruling.Refuse(Reply.of(
                                codes.plaintext(), status(codes.plaintext(), "7.1"), "Session encryption is required"));
            case "reject_multi_recipient_bounce" ->
                q -> q.recipients() > 1 && q.from() instanceof ReversePath.Null
                        ? no(codes.multiRecipientBounce(), "5.5.3", stage, q, "Multi-recipient bounce")
                        : Ruling.DUNNO;
            case "reject_non_fqdn_sender" -> q -> nonFqdn(Stage.SENDER, q, q.sender());
            case "reject_non_fqdn_recipient" ->
                q -> q.recipient().isEmpty()
                        ? Ruling.DUNNO
                        : nonFqdn(Stage.RECIPIENT, q, q.recipient().get());
            case "reject_non_fqdn_helo_hostname" -> this::nonFqdnHelo;
            case "reject_invalid_helo_hostname" -> this::invalidHelo;
            case "reject_unknown_helo_hostname" -> this::unknownHelo;
            case "reject_unknown_sender_domain" -> this::unknownSenderDomain;
            case "reject_unknown_recipient_domain" -> this::unknownRecipientDomain;
            case "reject_unknown_client_hostname" ->
                q -> unknownClient(q, q.client().name(), "cannot find your hostname");
            case "reject_unknown_reverse_client_hostname" ->
                q -> unknownClient(q, q.client().reverseName(), "cannot find your reverse hostname");
            case "reject_sender_login_mismatch" -> q -> loginMismatch(q, true, true, false);
            case "reject_authenticated_sender_login_mismatch" -> q -> loginMismatch(q, true, false, false);
            case "reject_unauthenticated_sender_login_mismatch" -> q -> loginMismatch(q, false, true, false);
            case "reject_known_sender_login_mismatch" -> q -> loginMismatch(q, true, true, true);
            case "check_client_access" -> {
                LookupTable table = tables.open(step.argument());
                yield q -> access(stage, Stage.CLIENT, q, forClient(table, q.client()), depth);
            }
            case "check_reverse_client_hostname_access" -> {
                LookupTable table = tables.open(step.argument());
                yield q -> q.client().reverseName().equals(Client.UNKNOWN)
                        ? Ruling.DUNNO
                        : access(
                                stage,
                                Stage.CLIENT,
                                q,
                                forHost(table, q.client().reverseName()),
                                depth);
            }
            case "check_helo_access" -> {
                LookupTable table = tables.open(step.argument());
                yield q -> q.helo().isEmpty()
                        ? Ruling.DUNNO
                        : access(stage, Stage.HELO, q, forHost(table, q.helo()), depth);
            }
            case "check_sasl_access" -> {
                LookupTable table = tables.open(step.argument());
                yield q -> q.authenticated() ? access(stage, stage, q, table.lookup(q.login()), depth) : Ruling.DUNNO;
            }
            case "check_sender_access" -> {
                LookupTable table = tables.open(step.argument());
                yield q -> access(stage, Stage.SENDER, q, forSender(table, q.from()), depth);
            }
            case "check_recipient_access" -> {
                LookupTable table = tables.open(step.argument());
                yield q -> q.to().isEmpty()
                        ? Ruling.DUNNO
                        : access(stage, Stage.RECIPIENT, q, forAddress(table, q.to().get()), depth);
            }
            case Restriction.TABLE -> {
                LookupTable table = tables.open(step.argument());
                yield q -> access(stage, stage, q, byStage(stage, table, q), depth);
            }
            default ->
                throw new BadSyntax(
                        "the restriction \"" + step.name()
                                + "\" is not supported yet; take it out, for leaving it without effect would protect less than it says");
        };
    }

    private Optional<String> forHost(LookupTable table, String host) {
        return AddressLookup.hostAccess(List.of(table), host, settings.parentsMatch())
                .map(Found::text);
    }

    /// The host name first, then the address and its networks.
    private Optional<String> forClient(LookupTable table, Client client) {
        Optional<String> byName =
                client.name().equals(Client.UNKNOWN) ? Optional.empty() : forHost(table, client.name());
        return byName.isPresent()
                ? byName
                : AddressLookup.addressAccess(List.of(table), client.address()).map(Found::text);
    }

    private Optional<String> forSender(LookupTable table, ReversePath sender) {
        return switch (sender) {
            case ReversePath.Null _ -> table.lookup(settings.nullSenderKey());
            case ReversePath.Sender some -> forAddress(table, some.address());
        };
    }

    private Optional<String> forAddress(LookupTable table, Address address) {
        return lookup.mailAccess(List.of(table), address, settings.parentsMatch())
                .map(Found::text);
    }

    private Optional<String> byStage(Stage stage, LookupTable table, Question q) {
        return switch (stage) {
            case CLIENT -> forClient(table, q.client());
            case HELO -> q.helo().isEmpty() ? Optional.empty() : forHost(table, q.helo());
            case SENDER -> forSender(table, q.from());
            case RECIPIENT -> q.to().flatMap(to -> forAddress(table, to));
            case DATA, END_OF_DATA -> Optional.empty();
        };
    }

    // ---- words -------------------------------------------------------------------------------------------------

    private static Ruling permitIf(boolean yes) {
        return yes ? Ruling.PERMIT : Ruling.DUNNO;
    }

    private static String status(int code, String rest) {
        return (code < 500 ? "4." : "5.") + rest;
    }

    private static Reply reply(int code, String status, Stage stage, Question q, String text) {
        String fitting = status(code, status.substring(2));
        return Reply.of(code, fitting, "<" + subject(stage, q) + ">: " + stage.what + " rejected: " + text);
    }

    private static Ruling no(int code, String status, Stage stage, Question q, String text) {
        return new Ruling.Refuse(reply(code, status, stage, q, text));
    }

    private static String subject(Stage stage, Question q) {
        return switch (stage) {
            case CLIENT -> q.client().toString();
            case HELO -> q.helo();
            case SENDER -> q.sender().toString();
            case RECIPIENT -> q.recipient().map(Path::toString).orElse("");
            case DATA -> "DATA";
            case END_OF_DATA -> "END-OF-MESSAGE";
        };
    }

    // ---- destinations and recipients ---------------------------------------------------------------------------

    /// True when the recipient is in one of our domains; also where no recipient is judged.
    private boolean isAuthorized(Question q) {
        return q.to().isEmpty() || recipients.classOf(q.to().get()).isOurs();
    }

    private Ruling unauthorized(Question q, int code, String status) {
        return isAuthorized(q)
                ? Ruling.DUNNO
                : new Ruling.Refuse(Reply.of(
                        code,
                        status(code, status.substring(2)),
                        "<" + subject(Stage.RECIPIENT, q) + ">: Relay access denied"));
    }

    Ruling unlistedRecipient(Question q) {
        if (q.to().isEmpty()) {
            return Ruling.DUNNO;
        }
        return switch (recipients.standing(q.to().get())) {
            case Standing.Unknown unknown -> new Ruling.Refuse(unknown.reply());
            case Standing.Known _, Standing.Elsewhere _ -> Ruling.DUNNO;
        };
    }

    Ruling unlistedSender(Question q) {
        if (!(q.from() instanceof ReversePath.Sender(Address address))) {
            return Ruling.DUNNO;
        }
        return switch (recipients.standing(address)) {
            case Standing.Unknown unknown -> {
                Reply reply = unknown.reply();
                yield new Ruling.Refuse(Reply.of(
                        reply.code(),
                        status(reply.code(), "1.0"),
                        reply.lines().getFirst().replace("Recipient address", "Sender address")));
            }
            case Standing.Known _, Standing.Elsewhere _ -> Ruling.DUNNO;
        };
    }

    /// RFC 2920 §3.1: commands may be sent ahead, but not by whoever was not told so, nor anything behind DATA.
    private static Ruling pipelining(Stage stage, Question q) {
        boolean wrong = q.pipelined() && (q.protocol().equals("SMTP") || stage == Stage.DATA);
        return wrong ? no(503, "5.5.0", stage, q, "Improper use of SMTP command pipelining") : Ruling.DUNNO;
    }

    // ---- names -------------------------------------------------------------------------------------------------

    private Ruling nonFqdn(Stage stage, Question q, Path path) {
        boolean full = switch (path) {
            case Path.Null _ -> true;
            case Path.Bare _ -> false;
            case Path.Whole whole -> isFqdn(whole.address().domain());
        };
        return full ? Ruling.DUNNO : no(settings.codes().nonFqdn(), "5.5.2", stage, q, "need fully-qualified address");
    }

    private static boolean isFqdn(Domain domain) {
        return domain.isLiteral() || domain.name().indexOf('.') > 0;
    }

    private Ruling nonFqdnHelo(Question q) {
        String helo = q.helo();
        if (helo.isEmpty() || helo.startsWith("[")) {
            return Ruling.DUNNO;
        }
        return helo.indexOf('.') > 0 && isHostName(helo) && !isAddress(helo)
                ? Ruling.DUNNO
                : no(settings.codes().nonFqdn(), "5.5.2", Stage.HELO, q, "need fully-qualified hostname");
    }

    private Ruling invalidHelo(Question q) {
        String helo = q.helo();
        if (helo.isEmpty()) {
            return Ruling.DUNNO;
        }
        // A bare address is no name, but not invalid: reject_non_fqdn_helo_hostname is who minds.
        boolean valid = helo.startsWith("[") ? isLiteral(helo) : isHostName(helo) || isAddress(helo);
        return valid ? Ruling.DUNNO : no(settings.codes().invalidHostname(), "5.5.2", Stage.HELO, q, "Invalid name");
    }

    private Ruling unknownHelo(Question q) {
        String helo = q.helo();
        if (helo.isEmpty() || helo.startsWith("[")) {
            return invalidHelo(q);
        }
        if (!isHostName(helo)) {
            return new Ruling.Refuse(
                    reply(settings.codes().unknownHostname(), "4.7.1", Stage.HELO, q, "Host not found"));
        }
        Answer<InetAddress> addresses = dns.addresses(helo);
        if (addresses instanceof Answer.Found) {
            return Ruling.DUNNO;
        }
        Answer<Mx> mx = dns.mx(helo);
        if (mx instanceof Answer.Found) {
            return Ruling.DUNNO;
        }
        Reply reply = reply(settings.codes().unknownHostname(), "4.7.1", Stage.HELO, q, "Host not found");
        return addresses.isFailed() || mx.isFailed()
                ? new Ruling.DeferIfPermit(reply(450, "4.7.1", Stage.HELO, q, "Host not found"))
                : new Ruling.Refuse(reply);
    }

    /// Letters, digits, hyphens and (for names of real clients) underscores, labels of 1 to 63, no hyphen at an end.
    static boolean isHostName(String name) {
        String text = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (text.isEmpty() || text.length() > 255) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                if (!(c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isAddress(String name) {
        return name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /// RFC 5321 §4.1.3; the tag in any case, and IPv6 without it, as real clients write.
    private static boolean isLiteral(String helo) {
        if (!helo.endsWith("]")) {
            return false;
        }
        String inside = helo.substring(1, helo.length() - 1);
        String address = inside.regionMatches(true, 0, "IPv6:", 0, 5) ? inside.substring(5) : inside;
        try {
            InetAddress.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Ruling unknownClient(Question q, String name, String text) {
        if (!name.equals(Client.UNKNOWN)) {
            return Ruling.DUNNO;
        }
        int code = settings.codes().unknownClient();
        String message = "Client host rejected: " + text + ", [" + q.client().addressText() + "]";
        // Not "if all others permit": a client whose name cannot be found out now comes again (postconf(5)).
        return q.client().trouble()
                ? new Ruling.Refuse(Reply.of(450, "4.7.25", message))
                : new Ruling.Refuse(Reply.of(code, status(code, "7.25"), message));
    }

    // ---- domains -----------------------------------------------------------------------------------------------

    private Ruling unknownSenderDomain(Question q) {
        return q.from() instanceof ReversePath.Sender(Address address) && q.sender() instanceof Path.Whole
                ? unknownDomain(Stage.SENDER, q, address, "1.8", 550, "5.7.27")
                : Ruling.DUNNO;
    }

    private Ruling unknownRecipientDomain(Question q) {
        return q.to().isPresent() && q.recipient().orElse(Path.NULL) instanceof Path.Whole
                ? unknownDomain(Stage.RECIPIENT, q, q.to().get(), "1.2", 556, "5.1.10")
                : Ruling.DUNNO;
    }

    /// No MX and no address, or a null MX (RFC 7505 §4). Our own domains exist whatever DNS says.
    private Ruling unknownDomain(
            Stage stage, Question q, Address address, String status, int nullMxCode, String nullMxStatus) {
        Domain domain = address.domain();
        if (domain.isLiteral() || recipients.classOf(address) != AddressClass.DEFAULT) {
            return Ruling.DUNNO;
        }
        int code = settings.codes().unknownAddress();
        Answer<Mx> mx = dns.mx(domain.ascii());
        if (mx instanceof Answer.Found<Mx> found) {
            if (found.records().stream().allMatch(Mx::isRoot)) {
                return new Ruling.Refuse(Reply.of(
                        nullMxCode,
                        nullMxStatus,
                        "<" + address + ">: " + stage.what + " rejected: Domain " + domain
                                + " does not accept mail (nullMX)"));
            }
            return Ruling.DUNNO;
        }
        if (mx instanceof Answer.Failed<Mx>) {
            return new Ruling.DeferIfPermit(reply(450, "4." + status, stage, q, "Domain not found"));
        }
        Answer<InetAddress> addresses = dns.addresses(domain.ascii());
        if (addresses instanceof Answer.Found) {
            return Ruling.DUNNO; // RFC 5321 §5.1: the implicit MX
        }
        return addresses.isFailed()
                ? new Ruling.DeferIfPermit(reply(450, "4." + status, stage, q, "Domain not found"))
                : no(code, "4." + status, stage, q, "Domain not found");
    }

    // ---- senders and logins ------------------------------------------------------------------------------------

    /// Who may send as whom: `smtpd_sender_login_maps`, and where there is none, whoever gets the mail of an address.
    private Ruling loginMismatch(Question q, boolean judgeUsers, boolean judgeStrangers, boolean knownOnly) {
        if (!(q.from() instanceof ReversePath.Sender(Address address))) {
            return Ruling.DUNNO; // B15: nobody owns the null sender
        }
        if (q.authenticated() ? !judgeUsers : !judgeStrangers) {
            return Ruling.DUNNO;
        }
        Set<String> owners = owners(address);
        if (!q.authenticated()) {
            return owners.isEmpty() ? Ruling.DUNNO : no(553, "5.7.1", Stage.SENDER, q, "not logged in");
        }
        String login = q.login().toLowerCase(Locale.ROOT);
        int at = login.indexOf('@');
        if (owners.contains(login)
                || (at > 0 && owners.contains(login.substring(0, at)))
                || (knownOnly && owners.isEmpty())) {
            return Ruling.DUNNO;
        }
        return no(553, "5.7.1", Stage.SENDER, q, "not owned by user " + q.login());
    }

    private Set<String> owners(Address sender) {
        Set<String> owners = new java.util.HashSet<>();
        if (!senderLogins.isEmpty()) {
            senderLogins
                    .find(sender)
                    .ifPresent(match -> List.of(match.text().split("[,\\s]+"))
                            .forEach(word -> owners.add(word.toLowerCase(Locale.ROOT))));
            return owners;
        }
        if (recipients.classOf(sender).isOurs()) {
            for (Target target : recipients.targets(sender, ReversePath.NULL, Set.of())) {
                if (target instanceof Target.Mailbox mailbox) {
                    owners.add(mailbox.account().address().toString().toLowerCase(Locale.ROOT));
                }
            }
        }
        return owners;
    }

    // ---- tables ------------------------------------------------------------------------------------------------

    /// One result of a table (access(5)); `about` is what the table was asked about.
    private Ruling access(Stage stage, Stage about, Question q, Optional<String> found, int depth) {
        if (found.isEmpty()) {
            return Ruling.DUNNO;
        }
        String result = found.get().strip();
        int blank = 0;
        while (blank < result.length() && !Character.isWhitespace(result.charAt(blank))) {
            blank++;
        }
        String word = result.substring(0, blank).toUpperCase(Locale.ROOT);
        String text = result.substring(blank).strip();
        PolicySettings.Codes codes = settings.codes();
        if (!word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return numeric(word, about, q, text);
        }
        return switch (word) {
            case "OK", "PERMIT" -> Ruling.PERMIT;
            case "DUNNO" -> Ruling.DUNNO;
            case "REJECT" -> new Ruling.Refuse(told(codes.accessReject(), about, q, text, "Access denied"));
            case "DEFER" -> new Ruling.Refuse(told(codes.accessDefer(), about, q, text, "Access denied"));
            case "DEFER_IF_PERMIT" -> new Ruling.DeferIfPermit(told(450, about, q, text, "Service unavailable"));
            case "DEFER_IF_REJECT" -> new Ruling.DeferIfReject(told(450, about, q, text, "Service unavailable"));
            case "DISCARD" -> new Ruling.Mark(new Effect.Discard(text));
            case "HOLD" -> new Ruling.Mark(new Effect.Hold(text.isEmpty() ? "triggered by an access table" : text));
            case "PREPEND" -> new Ruling.Mark(new Effect.Prepend(text));
            case "REDIRECT" -> new Ruling.Mark(new Effect.Redirect(address(text, result)));
            case "BCC" -> new Ruling.Mark(new Effect.BlindCopy(address(text, result)));
            case "WARN" -> new Ruling.Mark(new Effect.Note(true, text));
            case "INFO" -> new Ruling.Mark(new Effect.Note(false, text));
            case "FILTER" ->
                new Ruling.Mark(new Effect.Note(true, "FILTER is not supported and was passed over: " + text));
            default -> names(stage, q, result, depth);
        };
    }

    /// `550 5.7.1 text`, and an all-numeric result that is not a reply code is OK (access(5)).
    private Ruling numeric(String word, Stage about, Question q, String text) {
        int code = word.length() == 3 ? Integer.parseInt(word) : 0;
        return code >= 400 && code < 600
                ? new Ruling.Refuse(told(code, about, q, text, "Access denied"))
                : Ruling.PERMIT;
    }

    private static Reply told(int code, Stage about, Question q, String text, String otherwise) {
        String status = status(code, "7.1");
        String rest = text;
        int blank = text.indexOf(' ');
        String first = blank < 0 ? text : text.substring(0, blank);
        if (first.matches("[45]\\.\\d{1,3}\\.\\d{1,3}")) {
            status = status(code, first.substring(2));
            rest = blank < 0 ? "" : text.substring(blank).strip();
        }
        return reply(code, status, about, q, rest.isEmpty() ? otherwise : rest);
    }

    private static Address address(String text, String result) {
        try {
            return Address.of(text);
        } catch (BadSyntax e) {
            throw misconfigured("\"" + result + "\" in an access table needs an address");
        }
    }

    /// A result may be a list of restrictions itself.
    private Ruling names(Stage stage, Question q, String result, int depth) {
        List<Rule> rules;
        try {
            rules = rules(stage, Restriction.of(List.of(result.split("[,\\s]+"))), depth + 1);
        } catch (BadSyntax e) {
            throw misconfigured("\"" + result + "\" in an access table: " + e.getMessage());
        }
        return new RestrictionList("access table", rules).asCheck().judge(q);
    }

    private static Unavailable misconfigured(String detail) {
        return new Unavailable("server configuration error", detail);
    }
}
