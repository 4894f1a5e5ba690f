package tamanoir.server.setup;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tamanoir.mail.dns.Dns;
import tamanoir.server.config.Config;
import tamanoir.server.config.SetupParameters;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.setup.Finding.Grade;

/// All looks at the machine and the world, side by side. Immutable.
public final class Checks {
    private static final Trace TRACE = new Trace("setup", "");

    /// @param host the full name of this machine, perhaps one that main.cf does not have yet
    /// @param services those that listen now; empty when no server runs
    public record Ground(
            Config config, Machine machine, Dns dns, InstantSource clock, String host, List<OpenPort> services) {
        public Ground {
            services = List.copyOf(services);
        }
    }

    /// A service that listens.
    public record OpenPort(String service, int port) {}

    private final Duration limit;
    private final List<Check> checks;

    public Checks(Ground ground) {
        this(ground.config().get(SetupParameters.SETUP_CHECK_TIMEOUT), all(ground));
    }

    Checks(Duration limit, List<Check> checks) {
        this.limit = limit;
        this.checks = List.copyOf(checks);
    }

    private static List<Check> all(Ground ground) {
        Addresses addresses = new Addresses(ground);
        List<Check> all = new ArrayList<>();
        all.addAll(MachineChecks.all(ground.machine()));
        all.addAll(PortChecks.all(ground));
        all.add(new ClockCheck(ground));
        all.addAll(NameChecks.all(ground, addresses));
        all.add(new CertificateCheck(ground));
        all.addAll(OutwardChecks.all(ground, addresses));
        return all;
    }

    /// Looks everywhere; takes as long as the slowest, and never longer than the limit.
    ///
    /// A look that has not ended by then is told to stop but not waited for, unlike what is done side by side
    /// elsewhere: a name server that says nothing must not hold up the page.
    public List<Finding> run() {
        List<Thread> threads = new ArrayList<>();
        List<CompletableFuture<Finding>> outcomes = new ArrayList<>();
        for (Check check : checks) {
            CompletableFuture<Finding> outcome = new CompletableFuture<>();
            outcomes.add(outcome);
            threads.add(Thread.ofVirtual().name("setup " + check.name()).start(() -> look(check, outcome)));
        }
        long end = System.nanoTime() + limit.toNanos();
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            findings.add(finding(checks.get(i), outcomes.get(i), end));
        }
        threads.forEach(Thread::interrupt);
        return findings;
    }

    private static void look(Check check, CompletableFuture<Finding> outcome) {
        try {
            outcome.complete(check.look());
        } catch (RuntimeException | Error e) {
            outcome.completeExceptionally(e);
        }
    }

    private static Finding finding(Check check, CompletableFuture<Finding> outcome, long end) {
        try {
            return outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new Finding(check.name(), Grade.UNKNOWN, "any.late", java.util.Map.of());
        } catch (ExecutionException e) {
            TRACE.warn("check failed", "check", check.name(), "reason", String.valueOf(e.getCause()));
            return new Finding(check.name(), Grade.UNKNOWN, "any.broken", java.util.Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the server stops", "interrupted while the checks ran", e);
        }
    }
}
