package tamanoir.server.delivery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.OutboundRouting;
import tamanoir.server.outbound.Routes;
import tamanoir.server.outbound.Routes.Way;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.AliasTarget;
import tamanoir.server.tables.RecipientDelimiter;
import tamanoir.server.tables.RecipientDelimiter.Parts;

/// Knows for every address whose it is: [#standing] for the door, which refuses strangers' typing errors, and
/// [#targets] for delivery. Immutable.
///
/// What [#standing] lets in, [#targets] can deliver, so that an unknown name is refused at the door and never answered
/// with a bounce to somebody who did not write.
public final class Recipients {
    /// Members of one recipient at most, over all aliases and lists it leads to.
    private static final int MOST_TARGETS = 100_000;

    /// Aliases within aliases at most.
    private static final int DEEPEST = 100;

    /// What an address is to us.
    public sealed interface Standing {
        /// It can be delivered, as far as anybody can tell without trying.
        record Known(AddressClass addressClass) implements Standing {}

        /// One of our domains, but nobody has that name.
        record Unknown(AddressClass addressClass, Reply reply) implements Standing {}

        /// Not one of our domains.
        record Elsewhere() implements Standing {}
    }

    /// Reply codes and texts for names that nobody has.
    public record Codes(int local, int virtualAlias, int virtualMailbox, int relay, boolean tellTable) {
        public static final Codes DEFAULT = new Codes(550, 550, 550, 550, true);
    }

    private final Destinations destinations;
    private final Directory directory;
    private final Aliases aliases;
    private final Mapping canonical;
    private final VirtualAliases virtual;
    private final AddressMaps virtualMailboxes;
    private final AddressMaps relayRecipients;
    private final RecipientDelimiter delimiter;
    private final Completion completion;
    private final LocalRules rules;
    private final Routes routes;
    private final AddressMaps relocated;
    private final String doubleBounce;
    private final Domain mydomain;
    private final Codes codes;
    private final Srs srs;

    /// `canonical` is the recipient's mapping, for the question whether an address will become another one.
    public Recipients(
            Destinations destinations,
            Directory directory,
            Aliases aliases,
            Mapping canonical,
            VirtualAliases virtual,
            AddressMaps virtualMailboxes,
            AddressMaps relayRecipients,
            RecipientDelimiter delimiter,
            Completion completion,
            LocalRules rules,
            Routes routes,
            AddressMaps relocated,
            String doubleBounce,
            Domain mydomain,
            Codes codes,
            Srs srs) {
        this.destinations = destinations;
        this.directory = directory;
        this.aliases = aliases;
        this.canonical = canonical;
        this.virtual = virtual;
        this.virtualMailboxes = virtualMailboxes;
        this.relayRecipients = relayRecipients;
        this.delimiter = delimiter;
        this.completion = completion;
        this.rules = rules;
        this.routes = routes;
        this.relocated = relocated;
        this.doubleBounce = doubleBounce;
        this.mydomain = mydomain;
        this.codes = codes;
        this.srs = srs;
    }

    public AddressClass classOf(Address address) {
        return destinations.classOf(address.domain());
    }

    /// The envelope sender of a copy that goes on to another server because an address of ours led there. Our own
    /// people's domains vouch for us already.
    public ReversePath forwarding(ReversePath sender) {
        return switch (sender) {
            case ReversePath.Null none -> none;
            case ReversePath.Sender one ->
                switch (classOf(one.address())) {
                    case LOCAL, VIRTUAL_ALIAS, VIRTUAL_MAILBOX -> one;
                    case RELAY, DEFAULT -> srs.forward(one);
                };
        };
    }

    /// Whom a message to this address is for, as intake would find: virtual aliases are followed.
    ///
    /// @throws Unavailable when it cannot be found out now
    public List<Address> mapped(Address given) {
        Address address = completion.complete(given);
        try {
            List<Address> mapped = virtual.all(address);
            return mapped.isEmpty() ? List.of(address) : mapped;
        } catch (Mapping.TooLarge e) {
            throw new Unavailable("virtual alias expansion is unreasonable", "no end to virtual aliases of " + address);
        }
    }

    // ---- at the door -----------------------------------------------------------------------------------------

