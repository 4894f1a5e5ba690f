package tamanoir.server.jmap.personal;

import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.SetError;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// How a person likes the webmail: one object, `singleton`, with whatever a client puts into it.
final class SettingsType implements ObjectType {
    private static final String ID = "singleton";

    @Override
    public String name() {
        return "Settings";
    }

    @Override
    public Kind kind() {
        return Kind.SETTINGS;
    }

    @Override
    public Set<String> properties() {
        return Set.of();
    }

    @Override
    public void first(Edit edit, Account account) {
        edit.create(Kind.SETTINGS, ID, Json.Obj.EMPTY);
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        throw new SetError("singleton", "there is one Settings object; update it"); // RFC 8620 §5.3
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        return after;
    }

    @Override
    public void destroyed(Change change, Stored gone) {
        throw new SetError("singleton", "the Settings object stays; update it");
    }
}
