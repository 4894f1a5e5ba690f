package tamanoir.server.jmap.personal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tamanoir.mail.jmap.Json;

/// What one reads out of a JSContact Card, however it was written (RFC 9553).
final class Cards {
    private Cards() {}

    static String text(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Text(String text) ? text : "";
    }

    /// The objects of a map property such as `emails`, in order.
    static List<Json.Obj> objects(Json.Obj card, String property) {
        List<Json.Obj> objects = new ArrayList<>();
        if (card.get(property).orElse(Json.NULL) instanceof Json.Obj(Map<String, Json> members)) {
            for (Json value : members.values()) {
                if (value instanceof Json.Obj object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    /// The full name, else its components, else the organization (RFC 9553 §2.2.1).
    static String name(Json.Obj card) {
        if (card.get("name").orElse(Json.NULL) instanceof Json.Obj name) {
            String full = text(name, "full");
            if (!full.isBlank()) {
                return full.strip();
            }
            List<String> words = new ArrayList<>();
            for (Json component : components(name)) {
                if (component instanceof Json.Obj part
                        && !text(part, "kind").equals("separator")
                        && !text(part, "value").isBlank()) {
                    words.add(text(part, "value").strip());
                }
            }
            if (!words.isEmpty()) {
                return String.join(" ", words);
            }
        }
        return objects(card, "organizations").stream()
                .map(organization -> text(organization, "name"))
                .filter(name -> !name.isBlank())
                .findFirst()
                .orElse("");
    }

    static List<Json> components(Json.Obj object) {
        return object.get("components").orElse(Json.NULL) instanceof Json.Arr(List<Json> items) ? items : List.of();
    }

    /// Components of one kind, such as `given`, as one text.
    static String component(Json.Obj card, String property, String kind) {
        List<String> words = new ArrayList<>();
        if (card.get(property).orElse(Json.NULL) instanceof Json.Obj object) {
            for (Json component : components(object)) {
                if (component instanceof Json.Obj part && text(part, "kind").equals(kind)) {
                    words.add(text(part, "value"));
                }
            }
        }
        return String.join(" ", words);
    }

    static List<String> emails(Json.Obj card) {
        return objects(card, "emails").stream()
                .map(email -> text(email, "address"))
                .filter(address -> !address.isBlank())
                .toList();
    }
}
