package tamanoir.server.jmap.personal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.mail.vcard.CardOfVCard;
import tamanoir.mail.vcard.VCard;
import tamanoir.mail.vcard.VCardOfCard;
import tamanoir.mail.vcard.VCardReader;
import tamanoir.mail.vcard.VCardWriter;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;

/// Contacts in and out as vCard files: ContactCard/parse tells what is in uploaded files, for
/// ContactCard/set to create; ContactCard/export makes a blob to download. Of our own; no RFC has them for
/// contacts.
final class ContactFiles {
    private static final long LARGEST_FILE = 50L << 20;

    private final Shelf cards;
    private final AccountBlobs blobs;

    ContactFiles(Shelf cards, AccountBlobs blobs) {
        this.cards = cards;
        this.blobs = blobs;
    }

    /// `blobIds` → `parsed`: for each blob its cards, without `id` and `addressBookIds`.
    Json.Obj parse(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Set<String> ids = arguments.ids("blobIds").orElseThrow(() -> Arguments.missing("blobIds"));
        arguments.end();
        if (ids.size() > cards.settings().maxObjectsInGet()) {
            throw new MethodError("requestTooLarge", "too many blobs at once");
        }
        AccountId account = call.caller().account().id();
        Map<String, Json> parsed = new LinkedHashMap<>();
        List<String> notParsable = new ArrayList<>();
        List<String> notFound = new ArrayList<>();
        for (String id : ids) {
            Optional<Jmap.Download> blob = blobs.find(account, call.resolved(id));
            if (blob.isEmpty()) {
                notFound.add(id);
            } else if (blob.get().size() > LARGEST_FILE) {
                notParsable.add(id);
            } else {
                try {
                    Octets octets = blobs.octets(account, call.resolved(id)).orElse(Octets.EMPTY);
                    List<Json> found = new ArrayList<>();
                    VCardReader.read(octets).forEach(vcard -> found.add(CardOfVCard.of(vcard)));
                    parsed.put(id, new Json.Arr(found));
                } catch (BadSyntax e) {
                    notParsable.add(id);
                }
            }
        }
        return Json.object()
                .put("accountId", Ids.of(account))
                .put("parsed", parsed.isEmpty() ? Json.NULL : new Json.Obj(parsed))
                .put("notParsable", notParsable.isEmpty() ? Json.NULL : Json.Arr.ofTexts(notParsable))
                .put("notFound", notFound.isEmpty() ? Json.NULL : Json.Arr.ofTexts(notFound))
                .build();
    }

    /// `ids` (null for all) and `version`, 3.0 or 4.0 → a blob of type text/vcard.
    Json.Obj export(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Optional<Set<String>> ids = arguments.ids("ids");
        VCardOfCard.Version version = switch (arguments.optionalText("version").orElse("4.0")) {
            case "3.0" -> VCardOfCard.Version.THREE;
            case "4.0" -> VCardOfCard.Version.FOUR;
            default -> throw MethodError.invalidArguments("version is 3.0 or 4.0");
        };
        arguments.end();
        PersonalAccount account = cards.open(call.caller().account());
        List<String> notFound = new ArrayList<>();
        List<VCard> vcards = account.read(reading -> {
            List<Stored> found = new ArrayList<>();
            if (ids.isEmpty()) {
                found.addAll(reading.all(Kind.CONTACT_CARD));
            } else {
                for (String id : ids.get()) {
                    reading.find(Kind.CONTACT_CARD, id).ifPresentOrElse(found::add, () -> notFound.add(id));
                }
            }
            return found.stream()
                    .map(stored -> VCardOfCard.of(stored.value(), version))
                    .toList();
        });
        byte[] file = VCardWriter.write(vcards).getBytes(StandardCharsets.UTF_8);
        return Json.object()
                .put("accountId", Ids.of(account.account()))
                .put("blobId", keep(account.account(), file))
                .put("type", "text/vcard")
                .put("size", file.length)
                .put("notFound", notFound.isEmpty() ? Json.NULL : Json.Arr.ofTexts(notFound))
                .build();
    }

    private String keep(AccountId account, byte[] file) {
        try {
            return blobs.keep(account, "text/vcard; charset=utf-8", new ByteArrayInputStream(file));
        } catch (IOException e) {
            throw new Unavailable("the file cannot be kept at the moment", String.valueOf(e), e);
        }
    }
}
