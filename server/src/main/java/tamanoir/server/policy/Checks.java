package tamanoir.server.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Restriction;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.AccessTables.Spot;
import tamanoir.server.policy.Addresses.Judged;
import tamanoir.server.policy.RestrictionList.Check;
import tamanoir.server.policy.RestrictionList.Inner;
import tamanoir.server.policy.RestrictionList.Rule;
import tamanoir.server.policy.ServerAccess.Servers;
import tamanoir.server.tables.Tables;

/// Which class does what a restriction's name says; the names, words and codes are Postfix's (postconf(5)).
/// Immutable.
///
/// [#list] turns names into something that runs. A name that is not there fails there, loudly, so that a
/// configuration never protects less than it says.
final class Checks {
    /// Lists named by tables within lists, at most.
    private static final int DEEPEST = 20;

    private final PolicySettings settings;
    private final Tables tables;
    private final HostNames hostNames;
    private final Destinations destinations;
    private final Addresses addresses;
    private final VerifiedAddresses verified;
    private final AccessAction action;
    private final AccessTables access;
    private final ServerAccess servers;
    private final DnsLists dnsLists;
    private final Certificates certificates;
    private final Greylist greylist;
    private final Map<String, PolicyService> services = new HashMap<>();

    Checks(PolicySettings settings, Policy.Parts parts) {
        this.settings = settings;
        this.tables = parts.tables();
        this.hostNames = new HostNames(settings, parts.dns());
        this.destinations = new Destinations(settings, parts.recipients(), parts.dns());
        this.addresses = new Addresses(settings, parts.recipients(), parts.senderLogins(), parts.dns());
        this.verified = new VerifiedAddresses(settings, parts.recipients(), parts.notebook(), parts.prober());
        this.action = new AccessAction(settings, this::list);
        this.access = new AccessTables(settings, parts.lookup(), action);
        this.servers = new ServerAccess(access, parts.dns());
        PolicySettings.DnsReplies replies = settings.dnsReplies();
        this.dnsLists = new DnsLists(
                parts.dns(),
                parts.listHealth(),
                destinations,
                replies.code(),
                replies.reply(),
                tables.open(replies.maps()),
                Template.filter(replies.expansionFilter()));
        this.certificates = new Certificates(settings.fingerprintDigest(), parts.relayCertificates());
        this.greylist = new Greylist(settings.greylist(), parts.notebook());
    }

    Addresses addresses() {
        return addresses;
    }

    Destinations destinations() {
        return destinations;
    }

    Greylist greylist() {
        return greylist;
    }

    // ---- lists ---------------------------------------------------------------------------------------------------

    /// @throws BadSyntax when a restriction is not there
    RestrictionList list(String name, Spot spot, List<Restriction> steps) {
        if (spot.depth() > DEEPEST) {
            throw new BadSyntax("restriction classes name each other in a circle");
        }
        List<Rule> rules = new ArrayList<>();
        boolean warn = false;
        for (Restriction step : steps) {
            if (step.name().equals("warn_if_reject")) {
                warn = true;
                continue;
            }
            Check check = settings.classNames().contains(step.name())
                    ? new Inner(list(
                            step.name(),
                            new Spot(spot.list(), spot.depth() + 1),
                            settings.classes().apply(step.name())))
                    : logged(step, check(spot, step));
            rules.add(new Rule(step.toString(), step.place(), check, warn));
            warn = false;
        }
        return new RestrictionList(name, rules);
    }

    /// `smtpd_log_access_permit_actions`: a line in the log for what lets somebody in.
    private Check logged(Restriction step, Check check) {
        if (!settings.logged().contains(step.name())
                && !settings.logged().contains("static:all")
                && !settings.logged().contains("static:any")) {
            return check;
        }
        return (q, carry) -> {
            Ruling ruling = check.judge(q, carry);
            if (ruling instanceof Ruling.Permit permit && carry.doubt().isEmpty()) {
                carry.effects.add(new Verdict.Effect.Note(
                        false, "permit: action=" + step + (permit.why().isEmpty() ? "" : "; " + permit.why())));
            }
            return ruling;
        };
    }

