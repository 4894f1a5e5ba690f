package tamanoir.mail.vcard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import tamanoir.mail.jmap.Json;

/// A JSContact Card as a vCard (RFC 9555 §3). Used once, by one thread.
public final class VCardOfCard {
    private final Json.Obj card;
    private final boolean four;
    private final List<Property> properties = new ArrayList<>();
    private int groups;

    /// The versions that can be written.
    public enum Version {
        THREE("3.0"),
        FOUR("4.0");

        private final String text;

        Version(String text) {
            this.text = text;
        }
    }

    private VCardOfCard(Json.Obj card, boolean four) {
        this.card = card;
        this.four = four;
    }

    public static VCard of(Json.Obj card, Version version) {
        return new VCardOfCard(card, version == Version.FOUR).vcard(version.text);
    }

    private VCard vcard(String version) {
        text("uid").ifPresent(uid -> properties.add(Property.text("UID", uid)));
        kindAndMembers();
        name();
        each("nicknames", (id, nickname) -> add(id, nickname, Property.text("NICKNAME", text(nickname, "name"))));
        each("organizations", this::organization);
        each(
                "titles",
                (id, title) -> add(
                        id,
                        title,
                        Property.text(text(title, "kind").equals("role") ? "ROLE" : "TITLE", text(title, "name"))));
        each("emails", (id, email) -> add(id, email, internet(Property.text("EMAIL", text(email, "address")))));
        each("phones", this::phone);
        each("addresses", this::address);
        each("onlineServices", this::onlineService);
        each(
                "links",
                (id, link) -> add(
                        id,
                        link,
                        uri(text(link, "kind").equals("contact") && four ? "CONTACT-URI" : "URL", text(link, "uri"))));
        each("anniversaries", this::anniversary);
        each("media", this::media);
        each("notes", (id, note) -> add(id, note, Property.text("NOTE", text(note, "note"))));
        keywords();
        each("preferredLanguages", (id, language) -> {
            if (four) {
                add(id, language, Property.text("LANG", text(language, "language")));
            }
        });
        each("relatedTo", (uri, related) -> {
            if (four) {
                properties.add(typed(uri("RELATED", uri), names(related, "relation")));
            }
        });
        each("cryptoKeys", (id, key) -> add(id, key, uri("KEY", text(key, "uri"))));
        each(
                "calendars",
                (id, calendar) -> add(
                        id,
                        calendar,
                        uri(text(calendar, "kind").equals("freeBusy") ? "FBURL" : "CALURI", text(calendar, "uri"))));
        each("schedulingAddresses", (id, address) -> add(id, address, uri("CALADRURI", text(address, "uri"))));
        if (four) {
            text("language").ifPresent(language -> properties.add(Property.text("LANGUAGE", language)));
            text("created")
                    .ifPresent(time ->
                            properties.add(new Property("", "CREATED", Map.of(), Dates.writeTimestamp(time, true))));
        }
        text("prodId").ifPresent(id -> properties.add(Property.text("PRODID", id)));
        others();
        text("updated")
                .ifPresent(time -> properties.add(new Property("", "REV", Map.of(), Dates.writeTimestamp(time, four))));
        return new VCard(
                version, properties.stream().filter(p -> !p.value().isEmpty()).toList());
    }

    // ---- reading the card ------------------------------------------------------------------------------------

    private Optional<String> text(String name) {
        return Optional.of(text(card, name)).filter(text -> !text.isBlank());
    }

    private static String text(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Text(String text) ? text : "";
    }

    private void each(String name, BiConsumer<String, Json.Obj> work) {
        if (card.get(name).orElse(Json.NULL) instanceof Json.Obj map) {
            map.members().forEach((id, value) -> {
                if (value instanceof Json.Obj object) {
                    work.accept(id, object);
                }
            });
        }
    }

    private static List<String> names(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Obj set
                ? List.copyOf(set.members().keySet())
                : List.of();
    }

    private static List<Json.Obj> objects(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Arr(List<Json> items)
                ? items.stream()
                        .filter(Json.Obj.class::isInstance)
                        .map(Json.Obj.class::cast)
                        .toList()
                : List.of();
    }

    /// One part of a structured value: the components of a kind, separated by commas.
    private static String part(List<Json.Obj> components, String... kinds) {
        List<String> wanted = List.of(kinds);
        return components.stream()
                .filter(component -> wanted.contains(text(component, "kind")))
                .map(component -> Property.escaped(text(component, "value")))
                .collect(Collectors.joining(","));
    }

    // ---- writing properties ----------------------------------------------------------------------------------

    private static Property uri(String name, String uri) {
        return new Property("", name, Map.of(), uri);
    }

