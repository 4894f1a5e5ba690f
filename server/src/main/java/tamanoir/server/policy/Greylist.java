package tamanoir.server.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.server.authresults.Evidence;
import tamanoir.server.net.ClientNetwork;
import tamanoir.server.policy.Notebook.Kind;
import tamanoir.server.store.RowReader;

/// Greylisting (RFC 6647): a stranger's first attempt is put off; a mail server tries again, a bot does
/// not.
///
/// What counts is the client's network, the sender and the recipient, for big senders come back from
/// another address. Who has shown before that it is a mail server is spared: a network that came back often
/// enough, and a host that sent mail for a domain which SPF or DKIM vouched for. Rows live in the
/// [Notebook]. Immutable but for that.
final class Greylist {
    /// A row that is in use is written again at most this often.
    private static final Duration REFRESH = Duration.ofHours(12);

    private final GreylistSettings settings;
    private final Notebook notebook;

    Greylist(GreylistSettings settings, Notebook notebook) {
        this.settings = settings;
        this.notebook = notebook;
    }

    /// At RCPT. Where somebody only wants to know (`tamanoir explain`) nothing is written.
    Ruling judge(Question q, Carry carry) {
        if (q.to().isEmpty()) {
            return Ruling.DUNNO;
        }
        if (q.authenticated()) {
            return new Ruling.Dunno("the client is signed in");
        }
        if (settings.exceptions().test(q.client().address())) {
            return new Ruling.Dunno("the client is in greylist_exceptions");
        }
        Optional<String> spared = spared(q);
        return spared.isPresent() ? new Ruling.Dunno(spared.get()) : triplet(q, q.to().get(), carry);
    }

    private Optional<String> spared(Question q) {
        String network = network(q);
        if (settings.clientLimit() > 0) {
            int times = count(Kind.CLIENT, network);
            if (times >= settings.clientLimit()) {
                return Optional.of("its network has come back " + times + " times");
            }
        }
        if (settings.historyLimit() > 0 && q.from() instanceof ReversePath.Sender(Address address)) {
            for (String host : hosts(q)) {
                int messages = count(Kind.HISTORY, host + " " + address.domain().ascii());
                if (messages >= settings.historyLimit()) {
                    return Optional.of(messages + " good messages of " + address.domain() + " came from " + host);
                }
            }
        }
        return Optional.empty();
    }

    /// First seen, then how often it passed.
    private Ruling triplet(Question q, Address recipient, Carry carry) {
        String key = network(q) + " " + sender(q.from()) + " " + folded(recipient);
        Instant now = notebook.now();
        Optional<RowReader> row = notebook.find(Kind.TRIPLET, key);
        if (row.isEmpty()) {
            if (!carry.explains()) {
                keep(Kind.TRIPLET, key, now.plus(settings.retryTime()), now, 0);
            }
            return putOff(q, settings.delay(), "first seen");
        }
        Instant first = Instant.ofEpochMilli(row.get().number());
        int passed = row.get().count();
        Instant last = Instant.ofEpochMilli(row.get().number());
        if (passed == 0 && now.isBefore(first.plus(settings.delay()))) {
            return putOff(
                    q,
                    Duration.between(now, first.plus(settings.delay())),
                    "first seen " + Duration.between(first, now).toSeconds() + " s ago");
        }
        if (!carry.explains() && (passed == 0 || now.isAfter(last.plus(REFRESH)))) {
            keep(Kind.TRIPLET, key, now.plus(settings.passTime()), first, passed + 1);
            if (passed == 0) {
                more(Kind.CLIENT, network(q), settings.passTime());
            }
        }
        return new Ruling.Dunno(
                passed == 0
                        ? "came back after " + Duration.between(first, now).toSeconds() + " s"
                        : "has passed before");
    }

    private Ruling putOff(Question q, Duration wait, String why) {
        return new Ruling.Refuse(
                Refusals.reply(450, "4.2.0", About.RECIPIENT, q, settings.text()),
                why + ", may come again in " + Math.max(1, wait.toSeconds()) + " s");
    }

    // ---- history -----------------------------------------------------------------------------------------------

