package tamanoir.mail.sasl;

import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// LOGIN: the server asks twice, in words that nobody agreed upon; the order decides.
public final class LoginClient implements ClientMechanism {
    private final String name;
    private final String password;
    private int asked;

    public LoginClient(String name, String password) {
        this.name = name;
        this.password = password;
    }

    @Override
    public String name() {
        return "LOGIN";
    }

    @Override
    public boolean sendsFirst() {
        return false;
    }

    @Override
    public Octets initial() {
        return Octets.EMPTY;
    }

    @Override
    public Octets respond(Octets challenge) {
        return switch (asked++) {
            case 0 -> Octets.of(name);
            case 1 -> Octets.of(password);
            default -> throw new BadSyntax("LOGIN asks for a third answer");
        };
    }

    @Override
    public boolean mayBelieveSuccess() {
        return asked == 2;
    }
}
