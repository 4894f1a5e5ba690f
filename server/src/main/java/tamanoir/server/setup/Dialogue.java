package tamanoir.server.setup;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.observe.Refused;

/// What the page asks and is answered, in JSON. Knows nothing of HTTP beyond method and path.
public final class Dialogue {
    private final Setup setup;

    public Dialogue(Setup setup) {
        this.setup = setup;
    }

    /// @param asked such as `POST names`
    /// @param language of the sentences in the answer
    /// @return empty when there is no such question, or when the set-up is over
    public Optional<Json> answer(String asked, Json.Obj body, String language) {
        Wording wording = Wording.of(language);
        return switch (asked) {
            case "GET state" -> Optional.of(state());
            case "GET checks" -> Optional.of(checks(wording, ""));
            case "POST checks" -> Optional.of(checks(wording, text(body, "host")));
            case "POST names" -> Optional.of(names(setup.names(text(body, "domain"), text(body, "host"))));
            case "POST password" -> Optional.of(advice(wording, text(body, "password"), text(body, "address")));
            case "POST account" ->
                Optional.of(
                        account(setup.addAccount(text(body, "address"), text(body, "name"), text(body, "password"))));
            case "POST test" -> Optional.of(test(setup.test(wording)));
            case "GET records" -> Optional.of(records(wording));
            case "POST finish" -> setup.finish() ? Optional.of(Json.Obj.EMPTY) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String text(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Text(String value) ? value : "";
    }

    private Json state() {
        return Json.object()
                .put("domain", setup.domain().map(domain -> domain.name()).orElse(""))
                .put("host", setup.host())
                .put("imaps", setup.port("imaps"))
                .put("submissions", setup.port("submissions"))
                .put("named", setup.domain().isPresent())
                .put(
                        "address",
                        setup.account()
                                .map(account -> account.address().toString())
                                .orElse(""))
                .put("name", setup.account().map(Account::displayName).orElse(""))
                .build();
    }

    private Json checks(Wording wording, String host) {
        List<Json> all = setup.check(host).stream()
                .<Json>map(finding -> Json.object()
                        .put("check", finding.check())
                        .put("grade", word(finding.grade()))
                        .put("title", wording.title(finding))
                        .put("text", wording.text(finding))
                        .put("advice", wording.advice(finding))
                        .build())
                .toList();
        return Json.object().put("checks", new Json.Arr(all)).build();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Json names(Setup.Named named) {
        return Json.object()
                .put("domain", named.domain().name())
                .put("host", named.host())
                .put(
                        "backup",
                        named.backup()
                                .map(path -> path.getFileName().toString())
                                .orElse(""))
                .build();
    }

    private static Json advice(Wording wording, String password, String address) {
        PasswordAdvice advice = PasswordAdvice.of(password, address);
        return Json.object()
                .put("strength", word(advice.strength()))
                .put("text", wording.sentence(advice.saying(), Map.of()))
                .build();
    }

    private static Json account(Account account) {
        return Json.object()
                .put("address", account.address().toString())
                .put("name", account.displayName())
                .build();
    }

    private static Json test(Setup.TestArrived arrived) {
        return Json.object()
                .put("mailbox", arrived.mailbox())
                .put("subject", arrived.subject())
                .put("millis", arrived.millis())
                .put("header", arrived.header())
                .build();
    }

    private Json records(Wording wording) {
        List<Json> all = setup.records().stream()
                .<Json>map(one -> Json.object()
                        .put("kind", one.kind())
                        .put("name", one.name())
                        .put("type", one.type())
                        .put("value", one.value())
                        .put("grade", word(one.grade()))
                        .put("found", Json.Arr.ofTexts(one.found()))
                        .put("why", wording.sentence("record." + one.kind(), Map.of()))
                        .build())
                .toList();
        return Json.object()
                .put("records", new Json.Arr(all))
                .put("later", wording.sentence("record.later", Map.of()))
                .build();
    }

    /// What is said to somebody who does not get in.
    public static String refusal(Setup.Entry entry, String language) {
        return switch (entry) {
            case WRONG -> Wording.of(language).sentence("entry.wrong", Map.of());
            case LATE -> Wording.of(language).sentence("entry.late", Map.of());
            case TOO_MANY -> Wording.of(language).sentence("entry.tooMany", Map.of());
            case OPEN, GONE -> throw new Refused("there is nothing at this address");
        };
    }
}
