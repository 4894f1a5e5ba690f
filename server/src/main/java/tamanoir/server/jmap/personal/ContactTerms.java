package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.jmap.Times;
import tamanoir.server.personal.Stored;

/// What ContactCard/query asks (RFC 9610 §3.3). Text is found in words, case and accents aside; every word
/// of the question must begin one of the property's.
final class ContactTerms implements ObjectQuery.Terms {
    @Override
    public Predicate<Stored> condition(Json.Obj condition) {
        Predicate<Stored> all = _ -> true;
        for (Map.Entry<String, Json> term : condition.members().entrySet()) {
            all = all.and(term(term.getKey(), term.getValue()));
        }
        return all;
    }

    private static Predicate<Stored> term(String name, Json value) {
        return switch (name) {
            case "inAddressBook" -> {
                String book = text(name, value);
                yield card -> AddressBookType.isIn(card, book);
            }
            case "uid", "kind" -> {
                String wanted = text(name, value);
                yield card -> Cards.text(card.value(), name).equals(wanted);
            }
            case "hasMember" -> {
                String member = text(name, value);
                yield card -> card.value().get("members").orElse(Json.NULL) instanceof Json.Obj members
                        && members.has(member);
            }
            case "createdBefore" -> before("created", time(name, value));
            case "createdAfter" -> before("created", time(name, value)).negate();
            case "updatedBefore" -> before("updated", time(name, value));
            case "updatedAfter" -> before("updated", time(name, value)).negate();
            case "text" -> words(name, value, ContactTerms::everything);
            case "name" -> words(name, value, card -> List.of(Cards.name(card)));
            case "name/given" -> words(name, value, component("given"));
            case "name/surname" -> words(name, value, component("surname"));
            case "name/surname2" -> words(name, value, component("surname2"));
            case "nickname" -> words(name, value, each("nicknames", "name"));
            case "organization" -> words(name, value, each("organizations", "name"));
            case "email" -> words(name, value, each("emails", "address"));
            case "phone" -> phone(text(name, value));
            case "onlineService" -> words(name, value, each("onlineServices", "service", "uri", "user"));
            case "address" -> words(name, value, ContactTerms::addresses);
            case "note" -> words(name, value, each("notes", "note"));
            default -> throw new MethodError("unsupportedFilter", "ContactCard has no filter " + name);
        };
    }

    private static String text(String name, Json value) {
        if (value instanceof Json.Text(String text)) {
            return text;
        }
        throw MethodError.invalidArguments("the filter " + name + " is a string");
    }

    private static Instant time(String name, Json value) {
        return Times.utc(text(name, value))
                .orElseThrow(() -> MethodError.invalidArguments("the filter " + name + " is a UTCDate"));
    }

    private static Predicate<Stored> before(String property, Instant time) {
        return card -> Times.utc(Cards.text(card.value(), property))
                .orElse(Instant.EPOCH)
                .isBefore(time);
    }

    private static Predicate<Stored> words(String name, Json value, Function<Json.Obj, List<String>> texts) {
        List<String> wanted = Suggestions.words(text(name, value));
        return card -> {
            List<String> own = new ArrayList<>();
            texts.apply(card.value()).forEach(text -> own.addAll(Suggestions.words(text)));
            return wanted.stream().allMatch(word -> own.stream().anyMatch(one -> one.startsWith(word)));
        };
    }

    private static Function<Json.Obj, List<String>> component(String kind) {
        return card -> List.of(Cards.component(card, "name", kind));
    }

    private static Function<Json.Obj, List<String>> each(String property, String... names) {
        return card -> {
            List<String> texts = new ArrayList<>();
            for (Json.Obj object : Cards.objects(card, property)) {
                for (String name : names) {
                    texts.add(Cards.text(object, name));
                }
            }
            return texts;
        };
    }

    private static List<String> addresses(Json.Obj card) {
        List<String> texts = new ArrayList<>();
        for (Json.Obj address : Cards.objects(card, "addresses")) {
            texts.add(Cards.text(address, "full"));
            for (Json component : Cards.components(address)) {
                if (component instanceof Json.Obj part) {
                    texts.add(Cards.text(part, "value"));
                }
            }
        }
        return texts;
    }

    /// Digits are compared, however they are grouped.
    private static Predicate<Stored> phone(String wanted) {
        String digits = digits(wanted);
        return card -> Cards.objects(card.value(), "phones").stream()
                .anyMatch(phone ->
                        !digits.isEmpty() && digits(Cards.text(phone, "number")).contains(digits));
    }

    private static String digits(String text) {
        return text.replaceAll("[^0-9]+", "");
    }

    private static List<String> everything(Json.Obj card) {
        List<String> texts = new ArrayList<>();
        texts.add(Cards.name(card));
        for (String kind : List.of("given", "surname", "surname2")) {
            texts.add(Cards.component(card, "name", kind));
        }
        for (Map.Entry<String, String> property : Map.of(
                        "nicknames", "name",
                        "organizations", "name",
                        "titles", "name",
                        "emails", "address",
                        "phones", "number",
                        "onlineServices", "user",
                        "links", "uri",
                        "notes", "note")
                .entrySet()) {
            texts.addAll(each(property.getKey(), property.getValue()).apply(card));
        }
        texts.addAll(addresses(card));
        return texts;
    }

    // ---- order -----------------------------------------------------------------------------------------------

    @Override
    public Optional<Comparator<Stored>> order(String property, Json.Obj comparator) {
        return switch (property) {
            case "created", "updated" -> Optional.of(Comparator.comparing(card -> Cards.text(card.value(), property)));
            case "name/given", "name/surname", "name/surname2" -> {
                String kind = property.substring("name/".length());
                yield Optional.of(
                        Comparator.comparing(card -> Suggestions.folded(Cards.component(card.value(), "name", kind))));
            }
            default -> Optional.empty();
        };
    }
}
