package tamanoir.mail.vcard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;

/// What a vCard says as a JSContact Card (RFC 9555 §2). Used once, by one thread.
public final class CardOfVCard {
    private final VCard vcard;
    private final Map<String, Json> card = new LinkedHashMap<>();
    private final Map<String, Map<String, Json>> maps = new LinkedHashMap<>();
    private final List<Json> others = new ArrayList<>();

    /// What Apple's address book calls a value, by the group of its property.
    private final Map<String, String> labels = new LinkedHashMap<>();

    private CardOfVCard(VCard vcard) {
        this.vcard = vcard;
    }

    public static Json.Obj of(VCard vcard) {
        return new CardOfVCard(vcard).card();
    }

    private Json.Obj card() {
        card.put("@type", Json.of("Card"));
        card.put("version", Json.of("1.0"));
        vcard.all("X-ABLABEL").forEach(label -> labels.put(label.group(), appleLabel(label.text())));
        for (Property property : vcard.properties()) {
            if (!property.value().isBlank()) {
                add(property);
            }
        }
        maps.forEach((name, members) -> card.put(name, new Json.Obj(members)));
        if (!others.isEmpty()) {
            card.put("vCardProps", new Json.Arr(others));
        }
        return new Json.Obj(card);
    }

    /// `_$!<Home>!$_` is Apple's way to say that the label is translated.
    private static String appleLabel(String label) {
        return label.startsWith("_$!<") && label.endsWith(">!$_") ? label.substring(4, label.length() - 4) : label;
    }

    private void add(Property property) {
        switch (property.name()) {
            case "FN" -> name().putIfAbsent("full", Json.of(property.text()));
            case "N" -> structuredName(property);
            case "UID" -> card.putIfAbsent("uid", Json.of(property.text()));
            case "KIND", "X-ADDRESSBOOKSERVER-KIND" ->
                card.putIfAbsent("kind", Json.of(property.text().toLowerCase(Locale.ROOT)));
            case "MEMBER", "X-ADDRESSBOOKSERVER-MEMBER" -> map("members").put(property.text(), Json.of(true));
            case "NICKNAME" ->
                property.parts(',')
                        .forEach(name ->
                                put("nicknames", "N", property, Json.object().put("name", name)));
            case "EMAIL" -> put("emails", "E", property, Json.object().put("address", property.text()));
            case "TEL" -> phone(property);
            case "ADR" -> address(property);
            case "ORG" -> organization(property);
            case "TITLE", "ROLE" ->
                put(
                        "titles",
                        "T",
                        property,
                        Json.object()
                                .put("name", property.text())
                                .put("kind", property.name().toLowerCase(Locale.ROOT)));
            case "BDAY" -> anniversary(property, "birth");
            case "ANNIVERSARY", "X-ANNIVERSARY" -> anniversary(property, "wedding");
            case "DEATHDATE" -> anniversary(property, "death");
            case "NOTE" -> put("notes", "N", property, Json.object().put("note", property.text()));
            case "URL" -> put("links", "L", property, Json.object().put("uri", property.text()));
            case "CONTACT-URI" ->
                put("links", "L", property, Json.object().put("kind", "contact").put("uri", property.text()));
            case "PHOTO", "LOGO", "SOUND" -> media(property);
            case "IMPP" ->
                put(
                        "onlineServices",
                        "O",
                        property,
                        Json.object().put("uri", property.text()).put("vCardName", "impp"));
            case "SOCIALPROFILE", "X-SOCIALPROFILE" -> socialProfile(property);
            case "CATEGORIES" ->
                property.parts(',').forEach(word -> map("keywords").put(word, Json.of(true)));
            case "LANG" ->
                put("preferredLanguages", "L", property, Json.object().put("language", property.text()));
            case "LANGUAGE" -> card.putIfAbsent("language", Json.of(property.text()));
            case "RELATED" -> related(property);
            case "KEY" -> key(property);
            case "FBURL" ->
                put(
                        "calendars",
                        "C",
                        property,
                        Json.object().put("kind", "freeBusy").put("uri", property.text()));
            case "CALURI" ->
                put(
                        "calendars",
                        "C",
                        property,
                        Json.object().put("kind", "calendar").put("uri", property.text()));
            case "CALADRURI" ->
                put("schedulingAddresses", "S", property, Json.object().put("uri", property.text()));
            case "REV" ->
                time(property.text())
                        .ifPresentOrElse(time -> card.putIfAbsent("updated", Json.of(time)), () -> other(property));
            case "CREATED" ->
                time(property.text())
                        .ifPresentOrElse(time -> card.putIfAbsent("created", Json.of(time)), () -> other(property));
            case "PRODID" -> card.putIfAbsent("prodId", Json.of(property.text()));
            case "X-ABLABEL" -> {}
            default -> other(property);
        }
    }

