package tamanoir.app;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import tamanoir.app.command.CommandTree;
import tamanoir.app.command.Invocation;
import tamanoir.app.command.Version;
import tamanoir.app.command.Words;
import tamanoir.app.control.ControlServer;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.reports.ReportSettings;
import tamanoir.server.authresults.reports.Reporter;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters;
import tamanoir.server.config.JunkParameters;
import tamanoir.server.config.ManageSieveParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.Pop3Parameters;
import tamanoir.server.config.Problem;
import tamanoir.server.dns.DnsSettings;
import tamanoir.server.dns.HostsFile;
import tamanoir.server.dns.Resolver;
import tamanoir.server.filter.junk.Teacher;
import tamanoir.server.intake.Receipt;
import tamanoir.server.jmap.personal.Snoozes;
import tamanoir.server.jmap.personal.Submissions;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Door;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Counters;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.Outbound;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.Routing;
import tamanoir.server.setup.Checks;
import tamanoir.server.setup.Setup;
import tamanoir.server.smtp.Budget;
import tamanoir.server.tables.CheckReport;
import tamanoir.server.tables.Tables;

/// The server: the list of its parts, read top to bottom.
///
/// [Ground] holds what stays (store, accounts, mailboxes, queue); [Rooms] what one configuration makes of it (policy,
/// intake, doors). A reload makes new rooms and puts them in place of the old ones, all or nothing; connections under
/// way keep the rooms they came into.
public final class Tamanoir implements Office.Running, AutoCloseable {
    private static final Trace TRACE = new Trace("tamanoir", "");
    private static final Trace TABLES = new Trace("tables", "");

    private final Path home;
    private final Map<String, String> overrides;
    private final long startedNanos = System.nanoTime();
    private final CountDownLatch stopWanted = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ReentrantLock reloading = new ReentrantLock();

    private final Ground ground;
    private final Network network;
    private final TlsServer tls;
    private final Resolver dns;
    private final Outbound outbound;
    private final Submissions submissions;
    private final Snoozes snoozes;
    private final Teacher teacher;
    private final Reporter reporter;
    private final Setup setup;
    private final Web web;
    private final Map<ServiceName, Listener> listeners = new LinkedHashMap<>();
    private final ControlServer control;
    private final Counters counters = new Counters();
    private final Counters.Tally connections =
            counters.tally("tamanoir_connections_total", "Connections taken.", "service");
    private final Optional<Counters.Exposition> exposition;
    private volatile Rooms rooms;
    private volatile Consumer<Config> afterReload = config -> {};

    /// The services of main.cf, in the order in which they open.
    private static final List<ServiceName> SERVICES = List.of(
            mx("smtp", NetParameters.SMTPD_PORT, false, Rooms::smtp),
            mx("submission", NetParameters.SUBMISSION_PORT, false, Rooms::submission),
            mx("submissions", NetParameters.SUBMISSIONS_PORT, true, Rooms::submissions),
            mx("lmtp", NetParameters.LMTPD_PORT, false, Rooms::lmtp),
            mx("reinject", NetParameters.REINJECT_PORT, false, Rooms::reinject),
            imap("imap", ImapParameters.IMAP_PORT, false),
            imap("imaps", ImapParameters.IMAPS_PORT, true),
            pop3("pop3", Pop3Parameters.POP3_PORT, false),
            pop3("pop3s", Pop3Parameters.POP3S_PORT, true),
            new ServiceName(
                    "managesieve",
                    ManageSieveParameters.MANAGESIEVE_PORT,
                    false,
                    ManageSieveParameters.MANAGESIEVE_CLIENT_CONNECTION_COUNT_LIMIT,
                    Rooms::manageSieve));

    /// Asks the routes of the configuration in use, which a reload changes.
    private final class RoutingOfTheMoment implements Routing {
        @Override
        public Route route(ReversePath sender, Recipient recipient) {
            return rooms.routing().route(sender, recipient);
        }

        @Override
        public Route route(ReversePath sender, Recipient recipient, String through) {
            return rooms.routing().route(sender, recipient, through);
        }
    }

