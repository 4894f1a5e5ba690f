package tamanoir.server.policy;

import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;

/// Finds out whether an address takes mail, by asking whoever is responsible for it, without sending any.
@FunctionalInterface
public interface Prober {
    /// May take as long as a delivery; never throws for what the network does.
    Probe probe(ReversePath sender, Address address);

    /// What was found; `text` is what was said, for logs and replies.
    record Probe(Finding finding, String text) {}

    /// Whether the address takes mail.
    enum Finding {
        DELIVERABLE,
        /// Nobody could tell, or it was put off.
        UNCERTAIN,
        UNDELIVERABLE
    }

    /// Knows nothing.
    static Prober none() {
        return (_, _) -> new Probe(Finding.UNCERTAIN, "addresses are not probed here");
    }
}
