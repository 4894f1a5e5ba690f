package tamanoir.server.observe;

import org.jspecify.annotations.Nullable;

/// Not now, try later: `4yz`, `NO [UNAVAILABLE]`, `serverUnavailable`.
///
/// The message goes to the client and names no path, host or cause of ours; [#detail()] and the cause go to the log.
public class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    public Unavailable(String message, String detail) {
        this(message, detail, null);
    }

    public Unavailable(String message, String detail, @Nullable Throwable cause) {
        super(message, cause);
        this.detail = detail;
    }

    public String detail() {
        return detail;
    }
}
