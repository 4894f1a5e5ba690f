package tamanoir.server.jmap.personal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.text.Normalizer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.AccountId;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.source.Person;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.Reading;
import tamanoir.server.personal.Stored;

/// Suggestion/get: whom somebody means who has typed a few letters. Contacts come first, then people they
/// wrote to, then the directories outside; among each, who was written to often and lately. Every word typed must begin
/// a word of name or
/// address, accents and case aside.
///
/// Made anew when contacts or history have changed, kept for who types. Used by any number of threads.
final class Suggestions {
    private static final long USUAL = 10;
    private static final long MOST = 100;
    private static final int ACCOUNTS_IN_MEMORY = 500;
    private static final double DAYS_THAT_HALVE = 30;

    /// A directory outside is not asked for everybody whose name begins with one letter.
    private static final int LEAST_FOR_DIRECTORY = 2;

    private final Personal personal;
    private final Directory directory;
    private final InstantSource clock;
    private final Cache<AccountId, Book> books =
            Caffeine.newBuilder().maximumSize(ACCOUNTS_IN_MEMORY).build();

    Suggestions(Personal personal, Directory directory, InstantSource clock) {
        this.personal = personal;
        this.directory = directory;
        this.clock = clock;
    }

    /// Everybody an account knows, at one moment.
    private record Book(long contacts, long history, List<Known> all) {}

    private record Known(String name, String email, boolean contact, long count, long last, List<String> words) {
        boolean isMeant(List<String> typed) {
            for (String word : typed) {
                boolean found = false;
                for (String own : words) {
                    found |= own.startsWith(word);
                }
                if (!found) {
                    return false;
                }
            }
            return true;
        }

        double weight(long now) {
            double days = Math.max(0, now - last) / 86_400.0;
            return count * Math.pow(0.5, days / DAYS_THAT_HALVE);
        }
    }

    Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        String text = arguments.text("text");
        long limit = arguments.unsigned("limit").orElse(USUAL);
        arguments.end();
        if (text.length() > 1_000) {
            throw MethodError.invalidArguments("nobody has a name as long as this text");
        }
        List<String> typed = words(text);
        long now = clock.instant().getEpochSecond();
        List<Json> list = new ArrayList<>(book(call.caller().account().id()).all.stream()
                .filter(known -> !typed.isEmpty() && known.isMeant(typed))
                .sorted(Comparator.comparing((Known known) -> !known.contact)
                        .thenComparing(Comparator.comparingDouble((Known known) -> known.weight(now))
                                .reversed())
                        .thenComparing(Known::name)
                        .thenComparing(Known::email))
                .limit(Math.min(limit, MOST))
                .<Json>map(known -> Json.object()
                        .put("name", known.name)
                        .put("email", known.email)
                        .put("source", known.contact ? "contact" : "history")
                        .build())
                .toList());
        fromDirectory(call, text.strip(), Math.min(limit, MOST), list);
        return Json.object()
                .put("accountId", call.caller().account().id().toString())
                .put("list", list)
                .build();
    }

    /// Fills up with people of the directories outside that serve the account's domain; who stands there already is not
    /// said twice.
    private void fromDirectory(Call call, String text, long limit, List<Json> list) {
        if (text.length() < LEAST_FOR_DIRECTORY || list.size() >= limit) {
            return;
        }
        Set<String> there = new HashSet<>();
        for (Json json : list) {
            if (json instanceof Json.Obj known && known.members().get("email") instanceof Json.Text email) {
                there.add(email.value().toLowerCase(Locale.ROOT));
            }
        }
        for (Person person : directory.search(call.caller().account().address().domain(), text, (int) MOST)) {
            String email = person.address().toString();
            if (list.size() < limit && there.add(email)) {
                list.add(Json.object()
                        .put("name", person.displayName())
                        .put("email", email)
                        .put("source", "directory")
                        .build());
            }
        }
    }

    private Book book(AccountId account) {
        return personal.open(account).read(reading -> {
            Book known = books.getIfPresent(account);
            if (known == null
                    || known.contacts != reading.state(Kind.CONTACT_CARD)
                    || known.history != reading.state(Kind.CORRESPONDENT)) {
                known = read(reading);
                books.put(account, known);
            }
            return known;
        });
    }

    private static Book read(Reading reading) {
        Map<String, Stored> history = new HashMap<>();
        for (Stored stored : reading.all(Kind.CORRESPONDENT)) {
            history.put(Correspondents.text(stored, "email").toLowerCase(Locale.ROOT), stored);
        }
        List<Known> all = new ArrayList<>();
        for (Stored card : reading.all(Kind.CONTACT_CARD)) {
            String name = Cards.name(card.value());
            for (String email : Cards.emails(card.value())) {
                Stored written = history.remove(email.toLowerCase(Locale.ROOT));
                all.add(known(name, email, true, written));
            }
        }
        history.values()
                .forEach(written -> all.add(known(
                        Correspondents.text(written, "name"), Correspondents.text(written, "email"), false, written)));
        return new Book(reading.state(Kind.CONTACT_CARD), reading.state(Kind.CORRESPONDENT), List.copyOf(all));
    }

    private static Known known(
            String name, String email, boolean contact, @org.jspecify.annotations.Nullable Stored written) {
        List<String> words = new ArrayList<>(words(name));
        words.addAll(words(email));
        return new Known(
                name,
                email,
                contact,
                written == null ? 0 : Correspondents.number(written, "count"),
                written == null ? 0 : Correspondents.number(written, "last"),
                words);
    }

    // ---- words -----------------------------------------------------------------------------------------------

    /// The runs of letters and digits, as one compares them.
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : folded(text).split("[^\\p{L}\\p{N}]+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /// Without case and accents. Letters that Unicode does not take apart are those of Latin's neighbours.
    static String folded(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toLowerCase(Locale.ROOT);
        return plain.replace("ß", "ss")
                .replace("æ", "ae")
                .replace("œ", "oe")
                .replace('ø', 'o')
                .replace('ł', 'l')
                .replace('đ', 'd')
                .replace('ð', 'd')
                .replace('ı', 'i')
                .replace("þ", "th");
    }
}