    /// One service: where it listens, how many connections one client may have, and which door it leads to.
    private record ServiceName(
            String text,
            Parameter<OptionalInt> port,
            boolean tlsFromStart,
            Parameter<Integer> perClient,
            Function<Rooms, Door> door) {}

    private static ServiceName mx(
            String text, Parameter<OptionalInt> port, boolean tlsFromStart, Function<Rooms, Door> door) {
        return new ServiceName(text, port, tlsFromStart, NetParameters.SMTPD_CLIENT_CONNECTION_COUNT_LIMIT, door);
    }

    private static ServiceName imap(String text, Parameter<OptionalInt> port, boolean tlsFromStart) {
        return new ServiceName(
                text, port, tlsFromStart, ImapParameters.IMAP_CLIENT_CONNECTION_COUNT_LIMIT, Rooms::imap);
    }

    private static ServiceName pop3(String text, Parameter<OptionalInt> port, boolean tlsFromStart) {
        return new ServiceName(
                text, port, tlsFromStart, Pop3Parameters.POP3_CLIENT_CONNECTION_COUNT_LIMIT, Rooms::pop3);
    }

    /// Starts everything; when this returns the ports are open.
    ///
    /// @throws Unavailable when a port, a certificate or the store cannot be had; nothing stays open then
    public static Tamanoir start(Path home, Map<String, String> overrides, Config config) {
        return new Tamanoir(home, overrides, config);
    }

