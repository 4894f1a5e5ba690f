package tamanoir.server.tables;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Cidr;

/// In which order the parts of an address, a host or a network are asked of tables.
///
/// Every table is asked for one key before the next key is. Tables of patterns and networks get the whole
/// key, which is the first, and never a part. Letter case does not count, so that an exact entry wins over
/// a catch-all however it was written.
///
/// Immutable. The methods throw [tamanoir.server.observe.Unavailable] when a table cannot tell.
public final class AddressLookup {
    private final RecipientDelimiter delimiter;
    private final Predicate<Domain> bareNames;

    /// `bareNames` tells the domains whose users tables may name without a domain: those of `myorigin`,
    /// `mydestination` and the machine's own addresses.
    public AddressLookup(RecipientDelimiter delimiter, Predicate<Domain> bareNames) {
        this.delimiter = delimiter;
        this.bareNames = bareNames;
    }

    /// An answer, the key that had it, the extension of the address that this key did not contain, and
    /// where the answer stands: `file:line`, or the name of the table where it is no file.
    public record Found(String text, String key, String localPart, String unmatchedExtension, String place) {
        /// The addresses of an answer of canonical_maps, virtual_alias_maps and their kind. `@other` keeps
        /// the local part; `propagate` adds the unmatched extension to each
        /// (propagate_unmatched_extensions).
        ///
        /// @throws BadSyntax when the answer holds no address
        public List<String> addresses(boolean propagate) {
            String extension = propagate ? unmatchedExtension : "";
            if (text.startsWith("@")) {
                String user = localPart.substring(0, localPart.length() - unmatchedExtension.length());
                return List.of(quotedWhereNeeded(user + extension) + text.strip());
            }
            List<String> addresses = new ArrayList<>();
            for (AliasTarget target : AliasTargets.parse(text, java.nio.file.Path.of(""))) {
                switch (target) {
                    case AliasTarget.Mail mail -> addresses.add(extended(mail.address(), extension));
                    case AliasTarget.Include file -> throw noAddress();
                    case AliasTarget.Command command -> throw noAddress();
                    case AliasTarget.File file -> throw noAddress();
                }
            }
            return List.copyOf(addresses);
        }

        private BadSyntax noAddress() {
            return new BadSyntax("\"" + text + "\" holds something that is no address; only aliases may");
        }

        private static String quotedWhereNeeded(String user) {
            return new Address(user, Domain.of("localhost")).quotedLocalPart();
        }

        private static String extended(String address, String extension) {
            if (extension.isEmpty()) {
                return address;
            }
            int at = address.lastIndexOf('@');
            String user = at < 0 ? address : address.substring(0, at);
            String domain = at < 0 ? "" : address.substring(at);
            boolean quoted = user.length() > 1 && user.endsWith("\"");
            return (quoted ? user.substring(0, user.length() - 1) + extension + "\"" : user + extension) + domain;
        }
    }

    /// One thing to ask: `whole` keys go to every table, parts of them only to those that take parts.
    private record Key(String text, boolean whole, String unmatched) {}

    /// canonical(5), virtual(5), relocated(5), bcc maps, `smtpd_sender_login_maps`, recipient maps:
    /// user+detail@domain, user@domain, user+detail, user, @domain.
    public Optional<Found> address(List<LookupTable> tables, Address address) {
        String domain = address.domain().name();
        String local = address.localPart();
        RecipientDelimiter.Parts parts = delimiter.split(local);
        boolean divided = !parts.extension().isEmpty();
        List<Key> keys = new ArrayList<>();
        keys.add(new Key(local + "@" + domain, true, ""));
        if (divided) {
            keys.add(new Key(parts.user() + "@" + domain, false, parts.extension()));
        }
        if (bareNames.test(address.domain())) {
            keys.add(new Key(local, false, ""));
            if (divided) {
                keys.add(new Key(parts.user(), false, parts.extension()));
            }
        }
        keys.add(new Key("@" + domain, false, parts.extension()));
        return first(tables, keys, local);
    }

