package tamanoir.server.jmap;

import java.util.Map;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;

/// One capability of RFC 8620 §2 with the methods that it brings.
public interface Capability {
    /// Such as `urn:ietf:params:jmap:mail`.
    String uri();

    /// Its object in the session's `capabilities`.
    Json.Obj ofServer();

    /// Its object in the account's `accountCapabilities`.
    Json.Obj ofAccount(Account account);

    /// By full name, such as `Email/get`.
    Map<String, Method> methods();

    /// The state of each data type that can change, by type name, as its `/get` answers it now: what a StateChange
    /// object says (RFC 8620 §7.1).
    Map<String, String> states(Account account);
}