    private Check check(Spot spot, Restriction step) {
        PolicySettings.Codes codes = settings.codes();
        About list = spot.list();
        String argument = step.argument();
        return switch (step.name()) {
            case "permit" -> (_, _) -> new Ruling.Permit(false, "");
            case "reject" -> (q, _) -> Refusals.no(codes.reject(), "5.7.1", list, q, "Access denied");
            case "defer" -> (q, _) -> Refusals.no(codes.defer(), "4.3.2", list, q, "Try again later");
            case "defer_if_permit" ->
                (q, _) -> new Ruling.DeferIfPermit(
                        Refusals.reply(450, "4.7.0", list, q, "defer_if_permit requested"), "");
            case "defer_if_reject" ->
                (q, _) -> new Ruling.DeferIfReject(
                        Refusals.reply(450, "4.7.0", list, q, "defer_if_reject requested"), "");
            case "sleep" -> (_, carry) -> sleep(Long.parseLong(argument), carry);
            case "check_policy_service" -> policyService(spot, argument);
            case "greylist" -> greylist::judge;
            case "reject_spf_fail" -> (q, _) -> Vouching.spf(q);
            case "reject_dmarc_fail" -> (q, _) -> Vouching.dmarc(q);
            case "reject_plaintext_session" ->
                (q, _) -> q.tls()
                        ? Ruling.DUNNO
                        : new Ruling.Refuse(
                                Refusals.plain(codes.plaintext(), "4.7.1", "Session encryption is required"), "");
            case "reject_unauth_pipelining" ->
                (q, _) -> q.pipelined()
                        ? Refusals.no(503, "5.5.0", list, q, "Improper use of SMTP command pipelining")
                        : Ruling.DUNNO;
            case "reject_multi_recipient_bounce" ->
                (q, _) -> q.recipients() > 1 && q.from() instanceof ReversePath.Null
                        ? Refusals.no(codes.multiRecipientBounce(), "5.5.3", list, q, "Multi-recipient bounce")
                        : Ruling.DUNNO;
            default -> aboutClient(spot, step);
        };
    }

    private static Ruling sleep(long seconds, Carry carry) {
        if (!carry.explains()) {
            try {
                Thread.sleep(seconds * 1000);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new Unavailable("the server stops", "interrupted while it slept for a restriction");
            }
        }
        return new Ruling.Dunno("slept " + seconds + " s");
    }

    // ---- client and HELO -----------------------------------------------------------------------------------------

    private Check aboutClient(Spot spot, Restriction step) {
        String argument = step.argument();
        return switch (step.name()) {
            case "permit_mynetworks" ->
                (q, _) -> permitIf(settings.mynetworks().test(q.client().address()), q, "mynetworks");
            case "permit_inet_interfaces" ->
                (q, _) -> permitIf(settings.ownAddresses().test(q.client().address()), q, "this machine's addresses");
            case "permit_sasl_authenticated" ->
                (q, _) -> q.authenticated()
                        ? new Ruling.Permit(true, "signed in as " + q.login())
                        : new Ruling.Dunno("not signed in");
            case "permit_tls_clientcerts" -> certificates::permitListed;
            case "permit_tls_all_clientcerts" -> certificates::permitAll;
            case "check_ccert_access" -> certificates.check(argument, tables, access, spot);
            case "check_sasl_access" -> access.login(tables.open(argument), spot);
            case "check_client_access" -> access.client(tables.open(argument), spot);
            case "check_client_a_access" -> server(step, Servers.A, About.CLIENT, ServerAccess::client, spot);
            case "check_client_mx_access" -> server(step, Servers.MX, About.CLIENT, ServerAccess::client, spot);
            case "check_client_ns_access" -> server(step, Servers.NS, About.CLIENT, ServerAccess::client, spot);
            case "check_reverse_client_hostname_access" -> access.reverseClient(tables.open(argument), spot);
            case "check_reverse_client_hostname_a_access" ->
                server(step, Servers.A, About.REVERSE_CLIENT, ServerAccess::reverseClient, spot);
            case "check_reverse_client_hostname_mx_access" ->
                server(step, Servers.MX, About.REVERSE_CLIENT, ServerAccess::reverseClient, spot);
            case "check_reverse_client_hostname_ns_access" ->
                server(step, Servers.NS, About.REVERSE_CLIENT, ServerAccess::reverseClient, spot);
            case "reject_rbl_client" -> dnsLists.rejectAddress(argument);
            case "reject_rhsbl_client" -> dnsLists.rejectName(argument, About.CLIENT, DnsLists::client);
            case "reject_rhsbl_reverse_client" ->
                dnsLists.rejectName(argument, About.REVERSE_CLIENT, DnsLists::reverseClient);
            case "permit_dnswl_client" -> dnsLists.permitAddress(argument);
            case "permit_rhswl_client" -> dnsLists.permitClientName(argument);
            case "reject_unknown_client_hostname" -> hostNames::unknownClient;
            case "reject_unknown_reverse_client_hostname" -> hostNames::unknownReverseClient;
            case "check_helo_access" -> access.helo(tables.open(argument), spot);
            case "check_helo_a_access" -> server(step, Servers.A, About.HELO, ServerAccess::helo, spot);
            case "check_helo_mx_access" -> server(step, Servers.MX, About.HELO, ServerAccess::helo, spot);
            case "check_helo_ns_access" -> server(step, Servers.NS, About.HELO, ServerAccess::helo, spot);
            case "reject_rhsbl_helo" -> dnsLists.rejectName(argument, About.HELO, DnsLists::helo);
            case "reject_invalid_helo_hostname" -> hostNames::invalidHelo;
            case "reject_non_fqdn_helo_hostname" -> hostNames::nonFqdnHelo;
            case "reject_unknown_helo_hostname" -> hostNames::unknownHelo;
            case "permit_naked_ip_address" -> hostNames::nakedAddress;
            default -> aboutAddresses(spot, step);
        };
    }

