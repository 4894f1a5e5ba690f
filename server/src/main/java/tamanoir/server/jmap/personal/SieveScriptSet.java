package tamanoir.server.jmap.personal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Patch;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.SetError;
import tamanoir.server.sieve.Dialect.Verdict;
import tamanoir.server.sieve.ScriptRefused;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.sieve.StoredScript;

/// SieveScript/set and SieveScript/validate (RFC 9661 §2.4, §2.6).
final class SieveScriptSet implements Method {
    private final Shelf shelf;
    private final Supplier<Scripts> scripts;
    private final AccountBlobs blobs;

    SieveScriptSet(Shelf shelf, Supplier<Scripts> scripts, AccountBlobs blobs) {
        this.shelf = shelf;
        this.scripts = scripts;
        this.blobs = blobs;
    }

    @Override
    public Json.Obj call(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        SetCall set = new SetCall(call, arguments, shelf.settings().maxObjectsInSet());
        Optional<String> activate = arguments.optionalText("onSuccessActivateScript");
        boolean deactivate = arguments.flag("onSuccessDeactivateScript", false);
        arguments.end();
        Work work = new Work(call, set, activate, deactivate);
        return work.withActivity(set.answer(work));
    }

    /// What is in a blob, or why it cannot be a script.
    private String text(Call call, String property, String blobId) {
        AccountId account = call.caller().account().id();
        String id = call.resolved(blobId);
        Jmap.Download blob = blobs.find(account, id)
                .orElseThrow(() -> new SetError(
                        "blobNotFound",
                        property + " is of no blob that there is",
                        Json.object()
                                .put("notFound", Json.Arr.ofTexts(List.of(blobId)))
                                .build()));
        int most = scripts.get().dialect().settings().size();
        if (blob.size() > most) {
            throw new SetError("tooLarge", "the script has " + blob.size() + " octets; at most " + most + " are kept");
        }
        Octets octets = blobs.octets(account, id).orElse(Octets.EMPTY);
        String text = octets.utf8();
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets.toByteArray())) {
            throw new SetError("invalidSieve", "the script is not in UTF-8"); // RFC 5228 §2.1
        }
        return text;
    }

    private static SetError error(ScriptRefused e, Optional<StoredScript> sameName) {
        String why = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case INVALID -> new SetError("invalidSieve", why);
            case TOO_LARGE -> new SetError("tooLarge", why);
            case TOO_MANY -> new SetError("overQuota", why);
            case NONEXISTENT -> SetError.notFound();
            case ALREADY_EXISTS ->
                new SetError(
                        "alreadyExists",
                        why,
                        sameName.map(one -> Json.object()
                                        .put("existingId", one.id())
                                        .build())
                                .orElse(Json.Obj.EMPTY));
            case ACTIVE -> new SetError("sieveIsActive", why);
            case NAME -> SetError.invalidProperties(why, "name");
        };
    }

    // ---- SieveScript/validate ----------------------------------------------------------------------------------

    /// `blobId` → `error`, null when the script could be kept.
    Json.Obj validate(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        String blobId = arguments.text("blobId");
        arguments.end();
        AccountId account = call.caller().account().id();
        Json error = Json.NULL;
        try {
            Verdict verdict = scripts.get().check(account, text(call, "blobId", blobId));
            if (!verdict.isGood()) {
                error = new SetError("invalidSieve", verdict.text()).asJson();
            }
        } catch (SetError e) {
            error = e.asJson();
        }
        return Json.object()
                .put("accountId", account.toString())
                .put("error", error)
                .build();
    }

    // ---- one object ----------------------------------------------------------------------------------------------

    /// One call; used by one thread.
    private final class Work implements SetCall.Work {
        private final Call call;
        private final SetCall set;
        private final AccountId account;
        private final Optional<String> activate;
        private final boolean deactivate;
        /// Scripts that became active or were it, by id.
        private final Map<String, Boolean> activity = new LinkedHashMap<>();

        Work(Call call, SetCall set, Optional<String> activate, boolean deactivate) {
            this.call = call;
            this.set = set;
            this.account = call.caller().account().id();
            this.activate = activate;
            this.deactivate = deactivate;
        }

        @Override
        public String state() {
            return Long.toString(scripts.get().state(account));
        }

        @Override
        public Json.Obj create(Json.Obj given) {
            Given properties = new Given(given).onlyOf(Set.of("name", "blobId"));
            String text = text(call, "blobId", properties.requiredText("blobId", 255));
            Optional<String> name = properties.text("name", Scripts.LONGEST_NAME);
            String called = name.orElseGet(this::freeName);
            StoredScript made = attempt(called, () -> scripts.get().create(account, called, text));
            Json.Building told = Json.object().put("id", made.id());
            if (name.isEmpty()) {
                told.put("name", called);
            }
            return told.put("blobId", SieveScriptType.blobId(made.id(), text))
                    .put("isActive", false)
                    .build();
        }

        /// RFC 9661 §2.1: who gives no name gets one.
        private String freeName() {
            Set<String> taken = new TreeSet<>();
            scripts.get().list(account).forEach(one -> taken.add(one.name()));
            int number = 1;
            while (taken.contains("script " + number)) {
                number++;
            }
            return "script " + number;
        }

        @Override
        public Json update(String id, Json.Obj patch) {
            StoredScript before = scripts.get().byId(account, id).orElseThrow(SetError::notFound);
            Json.Obj shown = SieveScriptType.shown(id, before.name(), before.text(), before.active());
            Json.Obj wanted = Patch.apply(shown, patch);
            if (wanted.get("id").filter(Json.of(id)::equals).isPresent()) {
                Map<String, Json> members = new LinkedHashMap<>(wanted.members());
                members.remove("id");
                wanted = new Json.Obj(members);
            }
            Given after = new Given(wanted).onlyOf(SieveScriptType.PROPERTIES);
            Given.unchanged(shown, wanted, "isActive");
            String name = after.requiredText("name", Scripts.LONGEST_NAME);
            String blobId = after.requiredText("blobId", 255);
            String was = SieveScriptType.blobId(id, before.text());
            String text = blobId.equals(was) ? before.text() : text(call, "blobId", blobId);
            if (name.equals(before.name()) && text.equals(before.text())) {
                return blobId.equals(was)
                        ? Json.NULL
                        : Json.object().put("blobId", was).build();
            }
            attempt(
                    name,
                    () -> scripts.get()
                            .update(
                                    account,
                                    id,
                                    name.equals(before.name()) ? Optional.empty() : Optional.of(name),
                                    text.equals(before.text()) ? Optional.empty() : Optional.of(text)));
            String now = SieveScriptType.blobId(id, text);
            return now.equals(blobId)
                    ? Json.NULL
                    : Json.object().put("blobId", now).build();
        }

        @Override
        public void destroy(String id) {
            StoredScript gone = scripts.get().byId(account, id).orElseThrow(SetError::notFound);
            attempt(gone.name(), () -> {
                scripts.get().delete(account, gone.name());
                return gone;
            });
        }

        private StoredScript attempt(String name, Supplier<StoredScript> work) {
            try {
                return work.get();
            } catch (ScriptRefused e) {
                throw error(e, scripts.get().named(account, name));
            }
        }

        // ---- which one is active (RFC 9661 §2.4) -----------------------------------------------------------------

        @Override
        public void end() {
            if (!set.isWhole() || (!deactivate && activate.isEmpty())) {
                return;
            }
            // An id of no script leaves everything as it is, or as onSuccessDeactivateScript makes it.
            Optional<StoredScript> chosen = activate.flatMap(id -> scripts.get().byId(account, call.resolved(id)));
            if (chosen.isEmpty() && !deactivate) {
                return;
            }
            List<StoredScript> before = scripts.get().list(account);
            try {
                scripts.get().activate(account, chosen.map(StoredScript::name).orElse(""));
            } catch (ScriptRefused e) {
                return; // it has gone in this moment
            }
            String now = chosen.map(StoredScript::id).orElse("");
            for (StoredScript one : before) {
                if (one.active() != one.id().equals(now)) {
                    activity.put(one.id(), !one.active());
                }
            }
        }

        /// The answer with `isActive` of what has been switched.
        Json.Obj withActivity(Json.Obj answer) {
            if (activity.isEmpty()) {
                return answer;
            }
            Map<String, Json> members = new LinkedHashMap<>(answer.members());
            Map<String, Boolean> left = new LinkedHashMap<>(activity);
            Map<String, Json> created = objects(members, "created");
            created.replaceAll((_, object) -> object instanceof Json.Obj made
                            && made.get("id").orElse(Json.NULL) instanceof Json.Text(String id)
                            && left.containsKey(id)
                    ? with(made, Boolean.TRUE.equals(left.remove(id)))
                    : object);
            Map<String, Json> updated = objects(members, "updated");
            left.forEach((id, active) -> updated.put(
                    id, with(updated.getOrDefault(id, Json.NULL) instanceof Json.Obj o ? o : Json.Obj.EMPTY, active)));
            members.put("created", created.isEmpty() ? Json.NULL : new Json.Obj(created));
            members.put("updated", updated.isEmpty() ? Json.NULL : new Json.Obj(updated));
            return new Json.Obj(members);
        }

        private static Map<String, Json> objects(Map<String, Json> answer, String member) {
            return answer.get(member) instanceof Json.Obj objects
                    ? new LinkedHashMap<>(objects.members())
                    : new LinkedHashMap<>();
        }

        private static Json.Obj with(Json.Obj object, boolean active) {
            Map<String, Json> members = new LinkedHashMap<>(object.members());
            members.put("isActive", Json.of(active));
            return new Json.Obj(members);
        }
    }
}