    /// With contexts, preference, label and, in 4.0, the id of the value (RFC 9554 §4.7), so that it comes
    /// back.
    private void add(String id, Json.Obj value, Property property) {
        if (property.value().isEmpty()) {
            return;
        }
        List<String> types = new ArrayList<>(property.parameters().getOrDefault("TYPE", List.of()));
        for (String context : names(value, "contexts")) {
            switch (context) {
                case "private" -> types.add("home");
                case "work", "billing", "delivery" -> types.add(context);
                default -> {}
            }
        }
        Property whole = property;
        if (value.get("pref").orElse(Json.NULL) instanceof Json.Int(long pref)) {
            if (four) {
                whole = whole.with("PREF", Long.toString(pref));
            } else if (pref == 1) {
                types.add("pref");
            }
        }
        if (!types.isEmpty()) {
            whole = typed(whole, types);
        }
        if (four) {
            whole = whole.with("PROP-ID", id);
        }
        String label = text(value, "label");
        if (label.isEmpty()) {
            properties.add(whole);
        } else {
            String group = "item" + ++groups;
            properties.add(whole.inGroup(group));
            properties.add(Property.text("X-ABLABEL", label).inGroup(group));
        }
    }

    private static Property typed(Property property, List<String> types) {
        return types.isEmpty() ? property : property.with("TYPE", types.toArray(String[]::new));
    }

    private Property internet(Property email) {
        return four ? email : typed(email, List.of("INTERNET"));
    }

    // ---- single properties -----------------------------------------------------------------------------------

    private void kindAndMembers() {
        text("kind").ifPresent(kind -> {
            if (four) {
                properties.add(Property.text("KIND", kind));
            } else if (kind.equals("group")) {
                properties.add(Property.text("X-ADDRESSBOOKSERVER-KIND", kind));
            }
        });
        for (String member : names(card, "members")) {
            properties.add(uri(four ? "MEMBER" : "X-ADDRESSBOOKSERVER-MEMBER", member));
        }
    }

    /// FN must be there (RFC 6350 §6.2.1), N too in 3.0.
    private void name() {
        Json.Obj name = card.get("name").orElse(Json.NULL) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
        List<Json.Obj> components = objects(name, "components");
        String full = text(name, "full");
        if (full.isBlank()) {
            full = components.stream()
                    .filter(component -> !text(component, "kind").equals("separator"))
                    .map(component -> text(component, "value"))
                    .collect(Collectors.joining(" "));
        }
        if (full.isBlank()) {
            full = fallback();
        }
        properties.add(Property.text("FN", full));
        if (!components.isEmpty() || !four) {
            String value = part(components, "surname") + ";" + part(components, "given") + ";"
                    + part(components, "given2") + ";" + part(components, "title") + ";"
                    + part(components, "credential");
            if (four) {
                String more = part(components, "surname2") + ";" + part(components, "generation");
                value += more.equals(";") ? "" : ";" + more;
            }
            properties.add(new Property("", "N", Map.of(), value));
        }
    }

    private String fallback() {
        List<String> names = new ArrayList<>();
        each("organizations", (id, organization) -> names.add(text(organization, "name")));
        each("emails", (id, email) -> names.add(text(email, "address")));
        names.removeIf(String::isBlank);
        return names.isEmpty() ? "?" : names.getFirst();
    }

    private void organization(String id, Json.Obj organization) {
        StringBuilder value = new StringBuilder(Property.escaped(text(organization, "name")));
        objects(organization, "units").forEach(unit -> value.append(';').append(Property.escaped(text(unit, "name"))));
        Property property = new Property("", "ORG", Map.of(), value.toString());
        String sort = text(organization, "sortAs");
        add(id, organization, sort.isEmpty() || !four ? property : property.with("SORT-AS", sort));
    }

    private void phone(String id, Json.Obj phone) {
        List<String> types = new ArrayList<>();
        for (String feature : names(phone, "features")) {
            if (feature.equals("mobile")) {
                types.add("cell");
            } else if (four || List.of("voice", "video", "fax", "pager").contains(feature)) {
                types.add(feature);
            }
        }
        add(id, phone, typed(Property.text("TEL", text(phone, "number")), types));
    }

