package tamanoir.server.intake;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.delivery.Completion;
import tamanoir.server.delivery.Mapping;

/// canonical(5) and masquerading: which addresses of envelope and header become which. Immutable.
///
/// A sender goes through `sender_canonical_maps`, then `canonical_maps`; a recipient through
/// `recipient_canonical_maps`,
/// then `canonical_maps`; each only for the classes that its parameter names. Masquerading comes last.
public record Rewriting(Completion completion, List<Step> steps, Masquerade masquerade) {
    /// Where an address stands.
    public enum Place {
        ENVELOPE_SENDER,
        ENVELOPE_RECIPIENT,
        HEADER_SENDER,
        HEADER_RECIPIENT
    }

    /// One kind of table and the places it is for.
    public record Step(Mapping mapping, Set<Place> places) {
        public Step {
            places = Set.copyOf(places);
        }
    }

    /// `domains` in lower case, `!` before one that is left alone; `exceptions` are user names.
    public record Masquerade(List<String> domains, Set<String> exceptions, Set<Place> places) {
        public static final Masquerade NONE = new Masquerade(List.of(), Set.of(), Set.of());

        public Masquerade {
            domains = List.copyOf(domains);
            exceptions = Set.copyOf(exceptions);
            places = Set.copyOf(places);
        }

        Address apply(Address address) {
            String name = address.domain().ascii();
            for (String word : domains) {
                boolean keep = word.startsWith("!");
                String domain = keep ? word.substring(1) : word;
                if (name.equals(domain) || name.endsWith("." + domain)) {
                    return keep || exceptions.contains(address.localPart().toLowerCase(Locale.ROOT))
                            ? address
                            : new Address(address.localPart(), Domain.of(domain));
                }
            }
            return address;
        }
    }

    public Rewriting {
        steps = steps.stream().filter(s -> !s.mapping().isEmpty()).toList();
    }

    /// The same with other people's incomplete addresses completed in another way.
    Rewriting completedBy(Completion other) {
        return new Rewriting(other, steps, masquerade);
    }

    /// True when header addresses can only change by completion.
    boolean hasMaps() {
        return !steps.isEmpty() || !masquerade.domains.isEmpty();
    }

    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    Address apply(Address address, Place place) {
        Address now = completion.complete(address);
        for (Step step : steps) {
            if (step.places.contains(place)) {
                now = step.mapping.one(now);
            }
        }
        return masquerade.places.contains(place) ? masquerade.apply(now) : now;
    }

    ReversePath apply(ReversePath sender) {
        return switch (sender) {
            case ReversePath.Null none -> none; // RFC 5321 §4.5.5: nobody stays nobody
            case ReversePath.Sender some -> ReversePath.of(apply(some.address(), Place.ENVELOPE_SENDER));
        };
    }
}
