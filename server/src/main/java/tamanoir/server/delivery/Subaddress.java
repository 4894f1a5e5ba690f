package tamanoir.server.delivery;

import java.util.Locale;
import java.util.Optional;

/// How a local part is divided into user and detail (`recipient_delimiter`; RFC 5233 §1). Immutable.
///
/// Every character of `delimiters` divides, the first one found counts. A leading one does not, and neither are
/// `postmaster`, `mailer-daemon`, `double-bounce`, nor, where `ownerSpecial`, `owner-list` and `list-request` divided.
public record Subaddress(String delimiters, boolean ownerSpecial) {
    /// `user`, and `detail` with the delimiter before it: `+detail`.
    public record Split(String user, String extension) {
        /// Without the delimiter.
        public String detail() {
            return extension.substring(1);
        }
    }

    /// Empty when there is nothing to divide.
    public Optional<Split> split(String localPart) {
        if (delimiters.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 1; i < localPart.length(); i++) {
            if (delimiters.indexOf(localPart.charAt(i)) >= 0) {
                return isWhole(localPart)
                        ? Optional.empty()
                        : Optional.of(new Split(localPart.substring(0, i), localPart.substring(i)));
            }
        }
        return Optional.empty();
    }

    private boolean isWhole(String localPart) {
        String low = localPart.toLowerCase(Locale.ROOT);
        return low.equals("postmaster")
                || low.equals("mailer-daemon")
                || low.equals("double-bounce")
                || (ownerSpecial && (low.startsWith("owner-") || low.endsWith("-request")));
    }
}
