package tamanoir.app.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tamanoir.app.Office;
import tamanoir.app.Status;
import tamanoir.app.control.ControlClient;
import tamanoir.server.observe.Unavailable;

/// What is said to a running server: stop, reload, status.
final class ServerCommands {
    /// Connections and deliveries end in `shutdown_time_limit` each; beyond that nobody waits.
    private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

    private ServerCommands() {}

    private static Office.Running running(Office office) {
        return office.running().orElseThrow(() -> new Unavailable("no server is running", "no server is running"));
    }

    @Command(
            name = "stop",
            description = {
                "Stops the running server and waits until it is gone.",
                "It takes no new connections, and those under way may end their command."
            },
            footer = {"", "Example:", "  tamanoir stop --home /srv/mail"})
    static final class Stop implements Callable<Integer> {
        private final Invocation call;

        Stop(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Optional<ProcessHandle> server = ControlClient.process(call.home());
            int exit = call.inRunningServer(office -> {
                running(office).stop();
                call.out().println("Stopping.");
                return Exit.OK;
            });
            return exit == Exit.OK && call.office().isEmpty() ? awaitEnd(server) : exit;
        }

        private int awaitEnd(Optional<ProcessHandle> server) {
            if (server.isEmpty() || server.get().equals(ProcessHandle.current())) {
                return Exit.OK;
            }
            try {
                server.get().onExit().get(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
                return Exit.OK;
            } catch (TimeoutException | ExecutionException e) {
                call.err()
                        .println("tamanoir: process " + server.get().pid() + " is still busy after "
                                + LONGEST_STOP.toSeconds() + " s; its log says with what");
                return Exit.TEMPORARY;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Exit.TEMPORARY;
            }
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

        private static String print(Duration uptime) {
            long days = uptime.toDays();
            return (days > 0 ? days + " d " : "")
                    + String.format(
                            "%02d:%02d:%02d", uptime.toHoursPart(), uptime.toMinutesPart(), uptime.toSecondsPart());
        }
    }
}
