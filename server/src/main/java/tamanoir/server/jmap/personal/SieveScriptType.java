package tamanoir.server.jmap.personal;

import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.Sha256;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// A Sieve script as JMAP shows it (RFC 9661 §2); [SieveScriptSet] makes and changes them, by room `sieve`.
final class SieveScriptType implements ObjectType, ObjectQuery.Terms {
    static final String NAME = "SieveScript";

    static final Set<String> PROPERTIES = Set.of("name", "blobId", "isActive");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.SIEVE_SCRIPT;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public Json.Obj shown(Stored stored) {
        return shown(stored.id(), text(stored, "name"), text(stored, "text"), isActive(stored));
    }

    /// Without `id`.
    static Json.Obj shown(String id, String name, String text, boolean active) {
        return Json.object()
                .put("name", name)
                .put("blobId", blobId(id, text))
                .put("isActive", active)
                .build();
    }

    /// A blob never changes (RFC 8620 §6), so its id has the hash of the text in it.
    static String blobId(String id, String text) {
        byte[] hash = Sha256.of(text);
        return id + "_" + HexFormat.of().formatHex(hash, 0, 16);
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        throw new IllegalStateException("SieveScriptSet makes them");
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        throw new IllegalStateException("SieveScriptSet changes them");
    }

    private static String text(Stored stored, String member) {
        return stored.value().get(member).orElse(Json.NULL) instanceof Json.Text(String text) ? text : "";
    }

    private static boolean isActive(Stored stored) {
        return stored.value().get("active").filter(Json.of(true)::equals).isPresent();
    }

    // ---- queries (RFC 9661 §2.5) -----------------------------------------------------------------------------

    @Override
    public Predicate<Stored> condition(Json.Obj condition) {
        Predicate<Stored> all = _ -> true;
        for (Map.Entry<String, Json> term : condition.members().entrySet()) {
            all = all.and(term(term.getKey(), term.getValue()));
        }
        return all;
    }

    private static Predicate<Stored> term(String name, Json value) {
        if (name.equals("name") && value instanceof Json.Text(String part)) {
            return stored -> text(stored, "name").contains(part);
        }
        if (name.equals("isActive") && value instanceof Json.Bool(boolean wanted)) {
            return stored -> isActive(stored) == wanted;
        }
        if (PROPERTIES.contains(name) && !name.equals("blobId")) {
            throw MethodError.invalidArguments("the filter " + name + " has another type");
        }
        throw new MethodError("unsupportedFilter", NAME + " has no filter " + name);
    }

    @Override
    public Optional<Comparator<Stored>> order(String property, Json.Obj comparator) {
        return switch (property) {
            case "name" -> Optional.of(Comparator.comparing(stored -> text(stored, "name")));
            case "isActive" -> Optional.of(Comparator.comparing(SieveScriptType::isActive));
            default -> Optional.empty();
        };
    }
}
