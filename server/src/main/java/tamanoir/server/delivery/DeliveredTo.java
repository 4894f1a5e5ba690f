package tamanoir.server.delivery;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;

/// Reads the trace that local delivery leaves, by which it finds loops.
public final class DeliveredTo {
    /// Octets of a header that are looked at.
    public static final int LONGEST_HEADER = 256 * 1024;

    private DeliveredTo() {}

    /// The addresses of all Delivered-To fields of a header, folded to lower case.
    static Set<String> in(Octets header) {
        Set<String> found = new HashSet<>();
        for (HeaderField field : HeaderFields.of(header).all("Delivered-To")) {
            found.add(folded(field.value()));
        }
        return found;
    }

    /// An address as these sets hold it.
    public static String folded(String value) {
        return value.strip().toLowerCase(Locale.ROOT);
    }
}
