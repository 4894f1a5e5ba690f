package tamanoir.server.jmap.personal;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Method;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;

/// AddressBook/set (RFC 9610 §2.3): with its cards, if the client says so, and with another default.
final class AddressBookSet implements Method {
    private static final int CARDS_A_STEP = 15;

    private final Shelf shelf;

    AddressBookSet(Shelf shelf) {
        this.shelf = shelf;
    }

    @Override
    public Json.Obj call(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        SetCall set = new SetCall(call, arguments, shelf.settings().maxObjectsInSet());
        boolean withContents = arguments.flag("onDestroyRemoveContents", false);
        Optional<String> wanted = arguments.optionalText("onSuccessSetIsDefault");
        arguments.end();
        PersonalAccount account = shelf.open(call.caller().account());
        return set.answer(new Work(new ObjectSet.Kept(shelf, call), account, withContents, () -> {
            if (wanted.isPresent() && set.isWhole()) {
                makeDefault(account, call.resolved(wanted.get()));
            }
        }));
    }

    /// RFC 9610 §2.3: an id that is none changes nothing.
    private static void makeDefault(PersonalAccount account, String id) {
        account.change(edit -> {
            if (edit.find(Kind.ADDRESS_BOOK, id).isPresent()) {
                for (Stored book : edit.all(Kind.ADDRESS_BOOK)) {
                    AddressBookType.setDefault(edit, book, book.id().equals(id));
                }
            }
            return id;
        });
    }

    private record Work(ObjectSet.Kept kept, PersonalAccount account, boolean withContents, Runnable afterwards)
            implements SetCall.Work {
        @Override
        public String state() {
            return kept.state();
        }

        @Override
        public void end() {
            afterwards.run();
        }

        @Override
        public Json.Obj create(Json.Obj given) {
            return kept.create(given);
        }

        @Override
        public Json update(String id, Json.Obj patch) {
            return kept.update(id, patch);
        }

        @Override
        public void destroy(String id) {
            if (withContents && account.find(Kind.ADDRESS_BOOK, id).isPresent()) {
                boolean more = true;
                while (more) {
                    more = removeSome(account, id);
                }
            }
            kept.destroy(id);
        }
    }

    /// Takes some cards out of the book: those that are in no other are destroyed. False when there was none.
    private static boolean removeSome(PersonalAccount account, String book) {
        return account.change(edit -> {
            List<Stored> some = edit.all(Kind.CONTACT_CARD).stream()
                    .filter(card -> AddressBookType.isIn(card, book))
                    .limit(CARDS_A_STEP)
                    .toList();
            some.forEach(card -> remove(edit, card, book));
            return !some.isEmpty();
        });
    }

    private static void remove(Edit edit, Stored card, String book) {
        Json.Building others = Json.object();
        if (card.value().get("addressBookIds").orElse(Json.NULL) instanceof Json.Obj books) {
            books.members().forEach((id, value) -> {
                if (!id.equals(book)) {
                    others.put(id, value);
                }
            });
        }
        Json.Obj rest = others.build();
        if (rest.members().isEmpty()) {
            edit.destroy(Kind.CONTACT_CARD, card.id());
        } else {
            Json.Building value = Json.object();
            card.value().members().forEach(value::put);
            edit.update(
                    Kind.CONTACT_CARD,
                    card.id(),
                    value.put("addressBookIds", rest).build());
        }
    }
}
