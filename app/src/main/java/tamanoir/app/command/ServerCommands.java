package tamanoir.app.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tamanoir.app.Office;
import tamanoir.app.Status;
import tamanoir.server.observe.Unavailable;

/// What is said to a running server: stop, reload, status.
final class ServerCommands {
    private ServerCommands() {}

    private static Office.Running running(Office office) {
        return office.running().orElseThrow(() -> new Unavailable("no server is running", "no server is running"));
    }

    @Command(
            name = "stop",
            description =
                    "Stops the running server: no new connections, those under way end their command, then it goes.",
            footer = {"", "Example:", "  tamanoir stop --home /srv/mail"})
    static final class Stop implements Callable<Integer> {
        private final Invocation call;

        Stop(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(office -> {
                running(office).stop();
                call.out().println("Stopping.");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "reload",
            description = "Reads main.cf, tables and certificates again: all of it, or nothing when there is an error.",
            footer = {"", "Example:", "  tamanoir check && tamanoir reload"})
    static final class Reload implements Callable<Integer> {
        private final Invocation call;

        Reload(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(office -> {
                call.out().println(running(office).reload());
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "status",
            description = "Shows whether the server runs, what it listens on and what it has done.",
            footer = {"", "Example:", "  tamanoir status --json", "", "Exit code 69: no server is running."})
    static final class ShowStatus implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--json", description = "As JSON.")
        boolean json;

        ShowStatus(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(office -> {
                Status status = running(office).status();
                if (json) {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("version", status.version());
                    members.put("pid", status.pid());
                    members.put("uptimeSeconds", status.uptime().toSeconds());
                    members.put("listeners", status.listeners());
                    members.put("queued", status.queued());
                    members.put("heapUsed", status.heapUsedOctets());
                    members.put("counters", status.counters());
                    members.put("warnings", status.warnings());
                    Json.print(call.out(), members);
                    return Exit.OK;
                }
                call.out()
                        .println("Tamanoir " + status.version() + ", process " + status.pid() + ", up "
                                + print(status.uptime()));
                status.listeners().forEach(listener -> call.out().println("  listens on " + listener));
                call.out()
                        .println("  " + status.queued() + " messages in the queue, heap "
                                + Sizes.print(status.heapUsedOctets()));
                status.counters().forEach((name, value) -> {
                    if (value != 0) {
                        call.out().printf("  %-40s %d%n", name, value);
                    }
                });
                status.warnings().forEach(warning -> call.out().println("warning: " + warning));
                return Exit.OK;
            });
        }

        private static String print(java.time.Duration uptime) {
            long days = uptime.toDays();
            return (days > 0 ? days + " d " : "")
                    + String.format(
                            "%02d:%02d:%02d", uptime.toHoursPart(), uptime.toMinutesPart(), uptime.toSecondsPart());
        }
    }
}
