package tamanoir.server.jmap.personal;

import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.SetError;
import tamanoir.server.jmap.Times;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// A contact or a group of them (RFC 9610 §3): a JSContact Card (RFC 9553) in one or several address books.
/// A card is kept whole, also what is not known here; only what would mislead everybody is refused.
final class ContactCardType implements ObjectType {
    static final String NAME = "ContactCard";

    /// Properties that map ids to objects (RFC 9553 §2).
    private static final List<String> MAPS = List.of(
            "emails",
            "phones",
            "addresses",
            "organizations",
            "titles",
            "nicknames",
            "onlineServices",
            "links",
            "media",
            "anniversaries",
            "notes",
            "personalInfo",
            "cryptoKeys",
            "directories",
            "calendars",
            "schedulingAddresses",
            "relatedTo",
            "preferredLanguages",
            "localizations");

    /// Properties that map names to true.
    private static final List<String> SETS = List.of("addressBookIds", "members", "keywords");

    private static final List<String> OBJECTS = List.of("name", "speakToAs");
    private static final List<String> TEXTS =
            List.of("@type", "version", "uid", "kind", "language", "prodId", "created", "updated");
    private static final int MOST_OCTETS_OF_MEDIA = 600_000;

    private final AccountBlobs blobs;
    private final InstantSource clock;

    ContactCardType(AccountBlobs blobs, InstantSource clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.CONTACT_CARD;
    }

    @Override
    public Set<String> properties() {
        return Set.of();
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        Map<String, Json> card = checked(change, given);
        card.putIfAbsent("@type", Json.of("Card"));
        card.putIfAbsent("version", Json.of("1.0"));
        card.putIfAbsent("uid", Json.of("urn:uuid:" + UUID.randomUUID()));
        card.putIfAbsent("kind", Json.of("individual"));
        String now = Times.utc(clock.instant());
        card.putIfAbsent("created", Json.of(now));
        card.putIfAbsent("updated", Json.of(now));
        return new Json.Obj(card);
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        if (after.equals(before.value())) {
            return after;
        }
        Map<String, Json> card = checked(change, after);
        for (String name : List.of("@type", "version", "uid", "kind")) {
            // Taken away, it has its default again; a uid stays for ever (RFC 9553 §2.1.9).
            before.value().get(name).ifPresent(value -> card.putIfAbsent(name, value));
        }
        if (after.get("updated").equals(before.value().get("updated"))) {
            card.put("updated", Json.of(Times.utc(clock.instant())));
        }
        return new Json.Obj(card);
    }

    // ---- what a card may be ----------------------------------------------------------------------------------

    private Map<String, Json> checked(Change change, Json.Obj given) {
        Map<String, Json> card = new LinkedHashMap<>();
        given.members().forEach((name, value) -> {
            if (!(value instanceof Json.Null)) {
                card.put(name, value);
            }
        });
        Given properties = new Given(new Json.Obj(card));
        TEXTS.forEach(name -> properties.text(name, 1_000));
        OBJECTS.forEach(properties::object);
        MAPS.forEach(name -> properties.object(name).ifPresent(map -> objects(name, map)));
        SETS.forEach(name -> properties.object(name).ifPresent(set -> trues(name, set)));
        if (properties.text("@type", 100).filter(type -> !type.equals("Card")).isPresent()) {
            throw Given.wrong("@type", "Card");
        }
        card.put("addressBookIds", books(change, properties));
        properties.object("media").ifPresent(media -> card.put("media", embedded(change, media)));
        return card;
    }

    private static void objects(String name, Json.Obj map) {
        if (!map.members().values().stream().allMatch(Json.Obj.class::isInstance)) {
            throw Given.wrong(name, "a map of objects");
        }
    }

    private static void trues(String name, Json.Obj set) {
        if (!set.members().values().stream().allMatch(Json.of(true)::equals)) {
            throw Given.wrong(name, "a map to true");
        }
    }

    /// A card is in one address book at least (RFC 9610 §3); who names none means the default one.
    private static Json.Obj books(Change change, Given properties) {
        Json.Building books = Json.object();
        Json.Obj given = properties.object("addressBookIds").orElse(Json.Obj.EMPTY);
        for (String name : given.members().keySet()) {
            String id = change.call().resolved(name);
            if (change.edit().find(Kind.ADDRESS_BOOK, id).isEmpty()) {
                throw SetError.invalidProperties("there is no address book " + id, "addressBookIds");
            }
            books.put(id, true);
        }
        if (given.members().isEmpty()) {
            if (properties.value("addressBookIds").isPresent()) {
                throw Given.wrong("addressBookIds", "a map with one address book at least");
            }
            books.put(AddressBookType.defaultOf(change.edit().all(Kind.ADDRESS_BOOK)), true);
        }
        return books.build();
    }

    /// A picture that was uploaded becomes part of its card (RFC 9610 §3: `blobId` instead of `uri`).
    private Json.Obj embedded(Change change, Json.Obj media) {
        AccountId account = change.account().id();
        Json.Building all = Json.object();
        media.members().forEach((id, value) -> {
            if (value instanceof Json.Obj one
                    && one.get("blobId").orElse(Json.NULL) instanceof Json.Text(String blob)) {
                all.put(id, embedded(account, change.call().resolved(blob), one));
            } else {
                all.put(id, value);
            }
        });
        return all.build();
    }

    private Json.Obj embedded(AccountId account, String blobId, Json.Obj one) {
        Jmap.Download blob = blobs.find(account, blobId)
                .orElseThrow(() -> SetError.invalidProperties("there is no blob " + blobId, "media"));
        if (blob.size() > MOST_OCTETS_OF_MEDIA) {
            throw new SetError(
                    "tooLarge", "a picture has at most " + MOST_OCTETS_OF_MEDIA + " octets; make it smaller");
        }
        Octets octets = blobs.octets(account, blobId).orElse(Octets.EMPTY);
        Json.Building embedded = Json.object();
        one.members().forEach((name, value) -> {
            if (!name.equals("blobId")) {
                embedded.put(name, value);
            }
        });
        String type = one.get("mediaType").orElse(Json.NULL) instanceof Json.Text(String given) ? given : blob.type();
        return embedded.put("mediaType", type)
                .put("uri", "data:" + type + ";base64," + Base64.getEncoder().encodeToString(octets.toByteArray()))
                .build();
    }
}