    private void address(String id, Json.Obj address) {
        List<Json.Obj> components = objects(address, "components");
        String street = part(components, "name");
        String number = part(components, "number");
        String value = part(components, "postOfficeBox") + ";"
                + part(components, "apartment", "floor", "room", "building") + ";"
                + (number.isEmpty() ? street : street + (street.isEmpty() ? "" : " ") + number) + ";"
                + part(components, "locality", "district") + ";" + part(components, "region") + ";"
                + part(components, "postcode") + ";" + part(components, "country");
        Property property = new Property("", "ADR", Map.of(), value);
        String full = text(address, "full");
        if (four) {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("LABEL", full);
            parameters.put("CC", text(address, "countryCode"));
            parameters.put("GEO", text(address, "coordinates"));
            parameters.put("TZ", text(address, "timeZone"));
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                if (!parameter.getValue().isEmpty()) {
                    property = property.with(parameter.getKey(), parameter.getValue());
                }
            }
        } else if (components.isEmpty() && !full.isEmpty()) {
            property = new Property("", "ADR", Map.of(), ";;" + Property.escaped(full) + ";;;;");
        }
        add(id, address, property);
    }

    private void onlineService(String id, Json.Obj service) {
        String uri = text(service, "uri");
        if (text(service, "vCardName").equals("impp")) {
            add(id, service, uri("IMPP", uri));
            return;
        }
        String name = text(service, "service");
        String user = text(service, "user");
        Property property;
        if (four) {
            property = uri.isEmpty()
                    ? Property.text("SOCIALPROFILE", user).with("VALUE", "text")
                    : uri("SOCIALPROFILE", uri);
            property = name.isEmpty() ? property : property.with("SERVICE-TYPE", name);
            property = uri.isEmpty() || user.isEmpty() ? property : property.with("USERNAME", user);
        } else {
            property = uri("X-SOCIALPROFILE", uri.isEmpty() ? Property.escaped(user) : uri);
            property = name.isEmpty() ? property : typed(property, List.of(name.toLowerCase(Locale.ROOT)));
        }
        add(id, service, property);
    }

    private void anniversary(String id, Json.Obj anniversary) {
        String name = switch (text(anniversary, "kind")) {
            case "birth" -> "BDAY";
            case "wedding" -> four ? "ANNIVERSARY" : "X-ANNIVERSARY";
            case "death" -> four ? "DEATHDATE" : "";
            default -> "";
        };
        if (!name.isEmpty() && anniversary.get("date").orElse(Json.NULL) instanceof Json.Obj date) {
            Dates.write(date, four).ifPresent(value -> add(id, anniversary, new Property("", name, Map.of(), value)));
        }
    }

    private void media(String id, Json.Obj media) {
        String name = switch (text(media, "kind")) {
            case "photo" -> "PHOTO";
            case "logo" -> "LOGO";
            case "sound" -> "SOUND";
            default -> "";
        };
        String uri = text(media, "uri");
        if (name.isEmpty()) {
            return;
        }
        int comma = uri.indexOf(',');
        String head = uri.startsWith("data:") && comma > 0 ? uri.substring(5, comma) : "";
        Property property;
        if (!four && head.endsWith(";base64")) {
            String type =
                    head.substring(head.indexOf('/') + 1, head.indexOf(';')).toUpperCase(Locale.ROOT);
            property = new Property(
                    "",
                    name,
                    new LinkedHashMap<>(Map.of("ENCODING", List.of("b"), "TYPE", List.of(type))),
                    uri.substring(comma + 1));
        } else {
            property = four ? uri(name, uri) : uri(name, uri).with("VALUE", "uri");
            String type = text(media, "mediaType");
            property = type.isEmpty() || !four ? property : property.with("MEDIATYPE", type);
        }
        add(id, media, property);
    }

    private void keywords() {
        String value = names(card, "keywords").stream().map(Property::escaped).collect(Collectors.joining(","));
        properties.add(new Property("", "CATEGORIES", Map.of(), value));
    }

    /// What came from a vCard and has no place here (RFC 9555 §2.15.2).
    private void others() {
        if (!(card.get("vCardProps").orElse(Json.NULL) instanceof Json.Arr(List<Json> all))) {
            return;
        }
        for (Json one : all) {
            if (one instanceof Json.Arr(List<Json> parts)
                    && parts.size() >= 4
                    && parts.get(0) instanceof Json.Text(String name)
                    && parts.get(1) instanceof Json.Obj given
                    && parts.get(3) instanceof Json.Text(String value)) {
                Map<String, List<String>> parameters = new LinkedHashMap<>();
                given.members().forEach((parameter, values) -> {
                    if (!parameter.equals("group")) {
                        parameters.put(parameter.toUpperCase(Locale.ROOT), texts(values));
                    }
                });
                properties.add(new Property(text(given, "group"), name.toUpperCase(Locale.ROOT), parameters, value));
            }
        }
    }

    private static List<String> texts(Json value) {
        return switch (value) {
            case Json.Text(String text) -> List.of(text);
            case Json.Arr(List<Json> items) ->
                items.stream().flatMap(item -> texts(item).stream()).toList();
            case Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Obj _ -> List.of();
        };
    }
}
