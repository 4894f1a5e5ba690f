package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.dns.DnsList;
import tamanoir.server.dns.ListHealth;
import tamanoir.server.policy.RestrictionList.Check;
import tamanoir.server.tables.LookupTable;

/// Lists in the DNS (RFC 5782) of addresses and of names: `reject_rbl_client`, `reject_rhsbl_…`,
/// `permit_dnswl_client`, `permit_rhswl_client`. Immutable.
///
/// A list that cannot be asked refuses nobody; one that would have let somebody in turns a reject into "not
/// now". An answer by which a list says that it does not answer us (`127.255.255.0/24`, `127.0.1.255`) is
/// such a trouble, never a listing, or a refused resolver would refuse all mail.
final class DnsLists {
    /// Postfix's limit of the reasons that lists give, in characters.
    private static final int LONGEST_REASON = 500;

    private final Dns dns;
    private final ListHealth health;
    private final Destinations destinations;
    private final int code;
    private final Template reply;
    private final List<LookupTable> replies;
    private final Predicate<Character> allowed;

    /// `replies` are `rbl_reply_maps`, `reply` is `default_rbl_reply`, `code` is `maps_rbl_reject_code`,
    /// `allowed` are the characters of values that may stand in a reply.
    DnsLists(
            Dns dns,
            ListHealth health,
            Destinations destinations,
            int code,
            String reply,
            List<LookupTable> replies,
            Predicate<Character> allowed) {
        this.dns = dns;
        this.health = health;
        this.destinations = destinations;
        this.code = code;
        this.reply = new Template(reply);
        this.replies = List.copyOf(replies);
        this.allowed = allowed;
    }

    /// What a list says of one address or name.
    private sealed interface Listing {
        record Listed(String query, List<InetAddress> answers) implements Listing {}

        record Absent() implements Listing {}

        /// Nobody can tell.
        record Trouble(String reason) implements Listing {}
    }

    // ---- whose name ----------------------------------------------------------------------------------------------

    /// A name that lists of names are asked about; empty where there is none.
    static Optional<String> client(Question q) {
        return name(q.client().name());
    }

    static Optional<String> reverseClient(Question q) {
        return name(q.client().reverseName());
    }

    static Optional<String> helo(Question q) {
        return name(q.helo());
    }

    static Optional<String> sender(Question q) {
        return q.from() instanceof ReversePath.Sender some
                ? name(some.address().domain().ascii())
                : Optional.empty();
    }

    static Optional<String> recipient(Question q) {
        return q.to().flatMap(address -> name(address.domain().ascii()));
    }

    /// Not `unknown`, and no address, of which lists of names say that they are not to be asked.
    private static Optional<String> name(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean usable = !name.equals(Client.UNKNOWN)
                && HostNames.isHostName(name)
                && !last.chars().allMatch(c -> c >= '0' && c <= '9');
        return usable ? Optional.of(name) : Optional.empty();
    }

    // ---- restrictions --------------------------------------------------------------------------------------------

    /// `reject_rbl_client list`.
    ///
    /// @throws BadSyntax when the list is written wrongly
    Check rejectAddress(String argument) {
        DnsList list = watched(argument, ListHealth.About.ADDRESSES);
        return (q, _) -> reject(
                list,
                q,
                q.client().addressText(),
                About.CLIENT,
                listing(list, list.query(q.client().address())));
    }

    Check rejectName(String argument, About about, Function<Question, Optional<String>> whose) {
        DnsList list = watched(argument, ListHealth.About.NAMES);
        return (q, _) -> whose.apply(q)
                .map(name -> reject(list, q, about.subject(q), about, listing(list, list.query(name))))
                .orElse(Ruling.DUNNO);
    }

    Check permitAddress(String argument) {
        DnsList list = watched(argument, ListHealth.About.ADDRESSES);
        return (q, _) ->
                permit(q, q.client().addressText(), list, list.query(q.client().address()));
    }

    Check permitClientName(String argument) {
        DnsList list = watched(argument, ListHealth.About.NAMES);
        return (q, _) ->
                client(q).map(name -> permit(q, name, list, list.query(name))).orElse(Ruling.DUNNO);
    }

