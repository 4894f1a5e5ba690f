package tamanoir.server.tables;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.config.Problem;
import tamanoir.server.config.TableNames;
import tamanoir.server.databases.Sql.Dialect;
import tamanoir.server.observe.Trace;

/// Opens tables by name, each once, and shares them between all who ask. One for each configuration; after a reload
/// [#next] carries the open tables over, so that nothing is read again that did not change.
///
/// A file that `alias_maps` or `alias_database` names has the form of aliases(5), wherever else it is named:
/// `local_recipient_maps` names it again, and there is no postalias step that would tell.
///
/// Used by many threads; `open` is the only state.
public final class Tables {
    /// Tables inside tables at most.
    private static final int DEEPEST = 20;

    private final Path home;
    private final Set<String> aliasFiles;
    private final Function<String, Optional<String>> inline;
    private final Clock clock;
    private final Trace trace;
    private final ConcurrentHashMap<String, LookupTable> open = new ConcurrentHashMap<>();

    /// For tests: no file is an alias file.
    public Tables(Path home, Clock clock, Trace trace) {
        this(home, Set.of(), _ -> Optional.empty(), clock, trace);
    }

    /// Relative file names are meant from the home folder; broken files are said to `trace`.
    public Tables(Config config, Clock clock, Trace trace) {
        this(config.home(), aliasFiles(config), config::text, clock, trace);
    }

    Tables(Path home, Set<String> aliasFiles, Clock clock, Trace trace) {
        this(home, aliasFiles, _ -> Optional.empty(), clock, trace);
    }

    private Tables(
            Path home, Set<String> aliasFiles, Function<String, Optional<String>> inline, Clock clock, Trace trace) {
        this.home = home;
        this.inline = inline;
        this.aliasFiles = Set.copyOf(aliasFiles);
        this.clock = clock;
        this.trace = trace;
    }

    private static Set<String> aliasFiles(Config config) {
        Set<String> names = new HashSet<>();
        config.get(LocalParameters.ALIAS_MAPS).forEach(name -> names.add(withoutProxy(name)));
        config.get(LocalParameters.ALIAS_DATABASE).forEach(name -> names.add(withoutProxy(name)));
        return names;
    }

    /// The tables of a new configuration: those that are open here and mean the same there stay open.
    public Tables next(Config config) {
        Tables next = new Tables(config, clock, trace);
        if (next.home.equals(home) && next.aliasFiles.equals(aliasFiles)) {
            next.open.putAll(open);
            // What stands in main.cf itself may have changed there.
            next.open.keySet().removeIf(name -> TableNames.isAskedOfServer(name) && name.indexOf('/') < 0);
        }
        return next;
    }

    /// Forgets all but these, so that what a configuration no longer names does not stay in memory.
    void keep(Set<String> names) {
        open.keySet().retainAll(names.stream().map(Tables::withoutProxy).toList());
    }

    /// Opens `type:name`. A file that is missing or wrong does not fail here: its lookups do, until it is mended.
    ///
    /// @throws BadSyntax when there is no such kind of table, or what stands in its name is wrong
    public LookupTable open(String name) {
        return open(name, 0);
    }

    /// Opens several, in this order.
    public List<LookupTable> open(List<String> names) {
        return names.stream().map(this::open).toList();
    }

    /// What is wrong with the tables that are open, with file and line.
    public List<Problem> problems() {
        return open.values().stream()
                .flatMap(t -> t.problems().stream())
                .distinct()
                .toList();
    }

    private LookupTable open(String asked, int depth) {
        String name = withoutProxy(asked);
        LookupTable known = open.get(name);
        if (known == null) {
            if (depth > DEEPEST) {
                throw new BadSyntax("tables are nested more than " + DEEPEST + " deep");
            }
            // Made outside the map's lock, for a union opens its parts; the second of two equal ones is dropped.
            LookupTable made = make(name, depth);
            LookupTable first = open.putIfAbsent(name, made);
            known = first == null ? made : first;
        }
        return known;
    }

    /// There is no proxymap(8) here: every table is shared.
    private static String withoutProxy(String name) {
        String plain = name;
        while (plain.startsWith("proxy:")) {
            plain = plain.substring("proxy:".length());
        }
        return plain;
    }

