package tamanoir.mail.sieve;

import java.util.Map;

/// The envelope of the message (RFC 5228 §5.4): `from` is empty for the null sender; `originalTo` is the recipient
/// before aliases; `auth` is who signed in to send it. `parameters` are those of RFC 3461 and RFC 2852, by
/// the names of RFC 6009 §3: `notify`, `orcpt`, `ret`, `envid`, `bytimeabsolute` and so on.
public record Sent(String from, String to, String originalTo, String auth, Map<String, String> parameters) {
    public static final Sent NOBODY = new Sent("", "", "", "", Map.of());

    public Sent {
        parameters = Map.copyOf(parameters);
    }
}