    private Tamanoir(Path home, Map<String, String> overrides, Config config) {
        this.home = home;
        this.overrides = Map.copyOf(overrides);
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            ground = remember(opened, Ground.open(config));
            network = remember(opened, new Network());
            Tables tables = new Tables(config, Clock.systemUTC(), TABLES);
            tls = certificates(config);
            dns = new Resolver(DnsSettings.from(config));
            outbound = remember(
                    opened,
                    new Outbound(
                            network,
                            HostsFile.where(config, dns),
                            ground.store().blobs(),
                            Rooms.manner(config, tables),
                            RandomGenerator.getDefault()));
            rooms = new Rooms(config, tables, parts());
            submissions = remember(
                    opened, new Submissions(ground.personal(), ground.mailboxes(), ground.queue(), Clock.systemUTC()));
            submissions.start();
            snoozes = remember(opened, new Snoozes(ground.personal(), ground.mailboxes(), Clock.systemUTC()));
            snoozes.start();
            teacher = remember(
                    opened,
                    new Teacher(
                            ground.mailboxes(),
                            ground.lessons(),
                            new Teacher.Settings(
                                    config.get(JunkParameters.JUNK_LEARN_SITE),
                                    config.get(JunkParameters.JUNK_SITE_TOKEN_LIMIT),
                                    config.get(JunkParameters.JUNK_ACCOUNT_TOKEN_LIMIT))));
            teacher.start();
            reporter = remember(
                    opened,
                    new Reporter(
                            ground.ledger(),
                            dns,
                            () -> ReportSettings.of(rooms.config()),
                            (recipient, message) -> rooms.submitDmarcReport(ground, recipient, message),
                            Clock.systemUTC()));
            reporter.start();
            Thread.ofVirtual().name("leftovers").start(ground.personal()::eraseLeftovers);
            Thread.ofVirtual().name("lists in the DNS").start(this::testLists);
            // Where mail goes and how reports come back is asked of the rooms of the moment.
            ground.queue().start(new RoutingOfTheMoment(), (envelope, message) -> submitReport(envelope, message));
            for (ServiceName name : SERVICES) {
                listen(name, config);
            }
            opened.add(this::closeListeners);
            setup = FirstSteps.of(home, ground.office(), new Surroundings());
            web = remember(
                    opened,
                    new Web(
                            config,
                            ground,
                            dns,
                            setup,
                            tls,
                            new Web.Workers(submissions, snoozes),
                            new Web.Ways(() -> rooms.wayOut(), () -> rooms.scripts())));
            countLevels();
            exposition = expose(config);
            exposition.ifPresent(opened::add);
            control = ControlServer.open(home, this::command);
        } catch (IOException e) {
            closeAll(opened);
            throw new Unavailable("the server cannot start: " + e.getMessage(), e.toString(), e);
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        }
        TRACE.info("started", "home", home, "millis", (System.nanoTime() - startedNanos) / 1_000_000);
    }

    private static <T extends AutoCloseable> T remember(List<AutoCloseable> opened, T part) {
        opened.add(part);
        return part;
    }

    private static void closeAll(List<AutoCloseable> opened) {
        for (AutoCloseable part : opened.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                TRACE.warn("close failed", "reason", e);
            }
        }
    }

    private Rooms.Parts parts() {
        return new Rooms.Parts(
                ground, tls, dns, outbound, new Budget(Runtime.getRuntime().maxMemory() / 4));
    }

    /// The certificates, made on first start where the files are missing.
    private static TlsServer certificates(Config config) throws IOException {
        TlsSettings settings = TlsSettings.from(config);
        TlsServer.makeMissing(settings, new Trace("tls", ""), Clock.systemUTC());
        return new TlsServer(settings, new Trace("tls", ""));
    }

    // ---- listeners -------------------------------------------------------------------------------------------------

    private void listen(ServiceName name, Config config) throws IOException {
        OptionalInt port = config.port(name.port);
        if (port.isEmpty()) {
            return;
        }
        try {
            Listener listener = network.listen(
                    service(name, config, rooms),
                    rooms.tls(name.text),
                    new CurrentDoor(name),
                    new Trace(name.text, ""));
            listeners.put(name, listener);
        } catch (IOException e) {
            throw new IOException(
                    "port " + port.getAsInt() + " (" + name.text + ") cannot be opened: " + e.getMessage()
                            + ". Is another mail server running? Choose another port with " + name.port.name()
                            + ", or shift all with port_offset",
                    e);
        }
    }

    private static Service service(ServiceName name, Config config, Rooms rooms) throws IOException {
        Config own = config.service(name.text);
        return Service.from(
                own,
                name.text,
                config.port(name.port).orElse(0),
                name.tlsFromStart,
                own.get(name.perClient),
                rooms.exemptClients());
    }

    /// Leads each new connection into the rooms of the moment.
    private final class CurrentDoor implements Door {
        private final ServiceName name;

        CurrentDoor(ServiceName name) {
            this.name = name;
        }

        @Override
        public void serve(Connection connection) throws IOException {
            connections.add(name.text);
            name.door.apply(rooms).serve(connection);
        }

        @Override
        public String refusal(Crowded why) {
            return name.door.apply(rooms).refusal(why);
        }
    }

    private void closeListeners() {
        // All drain side by side, so that one slow client delays nobody else's goodbye.
        Duration grace = rooms.config().get(NetParameters.SHUTDOWN_TIME_LIMIT);
        List<Thread> drains = listeners.values().stream()
                .map(listener -> Thread.ofVirtual().start(() -> listener.drain(grace)))
                .toList();
        for (Thread drain : drains) {
            try {
                drain.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        listeners.values().forEach(Listener::close);
    }

    /// The port on which a service listens, also when the system was asked to choose one; empty when it is off.
    OptionalInt port(String service) {
        if (service.equals("http") || service.equals("https")) {
            return web.server()
                    .map(server -> server.port(service.equals("https")))
                    .orElse(OptionalInt.empty());
        }
        return listeners.entrySet().stream()
                .filter(entry -> entry.getKey().text.equals(service))
                .mapToInt(entry -> entry.getValue().port())
                .findFirst();
    }

    // ---- what a running server can do --------------------------------------------------------------------------

    @Override
    public String reload() {
        reloading.lock();
        try {
            CheckReport report = CheckReport.of(
                    home, overrides, Optional.of(rooms.tables()), Clock.systemUTC(), TABLES, List.of(new RoomsCheck()));
            List<Problem> errors = report.problems().stream()
                    .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                    .toList();
            if (!errors.isEmpty()) {
                errors.forEach(problem -> TRACE.error("reload refused", "problem", problem));
                throw new Refused("the new configuration has errors, the old one stays:\n  "
                        + String.join(
                                "\n  ", errors.stream().map(Problem::toString).toList()));
            }
            Config config = report.config();
            List<Config.Change> changes = Config.changes(rooms.config(), config);
            Rooms changed;
            Map<ServiceName, Service> services = new LinkedHashMap<>();
            try {
                changed = new Rooms(config, report.tables(), parts());
                for (ServiceName name : listeners.keySet()) {
                    services.put(name, service(name, config, changed));
                }
                Outbound.Manner manner = Rooms.manner(config, report.tables());
                TlsSettings settings = TlsSettings.from(config);
                TlsServer.makeMissing(settings, new Trace("tls", ""), Clock.systemUTC());
                tls.reload(settings);
                web.reload(config);
                // From here on nothing can fail.
                outbound.change(manner);
            } catch (BadSyntax | IOException e) {
                TRACE.error("reload refused", "problem", String.valueOf(e.getMessage()));
                throw new Refused("the new configuration cannot be used, the old one stays: " + e.getMessage());
            }
            ground.config(config);
            rooms = changed;
            services.forEach((name, service) ->
                    Objects.requireNonNull(listeners.get(name)).change(service, changed.tls(name.text)));
            afterReload.accept(config);
            List<String> changedNames = names(changes);
            List<String> later =
                    names(changes.stream().filter(Config.Change::needsRestart).toList());
            TRACE.info("reloaded", "changed", changedNames, "atNextStart", later);
            return "Reloaded; "
                    + switch (changedNames.size()) {
                        case 0 -> "nothing changed.";
                        case 1 -> "1 value changed: " + changedNames.getFirst() + ".";
                        default -> changedNames.size() + " values changed: " + String.join(", ", changedNames) + ".";
                    }
                    + (later.isEmpty()
                            ? ""
                            : " These take effect at the next start: " + String.join(", ", later) + ".");
        } finally {
            reloading.unlock();
        }
    }

    private static List<String> names(List<Config.Change> changes) {
        return changes.stream()
                .map(change -> change.parameter().name())
                .distinct()
                .toList();
    }

    /// What else follows the configuration, such as the level of the log.
    void onReload(Consumer<Config> work) {
        afterReload = work;
    }

    /// At the start, and for each list once an hour; a reload may have named others.
    private void testLists() {
        try {
            do {
                rooms.testLists();
            } while (!stopWanted.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        stopWanted.countDown();
    }

    @Override
    public Status status() {
        List<String> open = new ArrayList<>();
        listeners.forEach((name, listener) ->
                listener.addresses().forEach(address -> open.add(listening(name.text, address, name.tlsFromStart))));
        List<String> troubles = new ArrayList<>();
        if (!tls.isAvailable()) {
            troubles.add("no certificate: STARTTLS and the TLS ports do not work");
        }
        web.server().ifPresent(server -> {
            server.addresses(false).forEach(address -> open.add(listening("http", address, false)));
            server.addresses(true).forEach(address -> open.add(listening("https", address, true)));
        });
        troubles.addAll(rooms.troubles());
        troubles.addAll(web.troubles());
        return new Status(
                Version.text(),
                ProcessHandle.current().pid(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                open,
                counters.summary(),
                ground.queue().status().entries(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                troubles);
    }

    private static String listening(String service, InetSocketAddress address, boolean tls) {
        String host = address.getAddress().getHostAddress();
        return String.format(
                "%-12s %s:%d%s",
                service, host.contains(":") ? "[" + host + "]" : host, address.getPort(), tls ? " (TLS)" : "");
    }

    @Override
    public Setup setup() {
        return setup;
    }

    /// What the set-up sees of us.
    private final class Surroundings implements Setup.Server {
        @Override
        public Config config() {
            return rooms.config();
        }

        @Override
        public String reload() {
            return Tamanoir.this.reload();
        }

        @Override
        public Receipt submit(Envelope envelope, Octets message) {
            return Tamanoir.this.submit("setup", envelope, message);
        }

        @Override
        public List<Checks.OpenPort> services() {
            List<Checks.OpenPort> open = new ArrayList<>();
            for (String service : List.of("smtp", "submission", "submissions", "imap", "imaps", "http", "https")) {
                port(service).ifPresent(port -> open.add(new Checks.OpenPort(service, port)));
            }
            return open;
        }
    }

    // ---- counters ----------------------------------------------------------------------------------------------

    private Optional<Counters.Exposition> expose(Config config) throws IOException {
        OptionalInt port = config.port(NetParameters.METRICS_PORT);
        if (!config.get(NetParameters.METRICS_ENABLE) || port.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    counters.expose(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port.getAsInt())));
        } catch (IOException e) {
            throw new IOException(
                    "port " + port.getAsInt() + " (counters) cannot be opened: " + e.getMessage()
                            + ". Choose another with metrics_port, or metrics_port = off",
                    e);
        }
    }

    /// What goes up and down is asked for when somebody looks.
    private void countLevels() {
        for (ServiceName name : SERVICES) {
            counters.level(
                    "tamanoir_" + name.text + "_connections",
                    "Connections to " + name.text + " now.",
                    () -> Optional.ofNullable(listeners.get(name))
                            .map(Listener::size)
                            .orElse(0));
        }
        queueLevel("entries", "Messages in the queue.", status -> status.entries());
        queueLevel("held", "Messages on hold.", status -> status.held());
        queueLevel("deliveries", "Deliveries under way.", status -> status.deliveries());
        queueLevel("entered", "Messages that entered the queue since the start.", Queue.Status::entered);
        queueLevel("sent", "Recipients delivered from the queue since the start.", Queue.Status::sent);
        queueLevel("deferred", "Attempts put off since the start.", Queue.Status::deferred);
        queueLevel("failed", "Recipients failed since the start.", Queue.Status::failed);
        queueLevel("expired", "Recipients given up since the start.", Queue.Status::expired);
        queueLevel("reports", "Delivery reports written since the start.", Queue.Status::reports);
    }

    private void queueLevel(String name, String help, ToLongFunction<Queue.Status> value) {
        counters.level(
                "tamanoir_queue_" + name,
                help,
                () -> value.applyAsLong(ground.queue().status()));
    }

    @Override
    public Receipt submit(String user, Envelope envelope, Octets message) {
        return rooms.submit(ground, user, envelope, message);
    }

    private Optional<QueueId> submitReport(Envelope envelope, Octets message) {
        return rooms.submitReport(ground, envelope, message);
    }

    Office office() {
        return ground.office(Optional.of(this));
    }

    /// A command that came over the control socket.
    private int command(
            String user,
            boolean privileged,
            List<String> line,
            java.io.InputStream in,
            java.io.PrintStream out,
            java.io.PrintStream err) {
        try {
            Words words = Words.of(line);
            TRACE.debug("command", "user", user, "words", words.rest());
            return CommandTree.execute(new Invocation(
                    home, overrides, words.rest(), in, out, err, user, privileged, Optional.of(office())));
        } catch (BadSyntax e) {
            err.println("tamanoir: " + e.getMessage());
            err.flush();
            return 64;
        }
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    /// Waits until somebody says stop.
    void awaitStop() {
        try {
            stopWanted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        TRACE.info("stopping");
        List<AutoCloseable> inOrder = new ArrayList<>();
        inOrder.add(ground);
        inOrder.add(network);
        inOrder.add(outbound);
        inOrder.add(submissions);
        inOrder.add(snoozes);
        inOrder.add(teacher);
        inOrder.add(reporter);
        inOrder.add(() -> ground.queue().stop(rooms.config().get(NetParameters.SHUTDOWN_TIME_LIMIT)));
        exposition.ifPresent(inOrder::add);
        inOrder.add(control);
        inOrder.add(this::closeListeners);
        inOrder.add(() -> web.drain(rooms.config().get(NetParameters.SHUTDOWN_TIME_LIMIT)));
        closeAll(inOrder);
        TRACE.info("stopped");
    }
}
