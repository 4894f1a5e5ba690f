package tamanoir.server.filter.junk;

import java.util.Locale;

/// Why a message is, or is not, junk: a word that programs and translations know, and its points.
public record Reason(String key, double points) {
    Reason(Rule rule) {
        this(rule.name(), rule.points());
    }

    /// `DATE_MISSING=1.0`.
    @Override
    public String toString() {
        return key + "=" + String.format(Locale.ROOT, "%.1f", points);
    }
}
