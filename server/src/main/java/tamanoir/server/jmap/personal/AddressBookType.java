package tamanoir.server.jmap.personal;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.SetError;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// An address book (RFC 9610 §2). Every account begins with one; one of them is the default, for cards that
/// come from elsewhere.
final class AddressBookType implements ObjectType {
    static final String NAME = "AddressBook";

    private static final String FIRST = "default";
    private static final Set<String> PROPERTIES =
            Set.of("name", "description", "sortOrder", "isDefault", "isSubscribed", "shareWith", "myRights");
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_DESCRIPTION = 10_000;

    /// Nobody shares yet: all rights are the owner's.
    private static final Json.Obj RIGHTS = Json.object()
            .put("mayRead", true)
            .put("mayWrite", true)
            .put("mayShare", false)
            .put("mayDelete", true)
            .build();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.ADDRESS_BOOK;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public void first(Edit edit, Account account) {
        edit.create(
                Kind.ADDRESS_BOOK,
                FIRST,
                Json.object()
                        .put("name", "Contacts")
                        .put("description", Json.NULL)
                        .put("sortOrder", 0)
                        .put("isDefault", true)
                        .put("isSubscribed", true)
                        .build());
    }

    @Override
    public Json.Obj shown(Stored stored) {
        Json.Building book = Json.object();
        stored.value().members().forEach(book::put);
        return book.put("shareWith", Json.NULL).put("myRights", RIGHTS).build();
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        if (given.has("isDefault") || given.has("myRights")) {
            throw SetError.invalidProperties("isDefault and myRights are the server's to set", "isDefault", "myRights");
        }
        return checked(given, false);
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        Given.unchanged(shown(before), after, "isDefault", "myRights");
        return checked(after, isDefault(before));
    }

    private static Json.Obj checked(Json.Obj given, boolean isDefault) {
        Given properties = new Given(given).onlyOf(PROPERTIES);
        if (properties
                .object("shareWith")
                .filter(with -> !with.members().isEmpty())
                .isPresent()) {
            throw SetError.invalidProperties("address books cannot be shared yet", "shareWith");
        }
        return Json.object()
                .put("name", properties.requiredText("name", LONGEST_NAME))
                .put(
                        "description",
                        Json.orNull(properties
                                .text("description", LONGEST_DESCRIPTION)
                                .map(Json::of)))
                .put("sortOrder", properties.unsigned("sortOrder", 0))
                .put("isDefault", isDefault)
                .put("isSubscribed", properties.flag("isSubscribed", true))
                .build();
    }

    /// The cards in it must have gone; the next in order becomes the default.
    @Override
    public void destroyed(Change change, Stored gone) {
        Edit edit = change.edit();
        if (edit.count(Kind.ADDRESS_BOOK) == 1) {
            throw new SetError("forbidden", "this is the only address book; make another one first");
        }
        if (edit.all(Kind.CONTACT_CARD).stream().anyMatch(card -> isIn(card, gone.id()))) {
            // RFC 9610 §2.3
            throw new SetError("addressBookHasContents", "there are contacts in it; say onDestroyRemoveContents");
        }
        if (isDefault(gone)) {
            edit.all(Kind.ADDRESS_BOOK).stream()
                    .filter(book -> !book.id().equals(gone.id()))
                    .min(ORDER)
                    .ifPresent(next -> setDefault(edit, next, true));
        }
    }

    static final Comparator<Stored> ORDER = Comparator.<Stored>comparingLong(
                    book -> Correspondents.number(book, "sortOrder"))
            .thenComparing(Stored::id);

    static boolean isDefault(Stored book) {
        return book.value().get("isDefault").equals(Optional.of(Json.of(true)));
    }

    static void setDefault(Edit edit, Stored book, boolean is) {
        if (isDefault(book) != is) {
            Json.Building value = Json.object();
            book.value().members().forEach(value::put);
            edit.update(Kind.ADDRESS_BOOK, book.id(), value.put("isDefault", is).build());
        }
    }

    static boolean isIn(Stored card, String book) {
        return card.value().get("addressBookIds").orElse(Json.NULL) instanceof Json.Obj books && books.has(book);
    }

    /// The id of the default one.
    static String defaultOf(List<Stored> books) {
        return books.stream()
                .filter(AddressBookType::isDefault)
                .findFirst()
                .or(() -> books.stream().min(ORDER))
                .map(Stored::id)
                .orElseThrow(() -> new SetError("forbidden", "there is no address book; make one first"));
    }
}
