package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail.Quota;
import tamanoir.server.mailbox.Mailboxes;

/// `urn:ietf:params:jmap:quota` (RFC 9425): one Quota, the octets of mail, where the account has a limit;
/// none where it has not.
///
/// The state says what is used and what is allowed, so that every state can be compared with now.
public final class QuotaCapability implements Capability {
    private static final String ID = "mail";
    private static final Set<String> PROPERTIES = Set.of(
            "id",
            "resourceType",
            "used",
            "hardLimit",
            "scope",
            "name",
            "types",
            "warnLimit",
            "softLimit",
            "description");

    private final Mailboxes mailboxes;

    public QuotaCapability(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    @Override
    public String uri() {
        return "urn:ietf:params:jmap:quota";
    }

    @Override
    public Json.Obj ofServer() {
        return Json.Obj.EMPTY;
    }

    @Override
    public Json.Obj ofAccount(Account account) {
        return Json.Obj.EMPTY;
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of(
                "Quota/get",
                this::get,
                "Quota/changes",
                this::changes,
                "Quota/query",
                this::query,
                "Quota/queryChanges",
                this::queryChanges);
    }

    @Override
    public Map<String, String> states(Account account) {
        return Map.of("Quota", state(quota(account)));
    }

    private Quota quota(Account account) {
        return mailboxes.open(account.id()).quota();
    }

    // ---- states ----------------------------------------------------------------------------------------------

    private static String state(Quota quota) {
        return quota.usedOctets() + "-" + quota.limitOctets();
    }

    private record Then(long used, long limit) {
        static Then of(String state) {
            String[] words = state.split("-", -1);
            try {
                if (words.length == 2) {
                    return new Then(Long.parseUnsignedLong(words[0]), Long.parseUnsignedLong(words[1]));
                }
            } catch (NumberFormatException e) {
                throw unknown();
            }
            throw unknown();
        }

        private static MethodError unknown() {
            return new MethodError("cannotCalculateChanges", "this state is none that was ever told");
        }

        boolean exists() {
            return limit > 0;
        }
    }

    private static boolean exists(Quota quota) {
        return quota.limitOctets() > 0;
    }

    // ---- methods ---------------------------------------------------------------------------------------------

    private Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Optional<Set<String>> ids = arguments.ids("ids");
        Optional<Set<String>> properties = arguments.ids("properties");
        arguments.end();
        properties.orElse(Set.of()).forEach(property -> {
            if (!PROPERTIES.contains(property)) {
                throw MethodError.invalidArguments("Quota has no property " + property);
            }
        });
        Quota quota = quota(call.caller().account());
        List<Json> list = new ArrayList<>();
        List<String> notFound = new ArrayList<>();
        for (String id : ids.orElse(Set.of(ID))) {
            if (id.equals(ID) && exists(quota)) {
                list.add(show(quota, properties));
            } else if (ids.isPresent()) {
                notFound.add(id);
            }
        }
        return Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("state", state(quota))
                .put("list", list)
                .put("notFound", Json.Arr.ofTexts(notFound))
                .build();
    }

    /// RFC 9425 §4. One is warned when a tenth is left.
    private static Json.Obj show(Quota quota, Optional<Set<String>> properties) {
        Json.Obj all = Json.object()
                .put("id", ID)
                .put("resourceType", "octets")
                .put("used", quota.usedOctets())
                .put("hardLimit", quota.limitOctets())
                .put("scope", "account")
                .put("name", "Mail")
                .put("types", Json.Arr.ofTexts(List.of("Email")))
                .put("warnLimit", quota.limitOctets() / 10 * 9)
                .put("softLimit", Json.NULL)
                .put("description", Json.NULL)
                .build();
        Json.Building shown = Json.object();
        all.members().forEach((name, value) -> {
            if (name.equals("id") || properties.isEmpty() || properties.get().contains(name)) {
                shown.put(name, value);
            }
        });
        return shown.build();
    }

    private Json.Obj changes(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        String since = arguments.text("sinceState");
        arguments.unsigned("maxChanges");
        arguments.end();
        Then then = Then.of(since);
        Quota quota = quota(call.caller().account());
        boolean changed = !since.equals(state(quota));
        boolean created = !then.exists() && exists(quota);
        boolean destroyed = then.exists() && !exists(quota);
        boolean updated = changed && then.exists() && exists(quota);
        boolean onlyUsed = updated && then.limit == quota.limitOctets();
        return Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("oldState", since)
                .put("newState", state(quota))
                .put("hasMoreChanges", false)
                .put("created", created ? Json.Arr.ofTexts(List.of(ID)) : Json.Arr.EMPTY)
                .put("updated", updated ? Json.Arr.ofTexts(List.of(ID)) : Json.Arr.EMPTY)
                .put("destroyed", destroyed ? Json.Arr.ofTexts(List.of(ID)) : Json.Arr.EMPTY)
                // RFC 9425 §5.2: so that a client need not fetch the rest again.
                .put("updatedProperties", onlyUsed ? Json.Arr.ofTexts(List.of("used")) : Json.NULL)
                .build();
    }

    private Json.Obj query(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        boolean wanted = matches(arguments);
        long position = arguments.integer("position").orElse(0);
        arguments.any("anchor");
        arguments.integer("anchorOffset");
        long limit = arguments.unsigned("limit").orElse(1);
        boolean total = arguments.flag("calculateTotal", false);
        arguments.end();
        Quota quota = quota(call.caller().account());
        boolean there = wanted && exists(quota);
        Json.Building answer = Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("queryState", state(quota))
                .put("canCalculateChanges", true)
                .put("position", Math.max(position, 0))
                .put("ids", there && position <= 0 && limit > 0 ? Json.Arr.ofTexts(List.of(ID)) : Json.Arr.EMPTY);
        if (total) {
            answer.put("total", there ? 1 : 0);
        }
        return answer.build();
    }

    private Json.Obj queryChanges(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        boolean wanted = matches(arguments);
        String since = arguments.text("sinceQueryState");
        arguments.unsigned("maxChanges");
        arguments.optionalText("upToId");
        boolean total = arguments.flag("calculateTotal", false);
        arguments.end();
        Then then = Then.of(since);
        Quota quota = quota(call.caller().account());
        boolean there = wanted && exists(quota);
        boolean changed = !since.equals(state(quota));
        List<Json> added = changed && there
                ? List.of(Json.object().put("id", ID).put("index", 0).build())
                : List.of();
        Json.Building answer = Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("oldQueryState", since)
                .put("newQueryState", state(quota))
                .put("removed", changed && then.exists() ? Json.Arr.ofTexts(List.of(ID)) : Json.Arr.EMPTY)
                .put("added", added);
        if (total) {
            answer.put("total", there ? 1 : 0);
        }
        return answer.build();
    }

    /// Whether our one quota meets the filter (RFC 9425 §5.3).
    private static boolean matches(Arguments arguments) {
        Optional<Json.Obj> filter = arguments.object("filter");
        arguments.any("sort");
        if (filter.isEmpty()) {
            return true;
        }
        boolean meets = true;
        for (Map.Entry<String, Json> term : filter.get().members().entrySet()) {
            String text = term.getValue() instanceof Json.Text(String value) ? value : "";
            meets &= switch (term.getKey()) {
                case "name" -> "Mail".contains(text);
                case "scope" -> text.equals("account");
                case "resourceType" -> text.equals("octets");
                case "type" -> text.equals("Email");
                default -> throw new MethodError("unsupportedFilter", "Quota has no filter " + term.getKey());
            };
        }
        return meets;
    }
}
