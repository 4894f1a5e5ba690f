package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.SetError;
import tamanoir.server.jmap.Times;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;
import tamanoir.server.sieve.Scripts;

/// The answer of somebody who is away (RFC 8621 §8): one object, which is always there. Room `sieve` sends it.
final class VacationResponseType implements ObjectType {
    static final String NAME = "VacationResponse";

    private static final String ID = "singleton";
    private static final Set<String> PROPERTIES =
            Set.of("isEnabled", "fromDate", "toDate", "subject", "textBody", "htmlBody");
    private static final int LONGEST_SUBJECT = 500;

    /// Of each body; both in the longest form still make a script that is compiled.
    private static final int LONGEST_BODY = 100_000;

    private final Supplier<Scripts> scripts;

    VacationResponseType(Supplier<Scripts> scripts) {
        this.scripts = scripts;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.VACATION_RESPONSE;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public void first(Edit edit, Account account) {
        edit.create(Kind.VACATION_RESPONSE, ID, checked(Json.Obj.EMPTY));
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        throw new SetError("singleton", "there is one, and it can be changed"); // RFC 8620 §5.3
    }

    @Override
    public void destroyed(Change change, Stored gone) {
        throw new SetError("singleton", "it cannot go; set isEnabled to false");
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        Json.Obj value = checked(after);
        if (value.get("isEnabled").filter(Json.of(true)::equals).isPresent()
                && !scripts.get().dialect().hasVacation()) {
            throw new SetError("forbidden", "this server sends no such answers");
        }
        return value;
    }

    private static Json.Obj checked(Json.Obj given) {
        Given properties = new Given(given).onlyOf(PROPERTIES);
        Optional<String> subject = properties.text("subject", LONGEST_SUBJECT);
        if (subject.isPresent() && subject.get().chars().anyMatch(Character::isISOControl)) {
            throw Given.wrong("subject", "one line");
        }
        return Json.object()
                .put("isEnabled", properties.flag("isEnabled", false))
                .put("fromDate", date(properties, "fromDate"))
                .put("toDate", date(properties, "toDate"))
                .put("subject", Json.orNull(subject.map(Json::of)))
                .put(
                        "textBody",
                        Json.orNull(properties.text("textBody", LONGEST_BODY).map(Json::of)))
                .put(
                        "htmlBody",
                        Json.orNull(properties.text("htmlBody", LONGEST_BODY).map(Json::of)))
                .build();
    }

    private static Json date(Given properties, String name) {
        return Json.orNull(properties.text(name, 50).map(text -> {
            Instant time = Times.utc(text).orElseThrow(() -> Given.wrong(name, "a UTCDate"));
            return Json.of(Times.utc(time));
        }));
    }
}