    // ---- places ----------------------------------------------------------------------------------------------

    private Map<String, Json> map(String name) {
        return maps.computeIfAbsent(name, _ -> new LinkedHashMap<>());
    }

    private void put(String map, String letter, Property property, Json.Building value) {
        value(property, value);
        Map<String, Json> members = map(map);
        String id = property.parameter("PROP-ID")
                .filter(p -> !members.containsKey(p))
                .orElse("");
        for (int n = members.size() + 1; id.isEmpty(); n++) {
            id = members.containsKey(letter + n) ? "" : letter + n;
        }
        members.put(id, value.build());
    }

    /// What TYPE, PREF and labels say of any value (RFC 9555 §2.2, §2.3).
    private void value(Property property, Json.Building value) {
        Json.Building contexts = Json.object();
        boolean any = false;
        for (String type : property.types()) {
            String context = context(property.name(), type);
            if (!context.isEmpty()) {
                contexts.put(context, true);
                any = true;
            }
        }
        if (any) {
            value.put("contexts", contexts.build());
        }
        Optional<Integer> pref = property.parameter("PREF").flatMap(CardOfVCard::pref);
        if (pref.isPresent()) {
            value.put("pref", pref.get());
        } else if (property.types().contains("pref")) {
            value.put("pref", 1); // vCard 3.0
        }
        String label = labels.getOrDefault(property.group(), "");
        if (!property.group().isEmpty() && !label.isEmpty()) {
            value.put("label", label);
        }
    }

    private static String context(String property, String type) {
        return switch (type) {
            case "home" -> "private";
            case "work" -> "work";
            case "billing", "delivery" -> property.equals("ADR") ? type : "";
            default -> "";
        };
    }

    private static Optional<Integer> pref(String text) {
        try {
            int pref = Integer.parseInt(text);
            return pref >= 1 && pref <= 100 ? Optional.of(pref) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// RFC 9555 §2.15.2: name, parameters, type and value as jCard has them.
    private void other(Property property) {
        Json.Building parameters = Json.object();
        property.parameters().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            parameters.put(lower, values.size() == 1 ? Json.of(values.getFirst()) : Json.Arr.ofTexts(values));
        });
        if (!property.group().isEmpty()) {
            parameters.put("group", property.group());
        }
        others.add(new Json.Arr(List.of(
                Json.of(property.name().toLowerCase(Locale.ROOT)),
                parameters.build(),
                Json.of("unknown"),
                Json.of(property.value()))));
    }

    // ---- single properties -----------------------------------------------------------------------------------

    private Map<String, Json> name() {
        return map("name");
    }

    /// RFC 9555 §2.5.1: surname, given, further given names, titles, credentials; and since RFC 9554 a
    /// second surname and the generation.
    private void structuredName(Property property) {
        List<String> kinds = List.of("surname", "given", "given2", "title", "credential", "surname2", "generation");
        List<Json> components = new ArrayList<>();
        List<String> parts = Property.split(property.value(), ';');
        // In the order in which a name is said.
        for (String kind : List.of("title", "given", "given2", "surname", "surname2", "generation", "credential")) {
            int at = kinds.indexOf(kind);
            if (at < parts.size()) {
                components(components, kind, parts.get(at));
            }
        }
        if (!components.isEmpty() && !name().containsKey("components")) {
            name().put("components", new Json.Arr(components));
        }
    }

    private static void components(List<Json> components, String kind, String part) {
        for (String value : Property.split(part, ',')) {
            String text = Property.unescaped(value).strip();
            if (!text.isEmpty()) {
                components.add(
                        Json.object().put("kind", kind).put("value", text).build());
            }
        }
    }

    private static final Map<String, String> FEATURES = Map.of(
            "cell", "mobile",
            "voice", "voice",
            "text", "text",
            "video", "video",
            "fax", "fax",
            "pager", "pager",
            "textphone", "textphone",
            "main-number", "main-number");

    private void phone(Property property) {
        String number = property.text();
        Json.Building phone =
                Json.object().put("number", number.regionMatches(true, 0, "tel:", 0, 4) ? number.substring(4) : number);
        Json.Building features = Json.object();
        boolean any = false;
        for (String type : property.types()) {
            String feature = FEATURES.get(type);
            if (feature != null) {
                features.put(feature, true);
                any = true;
            }
        }
        if (any) {
            phone.put("features", features.build());
        }
        put("phones", "P", property, phone);
    }

