package tamanoir.server.jmap.personal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tamanoir.mail.address.Address;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.SetError;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// As whom one sends (RFC 8621 §6). Every account has one of its own address, which stays.
final class IdentityType implements ObjectType {
    static final String DEFAULT = "default";

    private static final Set<String> PROPERTIES =
            Set.of("name", "email", "replyTo", "bcc", "textSignature", "htmlSignature", "mayDelete");
    private static final int LONGEST_LINE = 1_000;
    private static final int MOST_ADDRESSES = 50;

    private final Supplier<WayOut> way;

    IdentityType(Supplier<WayOut> way) {
        this.way = way;
    }

    @Override
    public String name() {
        return "Identity";
    }

    @Override
    public Kind kind() {
        return Kind.IDENTITY;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public void first(Edit edit, Account account) {
        edit.create(
                Kind.IDENTITY,
                DEFAULT,
                Json.object()
                        .put("name", account.displayName())
                        .put("email", account.address().toString())
                        .put("replyTo", Json.NULL)
                        .put("bcc", Json.NULL)
                        .put("textSignature", "")
                        .put("htmlSignature", "")
                        .build());
    }

    @Override
    public Json.Obj shown(Stored stored) {
        Json.Building identity = Json.object();
        stored.value().members().forEach(identity::put);
        return identity.put("mayDelete", !stored.id().equals(DEFAULT)).build();
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        if (given.has("mayDelete")) {
            throw SetError.invalidProperties("mayDelete is the server's to set", "mayDelete");
        }
        Json.Obj value = checked(given);
        Address address = address(new Given(given).requiredText("email", LONGEST_LINE));
        if (!way.get().rights().owns(change.account(), address)) {
            // RFC 8621 §6.3
            throw new SetError(
                    "forbiddenFrom",
                    "mail to " + address + " does not come to you, so you cannot send as that address");
        }
        return value;
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        Given.unchanged(shown(before), after, "email", "mayDelete");
        return checked(after);
    }

    @Override
    public void destroyed(Change change, Stored gone) {
        if (gone.id().equals(DEFAULT)) {
            throw new SetError("forbidden", "this identity is that of the account and stays; it can be changed");
        }
    }

    private static Json.Obj checked(Json.Obj given) {
        Given properties = new Given(given).onlyOf(PROPERTIES);
        return Json.object()
                .put("name", properties.text("name", LONGEST_LINE).orElse(""))
                .put("email", properties.requiredText("email", LONGEST_LINE))
                .put("replyTo", addresses(properties, "replyTo"))
                .put("bcc", addresses(properties, "bcc"))
                .put(
                        "textSignature",
                        properties.text("textSignature", Integer.MAX_VALUE).orElse(""))
                .put(
                        "htmlSignature",
                        properties.text("htmlSignature", Integer.MAX_VALUE).orElse(""))
                .build();
    }

    private static Address address(String text) {
        try {
            return Address.of(text);
        } catch (BadSyntax e) {
            throw SetError.invalidProperties("email is not an address: " + e.getMessage(), "email");
        }
    }

    /// EmailAddress[]|null (RFC 8621 §4.1.2.3).
    private static Json addresses(Given properties, String name) {
        Optional<List<Json.Obj>> given = properties.objects(name);
        if (given.isEmpty()) {
            return Json.NULL;
        }
        if (given.get().size() > MOST_ADDRESSES) {
            throw Given.wrong(name, "a list of at most " + MOST_ADDRESSES + " addresses");
        }
        List<Json> checked = new ArrayList<>();
        for (Json.Obj one : given.get()) {
            Given address = new Given(one);
            checked.add(Json.object()
                    .put("name", Json.orNull(address.text("name", LONGEST_LINE).map(Json::of)))
                    .put("email", address.requiredText("email", LONGEST_LINE))
                    .build());
        }
        return new Json.Arr(checked);
    }
}
