package tamanoir.server.jmap.personal;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Patch;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.JmapSettings;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.jmap.SetError;
import tamanoir.server.jmap.Times;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.PersonalRefused;
import tamanoir.server.personal.Stored;

/// PushSubscription/get and /set (RFC 8620 §7.2.1, §7.2.2): they belong to the person, not to an account,
/// and have no state. Where one leads, and its keys, are never told again.
final class PushSubscriptions {
    static final String CODE = "-code";
    static final String VERIFIED = "-verified";

    private static final Set<String> PROPERTIES =
            Set.of("deviceClientId", "url", "keys", "verificationCode", "expires", "types");
    private static final Set<String> TOLD = Set.of("deviceClientId", "verificationCode", "expires", "types");
    private static final Set<String> SECRET = Set.of("url", "keys");

    /// RFC 8620 §7.2: the server may choose an earlier end, seven days at least being a good one.
    private static final Duration LONGEST = Duration.ofDays(30);

    private static final int MOST = 20;

    private final Personal personal;
    private final Pushes pushes;
    private final JmapSettings settings;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    PushSubscriptions(Personal personal, Pushes pushes, JmapSettings settings, InstantSource clock) {
        this.personal = personal;
        this.pushes = pushes;
        this.settings = settings;
        this.clock = clock;
    }

    Map<String, Method> methods() {
        return Map.of("PushSubscription/get", this::get, "PushSubscription/set", this::set);
    }

    private PersonalAccount account(Call call) {
        return personal.open(call.caller().account().id());
    }

    // ---- get -------------------------------------------------------------------------------------------------

