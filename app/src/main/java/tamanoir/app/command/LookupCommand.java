package tamanoir.app.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.server.observe.Trace;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// What a table says about a key, as `postmap -q` does.
@Command(
        name = "lookup",
        description = {
            "Asks a table, as postmap -q does: prints what it says about each key, and with --place where that stands.",
            "The key is asked as it is; explain and route ask for the parts of an address too."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir lookup hash:virtual info@example.com",
            "  tamanoir lookup --place cidr:clients 203.0.113.9",
            "  tamanoir lookup pcre:header_checks - < lines     (a key a line; prints key, tab, answer)",
            "",
            "Exit codes: 0 every key has an answer, 1 one has none, 75 the table cannot tell now."
        })
final class LookupCommand implements Callable<Integer> {
    private final Invocation call;

    @Parameters(index = "0", paramLabel = "TYPE:NAME", description = "The table, as main.cf names it.")
    String table = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY", description = "What to ask; - for standard input.")
    List<String> keys = List.of();

    @Option(names = "--place", description = "Also say in which file and line the answer stands.")
    boolean place;

    LookupCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        LookupTable asked = new Tables(call.config(), Clock.systemUTC(), new Trace("tables", "")).open(table);
        if (keys.equals(List.of("-"))) {
            return fromInput(asked);
        }
        boolean all = true;
        for (String key : keys) {
            all &= print(asked, key, keys.size() > 1);
        }
        return all ? Exit.OK : Exit.FOUND;
    }

    private int fromInput(LookupTable asked) {
        boolean all = true;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(call.in(), StandardCharsets.UTF_8))) {
            for (String key = in.readLine(); key != null; key = in.readLine()) {
                all &= print(asked, key, true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all ? Exit.OK : Exit.FOUND;
    }

    private boolean print(LookupTable asked, String key, boolean withKey) {
        Optional<LookupTable.Hit> hit = asked.find(key);
        hit.ifPresent(found -> call.out()
                .println((withKey ? key + "\t" : "")
                        + found.text()
                        + (place && !found.place().isEmpty() ? "  (" + found.place() + ")" : "")));
        return hit.isPresent();
    }
}
