package tamanoir.mail.sasl;

/// Whether someone may act as somebody else (RFC 4422 §2, the authorization identity).
@FunctionalInterface
public interface ActingAs {
    /// Nobody acts as anybody else.
    ActingAs NOBODY = (_, _) -> false;

    boolean mayAct(String identity, String authzid);
}