    private Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json);
        Optional<Set<String>> ids = arguments.ids("ids");
        Optional<Set<String>> properties = arguments.ids("properties");
        arguments.end();
        for (String property : properties.orElse(Set.of())) {
            if (SECRET.contains(property)) {
                throw new MethodError("forbidden", "url and keys are not told"); // RFC 8620 §7.2.1
            }
            if (!TOLD.contains(property) && !property.equals("id")) {
                throw MethodError.invalidArguments("PushSubscription has no property " + property);
            }
        }
        List<Stored> all = account(call).all(Kind.PUSH_SUBSCRIPTION);
        List<Json> list = new ArrayList<>();
        List<String> notFound = new ArrayList<>(ids.orElse(Set.of()));
        for (Stored stored : all) {
            if (ids.isEmpty() || notFound.remove(stored.id())) {
                Json.Building shown = Json.object().put("id", stored.id());
                TOLD.stream()
                        .filter(name -> properties.isEmpty() || properties.get().contains(name))
                        .sorted()
                        .forEach(
                                name -> shown.put(name, stored.value().get(name).orElse(Json.NULL)));
                list.add(shown.build());
            }
        }
        return Json.object()
                .put("list", list)
                .put("notFound", Json.Arr.ofTexts(notFound))
                .build();
    }

    // ---- set -------------------------------------------------------------------------------------------------

    private Json.Obj set(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json);
        SetCall set = new SetCall(call, arguments, settings.maxObjectsInSet());
        arguments.end();
        Json.Obj answer = set.answer(new Work(call.caller().account().id(), account(call)));
        Json.Building stateless = Json.object();
        answer.members().forEach((name, value) -> {
            if (!Set.of("accountId", "oldState", "newState").contains(name)) {
                stateless.put(name, value);
            }
        });
        return stateless.build();
    }

    private final class Work implements SetCall.Work {
        private final AccountId owner;
        private final PersonalAccount account;

        Work(AccountId owner, PersonalAccount account) {
            this.owner = owner;
            this.account = account;
        }

        @Override
        public String state() {
            return "";
        }

        @Override
        public Json.Obj create(Json.Obj given) {
            Given properties = new Given(given).onlyOf(PROPERTIES);
            if (properties.value("verificationCode").isPresent()) {
                throw SetError.invalidProperties("the code is not known yet", "verificationCode");
            }
            byte[] code = new byte[16];
            random.nextBytes(code);
            Instant expires = expires(properties);
            Json.Obj value = Json.object()
                    .put("deviceClientId", properties.requiredText("deviceClientId", 255))
                    .put("url", url(properties.requiredText("url", 2_000)))
                    .put("keys", Json.orNull(properties.object("keys").map(Work::keys)))
                    .put("verificationCode", Json.NULL)
                    .put("expires", Times.utc(expires))
                    .put("types", types(properties))
                    .put(CODE, HexFormat.of().formatHex(code))
                    .put(VERIFIED, false)
                    .build();
            String id = account.change(edit -> {
                if (edit.count(Kind.PUSH_SUBSCRIPTION) >= MOST) {
                    throw new PersonalRefused(
                            PersonalRefused.Reason.TOO_MANY, "there are " + MOST + " subscriptions already");
                }
                return edit.create(Kind.PUSH_SUBSCRIPTION, value);
            });
            pushes.verify(owner, id);
            return Json.object()
                    .put("id", id)
                    .put("keys", value.get("keys").orElse(Json.NULL))
                    .put("expires", Times.utc(expires))
                    .build();
        }

        @Override
        public Json update(String id, Json.Obj patch) {
            String expires = account.change(edit -> {
                Stored stored = edit.find(Kind.PUSH_SUBSCRIPTION, id).orElseThrow(SetError::notFound);
                Json.Obj after = Patch.apply(stored.value(), patch);
                Given.unchanged(stored.value(), after, "deviceClientId", "url", "keys", CODE, VERIFIED);
                Given properties = new Given(after);
                Json.Building value = Json.object();
                stored.value().members().forEach(value::put);
                Optional<String> code = properties.text("verificationCode", 255);
                if (code.isPresent()) {
                    if (!code.get().equals(SubmissionType.text(stored, CODE))) {
                        // RFC 8620 §7.2.2
                        throw SetError.invalidProperties("this is not the code that was sent", "verificationCode");
                    }
                    value.put("verificationCode", code.get()).put(VERIFIED, true);
                }
                boolean prolonged = !after.get("expires").equals(stored.value().get("expires"));
                String end = prolonged ? Times.utc(expires(properties)) : SubmissionType.text(stored, "expires");
                value.put("expires", end).put("types", types(properties));
                edit.update(Kind.PUSH_SUBSCRIPTION, id, value.build());
                return end;
            });
            pushes.changed(owner);
            boolean wanted = patch.get("expires").equals(Optional.of(Json.of(expires))) || !patch.has("expires");
            return wanted ? Json.NULL : Json.object().put("expires", expires).build();
        }

        @Override
        public void destroy(String id) {
            account.change(edit -> {
                if (edit.find(Kind.PUSH_SUBSCRIPTION, id).isEmpty()) {
                    throw SetError.notFound();
                }
                edit.destroy(Kind.PUSH_SUBSCRIPTION, id);
                return id;
            });
            pushes.changed(owner);
        }

        private Instant expires(Given properties) {
            Instant now = clock.instant();
            Instant latest = now.plus(LONGEST);
            Optional<String> text = properties.text("expires", 40);
            if (text.isEmpty()) {
                return latest;
            }
            Instant wanted = Times.utc(text.get())
                    .filter(now::isBefore)
                    .orElseThrow(() -> Given.wrong("expires", "a UTCDate that lies ahead"));
            return wanted.isBefore(latest) ? wanted : latest;
        }

        private static String url(String text) {
            try {
                URI uri = new URI(text);
                if ("https"
                                .equals(
                                        uri.getScheme() == null
                                                ? ""
                                                : uri.getScheme().toLowerCase(Locale.ROOT))
                        && uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && uri.getRawFragment() == null
                        && (uri.getPort() < 0 || uri.getPort() == 443)) {
                    return text;
                }
            } catch (URISyntaxException e) {
                throw Given.wrong("url", "an address such as https://push.example/abc");
            }
            throw Given.wrong("url", "an https address on the port of https");
        }

        private static Json keys(Json.Obj given) {
            Given keys = new Given(given).onlyOf(Set.of("p256dh", "auth"));
            try {
                WebPush.publicKey(base64(keys.requiredText("p256dh", 200)));
                if (base64(keys.requiredText("auth", 200)).length == 16) {
                    return given;
                }
            } catch (BadSyntax | IllegalArgumentException e) {
                throw Given.wrong("keys", "those of a push subscription: " + e.getMessage());
            }
            throw Given.wrong("keys", "those of a push subscription; auth has 16 octets");
        }

        private static Json types(Given properties) {
            Json types = properties.value("types").orElse(Json.NULL);
            boolean fits = types instanceof Json.Null
                    || (types instanceof Json.Arr(List<Json> items)
                            && items.stream().allMatch(Json.Text.class::isInstance));
            if (!fits) {
                throw Given.wrong("types", "an array of names, or null for all");
            }
            return types;
        }
    }

    /// URL-safe base64, padded or not (RFC 8620 §7.2).
    static byte[] base64(String text) {
        return Base64.getUrlDecoder().decode(text.replace("=", ""));
    }
}