    /// @throws Unavailable when it cannot be found out now
    public Standing standing(Address given) {
        Address address = completion.complete(given);
        AddressClass addressClass = classOf(address);
        if (srs.claims(address)) {
            return srs.reverse(address).isPresent()
                    ? new Standing.Known(addressClass)
                    : new Standing.Unknown(addressClass, notRewritten(address));
        }
        if (isMapped(address)) {
            return new Standing.Known(addressClass);
        }
        Optional<Reply> gone = gone(address);
        if (gone.isPresent()) {
            return new Standing.Unknown(addressClass, gone.get());
        }
        return switch (addressClass) {
            case LOCAL -> localStanding(address);
            case VIRTUAL_ALIAS ->
                keeper(address).isPresent()
                        ? new Standing.Known(addressClass)
                        : unknown(addressClass, address, codes.virtualAlias, "virtual alias table");
            case VIRTUAL_MAILBOX -> {
                boolean away = !way(ReversePath.NULL, address).staysHere();
                if (mailboxExists(address) || (away && virtualMailboxes.isEmpty())) {
                    yield new Standing.Known(addressClass);
                }
                if (virtualMailboxes.find(address).isPresent()) {
                    yield away ? new Standing.Known(addressClass) : noMailboxYet(addressClass, address);
                }
                yield unknown(addressClass, address, codes.virtualMailbox, "virtual mailbox table");
            }
            case RELAY -> relayStanding(address);
            case DEFAULT -> new Standing.Elsewhere();
        };
    }

    /// `local_recipient_maps` and the directory decide, also for names whose mail goes on to another server or to
    /// `luser_relay`: what that server refuses would come back to somebody who never wrote
    /// (LOCAL_RECIPIENT_README). An empty `local_recipient_maps` leaves those names to them.
    private Standing localStanding(Address address) {
        if (isSomebody(address)) {
            return new Standing.Known(AddressClass.LOCAL);
        }
        boolean listed = rules.names().list(address);
        if (!listed && !rules.names().all()) {
            return unknown(AddressClass.LOCAL, address, codes.local, "local recipient table");
        }
        boolean caredFor = !way(ReversePath.NULL, address).staysHere()
                || !rules.luserRelay().isEmpty()
                || passedOn(address).isPresent();
        if (caredFor) {
            return new Standing.Known(AddressClass.LOCAL);
        }
        return rules.names().waits(address)
                ? noMailboxYet(AddressClass.LOCAL, address)
                : unknown(AddressClass.LOCAL, address, codes.local, "local recipient table");
    }

    /// Without `relay_recipient_maps` every name is taken; one whose transport is `local:` or `virtual:` must have
    /// somebody here as well.
    private Standing relayStanding(Address address) {
        boolean allowed =
                relayRecipients.isEmpty() || relayRecipients.find(address).isPresent();
        boolean delivered = switch (way(ReversePath.NULL, address).transport()) {
            case "local" ->
                isSomebody(address)
                        || passedOn(address).isPresent()
                        || !rules.luserRelay().isEmpty();
            case "virtual" -> mailboxExists(address);
            default -> true;
        };
        return allowed && delivered
                ? new Standing.Known(AddressClass.RELAY)
                : unknown(AddressClass.RELAY, address, codes.relay, "relay recipient table");
    }

    /// Named by the administrator's own table, but without an account: it waits for the account.
    private static Standing noMailboxYet(AddressClass addressClass, Address address) {
        return new Standing.Unknown(
                addressClass, Reply.of(450, "4.2.1", "<" + address + ">: Recipient address rejected: no mailbox yet"));
    }

    /// Nobody is there any more: moved (relocated(5)), or `error:` is its transport. Known at the door and again at
    /// delivery.
    private Optional<Reply> gone(Address address) {
        Optional<Found> moved = relocated.find(address);
        if (moved.isPresent()) {
            return Optional.of(
                    Reply.of(550, "5.1.6", "User has moved to " + moved.get().text()));
        }
        Way way = way(ReversePath.NULL, address);
        return way.transport().equals("error")
                ? Optional.of(OutboundRouting.reply(way.nexthop(), 550, "5.1.1", "Address is undeliverable"))
                : Optional.empty();
    }

    /// Which transport has the address, whatever local delivery does with it.
    public Way way(ReversePath sender, Address address) {
        return routes.of(sender, address, kind(classOf(address)));
    }