    private void address(Property property) {
        List<String> kinds = List.of("postOfficeBox", "apartment", "name", "locality", "region", "postcode", "country");
        List<Json> components = new ArrayList<>();
        List<String> parts = Property.split(property.value(), ';');
        for (int i = 0; i < Math.min(parts.size(), kinds.size()); i++) {
            components(components, kinds.get(i), parts.get(i));
        }
        Json.Building address = Json.object();
        if (!components.isEmpty()) {
            address.put("components", components);
        }
        property.parameter("LABEL").ifPresent(label -> address.put("full", label));
        property.parameter("CC").ifPresent(code -> address.put("countryCode", code));
        property.parameter("GEO").ifPresent(place -> address.put("coordinates", place));
        property.parameter("TZ").ifPresent(zone -> address.put("timeZone", zone));
        put("addresses", "A", property, address);
    }

    private void organization(Property property) {
        List<String> parts = property.parts(';');
        Json.Building organization = Json.object();
        if (!parts.getFirst().isBlank()) {
            organization.put("name", parts.getFirst());
        }
        List<Json> units = new ArrayList<>();
        for (String unit : parts.subList(1, parts.size())) {
            if (!unit.isBlank()) {
                units.add(Json.object().put("name", unit).build());
            }
        }
        if (!units.isEmpty()) {
            organization.put("units", units);
        }
        property.parameter("SORT-AS").ifPresent(sort -> organization.put("sortAs", sort));
        put("organizations", "O", property, organization);
    }

    private void anniversary(Property property, String kind) {
        Optional<Json.Obj> date = Dates.read(property.text());
        if (date.isEmpty()) {
            other(property);
        } else {
            put("anniversaries", "A", property, Json.object().put("kind", kind).put("date", date.get()));
        }
    }

    private void media(Property property) {
        Json.Building media = Json.object().put("kind", property.name().toLowerCase(Locale.ROOT));
        if (property.parameter("ENCODING").isPresent()) {
            // vCard 3.0 and 2.1: base64 in the value, the type a word.
            String type = mediaType(property);
            media.put("uri", "data:" + type + ";base64," + property.value().replaceAll("\\s+", ""))
                    .put("mediaType", type);
        } else {
            media.put("uri", property.text());
            property.parameter("MEDIATYPE").ifPresent(type -> media.put("mediaType", type));
        }
        put("media", "M", property, media);
    }

    private static String mediaType(Property property) {
        String top = property.name().equals("SOUND") ? "audio/" : "image/";
        for (String type : property.types()) {
            if (type.contains("/")) {
                return type;
            }
            if (Set.of("jpeg", "jpg", "png", "gif", "webp", "bmp", "tiff", "wave", "basic", "ogg", "mp3")
                    .contains(type)) {
                return top + (type.equals("jpg") ? "jpeg" : type);
            }
        }
        return property.name().equals("SOUND") ? "audio/basic" : "image/jpeg";
    }

    private void socialProfile(Property property) {
        Json.Building service = Json.object();
        property.parameter("SERVICE-TYPE")
                .or(() -> property.name().startsWith("X-")
                        ? property.types().stream()
                                .filter(type -> context("", type).isEmpty() && !type.equals("pref"))
                                .findFirst()
                        : Optional.empty())
                .ifPresent(name -> service.put("service", name));
        boolean text = property.parameter("VALUE")
                .filter(value -> value.equalsIgnoreCase("text"))
                .isPresent();
        service.put(text ? "user" : "uri", property.text());
        property.parameter("USERNAME")
                .or(() -> property.parameter("X-USER"))
                .ifPresent(user -> service.put("user", user));
        put("onlineServices", "O", property, service);
    }

    private void related(Property property) {
        Json.Building relation = Json.object();
        property.types().forEach(type -> relation.put(type, true));
        map("relatedTo")
                .put(
                        property.text(),
                        Json.object().put("relation", relation.build()).build());
    }

    private void key(Property property) {
        Json.Building key = Json.object();
        if (property.parameter("ENCODING").isPresent()) {
            String type = property.types().contains("x509") ? "application/pkix-cert" : "application/pgp-keys";
            key.put("uri", "data:" + type + ";base64," + property.value().replaceAll("\\s+", ""));
        } else {
            key.put("uri", property.text());
        }
        property.parameter("MEDIATYPE").ifPresent(type -> key.put("mediaType", type));
        put("cryptoKeys", "K", property, key);
    }

    private static Optional<String> time(String text) {
        return Dates.timestamp(text);
    }
}
