package tamanoir.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.SmtpParameters;
import tamanoir.server.config.SmtpdParameters;
import tamanoir.server.config.TlsParameters;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.filter.ChecksOnTheWayOut;
import tamanoir.server.filter.ContentChecks;
import tamanoir.server.filter.MimeRules;
import tamanoir.server.imap.ImapDoor;
import tamanoir.server.imap.ImapSettings;
import tamanoir.server.intake.GenericAddresses;
import tamanoir.server.intake.Incoming;
import tamanoir.server.intake.Incoming.Origin;
import tamanoir.server.intake.Receipt;
import tamanoir.server.jmap.personal.WayOut;
import tamanoir.server.managesieve.ManageSieveDoor;
import tamanoir.server.managesieve.ManageSieveSettings;
import tamanoir.server.net.Door;
import tamanoir.server.net.TlsClient;
import tamanoir.server.net.TlsRules;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.Ourselves;
import tamanoir.server.outbound.Outbound;
import tamanoir.server.outbound.OutboundRouting;
import tamanoir.server.outbound.OutboundSettings;
import tamanoir.server.outbound.PassingChecks;
import tamanoir.server.policy.RoutedProber;
import tamanoir.server.pop3.Pop3Door;
import tamanoir.server.pop3.Pop3Settings;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.Routing;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.smtp.Budget;
import tamanoir.server.smtp.Reception;
import tamanoir.server.smtp.SmtpDoor;
import tamanoir.server.smtp.SmtpSettings.Kind;
import tamanoir.server.tables.NetworkList;
import tamanoir.server.tables.Tables;

/// What one configuration makes of the ground: policy, intake, routes, doors. Immutable; a reload makes another.
final class Rooms {
    /// What it stands on.
    record Parts(Ground ground, TlsServer tls, Dns dns, Outbound outbound, Budget budget) {}

    private final Config config;
    private final Tables tables;
    private final Parts parts;
    private final Reception reception;
    private final Routing routing;
    private final WayOut wayOut;
    private final SmtpDoor smtp;
    private final Door submission;
    private final Door submissions;
    private final Door lmtp;
    private final Door reinject;
    private final Door imap;
    private final Door pop3;
    private final Door manageSieve;

    /// @throws tamanoir.mail.text.BadSyntax when the configuration says something that cannot be
    Rooms(Config config, Tables tables, Parts parts) {
        this.config = config;
        this.tables = tables;
        this.parts = parts;
        Ground ground = parts.ground();
        this.reception = new Reception(
                config,
                new Reception.Ground(
                        tables,
                        ground.directory(),
                        ground.mailboxes(),
                        ground.queue(),
                        ground.store().blobs(),
                        parts.dns(),
                        parts.budget(),
                        freeOctets(config),
                        Clock.systemUTC(),
                        ground.notebook(),
                        new RoutedProber(this::routing),
                        ground.lessons(),
                        ground.personal(),
                        ground.memory(),
                        ground.ledger()));
        this.routing = new OutboundRouting(
                config,
                reception.routes(),
                this::kind,
                reception.recipients()::passedOn,
                reception.localDeliverer(),
                parts.outbound());
        this.wayOut = reception.wayOut();
        this.smtp = reception.door("smtp", Kind.MX, offeredTls("smtp"));
        this.submission = reception.door("submission", Kind.SUBMISSION, offeredTls("submission"));
        this.submissions = reception.door("submissions", Kind.SUBMISSION, offeredTls("submissions"));
        this.lmtp = reception.door("lmtp", Kind.LMTP, offeredTls("lmtp"));
        this.reinject = reception.door("reinject", Kind.MX, offeredTls("reinject"));
        this.imap = new ImapDoor(
                ImapSettings.from(config),
                ground.directory(),
                ground.mailboxes(),
                ground.search(),
                offeredTls("imap"),
                Clock.systemUTC());
        this.pop3 = new Pop3Door(
                ground.directory(), ground.mailboxes(), offeredTls("pop3"), Pop3Settings.from(config.service("pop3")));
        this.manageSieve = new ManageSieveDoor(
                ground.directory(),
                reception.scripts(),
                offeredTls("managesieve"),
                ManageSieveSettings.from(config.service("managesieve")));
    }

    Config config() {
        return config;
    }

    Tables tables() {
        return tables;
    }

    Door smtp() {
        return smtp;
    }

    /// Tests the lists in the DNS whose hour has come; returns at once.
    void testLists() {
        reception.listHealth().testDue();
    }

    /// What an administrator should know about the lists that are asked about clients.
    List<String> troubles() {
        return reception.listHealth().troubles();
    }

    Door submission() {
        return submission;
    }

    Door submissions() {
        return submissions;
    }

    Door lmtp() {
        return lmtp;
    }

    Door reinject() {
        return reinject;
    }

    Door imap() {
        return imap;
    }

    Door pop3() {
        return pop3;
    }

    Door manageSieve() {
        return manageSieve;
    }

    /// How mail of signed-in people leaves that do not speak SMTP.
    WayOut wayOut() {
        return wayOut;
    }

    /// The scripts of people, in the language of this configuration.
    Scripts scripts() {
        return reception.scripts();
    }

    Routing routing() {
        return routing;
    }

    // ---- TLS -------------------------------------------------------------------------------------------------------

    /// TLS as one service uses it.
    TlsServer tls(String service) {
        Config own = config.service(service);
        boolean mandatory = service.endsWith("s")
                || own.get(TlsParameters.SMTPD_TLS_SECURITY_LEVEL) == TlsParameters.ServerTlsLevel.ENCRYPT;
        return parts.tls().with(TlsRules.from(own, mandatory));
    }