    /// What the class of a domain is for its routes.
    public static OutboundRouting.Kind kind(AddressClass addressClass) {
        return switch (addressClass) {
            case LOCAL, VIRTUAL_ALIAS -> OutboundRouting.Kind.LOCAL;
            case VIRTUAL_MAILBOX -> OutboundRouting.Kind.VIRTUAL;
            case RELAY -> OutboundRouting.Kind.RELAY;
            case DEFAULT -> OutboundRouting.Kind.OTHER;
        };
    }

    /// To which transport local delivery passes a name that is no alias: `mailbox_transport` for all, then for those
    /// whom nobody here knows `fallback_transport` (local(8)).
    ///
    /// @throws Unavailable when a table cannot tell
    public Optional<Way> passedOn(Address given) {
        Address address = completion.complete(given);
        if (classOf(address) != AddressClass.LOCAL) {
            return Optional.empty();
        }
        String name = address.localPart();
        Optional<Parts> split = split(name);
        if (isDoubleBounce(name)
                || isAlias(name)
                || split.map(p -> isAlias(p.user())).orElse(false)) {
            return Optional.empty();
        }
        Optional<Way> way =
                rules.mailbox().of(virtual.mapping().maps().lookup(), name).filter(w -> !w.staysHere());
        return way.isPresent() || isSomebody(address)
                ? way
                : rules.fallback().of(virtual.mapping().maps().lookup(), name).filter(w -> !w.staysHere());
    }

    /// Where the alias of a local name stands, for those who explain.
    public Optional<String> aliasPlace(Address address) {
        String name = address.localPart().toLowerCase(Locale.ROOT);
        return aliases.place(name).or(() -> split(name).flatMap(p -> aliases.place(p.user())));
    }

    private boolean isMapped(Address address) {
        return (!canonical.isEmpty() && canonical.maps().find(address).isPresent())
                || (!virtual.isEmpty() && virtual.mapping().maps().find(address).isPresent());
    }

    private Standing unknown(AddressClass addressClass, Address address, int code, String table) {
        String text =
                "<" + address + ">: Recipient address rejected: User unknown" + (codes.tellTable ? " in " + table : "");
        return new Standing.Unknown(addressClass, Reply.of(code, code < 500 ? "4.1.1" : "5.1.1", text));
    }

    private boolean isSomebody(Address address) {
        String local = address.localPart();
        if (isDoubleBounce(local)
                || isAlias(local)
                || localAccount(address, local).isPresent()
                || isDirectoryAlias(address)) {
            return true;
        }
        Optional<Parts> split = split(local);
        if (split.isPresent()) {
            String user = split.get().user();
            if (isAlias(user)
                    || localAccount(address, user).isPresent()
                    || isDirectoryAlias(new Address(user, address.domain()))) {
                return true;
            }
        }
        return !directory.catchAll(address.domain()).isEmpty()
                || keeper(address).isPresent();
    }

    /// Every domain has a postmaster (RFC 5321 §4.5.1): where nobody is named, it is the domain's first account, or
    /// that of this machine's own domain.
    private Optional<Account> keeper(Address address) {
        if (!address.localPart().equalsIgnoreCase("postmaster")) {
            return Optional.empty();
        }
        return directory
                .keeper(address.domain())
                .or(() -> directory.keeper(completion.origin()))
                .or(() -> directory.keeper(mydomain));
    }

    private boolean mailboxExists(Address address) {
        if (directory.account(address).isPresent() || isDirectoryAlias(address)) {
            return true;
        }
        Optional<Parts> split = split(address.localPart());
        if (split.isPresent()) {
            Address user = new Address(split.get().user(), address.domain());
            if (directory.account(user).isPresent() || isDirectoryAlias(user)) {
                return true;
            }
        }
        return !directory.catchAll(address.domain()).isEmpty()
                || keeper(address).isPresent();
    }

    /// Empty when there is nothing to divide.
    private Optional<Parts> split(String localPart) {
        Parts parts = delimiter.split(localPart);
        return parts.extension().isEmpty() ? Optional.empty() : Optional.of(parts);
    }

    /// The sender of reports about reports: what comes back to it ends here, or two servers would talk for ever
    /// (postconf(5), `double_bounce_sender`).
    private boolean isDoubleBounce(String localPart) {
        return !doubleBounce.isEmpty() && localPart.equalsIgnoreCase(doubleBounce);
    }

