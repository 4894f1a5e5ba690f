package tamanoir.mail.sasl;

import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// PLAIN (RFC 4616), without an authorization identity.
public final class PlainClient implements ClientMechanism {
    private final String name;
    private final String password;

    public PlainClient(String name, String password) {
        this.name = name;
        this.password = password;
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public boolean sendsFirst() {
        return true;
    }

    @Override
    public Octets initial() {
        return Octets.of("\0" + name + "\0" + password);
    }

    @Override
    public Octets respond(Octets challenge) {
        if (!challenge.isEmpty()) {
            throw new BadSyntax("PLAIN has no challenge with text");
        }
        return initial();
    }

    @Override
    public boolean mayBelieveSuccess() {
        return true;
    }
}