    private static Ruling permitIf(boolean yes, Question q, String list) {
        return yes
                ? new Ruling.Permit(true, q.client().addressText() + " is in " + list)
                : new Ruling.Dunno(q.client().addressText() + " is not in " + list);
    }

    private Check server(
            Restriction step, Servers kind, About about, Function<Question, Optional<String>> domain, Spot spot) {
        return servers.check(step.name(), kind, about, domain, tables.open(step.argument()), spot);
    }

    // ---- sender and recipient ------------------------------------------------------------------------------------

    private Check aboutAddresses(Spot spot, Restriction step) {
        String argument = step.argument();
        PolicySettings.Codes codes = settings.codes();
        return switch (step.name()) {
            case "check_sender_access" -> access.sender(tables.open(argument), spot);
            case "check_sender_a_access" -> server(step, Servers.A, About.SENDER, ServerAccess::sender, spot);
            case "check_sender_mx_access" -> server(step, Servers.MX, About.SENDER, ServerAccess::sender, spot);
            case "check_sender_ns_access" -> server(step, Servers.NS, About.SENDER, ServerAccess::sender, spot);
            case "reject_rhsbl_sender" -> dnsLists.rejectName(argument, About.SENDER, DnsLists::sender);
            case "reject_non_fqdn_sender" -> addresses::nonFqdnSender;
            case "reject_unknown_sender_domain" -> addresses::unknownSenderDomain;
            case "reject_unlisted_sender" -> addresses::unlistedSender;
            case "reject_unverified_sender" -> verified::sender;
            case "reject_sender_login_mismatch" -> (q, _) -> addresses.loginMismatch(q, Judged.EVERYBODY);
            case "reject_authenticated_sender_login_mismatch" -> (q, _) -> addresses.loginMismatch(q, Judged.USERS);
            case "reject_unauthenticated_sender_login_mismatch" ->
                (q, _) -> addresses.loginMismatch(q, Judged.STRANGERS);
            case "reject_known_sender_login_mismatch" -> (q, _) -> addresses.loginMismatch(q, Judged.KNOWN_ADDRESSES);
            case "check_recipient_access" -> access.recipient(tables.open(argument), spot);
            case "check_recipient_a_access" -> server(step, Servers.A, About.RECIPIENT, ServerAccess::recipient, spot);
            case "check_recipient_mx_access" ->
                server(step, Servers.MX, About.RECIPIENT, ServerAccess::recipient, spot);
            case "check_recipient_ns_access" ->
                server(step, Servers.NS, About.RECIPIENT, ServerAccess::recipient, spot);
            case "reject_rhsbl_recipient" -> dnsLists.rejectName(argument, About.RECIPIENT, DnsLists::recipient);
            case "reject_non_fqdn_recipient" -> addresses::nonFqdnRecipient;
            case "reject_unknown_recipient_domain" -> addresses::unknownRecipientDomain;
            case "reject_unlisted_recipient" -> addresses::unlistedRecipient;
            case "reject_unverified_recipient" -> verified::recipient;
            case "permit_auth_destination" -> destinations::permitOurs;
            case "reject_unauth_destination" -> (q, _) -> destinations.refuseOthers(q, codes.relayDenied(), "5.7.1");
            case "defer_unauth_destination" ->
                (q, _) -> destinations.refuseOthers(q, later(codes.relayDenied()), "4.7.1");
            case "permit_mx_backup" -> destinations::permitMxBackup;
            case "check_relay_domains" -> destinations::relayDomains;
            case Restriction.TABLE -> access.ofList(tables.open(argument), spot);
            default ->
                throw new BadSyntax(
                        "the restriction \"" + step.name()
                                + "\" is not supported; take it out, for leaving it without effect would protect less than it says");
        };
    }

    /// Postfix takes a hundred from `relay_domains_reject_code`.
    private static int later(int code) {
        return code >= 500 ? code - 100 : code;
    }

    // ---- services ------------------------------------------------------------------------------------------------

    /// Once for each place in a list; the connections are shared by all places that name the same service.
    private Check policyService(Spot spot, String argument) {
        PolicyService service = services.computeIfAbsent(
                argument, text -> new PolicyService(settings.services().of(text), settings.home()));
        String digest = settings.fingerprintDigest();
        return (q, carry) -> {
            if (carry.explains()) {
                return new Ruling.Dunno("not asked by explain, since services count what they are asked");
            }
            String request = PolicyRequest.of(q, carry.where, service.settings(), digest);
            return switch (service.ask(request)) {
                case PolicyService.Answer.Action(String text) -> acted(spot, text, "the service", q, carry);
                case PolicyService.Answer.Silence(String reason) ->
                    acted(spot, service.settings().defaultAction(), reason + "; its default action", q, carry);
            };
        };
    }

    private Ruling acted(Spot spot, String text, String who, Question q, Carry carry) {
        return action.ruling(new AccessAction.Result(spot, spot.list(), text, who), q, carry);
    }
}
