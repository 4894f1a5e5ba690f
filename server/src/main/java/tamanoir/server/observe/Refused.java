package tamanoir.server.observe;

/// No, and asking again will not help: `5yz`, `NO`, `forbidden`.
///
/// The message goes to the client and names no path, host or cause of ours; [#detail()] goes to the log.
public class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    public Refused(String message) {
        this(message, message);
    }

    public Refused(String message, String detail) {
        super(message, null, false, false);
        this.detail = detail;
    }

    public String detail() {
        return detail;
    }
}