    /// aliases(5): user+detail, user; local parts only.
    public Optional<Found> alias(List<LookupTable> tables, String localPart) {
        RecipientDelimiter.Parts parts = delimiter.split(localPart);
        List<Key> keys = new ArrayList<>();
        keys.add(new Key(localPart, true, ""));
        if (!parts.extension().isEmpty()) {
            // A pattern table gets the whole name once; local(8) asks it again for the user without detail.
            keys.add(new Key(parts.user(), true, parts.extension()));
        }
        return first(tables, keys, localPart);
    }

    /// access(5) for mail addresses: user+detail@domain, user@domain, domain and those above it,
    /// user+detail@, user@. `parents` is true when `parent_domain_matches_subdomains` names
    /// `smtpd_access_maps`.
    public Optional<Found> mailAccess(List<LookupTable> tables, Address address, boolean parents) {
        String local = address.localPart();
        RecipientDelimiter.Parts parts = delimiter.split(local);
        boolean divided = !parts.extension().isEmpty();
        List<Key> keys = new ArrayList<>();
        keys.add(new Key(local + "@" + address.domain().name(), true, ""));
        if (divided) {
            keys.add(new Key(parts.user() + "@" + address.domain().name(), false, parts.extension()));
        }
        domains(address.domain().name(), false, parents, keys);
        keys.add(new Key(local + "@", false, ""));
        if (divided) {
            keys.add(new Key(parts.user() + "@", false, parts.extension()));
        }
        return first(tables, keys, local);
    }

    /// access(5) for host names: the name, then the domains above it.
    public static Optional<Found> hostAccess(List<LookupTable> tables, String host, boolean parents) {
        List<Key> keys = new ArrayList<>();
        domains(host, true, parents, keys);
        return first(tables, keys, "");
    }

    /// access(5) for client addresses: the address, then what is left as its last part is taken off again
    /// and again.
    public static Optional<Found> addressAccess(List<LookupTable> tables, InetAddress client) {
        String text = Cidr.text(client);
        char divider = text.indexOf(':') >= 0 ? ':' : '.';
        List<Key> keys = new ArrayList<>();
        keys.add(new Key(text, true, ""));
        String part = text;
        for (int at = part.lastIndexOf(divider); at > 0; at = part.lastIndexOf(divider)) {
            part = part.substring(0, at);
            if (!part.endsWith(":")) {
                keys.add(new Key(part, false, ""));
            }
        }
        return first(tables, keys, "");
    }

    /// transport(5): user+detail@domain, user@domain, domain and those above it, `*`. `parents` is true
    /// when `parent_domain_matches_subdomains` names `transport_maps`; otherwise `.domain` means what lies
    /// below.
    public Optional<Found> route(List<LookupTable> tables, Address address, boolean parents) {
        String domain = address.domain().name();
        RecipientDelimiter.Parts parts = delimiter.split(address.localPart());
        List<Key> keys = new ArrayList<>();
        keys.add(new Key(address.localPart() + "@" + domain, true, ""));
        if (!parts.extension().isEmpty()) {
            keys.add(new Key(parts.user() + "@" + domain, false, parts.extension()));
        }
        domains(domain, false, parents, keys);
        keys.add(new Key("*", false, ""));
        return first(tables, keys, address.localPart());
    }

    private static void domains(String domain, boolean wholeFirst, boolean parents, List<Key> keys) {
        String name = domain;
        boolean whole = wholeFirst;
        boolean address = Cidr.literal(domain).isPresent();
        while (!name.isEmpty()) {
            keys.add(new Key(name, whole, ""));
            whole = false;
            int dot = name.indexOf('.', 1);
            if (dot < 0 || address || name.startsWith("[")) {
                return; // The last label, or an address, which has nothing above it.
            }
            name = name.substring(parents ? dot + 1 : dot);
        }
    }

    private static Optional<Found> first(List<LookupTable> tables, List<Key> keys, String localPart) {
        for (Key key : keys) {
            for (LookupTable table : tables) {
                if (key.whole || !table.wantsWholeKeyOnly()) {
                    Optional<LookupTable.Hit> hit = table.find(key.text);
                    if (hit.isPresent()) {
                        String place = hit.get().place();
                        return Optional.of(new Found(
                                hit.get().text(),
                                key.text,
                                localPart,
                                key.unmatched,
                                place.isEmpty() ? table.name() : place));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
