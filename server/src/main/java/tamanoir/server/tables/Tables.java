package tamanoir.server.tables;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.TableNames;
import tamanoir.server.observe.Trace;

/// Opens tables by name, each once, and shares them between all who ask. One for the whole server.
///
/// Used by many threads; `open` is the only state.
public final class Tables {
    private final Path home;
    private final Clock clock;
    private final Trace trace;
    private final ConcurrentHashMap<String, LookupTable> open = new ConcurrentHashMap<>();

    /// Relative file names are meant from `home`; broken files are said to `trace`.
    public Tables(Path home, Clock clock, Trace trace) {
        this.home = home;
        this.clock = clock;
        this.trace = trace;
    }

    /// Opens `type:name`. A file that is missing or wrong does not fail here: its lookups do, until it is mended.
    ///
    /// @throws BadSyntax when there is no such kind of table, or an inline table is wrong
    public LookupTable open(String name) {
        LookupTable known = open.get(name);
        if (known == null) {
            // Made outside the map's lock, for a union opens its parts; the second of two equal ones is dropped.
            LookupTable made = make(name);
            LookupTable first = open.putIfAbsent(name, made);
            known = first == null ? made : first;
        }
        return known;
    }

    /// Opens several, in this order.
    public List<LookupTable> open(List<String> names) {
        return names.stream().map(this::open).toList();
    }

    private LookupTable make(String name) {
        if (name.startsWith("proxy:")) {
            return open(name.substring("proxy:".length()));
        }
        int colon = name.indexOf(':');
        String type = colon < 0 ? "hash" : name.substring(0, colon);
        String rest = name.substring(colon + 1);
        TableNames.whyNot(type).ifPresent(why -> {
            throw new BadSyntax(why);
        });
        return switch (type) {
            case "static" -> new StaticTable(name, rest);
            default -> new SourceFile(name, home.resolve(rest), false, MapFormat::read, clock, trace);
        };
    }
}
