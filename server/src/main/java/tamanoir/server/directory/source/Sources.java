package tamanoir.server.directory.source;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.DirectoryParameters;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.config.Problem;
import tamanoir.server.config.Words;
import tamanoir.server.observe.Unavailable;

/// The places that know people, in the order of `directory_sources`, each for some domains or for all.
///
/// Answers are remembered for a while, "nobody" for a shorter one, failures never; who asks what somebody else
/// is just asking waits for that answer. Used by any number of threads.
public final class Sources implements AutoCloseable {
    private static final String INTERNAL = "internal";

    /// The accounts of the store and nothing else: what a server begins with.
    public static final Sources ONLY_INTERNAL =
            new Sources(List.of(new Place(null, Set.of())), Duration.ZERO, Duration.ZERO, 1, InstantSource.system());

    /// One source and its domains; no source for the store's own accounts, no domains for all.
    public record Place(@Nullable Source source, Set<Domain> domains) {
        public Place {
            domains = Set.copyOf(domains);
        }

        /// @return how the configuration calls it
        public String name() {
            return source == null ? INTERNAL : source.name();
        }

        public boolean isInternal() {
            return source == null;
        }

        Optional<Source> outside() {
            return Optional.ofNullable(source);
        }

        public boolean covers(Domain domain) {
            return domains.isEmpty() || domains.contains(domain);
        }
    }

    /// What a source said, and when.
    public record Answer(Optional<Person> person, List<Address> members, Instant at) {
        public Answer {
            members = List.copyOf(members);
        }

        boolean isEmpty() {
            return person.isEmpty() && members.isEmpty();
        }
    }

    private final List<Place> places;
    private final Duration known;
    private final InstantSource clock;
    private final Cache<String, Answer> answers;
    private final ConcurrentHashMap<String, FutureTask<Answer>> underWay = new ConcurrentHashMap<>();

    private Sources(List<Place> places, Duration known, Duration unknown, int entries, InstantSource clock) {
        this.places = List.copyOf(places);
        this.known = known;
        this.clock = clock;
        this.answers = Caffeine.newBuilder()
                .maximumSize(entries)
                .expireAfter(Expiry.<String, Answer>writing((_, answer) -> answer.isEmpty() ? unknown : known))
                .build();
    }

    /// As main.cf says.
    ///
    /// @param primaryDomains whose people files may name without a domain
    /// @throws BadSyntax when something in it, or in a file that it names, is wrong
    public static Sources of(Config config, InstantSource clock, Supplier<List<Domain>> primaryDomains) {
        List<Place> places = new ArrayList<>();
        for (String word : Words.of(config.get(DirectoryParameters.DIRECTORY_SOURCES))) {
            places.add(place(word, config.home(), primaryDomains));
        }
        if (places.isEmpty()) {
            throw new BadSyntax(DirectoryParameters.DIRECTORY_SOURCES.name() + ": it names no source; internal is one");
        }
        return new Sources(
                places,
                config.get(DirectoryParameters.DIRECTORY_CACHE_TIME),
                config.get(DirectoryParameters.DIRECTORY_NEGATIVE_CACHE_TIME),
                config.get(DirectoryParameters.DIRECTORY_CACHE_SIZE),
                clock);
    }

