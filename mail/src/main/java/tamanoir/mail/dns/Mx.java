package tamanoir.mail.dns;

import java.util.Comparator;

/// One mail exchanger; the lowest preference is asked first. `host` is in lower case without a dot at the end; the
/// root, which says that no mail is wanted (RFC 7505), is the empty text.
public record Mx(int preference, String host) implements Comparable<Mx> {
    private static final Comparator<Mx> ORDER =
            Comparator.comparingInt(Mx::preference).thenComparing(Mx::host);

    public boolean isRoot() {
        return host.isEmpty();
    }

    @Override
    public int compareTo(Mx other) {
        return ORDER.compare(this, other);
    }
}
