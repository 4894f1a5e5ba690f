package tamanoir.mail.sasl;

import tamanoir.mail.sasl.Passwords.Check;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// PLAIN (RFC 4616): `authzid NUL authcid NUL password` in one response.
public final class PlainServer implements ServerMechanism {
    private final Passwords passwords;
    private final ActingAs actingAs;

    public PlainServer(Passwords passwords, ActingAs actingAs) {
        this.passwords = passwords;
        this.actingAs = actingAs;
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public Step start() {
        return new Step.Challenge(Octets.EMPTY);
    }

    @Override
    public Step respond(Octets response) {
        int first = response.indexOf(0, 0);
        int second = first < 0 ? -1 : response.indexOf(0, first + 1);
        if (second < 0) {
            return ServerMechanism.malformed("PLAIN wants two NULs");
        }
        String authzid;
        String authcid;
        String password;
        try {
            authzid = Text.of(response.slice(0, first));
            authcid = Text.of(response.slice(first + 1, second));
            password = Text.of(response.from(second + 1));
        } catch (BadSyntax e) {
            return ServerMechanism.malformed(String.valueOf(e.getMessage()));
        }
        if (authcid.isEmpty() || password.isEmpty()) {
            return ServerMechanism.malformed("PLAIN with an empty name or password"); // RFC 4616 §2: 1*SAFE
        }
        return switch (passwords.check(authcid, password)) {
            case Check.Right right -> ServerMechanism.authorized(right.identity(), authcid, authzid, actingAs);
            case Check.Wrong wrong -> new Step.Failed(Step.Reason.WRONG_CREDENTIALS, authcid, wrong.reason());
        };
    }
}
