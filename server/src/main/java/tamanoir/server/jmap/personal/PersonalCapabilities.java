package tamanoir.server.jmap.personal;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Directory;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Capability;
import tamanoir.server.jmap.JmapSettings;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.personal.Personal;
import tamanoir.server.queue.Queue;
import tamanoir.server.sieve.Dialect;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.sieve.SieveSettings;

/// Every capability of this package.
public final class PersonalCapabilities {
    private PersonalCapabilities() {}

    /// What they stand on. `scripts` and `ways` are asked anew each time, as the configuration may be reloaded.
    public record Ground(
            Personal personal,
            Directory directory,
            Mailboxes mailboxes,
            Queue queue,
            Submissions submissions,
            Snoozes snoozes,
            Pushes pushes,
            AccountBlobs blobs,
            Supplier<Scripts> scripts,
            Supplier<WayOut> ways,
            JmapSettings settings,
            InstantSource clock) {}

    public static List<Capability> all(Ground ground) {
        return List.of(
                submission(ground),
                authentication(ground),
                settings(ground),
                snooze(ground),
                suggest(ground),
                contacts(ground),
                sieve(ground),
                vacation(ground),
                push(ground),
                vapid(ground));
    }

    /// RFC 8621 §6, §7.
    private static Capability submission(Ground ground) {
        Shelf identities = new Shelf(ground.personal, new IdentityType(ground.ways), ground.settings);
        SubmissionType type = new SubmissionType();
        Shelf submissions = new Shelf(ground.personal, type, ground.settings);
        Map<String, Method> methods = new LinkedHashMap<>(new ObjectMethods(identities).methods());
        methods.putAll(new ObjectMethods(submissions).methods());
        methods.putAll(new ObjectQuery(submissions, type).methods());
        methods.put(
                SubmissionType.NAME + "/set",
                new SubmissionSet(
                        submissions,
                        identities,
                        ground.mailboxes,
                        ground.queue,
                        ground.submissions,
                        ground.ways,
                        ground.clock));
        return new Family(
                "urn:ietf:params:jmap:submission",
                Json.Obj.EMPTY,
                _ -> submissionOfAccount(ground.ways.get()),
                methods,
                List.of(identities, submissions),
                true);
    }

    /// RFC 8621 §1.3.2.
    private static Json.Obj submissionOfAccount(WayOut way) {
        Json.Building extensions = Json.object();
        if (!way.longestDelay().isZero()) {
            extensions.put(
                    "FUTURERELEASE",
                    Json.Arr.ofTexts(List.of(Long.toString(way.longestDelay().toSeconds()))));
        }
        if (way.messageSizeLimit() > 0) {
            extensions.put("SIZE", Json.Arr.ofTexts(List.of(Long.toString(way.messageSizeLimit()))));
        }
        extensions.put("DSN", Json.Arr.EMPTY).put("8BITMIME", Json.Arr.EMPTY).put("SMTPUTF8", Json.Arr.EMPTY);
        return Json.object()
                .put("maxDelayedSend", way.longestDelay().toSeconds())
                .put("submissionExtensions", extensions.build())
                .build();
    }

    private static Capability settings(Ground ground) {
        List<Shelf> shelves = List.of(
                new Shelf(ground.personal, new SettingsType(), ground.settings),
                new Shelf(ground.personal, new TemplateType(), ground.settings),
                new Shelf(ground.personal, new SavedSearchType(), ground.settings));
        return family("urn:tamanoir:jmap:settings", shelves);
    }

    /// Which Authentication-Results of a mail are this server's: any server that a mail came through, and its sender,
    /// may have written others (RFC 8601 §4.1, §7.1).
    private static Capability authentication(Ground ground) {
        return new Family(
                "urn:tamanoir:jmap:authentication",
                Json.Obj.EMPTY,
                _ -> Json.object()
                        .put(
                                "authservIds",
                                Json.Arr.ofTexts(ground.ways.get().authservIds().stream()
                                        .sorted()
                                        .toList()))
                        .build(),
                Map.of(),
                List.of(),
                false);
    }

    private static Capability snooze(Ground ground) {
        Shelf shelf = new Shelf(ground.personal, new SnoozeType(), ground.settings);
        Map<String, Method> methods = new LinkedHashMap<>(new ObjectMethods(shelf).methods());
        methods.put(SnoozeType.NAME + "/set", new SnoozeSet(shelf, ground.mailboxes, ground.snoozes, ground.clock));
        return new Family(
                "urn:tamanoir:jmap:snooze", Json.Obj.EMPTY, _ -> Json.Obj.EMPTY, methods, List.of(shelf), false);
    }

    private static Capability suggest(Ground ground) {
        Suggestions suggestions = new Suggestions(ground.personal, ground.directory, ground.clock);
        return new Family(
                "urn:tamanoir:jmap:suggest",
                Json.Obj.EMPTY,
                _ -> Json.Obj.EMPTY,
                Map.of("Suggestion/get", suggestions::get),
                List.of(),
                false);
    }

