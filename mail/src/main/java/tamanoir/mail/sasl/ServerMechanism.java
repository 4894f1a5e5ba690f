package tamanoir.mail.sasl;

import java.util.Locale;
import tamanoir.mail.text.Octets;

/// One conversation of the server with one client: either [#start] and then responses, or, when the client sent an
/// initial
/// response, [#respond] with that at once. It ends with [Step.Success] or [Step.Failed]; used by one thread.
public sealed interface ServerMechanism permits PlainServer, LoginServer, ScramServer {
    String name();

    /// The first challenge, when there was no initial response.
    Step start();

    Step respond(Octets response);

    /// RFC 4422 §3.4.1: an empty authorization identity, or one's own name, means oneself.
    static Step authorized(String identity, String authcid, String authzid, ActingAs actingAs) {
        if (authzid.isEmpty() || same(authzid, authcid) || same(authzid, identity)) {
            return new Step.Success(identity, "");
        }
        return actingAs.mayAct(identity, authzid)
                ? new Step.Success(identity, authzid)
                : new Step.Failed(Step.Reason.NOT_AUTHORIZED, identity, identity + " may not act as " + authzid);
    }

    private static boolean same(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    static Step malformed(String detail) {
        return new Step.Failed(Step.Reason.MALFORMED, "", detail);
    }
}