    /// A list that is named is tested from then on, so that trouble with it is known before it matters.
    private DnsList watched(String argument, ListHealth.About about) {
        DnsList list = DnsList.of(argument);
        health.watch(list, about);
        return list;
    }

    private Ruling reject(DnsList list, Question q, String what, About about, Listing listing) {
        return switch (listing) {
            case Listing.Absent _ -> new Ruling.Dunno(what + " is not in " + list.domain());
            case Listing.Trouble(String reason) -> new Ruling.Dunno("the list cannot be asked: " + reason);
            case Listing.Listed listed ->
                refusal(
                        list,
                        q,
                        what,
                        about,
                        reason(listed.query),
                        what + " is in " + list.domain() + ": " + codes(listed));
        };
    }

    /// Nobody gets to relay because a list of others likes him.
    private Ruling permit(Question q, String what, DnsList list, String query) {
        if (!destinations.isAuthorized(q)) {
            return new Ruling.Dunno(destinations.ours(q));
        }
        return switch (listing(list, query)) {
            case Listing.Absent _ -> new Ruling.Dunno(what + " is not in " + list.domain());
            case Listing.Trouble(String reason) ->
                new Ruling.DeferIfReject(
                        Refusals.plain(450, "4.7.1", "<" + what + ">: Client host rejected: Service unavailable"),
                        "the list cannot be asked: " + reason);
            case Listing.Listed listed ->
                new Ruling.Permit(true, what + " is in " + list.domain() + ": " + codes(listed));
        };
    }

    private static String codes(Listing.Listed listed) {
        return String.join(
                ", ", listed.answers.stream().map(InetAddress::getHostAddress).toList());
    }

    private Listing listing(DnsList list, String query) {
        if (!health.isTrusted(list)) {
            return new Listing.Trouble(list.domain() + " lists everybody at present (RFC 5782 §5)");
        }
        return switch (dns.a(query)) {
            case Answer.Found<InetAddress> found -> {
                List<InetAddress> counted =
                        found.records().stream().filter(list::isListing).toList();
                if (counted.isEmpty()) {
                    health.refusesUs(list, found.records().getFirst());
                    yield new Listing.Trouble(list.domain() + " answers "
                            + found.records().getFirst().getHostAddress()
                            + ", by which it says that it does not answer us");
                }
                List<InetAddress> matching =
                        counted.stream().filter(list::matches).toList();
                yield matching.isEmpty() ? new Listing.Absent() : new Listing.Listed(query, matching);
            }
            case Answer.NoData<InetAddress> _, Answer.NoSuchName<InetAddress> _ -> new Listing.Absent();
            case Answer.Failed<InetAddress> failed -> new Listing.Trouble(failed.reason());
        };
    }

    // ---- the reply -----------------------------------------------------------------------------------------------

    private String reason(String query) {
        String joined = String.join(" / ", dns.txt(query).recordsOrNone());
        return joined.length() > LONGEST_REASON ? joined.substring(0, LONGEST_REASON) : joined;
    }

    private Ruling refusal(DnsList list, Question q, String what, About about, String reason, String why) {
        Map<String, String> values = new HashMap<>();
        Template.session(q, values);
        values.put("rbl_code", Integer.toString(code));
        values.put("rbl_domain", list.domain());
        values.put("rbl_reason", reason);
        values.put("rbl_txt", reason);
        values.put("rbl_what", what);
        values.put("rbl_class", about.what);
        Template template =
                LookupTable.first(replies, list.text()).map(Template::new).orElse(reply);
        String text;
        try {
            text = template.fill(values, allowed);
        } catch (BadSyntax e) {
            return AccessAction.misconfigured(
                    "the reply for " + list.domain() + " is written wrongly: " + e.getMessage());
        }
        // A reply begins with its code; what does not is a mistake, and refuses nobody for good.
        if (!text.matches("(?s)[45][0-9][0-9] .*")) {
            return new Ruling.Refuse(
                    Refusals.plain(450, "4.7.1", "Service unavailable"), why + "; its reply text begins with no code");
        }
        int given = Integer.parseInt(text.substring(0, 3));
        Refusals.Stated stated =
                Refusals.Stated.of(given, "7.1", text.substring(4).strip());
        return new Ruling.Refuse(
                Refusals.plain(given, stated.status(), stated.text().isEmpty() ? "Service unavailable" : stated.text()),
                why);
    }
}
