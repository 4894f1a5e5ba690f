package tamanoir.server.jmap;

import java.util.Map;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;

/// One capability of RFC 8620 §2 with the methods that it brings.
public interface Capability {
    /// Such as `urn:ietf:params:jmap:mail`.
    String uri();

    /// Its object in the session's `capabilities`.
    Json.Obj ofServer();

    /// The same where it names an address of the server; `base` as in [Jmap#session].
    default Json.Obj ofServer(String base) {
        return ofServer();
    }

    /// Its object in the account's `accountCapabilities`.
    Json.Obj ofAccount(Account account);

    /// Empty for a capability that is about no account's data, such as the WebSocket.
    default Optional<Json.Obj> ofAccountIfAny(Account account) {
        return Optional.of(ofAccount(account));
    }

    /// By full name, such as `Email/get`.
    Map<String, Method> methods();

    /// The state of each data type that can change, by type name, as its `/get` answers it now: what a StateChange
    /// object says (RFC 8620 §7.1).
    Map<String, String> states(Account account);

    /// Tells `onChange` when [#states] may be others; a hint, it only wakes someone. Empty when nothing ever changes,
    /// or when another capability tells of the same changes.
    default Optional<Watch> watch(Account account, Runnable onChange) {
        return Optional.empty();
    }

    /// Close to stop.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
