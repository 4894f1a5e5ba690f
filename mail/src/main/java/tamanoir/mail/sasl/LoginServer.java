package tamanoir.mail.sasl;

import tamanoir.mail.sasl.Passwords.Check;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// LOGIN: name and password in two responses. Never standardised (draft-murchison-sasl-login), asked for by old
/// clients.
public final class LoginServer implements ServerMechanism {
    private final Passwords passwords;
    private String name = "";

    public LoginServer(Passwords passwords) {
        this.passwords = passwords;
    }

    @Override
    public String name() {
        return "LOGIN";
    }

    @Override
    public Step start() {
        return new Step.Challenge(Octets.of("Username:"));
    }

    @Override
    public Step respond(Octets response) {
        String text;
        try {
            text = Text.of(response);
        } catch (BadSyntax e) {
            return ServerMechanism.malformed(String.valueOf(e.getMessage()));
        }
        if (text.isEmpty()) {
            return ServerMechanism.malformed("LOGIN with an empty name or password");
        }
        if (name.isEmpty()) {
            name = text;
            return new Step.Challenge(Octets.of("Password:"));
        }
        return switch (passwords.check(name, text)) {
            case Check.Right right -> new Step.Success(right.identity(), "");
            case Check.Wrong wrong -> new Step.Failed(Step.Reason.WRONG_CREDENTIALS, name, wrong.reason());
        };
    }
}
