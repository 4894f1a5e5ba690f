package tamanoir.server.tables;

import java.net.InetAddress;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.text.NeedleScan;
import tamanoir.server.config.Cidr;

/// What a table of rules is asked, and what was found out about it for one rule that others need too. For one thread.
final class Key {
    final String text;
    private final @Nullable NeedleScan scan;
    private @Nullable BitSet needles;
    private boolean addressKnown;
    private Optional<InetAddress> address = Optional.empty();

    Key(String text, @Nullable NeedleScan scan) {
        this.text = text;
        this.scan = scan;
    }

    /// False when a pattern cannot match: nothing that it needs stands in the key.
    boolean mayMatch(int pattern) {
        if (scan == null) {
            return true;
        }
        BitSet known = needles;
        if (known == null) {
            known = scan.in(text);
            needles = known;
        }
        return known.get(pattern);
    }

    /// The address that it is, if it is one.
    Optional<InetAddress> address() {
        if (!addressKnown) {
            address = Cidr.literal(text);
            addressKnown = true;
        }
        return address;
    }
}