    private boolean isAlias(String name) {
        return !aliases.isEmpty() && aliases.has(name);
    }

    private boolean isDirectoryAlias(Address address) {
        return !directory.alias(address).isEmpty();
    }

    /// The account of a name in a domain of `mydestination`: its own, or one whose bare name it is.
    private Optional<Account> localAccount(Address address, String name) {
        Optional<Account> own = directory.account(new Address(name, address.domain()));
        if (own.isPresent()) {
            return own;
        }
        if (!address.domain().equals(completion.origin())) {
            Optional<Account> origin = directory.account(new Address(name, completion.origin()));
            if (origin.isPresent()) {
                return origin;
            }
        }
        if (!mydomain.equals(completion.origin()) && !mydomain.equals(address.domain())) {
            Optional<Account> main = directory.account(new Address(name, mydomain));
            if (main.isPresent() && destinations.classOf(mydomain) == AddressClass.LOCAL) {
                return main;
            }
        }
        if (name.indexOf('@') >= 0) {
            return Optional.empty(); // a quoted local part is no login name
        }
        return directory
                .byLoginName(name)
                .filter(a -> destinations.classOf(a.address().domain()) == AddressClass.LOCAL);
    }

    // ---- delivery --------------------------------------------------------------------------------------------

    /// Where a recipient's copies go. `deliveredTo` are the addresses, in lower case, that the message's own
    /// Delivered-To fields name: an address among them has seen this message before.
    public List<Target> targets(Address recipient, ReversePath sender, Set<String> deliveredTo) {
        Address address = completion.complete(recipient);
        Expansion expansion = new Expansion(deliveredTo, sender);
        if (srs.claims(address)) {
            srs.reverse(address)
                    .ifPresentOrElse(
                            author -> expansion.follow(author, sender, Set.of(), 1, true),
                            () -> expansion.targets.add(new Target.Failed(address, notRewritten(address), sender)));
            return expansion.targets;
        }
        expansion.follow(address, sender, Set.of(), 0, false);
        return expansion.targets;
    }

    /// One recipient on its way through aliases.
    private final class Expansion {
        private final Set<String> deliveredTo;
        private final ReversePath author;
        private final List<Target> targets = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();

        Expansion(Set<String> deliveredTo, ReversePath author) {
            this.deliveredTo = deliveredTo;
            this.author = author;
        }

        /// `names` are the aliases that led here: a name inside itself is the mailbox of that name (aliases(5)).
        void follow(Address address, ReversePath sender, Set<String> names, int depth, boolean forwarded) {
            if (depth > DEEPEST || targets.size() >= MOST_TARGETS) {
                targets.add(new Target.Failed(
                        address, Reply.of(554, "5.4.6", "unreasonable alias expansion of <" + address + ">"), sender));
                return;
            }
            try {
                if (depth > 0) {
                    List<Address> mapped = virtual.all(address);
                    if (!mapped.isEmpty() && !mapped.equals(List.of(address))) {
                        for (Address one : mapped) {
                            byClass(one, sender, names, depth + 1, true);
                        }
                        return;
                    }
                }
                byClass(address, sender, names, depth, forwarded);
            } catch (Unavailable e) {
                targets.add(new Target.Later(address, Reply.of(451, "4.3.0", "temporary lookup failure"), sender));
            } catch (Mapping.TooLarge e) {
                targets.add(new Target.Failed(
                        address, Reply.of(554, "5.4.6", "unreasonable virtual alias expansion"), sender));
            }
        }

        private void byClass(Address address, ReversePath sender, Set<String> names, int depth, boolean forwarded) {
            Optional<Found> moved = relocated.find(address);
            if (moved.isPresent()) {
                targets.add(new Target.Failed(
                        address,
                        Reply.of(
                                550, "5.1.6", "User has moved to " + moved.get().text()),
                        sender));
                return;
            }
            Way way = way(sender, address);
            AddressClass addressClass = classOf(address);
            if (way.staysHere() && (addressClass == AddressClass.RELAY || addressClass == AddressClass.DEFAULT)) {
                // transport(5): "local:" makes anybody's address one of ours.
                if (way.transport().equals("local")) {
                    local(address, sender, names, depth, forwarded);
                } else {
                    mailbox(address, sender, names, depth);
                }
                return;
            }
            if (!way.staysHere() && addressClass.isOurs()) {
                away(address, sender, forwarded);
                return;
            }
            switch (addressClass) {
                case LOCAL -> local(address, sender, names, depth, forwarded);
                case VIRTUAL_MAILBOX -> mailbox(address, sender, names, depth);
                case VIRTUAL_ALIAS ->
                    keeper(address)
                            .ifPresentOrElse(
                                    account -> deposit(address, account, "", sender),
                                    () -> targets.add(new Target.Failed(address, unknownUser(address), sender)));
                case RELAY, DEFAULT -> away(address, sender, forwarded);
            }
        }