    private Optional<TlsServer> offeredTls(String service) {
        boolean off =
                config.service(service).get(TlsParameters.SMTPD_TLS_SECURITY_LEVEL) == TlsParameters.ServerTlsLevel.NONE
                        && !service.endsWith("s");
        return off || !parts.tls().isAvailable() ? Optional.empty() : Optional.of(tls(service));
    }

    // ---- where mail goes -----------------------------------------------------------------------------------------

    private OutboundRouting.Kind kind(Domain domain) {
        return Recipients.kind(reception.destinations().classOf(domain));
    }

    /// How mail leaves by this configuration.
    static Outbound.Manner manner(Config config, Tables tables) throws IOException {
        return new Outbound.Manner(
                OutboundSettings.of(config),
                ourselves(config),
                new TlsClient(TlsClient.Settings.from(config, false)),
                new TlsClient(TlsClient.Settings.from(config, true)),
                tables.open(config.get(SmtpParameters.SMTP_SASL_PASSWORD_MAPS)),
                GenericAddresses.of(config, tables, checksOnTheWayOut(config, tables)));
    }

    private static PassingChecks checksOnTheWayOut(Config config, Tables tables) {
        ChecksOnTheWayOut checks = new ChecksOnTheWayOut(new ContentChecks(
                        tables.open(config.get(SmtpParameters.SMTP_HEADER_CHECKS)),
                        tables.open(config.get(SmtpParameters.SMTP_MIME_HEADER_CHECKS)),
                        tables.open(config.get(SmtpParameters.SMTP_NESTED_HEADER_CHECKS)),
                        tables.open(config.get(SmtpParameters.SMTP_BODY_CHECKS)),
                        config.get(CleanupParameters.BODY_CHECKS_SIZE_LIMIT),
                        (int) Math.clamp(config.get(CleanupParameters.HEADER_SIZE_LIMIT), 1_000L, 1L << 20),
                        MimeRules.DEFAULT)
                .onTheWayOut());
        return checks.isEmpty() ? PassingChecks.NONE : checks;
    }

    private static Ourselves ourselves(Config config) {
        Set<InetAddress> addresses = new HashSet<>();
        try {
            for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                addresses.addAll(Collections.list(card.getInetAddresses()));
            }
            for (String proxy : config.get(NetParameters.PROXY_INTERFACES)) {
                addresses.addAll(List.of(InetAddress.getAllByName(proxy)));
            }
        } catch (SocketException | java.net.UnknownHostException e) {
            new Trace("tamanoir", "").warn("own addresses unknown", "reason", e);
        }
        Set<Integer> ports = new HashSet<>();
        config.port(NetParameters.SMTPD_PORT).ifPresent(ports::add);
        return new Ourselves(Set.of(config.get(NetParameters.MYHOSTNAME).toLowerCase(Locale.ROOT)), addresses, ports);
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    Predicate<InetAddress> exemptClients() {
        return NetworkList.of(config.get(SmtpdParameters.SMTPD_CLIENT_EVENT_LIMIT_EXCEPTIONS), tables, false)::matches;
    }

    private static LongSupplier freeOctets(Config config) {
        Path data = config.get(NetParameters.DATA_DIRECTORY).orElseThrow();
        return () -> {
            try {
                FileStore disk = Files.getFileStore(data);
                return disk.getUsableSpace();
            } catch (IOException e) {
                return Long.MAX_VALUE;
            }
        };
    }

    // ---- mail from this machine --------------------------------------------------------------------------------

    /// A message of a local user (the sendmail command).
    Receipt submit(Ground ground, String user, Envelope envelope, Octets message) {
        QueueId id = ground.queue().newId();
        Trace trace = new Trace("pickup", id.toString());
        trace.info("submitted", "user", user, "from", "<" + envelope.sender() + ">", "size", message.length());
        return accept(ground, trace, id, Origin.LOCAL, envelope, received("from userid " + user, id), message);
    }

    /// A DMARC report to another domain.
    void submitDmarcReport(Ground ground, Address recipient, Octets message) {
        Envelope envelope = Envelope.of(ReversePath.NULL, List.of(Envelope.Recipient.of(recipient)));
        if (submitReport(ground, envelope, message).isEmpty()) {
            throw new Refused("the report was not taken");
        }
    }

    /// A delivery report of the queue.
    Optional<QueueId> submitReport(Ground ground, Envelope envelope, Octets message) {
        QueueId id = ground.queue().newId();
        Receipt receipt = accept(
                ground,
                new Trace("bounce", id.toString()),
                id,
                Origin.INTERNAL,
                envelope,
                received("internally", id),
                message);
        return switch (receipt) {
            case Receipt.Accepted _ -> Optional.of(id);
            case Receipt.Refused refused -> {
                if (refused.reply().isTransient()) {
                    throw new Unavailable("try again later", refused.reply().toString());
                }
                yield Optional.empty();
            }
        };
    }

    private Receipt accept(
            Ground ground, Trace trace, QueueId id, Origin origin, Envelope envelope, Octets received, Octets message) {
        return reception.intake().accept(new Incoming(trace, id, origin, envelope, received, ground.body(message)));
    }

    /// RFC 5321 §4.4, for mail that came over no wire.
    private Octets received(String how, QueueId id) {
        return Octets.of("Received: by " + config.get(NetParameters.MYHOSTNAME) + " ("
                + config.get(NetParameters.MAIL_NAME)
                + ", " + how + ")\r\n\tid " + id + "; "
                + DateTimes.format(ZonedDateTime.now(ZoneId.systemDefault()).toOffsetDateTime()) + "\r\n");
    }
}
