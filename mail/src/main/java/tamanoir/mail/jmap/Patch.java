package tamanoir.mail.jmap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tamanoir.mail.text.BadSyntax;

/// Applies a PatchObject (RFC 8620 §5.3) to an object.
public final class Patch {
    private Patch() {}

    /// The object with each path of `patch` set to its value; null takes the member away, so that the type's default
    /// holds again.
    ///
    /// @throws BadSyntax when the patch is none, or does not fit the object: `invalidPatch`
    public static Json.Obj apply(Json.Obj object, Json.Obj patch) {
        checkPrefixes(patch);
        Json.Obj patched = object;
        for (Map.Entry<String, Json> change : patch.members().entrySet()) {
            patched = with(patched, Pointer.ofPatch(change.getKey()).tokens(), 0, change.getValue());
        }
        return patched;
    }

    private static Json.Obj with(Json.Obj object, List<String> path, int at, Json value) {
        String name = path.get(at);
        Map<String, Json> members = new LinkedHashMap<>(object.members());
        if (at + 1 < path.size()) {
            // All parts before the last must exist, and be no array.
            if (!(members.get(name) instanceof Json.Obj inner)) {
                throw new BadSyntax("there is no object at " + name + " to be patched");
            }
            members.put(name, with(inner, path, at + 1, value));
        } else if (value instanceof Json.Null) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
        return new Json.Obj(members);
    }

    /// No path may be the beginning of another: the outcome would depend on their order.
    public static void checkPrefixes(Json.Obj patch) {
        if (patch.members().keySet().stream().noneMatch(path -> path.indexOf('/') >= 0)) {
            return;
        }
        // Sorted with the separator lowest, a path is followed at once by those that it begins.
        List<String> paths = new ArrayList<>(patch.members().size());
        patch.members().keySet().forEach(path -> paths.add(path.replace('/', '\0')));
        paths.sort(null);
        for (int i = 1; i < paths.size(); i++) {
            if (paths.get(i).startsWith(paths.get(i - 1) + '\0')) {
                throw new BadSyntax("a patch changes an object and something inside it");
            }
        }
    }
}
