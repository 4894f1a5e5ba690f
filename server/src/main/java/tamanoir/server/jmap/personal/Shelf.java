package tamanoir.server.jmap.personal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.JmapSettings;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;

/// Where the objects of one type are; what all its methods share. Immutable.
record Shelf(Personal personal, ObjectType type, JmapSettings settings) {
    /// The objects of an account, after those that everybody has were made.
    PersonalAccount open(Account account) {
        PersonalAccount objects = personal.open(account.id());
        if (objects.state(type.kind()) == 0) {
            objects.change(edit -> {
                // Somebody else may have been quicker.
                if (edit.state(type.kind()) == 0) {
                    type.first(edit, account);
                }
                return edit;
            });
        }
        return objects;
    }

    /// An object with its id and the properties that were asked for (RFC 8620 §5.1).
    Json.Obj shown(Stored stored, Optional<Set<String>> properties) {
        Json.Building object = Json.object().put("id", stored.id());
        for (Map.Entry<String, Json> member : type.shown(stored).members().entrySet()) {
            if (properties.isEmpty() || properties.get().contains(member.getKey())) {
                object.put(member.getKey(), member.getValue());
            }
        }
        return object.build();
    }

    /// @throws MethodError when one of them is none of the type
    void check(Optional<Set<String>> properties) {
        if (properties.isPresent() && !type.properties().isEmpty()) {
            List<String> unknown = new ArrayList<>(properties.get());
            unknown.remove("id");
            unknown.removeAll(type.properties());
            if (!unknown.isEmpty()) {
                throw MethodError.invalidArguments(type.name() + " has no property " + unknown.getFirst());
            }
        }
    }

    /// The number that a state stands for (RFC 8620 §5.2).
    ///
    /// @throws MethodError when it was never one of ours
    static long version(String state) {
        try {
            return Long.parseUnsignedLong(state);
        } catch (NumberFormatException e) {
            throw new MethodError("cannotCalculateChanges", "this state is none that was ever told");
        }
    }
}
