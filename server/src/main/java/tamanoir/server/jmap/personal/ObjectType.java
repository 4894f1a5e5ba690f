package tamanoir.server.jmap.personal;

import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.Call;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// What one type of object is: its properties, and what may become of them. An object is kept without its `id`.
/// Immutable; used by any number of threads.
interface ObjectType {
    /// As it stands before the slash of its methods.
    String name();

    Kind kind();

    /// What a client may ask for beside `id`; empty for a type whose objects hold what they like.
    Set<String> properties();

    /// Makes the objects that every account has; called once, before anything else happens to the type.
    default void first(Edit edit, Account account) {}

    /// As a client sees it, without `id`.
    default Json.Obj shown(Stored stored) {
        return stored.value();
    }

    /// The value to keep of a new object; what the client did not give has its default.
    ///
    /// @throws SetError when it cannot be
    Json.Obj created(Change change, Json.Obj given);

    /// The value to keep of an object that was `before` and that a patch made `after` of, as the client
    /// sees it.
    ///
    /// @throws SetError when it cannot be
    Json.Obj updated(Change change, Stored before, Json.Obj after);

    /// The object is about to go; takes with it what belongs to it.
    ///
    /// @throws SetError when it must not
    default void destroyed(Change change, Stored gone) {}

    /// One object's part of a `/set`: who asks, and the edit in which it happens. May be made again from
    /// the start when somebody else was quicker.
    record Change(Call call, Edit edit) {
        Account account() {
            return call.caller().account();
        }
    }
}