        private void away(Address address, ReversePath sender, boolean forwarded) {
            if (seen.add("@" + address)) {
                targets.add(new Target.Away(address, sender, forwarded));
            }
        }

        private boolean loops(Address address, ReversePath sender) {
            if (deliveredTo.isEmpty() || !deliveredTo.contains(folded(address))) {
                return false;
            }
            // local(8): whoever is in a Delivered-To field has had this message.
            targets.add(
                    new Target.Failed(address, Reply.of(554, "5.4.6", "mail forwarding loop for " + address), sender));
            return true;
        }

        private void local(Address address, ReversePath sender, Set<String> names, int depth, boolean forwarded) {
            if (loops(address, sender)) {
                return;
            }
            String name = address.localPart();
            if (isDoubleBounce(name)) {
                targets.add(new Target.Discarded(address, sender));
                return;
            }
            Optional<Parts> split = split(name);
            if (alias(name, "", address, sender, names, depth)
                    || (split.isPresent()
                            && alias(split.get().user(), split.get().extension(), address, sender, names, depth))) {
                return;
            }
            if (passedOn(address).isPresent()) {
                away(address, sender, forwarded);
                return;
            }
            Optional<Account> account = localAccount(address, name);
            if (account.isPresent()) {
                deposit(address, account.get(), "", sender);
                return;
            }
            if (split.isPresent()) {
                account = localAccount(address, split.get().user());
                if (account.isPresent()) {
                    deposit(address, account.get(), split.get().detail(), sender);
                    return;
                }
            }
            if (directoryAlias(address, split, sender, names, depth)) {
                return;
            }
            Optional<Account> keeper = keeper(address);
            if (keeper.isPresent()) {
                deposit(address, keeper.get(), "", sender);
                return;
            }
            if (!rules.luserRelay().isEmpty()) {
                relay(address, split, sender, names, depth);
                return;
            }
            boolean alias = isAlias(name) || split.map(p -> isAlias(p.user())).orElse(false);
            targets.add(!alias && rules.names().waits(address) ? later(address, sender) : unknown(address, sender));
        }

        /// `extension` is what stood behind the name that is looked up, delimiter included.
        private boolean alias(
                String name, String extension, Address address, ReversePath sender, Set<String> names, int depth) {
            String key = name.toLowerCase(Locale.ROOT);
            if (aliases.isEmpty() || names.contains(key)) {
                return false;
            }
            Optional<List<Aliases.Member>> members = aliases.members(key);
            if (members.isEmpty()) {
                return false;
            }
            if (!seen.add(key)) {
                return true; // the same alias by two ways: its members are there already
            }
            ReversePath from = owner(key, address, sender);
            Set<String> inner = new HashSet<>(names);
            inner.add(key);
            Address where = new Address(name, address.domain());
            for (Aliases.Member member : members.get()) {
                boolean keep = member.included() ? rules.keepIncludeDetail() : rules.keepAliasDetail();
                switch (member.target()) {
                    case AliasTarget.Command _, AliasTarget.File _ ->
                        targets.add(new Target.Special(
                                where, SpecialDelivery.text(member.target()), rules.allows(member), from));
                    case AliasTarget.Include _ -> {} // opened already
                    case AliasTarget.Mail mail -> {
                        Optional<Address> next = completion.perhaps(mail.address());
                        if (next.isPresent()) {
                            Address whole = keep ? extended(next.get(), extension) : next.get();
                            follow(whole, from, inner, depth + 1, true);
                        } else {
                            targets.add(new Target.Failed(
                                    where,
                                    Reply.of(550, "5.1.3", "alias member of <" + where + "> is no address"),
                                    from));
                        }
                    }
                }
            }
            return true;
        }