    /// RFC 9610; reading and writing vCard files is ours.
    private static Capability contacts(Ground ground) {
        Shelf books = new Shelf(ground.personal, new AddressBookType(), ground.settings);
        // The first address book is made before the first card.
        Shelf cards = new Shelf(ground.personal, new ContactCardType(ground.blobs, ground.clock), ground.settings);
        Map<String, Method> methods = new LinkedHashMap<>(new ObjectMethods(books).methods());
        methods.put(AddressBookType.NAME + "/set", new AddressBookSet(books));
        methods.putAll(new ObjectMethods(cards).methods());
        methods.put(ContactCardType.NAME + "/set", (call, arguments) -> {
            books.open(call.caller().account());
            return new ObjectSet(cards).call(call, arguments);
        });
        methods.putAll(new ObjectQuery(cards, new ContactTerms()).methods());
        ContactFiles files = new ContactFiles(cards, ground.blobs);
        methods.put(ContactCardType.NAME + "/parse", files::parse);
        methods.put(ContactCardType.NAME + "/export", files::export);
        methods.put(ContactCardType.NAME + "/copy", PersonalCapabilities::copy);
        return new Family(
                "urn:ietf:params:jmap:contacts",
                Json.Obj.EMPTY,
                _ -> Json.object()
                        .put("maxAddressBooksPerCard", Json.NULL)
                        .put("mayCreateAddressBook", true)
                        .build(),
                methods,
                List.of(books, cards),
                false);
    }

    /// RFC 9661; `/changes` and `/queryChanges` are ours.
    private static Capability sieve(Ground ground) {
        SieveScriptType type = new SieveScriptType();
        Shelf shelf = new Shelf(ground.personal, type, ground.settings);
        SieveScriptSet set = new SieveScriptSet(shelf, ground.scripts, ground.blobs);
        Map<String, Method> methods = new LinkedHashMap<>(new ObjectMethods(shelf).methods());
        methods.put(SieveScriptType.NAME + "/set", set);
        methods.put(SieveScriptType.NAME + "/validate", set::validate);
        methods.putAll(new ObjectQuery(shelf, type).methods());
        return new Family(
                "urn:ietf:params:jmap:sieve",
                Json.object().put("implementation", "Tamanoir").build(),
                _ -> sieveOfAccount(ground.scripts.get().dialect()),
                methods,
                List.of(shelf),
                false);
    }

    /// RFC 9661 §1.2.1.
    private static Json.Obj sieveOfAccount(Dialect dialect) {
        SieveSettings settings = dialect.settings();
        return Json.object()
                .put("maxSizeScriptName", Scripts.LONGEST_NAME)
                .put("maxSizeScript", settings.size())
                .put("maxNumberScripts", settings.mostScripts())
                .put("maxNumberRedirects", settings.limits().redirects())
                .put("sieveExtensions", Json.Arr.ofTexts(dialect.capabilities()))
                .put(
                        "notificationMethods",
                        dialect.capabilities().contains("enotify") ? Json.Arr.ofTexts(List.of("mailto")) : Json.NULL)
                .put("externalLists", Json.NULL)
                .build();
    }

    /// RFC 8621 §8.
    private static Capability vacation(Ground ground) {
        Shelf shelf = new Shelf(ground.personal, new VacationResponseType(ground.scripts), ground.settings);
        Map<String, Method> methods = new LinkedHashMap<>(new ObjectMethods(shelf).methods());
        methods.remove(VacationResponseType.NAME + "/changes"); // the RFC has none: there is one object
        return new Family(
                "urn:ietf:params:jmap:vacationresponse",
                Json.Obj.EMPTY,
                _ -> Json.Obj.EMPTY,
                methods,
                List.of(shelf),
                false);
    }

    /// RFC 8620 §5.4: from another account, and nobody sees a second one.
    private static Json.Obj copy(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json);
        String from = arguments.text("fromAccountId");
        arguments.inAccountOf(call.caller());
        if (from.equals(call.caller().account().id().toString())) {
            throw MethodError.invalidArguments("fromAccountId and accountId must not be the same");
        }
        throw new MethodError("fromAccountNotFound", "there is no account of that id, or it is not yours");
    }

    /// RFC 8620 §7.2: part of the core, as it belongs to no account's data.
    private static Capability push(Ground ground) {
        return new Family(
                "urn:ietf:params:jmap:core",
                Json.Obj.EMPTY,
                _ -> Json.Obj.EMPTY,
                new PushSubscriptions(ground.personal, ground.pushes, ground.settings, ground.clock).methods(),
                List.of(),
                false);
    }

    /// RFC 9749.
    private static Capability vapid(Ground ground) {
        return new Family(
                "urn:ietf:params:jmap:webpush-vapid",
                Json.object()
                        .put("applicationServerKey", ground.pushes.key().text())
                        .build(),
                _ -> Json.Obj.EMPTY,
                Map.of(),
                List.of(),
                false);
    }

    private static Capability family(String uri, List<Shelf> shelves) {
        Map<String, Method> methods = new LinkedHashMap<>();
        shelves.forEach(shelf -> methods.putAll(new ObjectMethods(shelf).methods()));
        return new Family(uri, Json.Obj.EMPTY, _ -> Json.Obj.EMPTY, methods, shelves, false);
    }
}
