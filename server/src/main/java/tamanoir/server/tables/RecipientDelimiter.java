package tamanoir.server.tables;

import java.util.Locale;
import java.util.Set;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.QueueParameters;

/// Where a local part is divided into user and detail: at the first character that is one of `recipient_delimiter`.
///
/// Never divided are names that belong to the mail system, `owner-list` and `list-request` while
/// `owner_request_special` says so, and what would leave no user. Sieve's `:user` and `:detail` are the same two parts
/// (RFC 5233 §1).
public record RecipientDelimiter(String characters, boolean ownerRequestSpecial, Set<String> whole) {
    public RecipientDelimiter {
        whole = Set.copyOf(whole);
    }

    public static RecipientDelimiter of(Config config) {
        return new RecipientDelimiter(
                config.get(CleanupParameters.RECIPIENT_DELIMITER),
                config.get(CleanupParameters.OWNER_REQUEST_SPECIAL),
                Set.of(
                        "postmaster",
                        "mailer-daemon",
                        config.get(QueueParameters.DOUBLE_BOUNCE_SENDER).toLowerCase(Locale.ROOT)));
    }

    /// A delimiter with these characters and the usual exceptions.
    public static RecipientDelimiter of(String characters) {
        return new RecipientDelimiter(characters, true, Set.of("postmaster", "mailer-daemon", "double-bounce"));
    }

    /// A divided name. `extension` begins with its delimiter and is empty where nothing was divided.
    public record Parts(String user, String extension) {
        /// The extension without its delimiter, `detail` of user+detail.
        public String detail() {
            return extension.isEmpty() ? "" : extension.substring(1);
        }
    }

    public Parts split(String localPart) {
        int at = place(localPart);
        return at < 0 ? new Parts(localPart, "") : new Parts(localPart.substring(0, at), localPart.substring(at));
    }

    private int place(String localPart) {
        if (characters.isEmpty()) {
            return -1;
        }
        String low = localPart.toLowerCase(Locale.ROOT);
        if (whole.contains(low)) {
            return -1;
        }
        boolean list = low.startsWith("owner-") || (low.endsWith("-request") && low.length() > "-request".length());
        if (list && ownerRequestSpecial && characters.indexOf('-') >= 0) {
            return -1;
        }
        for (int i = 0; i < localPart.length(); i++) {
            if (characters.indexOf(localPart.charAt(i)) >= 0) {
                return i == 0 ? -1 : i;
            }
        }
        return -1;
    }
}