    private LookupTable make(String name, int depth) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            throw new BadSyntax("\"" + name + "\" names no table; allowed is type:name");
        }
        String type = name.substring(0, colon);
        String rest = name.substring(colon + 1);
        Optional<String> whyNot = TableNames.whyNot(type);
        if (whyNot.isPresent()) {
            throw new BadSyntax(whyNot.get());
        }
        return switch (type) {
            case "static" -> Composed.Static.of(name, rest);
            case "fail" -> new Composed.Fail(name);
            case "inline" -> Composed.Inline.of(name, rest);
            case "environ" -> new Composed.Environ(name, Map.copyOf(System.getenv()));
            case "randmap" -> Composed.Random.of(name, rest, RandomGenerator.getDefault());
            case "unionmap" -> new Composed.Union(name, parts(name, rest, depth));
            case "pipemap" -> new Composed.Pipe(name, parts(name, rest, depth));
            case "unix" -> unix(name, rest);
            case "ldap" -> server(name, rest, LdapTable.NAMES, LdapTable::of);
            case "mysql" -> sql(name, rest, Dialect.MYSQL);
            case "pgsql" -> sql(name, rest, Dialect.POSTGRESQL);
            case "sqlite" -> sql(name, rest, Dialect.SQLITE);
            case "cidr" -> file(name, rest, true, CidrFormat::read);
            case "regexp" -> file(name, rest, true, PatternFormat::regexp);
            case "pcre" -> file(name, rest, true, PatternFormat::pcre);
            default -> file(name, rest, false, aliasFiles.contains(name) ? MapFormat::aliases : MapFormat::pairs);
        };
    }

    private List<LookupTable> parts(String name, String text, int depth) {
        return Composed.inBraces(name, text).stream()
                .map(part -> open(part, depth + 1))
                .toList();
    }

    /// The accounts of the machine, as its files tell them; what a name service adds is not seen.
    private LookupTable unix(String name, String which) {
        Path path = switch (which) {
            case "passwd.byname" -> Path.of("/etc/passwd");
            case "group.byname" -> Path.of("/etc/group");
            default ->
                throw new BadSyntax(
                        "\"" + name + "\" is no table" + " (allowed: unix:passwd.byname, unix:group.byname)");
        };
        return new SourceFile(name, path, false, StandardCharsets.ISO_8859_1, MapFormat::accounts, clock, trace);
    }

    private LookupTable sql(String name, String rest, Dialect dialect) {
        return server(name, rest, SqlTable.NAMES, values -> SqlTable.of(dialect, home, values));
    }

    /// Settings in the file that `rest` names, or in main.cf under names that begin with `rest` and `_`.
    private LookupTable server(
            String name, String rest, List<String> names, Function<KeyValueFile, ServerTable.Asking> opener) {
        Map<String, String> here = new HashMap<>();
        if (!rest.isEmpty() && rest.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_')) {
            for (String setting : names) {
                inline.apply(rest + "_" + setting).ifPresent(value -> here.put(setting, value));
            }
        }
        if (!here.isEmpty()) {
            return ServerTable.of(name, KeyValueFile.of("main.cf, " + rest + "_…", here), opener, clock, trace);
        }
        if (rest.isEmpty()) {
            throw new BadSyntax("\"" + name + "\" names no file");
        }
        try {
            return ServerTable.ofFile(name, home.resolve(rest).normalize(), opener, clock, trace);
        } catch (InvalidPathException e) {
            throw new BadSyntax("\"" + rest + "\" in " + name + " is no file name");
        }
    }

    private LookupTable file(String name, String path, boolean wholeKeyOnly, SourceFile.Format format) {
        if (path.startsWith("{")) {
            // Rules in main.cf itself: `cidr:{ {10.0.0.0/8 permit}, … }`.
            return inMainCf(name, path, wholeKeyOnly, format);
        }
        if (path.isEmpty()) {
            throw new BadSyntax("\"" + name + "\" names no file");
        }
        try {
            Charset charset = StandardCharsets.UTF_8;
            return new SourceFile(name, home.resolve(path).normalize(), wholeKeyOnly, charset, format, clock, trace);
        } catch (InvalidPathException e) {
            throw new BadSyntax("\"" + path + "\" in " + name + " is no file name");
        }
    }

    private static LookupTable inMainCf(String name, String text, boolean wholeKeyOnly, SourceFile.Format format) {
        StringBuilder lines = new StringBuilder();
        for (String word : Composed.inBraces(name, text)) {
            boolean braces = word.startsWith("{") && word.endsWith("}");
            lines.append(braces ? word.substring(1, word.length() - 1).strip() : word)
                    .append('\n');
        }
        try {
            return new Written(name, format.read(lines.toString()), wholeKeyOnly);
        } catch (WrongTable e) {
            throw new BadSyntax("rule " + e.line() + " of " + name + ": " + e.getMessage());
        }
    }

    /// A table whose rules stand in main.cf.
    private record Written(String name, Snapshot content, boolean wantsWholeKeyOnly) implements LookupTable {
        @Override
        public Optional<String> lookup(String key) {
            return content.lookup(key);
        }

        @Override
        public List<Hit> answers() {
            return content.all().stream()
                    .map(entry -> new Hit(entry.text(), ""))
                    .toList();
        }
    }
}