        private static Address extended(Address address, String extension) {
            return extension.isEmpty() ? address : new Address(address.localPart() + extension, address.domain());
        }

        /// aliases(5): what a list cannot deliver is its owner's business, not the author's. With
        /// `expand_owner_alias` the person whom the owner's alias names, with `reset_owner_alias` the author
        /// again for an inner list without owner.
        private ReversePath owner(String key, Address address, ReversePath sender) {
            String name = "owner-" + key;
            if (key.startsWith("owner-") || !aliases.has(name)) {
                return rules.resetOwner() ? author : sender;
            }
            if (rules.expandOwner()) {
                List<Aliases.Member> people = aliases.members(name).orElse(List.of());
                if (people.size() == 1 && people.getFirst().target() instanceof AliasTarget.Mail mail) {
                    Optional<Address> person = completion.perhaps(mail.address());
                    if (person.isPresent()) {
                        return ReversePath.of(person.get());
                    }
                }
            }
            return ReversePath.of(new Address(name, address.domain()));
        }

        private void mailbox(Address address, ReversePath sender, Set<String> names, int depth) {
            if (loops(address, sender)) {
                return;
            }
            Optional<Account> account = directory.account(address);
            if (account.isPresent()) {
                deposit(address, account.get(), "", sender);
                return;
            }
            Optional<Parts> split = split(address.localPart());
            if (split.isPresent()) {
                account = directory.account(new Address(split.get().user(), address.domain()));
                if (account.isPresent()) {
                    deposit(address, account.get(), split.get().detail(), sender);
                    return;
                }
            }
            if (directoryAlias(address, split, sender, names, depth)) {
                return;
            }
            Optional<Account> keeper = keeper(address);
            if (keeper.isPresent()) {
                deposit(address, keeper.get(), "", sender);
                return;
            }
            targets.add(virtualMailboxes.find(address).isPresent() ? later(address, sender) : unknown(address, sender));
        }

        /// A table of main.cf names somebody for whom no mailbox was made so far.
        private static Target later(Address address, ReversePath sender) {
            return new Target.Later(address, Reply.of(450, "4.2.1", "<" + address + ">: no mailbox yet"), sender);
        }

        private static Target unknown(Address address, ReversePath sender) {
            return new Target.Failed(address, unknownUser(address), sender);
        }

        /// Aliases of the store, the whole address first, the catch-all of the domain last (virtual(5)).
        private boolean directoryAlias(
                Address address, Optional<Parts> split, ReversePath sender, Set<String> names, int depth) {
            String key = folded(address);
            if (names.contains(key)) {
                return false;
            }
            List<Address> next = directory.alias(address);
            if (next.isEmpty() && split.isPresent()) {
                next = directory.alias(new Address(split.get().user(), address.domain()));
            }
            if (next.isEmpty()) {
                next = directory.catchAll(address.domain());
            }
            if (next.isEmpty()) {
                return false;
            }
            Set<String> inner = new HashSet<>(names);
            inner.add(key);
            for (Address one : next) {
                follow(one, sender, inner, depth + 1, true);
            }
            return true;
        }

        private void relay(Address address, Optional<Parts> split, ReversePath sender, Set<String> names, int depth) {
            String text = rules.relayFor(
                    address,
                    split.map(Parts::user).orElse(address.localPart()),
                    split.map(Parts::detail).orElse(""));
            Optional<Address> next = completion.perhaps(text);
            if (next.isEmpty() || names.contains("luser_relay")) {
                targets.add(new Target.Failed(address, unknownUser(address), sender));
                return;
            }
            Set<String> inner = new HashSet<>(names);
            inner.add("luser_relay");
            follow(next.get(), sender, inner, depth + 1, true);
        }

        private void deposit(Address address, Account account, String detail, ReversePath sender) {
            if (seen.add("account " + account.id().number())) {
                targets.add(new Target.Mailbox(address, account, detail, sender));
            }
        }
    }

    private static Reply notRewritten(Address address) {
        return Reply.of(550, "5.1.1", "<" + address + ">: this sender was not rewritten here, or too long ago");
    }

    static Reply unknownUser(Address address) {
        return Reply.of(550, "5.1.1", "<" + address + ">: User unknown");
    }

    static String folded(Address address) {
        return address.localPart().toLowerCase(Locale.ROOT) + "@"
                + address.domain().ascii();
    }
}
