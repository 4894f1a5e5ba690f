package tamanoir.server.sieve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tamanoir.mail.sieve.Compiler;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Limits;
import tamanoir.mail.sieve.Place;
import tamanoir.mail.sieve.Problem;
import tamanoir.mail.sieve.extension.All;
import tamanoir.mail.sieve.extension.Vacations;
import tamanoir.server.observe.Trace;

/// The language as main.cf allows it: one for people, one with more for the administrator's own scripts. Immutable,
/// used by many threads; a new configuration makes a new one.
public final class Dialect {
    private static final Trace TRACE = new Trace("sieve", "");

    private final SieveSettings settings;
    private final Language people;
    private final Language administrator;
    private final Language away;
    private final Language awayTrusted;

    public Dialect(SieveSettings settings) {
        this.settings = settings;
        Set<String> all = language(settings).capabilities();
        Set<String> trusted = named(settings.globalExtensions(), Set.of(), all);
        Set<String> usual = new TreeSet<>(all);
        usual.removeAll(trusted);
        Set<String> allowed = named(settings.extensions(), usual, all);
        Set<String> more = new TreeSet<>(allowed);
        more.addAll(trusted);
        this.people = language(settings).only(allowed);
        this.administrator = language(settings).only(more);
        Away.Command command = new Away.Command(settings.vacation());
        this.away = language(settings).only(with(allowed, "include")).with(command);
        this.awayTrusted = language(settings).only(with(more, "include")).with(command);
    }

    private static Set<String> with(Set<String> names, String one) {
        Set<String> all = new TreeSet<>(names);
        all.add(one);
        return all;
    }

    private static Language language(SieveSettings settings) {
        return new Language()
                .patterns(new LinearPatterns())
                .with(new All())
                .with(new Vacations(
                        settings.vacation().usual(),
                        settings.vacation().shortest(),
                        settings.vacation().longest()));
    }

    /// Names alone are the whole list; with + and - they change the usual one.
    private static Set<String> named(List<String> words, Set<String> usual, Set<String> all) {
        boolean changes =
                words.isEmpty() || words.stream().anyMatch(word -> word.startsWith("+") || word.startsWith("-"));
        Set<String> names = new TreeSet<>(changes ? usual : Set.of());
        for (String word : words) {
            boolean less = word.startsWith("-");
            String name = less || word.startsWith("+") ? word.substring(1) : word;
            if (!all.contains(name)) {
                TRACE.warn("unknown Sieve extension", "name", name);
            } else if (less) {
                names.remove(name);
            } else {
                names.add(name);
            }
        }
        return names;
    }

    /// What a text is worth: all problems in order of their place. A text without problems may be kept. `warnings` are
    /// no reason to refuse it (RFC 5804 §1.3): includes that are not there yet, for example.
    public record Verdict(List<Problem> problems, List<String> warnings) {
        public Verdict {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        public boolean isGood() {
            return problems.isEmpty();
        }

        /// As ManageSieve and JMAP tell it: a line each.
        public String text() {
            return String.join("\r\n", problems.stream().map(Problem::toString).toList());
        }
    }

    /// Checks a person's script without keeping it. `library` knows what it may include.
    public Verdict check(String text, Compiler.Library library) {
        int octets = text.getBytes(StandardCharsets.UTF_8).length;
        if (octets > settings.size()) {
            return new Verdict(
                    List.of(new Problem(
                            Place.START,
                            "the script has " + octets + " octets; at most " + settings.size() + " are kept")),
                    List.of());
        }
        Set<String> missing = new LinkedHashSet<>();
        Compiler.Library lenient = new Compiler.Library() {
            @Override
            public Optional<String> script(String name, boolean global) {
                Optional<String> found = library.script(name, global);
                if (found.isEmpty()) {
                    missing.add(name);
                }
                return found;
            }

            @Override
            public boolean mayComeLater() {
                return true;
            }
        };
        List<Problem> problems = new ArrayList<>(
                Compiler.compile(text, people, settings.limits(), lenient).problems());
        problems.sort(java.util.Comparator.comparing(Problem::place));
        return new Verdict(
                problems,
                missing.stream()
                        .map(name -> "the included script '" + name + "' does not exist yet")
                        .toList());
    }

    /// What `require` may name in a person's script, sorted.
    public Set<String> capabilities() {
        return new TreeSet<>(people.capabilities());
    }

    /// Whether an answer of somebody who is away can be sent ([Away]).
    public boolean hasVacation() {
        return settings.on() && people.capabilities().contains("vacation");
    }

    /// `sieve_default`, if it is there.
    Optional<String> standard() {
        return settings.standard().flatMap(Dialect::read);
    }

    Compiler.Result compile(String text, Compiler.Library library) {
        if (text.startsWith(Away.HEADER)) {
            Language language = text.contains(Away.STANDARD) ? awayTrusted : away;
            return Compiler.compile(text, language, settings.limits().withSize(Limits.DEFAULT.size()), library);
        }
        return Compiler.compile(text, people, settings.limits(), library);
    }

    /// A script of the administrator: it may be longer than a person's.
    Compiler.Result compileTrusted(String text, Compiler.Library library) {
        return Compiler.compile(text, administrator, settings.limits().withSize(Limits.DEFAULT.size()), library);
    }

    /// `include :global`: a file of the administrator's folder.
    Optional<String> global(String name) {
        return settings.global().flatMap(folder -> {
            Path file = folder.resolve(name + ".sieve").normalize();
            return file.startsWith(folder) ? read(file) : Optional.empty();
        });
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            TRACE.warn("a script of the administrator cannot be read", "file", file, "reason", e);
            return Optional.empty();
        }
    }

    public SieveSettings settings() {
        return settings;
    }
}