    /// A message was taken: where somebody vouches for its sender's domain, the next one from there is not
    /// held up.
    void accepted(Question q) {
        if (q.authenticated()
                || settings.exceptions().test(q.client().address())
                || !(q.from() instanceof ReversePath.Sender(Address address))
                || !isAligned(q, address.domain())) {
            return;
        }
        for (String host : hosts(q)) {
            more(Kind.HISTORY, host + " " + address.domain().ascii(), settings.historyTime());
        }
    }

    /// SPF for the domain of the sender, DKIM by it or a domain above or below it; where neither was looked
    /// at, a client that is called after the domain.
    private static boolean isAligned(Question q, Domain domain) {
        Evidence evidence = q.evidence();
        if (evidence.spf().result() == Result.PASS && !evidence.spf().helo()) {
            return true;
        }
        String name = domain.ascii();
        for (Verified signature : evidence.dkim()) {
            if (signature.result() == Result.PASS
                    && areRelated(signature.domain().toLowerCase(Locale.ROOT), name)) {
                return true;
            }
        }
        boolean unexamined =
                evidence.spf().result() == Result.NONE && evidence.dkim().isEmpty();
        return unexamined && areRelated(q.client().name().toLowerCase(Locale.ROOT), name);
    }

    private static boolean areRelated(String one, String other) {
        return one.equals(other) || one.endsWith("." + other) || (one.indexOf('.') > 0 && other.endsWith("." + one));
    }

    /// Under which names a host is known: its network, and the domain of its name, since one name stands
    /// for many addresses of a big sender.
    private List<String> hosts(Question q) {
        List<String> hosts = new ArrayList<>(List.of(network(q)));
        String name = q.client().name().toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        if (!name.equals(Client.UNKNOWN) && dot > 0) {
            String above = name.substring(dot + 1);
            hosts.add(above.indexOf('.') > 0 ? above : name);
        }
        return hosts;
    }

    // ---- rows --------------------------------------------------------------------------------------------------

    private int count(Kind kind, String key) {
        return notebook.find(kind, key)
                .map(row -> {
                    row.number();
                    return row.count();
                })
                .orElse(0);
    }

    private void more(Kind kind, String key, Duration time) {
        Instant now = notebook.now();
        int before = 0;
        Instant first = now;
        Optional<RowReader> row = notebook.find(kind, key);
        if (row.isPresent()) {
            first = Instant.ofEpochMilli(row.get().number());
            before = row.get().count();
            Instant last = Instant.ofEpochMilli(row.get().number());
            int enough = kind == Kind.CLIENT ? settings.clientLimit() : settings.historyLimit();
            if (before >= enough && now.isBefore(last.plus(REFRESH))) {
                return;
            }
        }
        keep(kind, key, now.plus(time), first, before + 1);
    }

    /// first seen, how often, last seen
    private void keep(Kind kind, String key, Instant end, Instant first, int times) {
        notebook.keep(
                kind,
                key,
                Notebook.row(end)
                        .number(first.toEpochMilli())
                        .number(times)
                        .number(notebook.now().toEpochMilli()),
                settings.cacheLimit(),
                settings.cleanup());
    }

    private String network(Question q) {
        boolean six = q.client().address().getAddress().length == 16;
        ClientNetwork network = ClientNetwork.of(q.client().address(), settings.ipv4Prefix(), settings.ipv6Prefix());
        return network.text() + "/" + (six ? settings.ipv6Prefix() : settings.ipv4Prefix());
    }

    /// Senders that change with each message (VERP, SRS, numbers) are one sender.
    private static String sender(ReversePath path) {
        return switch (path) {
            case ReversePath.Null _ -> "<>";
            case ReversePath.Sender(Address address) ->
                address.localPart()
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[+=].*", "")
                                .replaceAll("[0-9a-f]*[0-9][0-9a-f]*", "#")
                        + "@" + address.domain().ascii();
        };
    }

    private static String folded(Address address) {
        return address.localPart().toLowerCase(Locale.ROOT) + "@"
                + address.domain().ascii();
    }
}