    /// `type:file`, or in braces with options behind it: `{ ldap:people.conf, domains=example.com example.org
    /// }`.
    private static Place place(String word, Path home, Supplier<List<Domain>> primaryDomains) {
        String plain = word.startsWith("{") && word.endsWith("}") ? word.substring(1, word.length() - 1) : word;
        String[] parts = plain.strip().split("\\s*,\\s*");
        Set<Domain> domains = new LinkedHashSet<>();
        String scheme = "CRYPT";
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String option =
                    equals < 0 ? parts[i] : parts[i].substring(0, equals).strip();
            String value = parts[i].substring(equals + 1).strip();
            switch (option) {
                case "domains" -> Words.of(value).forEach(domain -> domains.add(Domain.of(domain)));
                case "scheme" -> scheme = value.toUpperCase(Locale.ROOT);
                default -> throw wrong("\"" + option + "\" is no option of a source (allowed: domains, scheme)");
            }
        }
        Predicate<Domain> bareNames =
                domain -> domains.contains(domain) || primaryDomains.get().contains(domain);
        return new Place(source(parts[0], home, scheme, bareNames).orElse(null), domains);
    }

    private static Optional<Source> source(String name, Path home, String scheme, Predicate<Domain> bareNames) {
        if (name.equals(INTERNAL)) {
            return Optional.empty();
        }
        if (name.equals("system") || name.equals("unix:passwd.byname")) {
            return Optional.of(new SystemUsers(name, Path.of("/etc/passwd"), Path.of("/etc/shadow"), bareNames));
        }
        int colon = name.indexOf(':');
        String type = colon < 0 ? name : name.substring(0, colon);
        if (colon < 0 || colon == name.length() - 1) {
            throw wrong(
                    "\"" + name + "\" is no source (allowed: internal, system, passwd-file:FILE, ldap:FILE, sql:FILE)");
        }
        Path file = home.resolve(name.substring(colon + 1)).normalize();
        return switch (type) {
            case "passwd-file" -> Optional.of(new PasswdFile(name, file, scheme, bareNames));
            case "ldap" -> Optional.of(new LdapSource(name, KeyValueFile.read(file)));
            case "sql" -> Optional.of(new SqlSource(name, home, KeyValueFile.read(file)));
            default ->
                throw wrong(
                        "\"" + type + "\" is no kind of source (allowed: internal, system, passwd-file, ldap, sql)");
        };
    }

    private static BadSyntax wrong(String why) {
        return new BadSyntax(DirectoryParameters.DIRECTORY_SOURCES.name() + ": " + why);
    }

    public List<Place> places() {
        return places;
    }

    /// Whether all people are in the store.
    public boolean areInternal() {
        return places.stream().allMatch(Place::isInternal);
    }

    /// Whether a source was given this domain by name.
    public boolean names(Domain domain) {
        return places.stream().anyMatch(place -> place.domains.contains(domain));
    }

    /// How long an answer is good.
    public Duration remembersFor() {
        return known;
    }

    // ---- asking ------------------------------------------------------------------------------------------------

    /// Who has the address at this place.
    ///
    /// @throws Unavailable when the place cannot tell now
    public Answer person(Place place, Address address) {
        return remembered(
                "p" + place.name() + '\0' + address,
                () -> new Answer(source(place).find(address), List.of(), clock.instant()));
    }

    /// The same, asked anew: a password may have changed.
    public Answer personNow(Place place, Address address) {
        answers.invalidate("p" + place.name() + '\0' + address);
        return person(place, address);
    }

    /// To whom mail for a group or an alias of this place goes; no members when it is neither.
    ///
    /// @throws Unavailable when the place cannot tell now
    public Answer members(Place place, Address address) {
        return remembered(
                "m" + place.name() + '\0' + address,
                () -> new Answer(Optional.empty(), source(place).members(address), clock.instant()));
    }

    /// Whether the password is the person's: the source is asked each time.
    public boolean isPassword(Place place, Person person, String password) {
        return source(place).isPassword(person, password);
    }

    /// People whose name or address begins with the text, from all places that have an address book; those that
    /// are down are left out, for nobody waits for a suggestion.
    public List<Person> search(Domain domain, String text, int most) {
        List<Person> people = new ArrayList<>();
        for (Place place : places) {
            try {
                place.outside()
                        .filter(_ -> place.covers(domain))
                        .ifPresent(source -> people.addAll(source.search(text, most)));
            } catch (Unavailable e) {
                // Nobody waits for a suggestion.
            }
        }
        return people;
    }

    private static Source source(Place place) {
        return place.outside().orElseThrow(() -> new IllegalArgumentException("the store is asked elsewhere"));
    }

    private Answer remembered(String key, Supplier<Answer> ask) {
        Answer known = answers.getIfPresent(key);
        if (known != null) {
            return known;
        }
        FutureTask<Answer> mine = new FutureTask<>(ask::get);
        @Nullable FutureTask<Answer> others = underWay.putIfAbsent(key, mine);
        if (others == null) {
            try {
                mine.run();
                Answer answer = result(mine);
                answers.put(key, answer);
                return answer;
            } finally {
                underWay.remove(key, mine);
            }
        }
        return result(others);
    }

    private static Answer result(FutureTask<Answer> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the server is stopping", "interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Unavailable down) {
                throw new Unavailable(String.valueOf(down.getMessage()), down.detail(), down);
            }
            throw new IllegalStateException("a source failed", e.getCause());
        }
    }

    // ---- checking ------------------------------------------------------------------------------------------------

    /// What is wrong with each place now: those that are down, and what its people will miss.
    public List<Problem> problems(Config config) {
        List<Problem> problems = new ArrayList<>();
        for (Place place : places) {
            place.outside().ifPresent(source -> {
                try {
                    source.check();
                } catch (Unavailable e) {
                    problems.add(config.warning(
                            DirectoryParameters.DIRECTORY_SOURCES,
                            "\"" + source.name() + "\" does not answer now, its people wait: " + e.detail()));
                }
                source.advice()
                        .ifPresent(text -> problems.add(config.warning(DirectoryParameters.DIRECTORY_SOURCES, text)));
            });
        }
        return problems;
    }

    @Override
    public void close() {
        places.forEach(place -> place.outside().ifPresent(Source::close));
    }
}
