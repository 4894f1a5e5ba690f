package tamanoir.server.smtp;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tamanoir.mail.address.Domain;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.authresults.DkimKeys;
import tamanoir.server.authresults.Examiner;
import tamanoir.server.authresults.ExaminerSettings;
import tamanoir.server.authresults.Sealer;
import tamanoir.server.authresults.SignatureCheck;
import tamanoir.server.authresults.Signer;
import tamanoir.server.config.AuthresultsParameters;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.CleanupParameters.CanonicalClass;
import tamanoir.server.config.Config;
import tamanoir.server.config.FilterParameters;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.PersonalParameters;
import tamanoir.server.config.QueueParameters;
import tamanoir.server.config.SmtpdParameters;
import tamanoir.server.config.TlsParameters;
import tamanoir.server.delivery.AddressClass;
import tamanoir.server.delivery.AddressMaps;
import tamanoir.server.delivery.Aliases;
import tamanoir.server.delivery.CommandDelivery;
import tamanoir.server.delivery.Completion;
import tamanoir.server.delivery.Destinations;
import tamanoir.server.delivery.Distribution;
import tamanoir.server.delivery.LocalDeliverer;
import tamanoir.server.delivery.LocalRules;
import tamanoir.server.delivery.Mapping;
import tamanoir.server.delivery.OldRoutes;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.delivery.SpecialDelivery;
import tamanoir.server.delivery.Srs;
import tamanoir.server.delivery.VirtualAliases;
import tamanoir.server.directory.AppPasswords;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.SignIn;
import tamanoir.server.dns.ListHealth;
import tamanoir.server.filter.Characters;
import tamanoir.server.filter.ContentChecks;
import tamanoir.server.filter.Inspector;
import tamanoir.server.filter.MimeRules;
import tamanoir.server.filter.junk.JunkFilter;
import tamanoir.server.filter.junk.JunkSettings;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.filter.milter.Milters;
import tamanoir.server.filter.scan.Scanners;
import tamanoir.server.intake.Intake;
import tamanoir.server.intake.IntakeSettings;
import tamanoir.server.intake.Rewriting;
import tamanoir.server.intake.Rewriting.Place;
import tamanoir.server.jmap.personal.WayOut;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.Routes;
import tamanoir.server.personal.Personal;
import tamanoir.server.policy.ClientNames;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Policy;
import tamanoir.server.policy.PolicySettings;
import tamanoir.server.policy.Prober;
import tamanoir.server.policy.ReverseNames;
import tamanoir.server.postscreen.Postscreen;
import tamanoir.server.postscreen.PostscreenSettings;
import tamanoir.server.queue.Queue;
import tamanoir.server.sieve.Memory;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.sieve.Sieve;
import tamanoir.server.sieve.SieveSettings;
import tamanoir.server.smtp.SmtpSettings.BareNewline;
import tamanoir.server.smtp.SmtpSettings.Kind;
import tamanoir.server.store.Blobs;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.DomainList;
import tamanoir.server.tables.NetworkList;
import tamanoir.server.tables.RecipientDelimiter;
import tamanoir.server.tables.Tables;
import tamanoir.server.tables.WordList;

/// Everything between the SMTP ports and the mailboxes, made from one configuration: who our recipients
/// are, how mail is taken, the doors. Immutable; a reload makes another one, and all or nothing of it is
/// used.
public final class Reception {
    /// What it stands on.
    public record Ground(
            Tables tables,
            Directory directory,
            Mailboxes mailboxes,
            Queue queue,
            Blobs blobs,
            Dns dns,
            Budget budget,
            LongSupplier freeOctets,
            InstantSource clock,
            Notebook notebook,
            Prober prober,
            Lessons lessons,
            Personal personal,
            Memory memory,
            Examiner.Witness witness) {
        /// Nobody counts for reports.
        public Ground(
                Tables tables,
                Directory directory,
                Mailboxes mailboxes,
                Queue queue,
                Blobs blobs,
                Dns dns,
                Budget budget,
                LongSupplier freeOctets,
                InstantSource clock,
                Notebook notebook,
                Prober prober,
                Lessons lessons,
                Personal personal,
                Memory memory) {
            this(
                    tables,
                    directory,
                    mailboxes,
                    queue,
                    blobs,
                    dns,
                    budget,
                    freeOctets,
                    clock,
                    notebook,
                    prober,
                    lessons,
                    personal,
                    memory,
                    Examiner.Witness.none());
        }
    }

    private final Config config;
    private final Ground ground;
    private final ListHealth listHealth;
    private final FreeOctets freeOctets;
    private final RecipientDelimiter delimiter;
    private final AddressLookup lookup;
    private final Completion completion;
    private final Destinations destinations;
    private final Routes routes;
    private final Recipients recipients;
    private final Sieve sieve;
    private final Distribution distribution;
    private final JunkFilter junk;
    private final Intake intake;
    private final Rewriting rewriting;
    private final VirtualAliases virtual;
    private final Scanners scanners;
    private final Predicate<InetAddress> ownAddresses;

    /// @throws BadSyntax when main.cf says something that cannot be
    public Reception(Config config, Ground ground) {
        this.config = config;
        this.ground = ground;
        this.listHealth = new ListHealth(ground.dns(), ground.clock(), new Trace("dns", ""));
        this.freeOctets = new FreeOctets(ground.freeOctets());
        Tables tables = ground.tables();
        this.delimiter = RecipientDelimiter.of(config);
        this.lookup = new AddressLookup(delimiter, this::hasBareNames);
        this.completion = new Completion(
                domain(CleanupParameters.MYORIGIN),
                config.get(NetParameters.MYDOMAIN),
                config.get(CleanupParameters.APPEND_DOT_MYDOMAIN));
        this.ownAddresses = ownAddresses();
        this.destinations = new Destinations(
                domains(CleanupParameters.MYDESTINATION, "mydestination"),
                domains(CleanupParameters.VIRTUAL_ALIAS_DOMAINS, "virtual_alias_domains"),
                domains(LocalParameters.VIRTUAL_MAILBOX_DOMAINS, "virtual_mailbox_domains"),
                domains(LocalParameters.RELAY_DOMAINS, "relay_domains"),
                literal -> isOwn(literal, ownAddresses),
                ground.directory());
        List<String> propagated = config.get(CleanupParameters.PROPAGATE_UNMATCHED_EXTENSIONS);
        boolean keepCanonical = propagated.contains("canonical");
        Mapping recipientCanonical = mapping(CleanupParameters.RECIPIENT_CANONICAL_MAPS, keepCanonical);
        Mapping senderCanonical = mapping(CleanupParameters.SENDER_CANONICAL_MAPS, keepCanonical);
        Mapping canonical = mapping(CleanupParameters.CANONICAL_MAPS, keepCanonical);
        VirtualAliases virtual = new VirtualAliases(
                mapping(CleanupParameters.VIRTUAL_ALIAS_MAPS, propagated.contains("virtual")),
                config.get(CleanupParameters.VIRTUAL_ALIAS_EXPANSION_LIMIT),
                config.get(CleanupParameters.VIRTUAL_ALIAS_RECURSION_LIMIT));
        List<String> both = new ArrayList<>(config.get(CleanupParameters.RECIPIENT_CANONICAL_MAPS));
        both.addAll(config.get(CleanupParameters.CANONICAL_MAPS));
        this.routes = new Routes(config, tables, lookup);
        this.recipients = new Recipients(
                destinations,
                ground.directory(),
                aliases(),
                new Mapping(maps(both), completion, keepCanonical),
                virtual,
                maps(config.get(LocalParameters.VIRTUAL_MAILBOX_MAPS)),
                maps(config.get(LocalParameters.RELAY_RECIPIENT_MAPS)),
                delimiter,
                completion,
                LocalRules.of(config, tables, lookup),
                routes,
                maps(config.get(LocalParameters.RELOCATED_MAPS)),
                config.get(QueueParameters.DOUBLE_BOUNCE_SENDER),
                domain(NetParameters.MYDOMAIN),
                new Recipients.Codes(
                        config.get(SmtpdParameters.UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE),
                        config.get(SmtpdParameters.UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE),
                        config.get(SmtpdParameters.UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE),
                        config.get(SmtpdParameters.UNKNOWN_RELAY_RECIPIENT_REJECT_CODE),
                        config.get(SmtpdParameters.SHOW_USER_UNKNOWN_TABLE_NAME)),
                srs());
        this.sieve = new Sieve(
                SieveSettings.from(config), ground.personal(), ground.mailboxes(), ground.memory(), ground.clock());
        this.distribution = new Distribution(recipients, ground.mailboxes(), ground.queue(), sealer(), sieve, signer());
        this.junk = new JunkFilter(
                JunkSettings.of(config),
                new JunkFilter.Parts(
                        ground.lessons(),
                        ground.personal(),
                        ground.mailboxes(),
                        ground.blobs(),
                        ground.dns(),
                        ground.clock()));
        this.virtual = virtual;
        this.rewriting = new Rewriting(
                completion,
                List.of(
                        new Rewriting.Step(senderCanonical, places(CleanupParameters.SENDER_CANONICAL_CLASSES)),
                        new Rewriting.Step(recipientCanonical, places(CleanupParameters.RECIPIENT_CANONICAL_CLASSES)),
                        new Rewriting.Step(canonical, places(CleanupParameters.CANONICAL_CLASSES))),
                new Rewriting.Masquerade(
                        lower(config.get(CleanupParameters.MASQUERADE_DOMAINS)),
                        new HashSet<>(lower(config.get(CleanupParameters.MASQUERADE_EXCEPTIONS))),
                        places(CleanupParameters.MASQUERADE_CLASSES)));
        this.scanners = Scanners.of(config);
        this.intake = intake(
                config,
                config.get(CleanupParameters.RECEIVE_OVERRIDE_OPTIONS),
                config.get(CleanupParameters.CONTENT_FILTER));
    }

    /// How one service takes mail: without what `leftOut` names (`receive_override_options`), by way of
    /// `contentFilter`.
    private Intake intake(Config own, List<String> leftOut, String contentFilter) {
        Tables tables = ground.tables();
        boolean maps = !leftOut.contains("no_address_mappings");
        boolean checks = !leftOut.contains("no_header_body_checks");
        AddressMaps nothing = maps(List.of());
        return new Intake(
                intakeSettings(maps, contentFilter),
                maps ? rewriting : new Rewriting(completion, List.of(), Rewriting.Masquerade.NONE),
                maps ? virtual : new VirtualAliases(new Mapping(nothing, completion, false), 1, 1),
                new Inspector(
                        Characters.of(
                                config.get(CleanupParameters.MESSAGE_REJECT_CHARACTERS),
                                config.get(CleanupParameters.MESSAGE_STRIP_CHARACTERS)),
                        contentChecks(checks),
                        ContentChecks.ofFields(tables.open(config.get(FilterParameters.MILTER_HEADER_CHECKS))),
                        new Milters(own, FilterParameters.NON_SMTPD_MILTERS, tables, ground.blobs()),
                        scanners,
                        ground.blobs()),
                junk,
                signer(),
                distribution,
                ground.mailboxes(),
                ground.queue(),
                ground.blobs(),
                ground.clock());
    }

    /// What a content filter gives back has been through everything once (`reinject_port`).
    private Intake intakeOf(String service, Config own) {
        List<String> leftOut = own.get(CleanupParameters.RECEIVE_OVERRIDE_OPTIONS);
        if (service.equals("reinject")) {
            return intake(own, leftOut.isEmpty() ? List.of("no_header_body_checks") : leftOut, "");
        }
        return intake(own, leftOut, own.get(CleanupParameters.CONTENT_FILTER));
    }

    public Intake intake() {
        return intake;
    }

    /// What is known of the lists in the DNS that main.cf names.
    public ListHealth listHealth() {
        return listHealth;
    }

    /// What it thinks of mail that lies somewhere.
    public JunkFilter junk() {
        return junk;
    }

    /// Everybody's scripts, as this configuration wants them.
    public Scripts scripts() {
        return sieve.scripts();
    }

    public Recipients recipients() {
        return recipients;
    }

    public Destinations destinations() {
        return destinations;
    }

    /// How mail divides `user+detail`; for everyone who asks.
    public RecipientDelimiter delimiter() {
        return delimiter;
    }

    /// How mail of signed-in people leaves that do not speak SMTP: as by the submission service.
    ///
    /// @throws BadSyntax when its restriction lists name something that is not there
    public WayOut wayOut() {
        Config own = config.service("submission");
        return new WayOut(
                own.get(NetParameters.MYHOSTNAME),
                own.get(NetParameters.MAIL_NAME),
                Stream.of("smtp", "submission", "submissions")
                        .map(service -> config.service(service).get(AuthresultsParameters.AUTHSERV_ID))
                        .collect(Collectors.toUnmodifiableSet()),
                policy("submission"),
                recipients,
                intake,
                own.get(SmtpdParameters.MESSAGE_SIZE_LIMIT),
                own.get(SmtpdParameters.SMTPD_RECIPIENT_LIMIT),
                own.get(PersonalParameters.FUTURE_RELEASE_TIME_LIMIT));
    }

    /// Which ways mail goes by main.cf and its tables.
    public Routes routes() {
        return routes;
    }

    /// Delivers to our own recipients what had to wait in the queue.
    public LocalDeliverer localDeliverer() {
        SpecialDelivery special = new SpecialDelivery(
                aliases(),
                LocalRules.of(config, ground.tables(), lookup),
                delimiter,
                new CommandDelivery(config),
                ground.blobs());
        return new LocalDeliverer(distribution, ground.blobs(), junk::waited, special);
    }

    private Aliases aliases() {
        return new Aliases(ground.tables().open(config.get(LocalParameters.ALIAS_MAPS)), config.home());
    }

    // ---- doors ---------------------------------------------------------------------------------------------------

    /// The door of one service of main.cf: `smtp`, `submission`, `submissions` or `lmtp`.
    ///
    /// @throws BadSyntax when its restriction lists name something that is not there
    public SmtpDoor door(String service, Kind kind, Optional<TlsServer> tls) {
        Config own = config.service(service);
        return new SmtpDoor(
                settings(own, service, kind),
                postscreen(service, kind),
                policy(service),
                new Examiner(
                        ExaminerSettings.of(own, ground.tables()),
                        ground.dns(),
                        new SignatureCheck(
                                ground.dns(),
                                ground.clock(),
                                own.get(AuthresultsParameters.DKIM_CHECK),
                                own.get(AuthresultsParameters.ARC_CHECK)),
                        own.get(AuthresultsParameters.DMARC_REPORT_SEND) ? ground.witness() : Examiner.Witness.none(),
                        ground.clock()),
                new Milters(own, FilterParameters.SMTPD_MILTERS, ground.tables(), ground.blobs()),
                destinations,
                intakeOf(service, own),
                ground.queue(),
                ground.blobs(),
                new SignIn(ground.directory(), service, AppPasswords.Scope.SMTP),
                tls,
                own.get(SmtpdParameters.SMTPD_PEERNAME_LOOKUP) ? new ReverseNames(ground.dns()) : ClientNames.none(),
                rates(own),
                ground.budget(),
                freeOctets,
                ground.clock());
    }

    /// Who tests strangers at the door of a service.
    ///
    /// @throws BadSyntax when a rule or a list is written wrongly
    public Postscreen postscreen(String service, Kind kind) {
        Config own = config.service(service);
        return new Postscreen(
                PostscreenSettings.of(own, ground.tables(), networks(own, NetParameters.MYNETWORKS)),
                kind == Kind.MX && !service.equals("reinject"),
                ground.notebook(),
                ground.dns(),
                listHealth);
    }

    /// The restriction lists of a service.
    ///
    /// @throws BadSyntax when a list names a restriction that is not supported
    public Policy policy(String service) {
        Config own = config.service(service);
        return new Policy(
                PolicySettings.of(own, ground.tables(), ownAddresses, completion.origin()),
                new Policy.Parts(
                        recipients,
                        lookup,
                        maps(own.get(SmtpdParameters.SMTPD_SENDER_LOGIN_MAPS)),
                        ground.tables().open(own.get(TlsParameters.RELAY_CLIENTCERTS)),
                        ground.tables(),
                        ground.dns(),
                        ground.notebook(),
                        ground.prober(),
                        listHealth));
    }

    /// How ways in the local part of a recipient are read.
    public OldRoutes oldRoutes() {
        return new OldRoutes(
                config.get(CleanupParameters.ALLOW_PERCENT_HACK),
                config.get(CleanupParameters.SWAP_BANGPATH),
                config.get(CleanupParameters.RESOLVE_DEQUOTED_ADDRESS),
                completion.origin(),
                domain -> destinations.classOf(domain) == AddressClass.LOCAL);
    }

    private SmtpSettings settings(Config own, String service, Kind kind) {
        boolean submission = kind == Kind.SUBMISSION;
        TlsParameters.ServerTlsLevel level = own.get(TlsParameters.SMTPD_TLS_SECURITY_LEVEL);
        long messageSize = own.get(SmtpdParameters.MESSAGE_SIZE_LIMIT);
        return new SmtpSettings(
                service,
                kind,
                own.get(NetParameters.MYHOSTNAME),
                own.get(SmtpdParameters.SMTPD_BANNER),
                own.get(NetParameters.MAIL_NAME),
                oldRoutes(),
                new SmtpSettings.Tls(
                        level != TlsParameters.ServerTlsLevel.NONE,
                        level == TlsParameters.ServerTlsLevel.ENCRYPT,
                        own.get(TlsParameters.SMTPD_TLS_RECEIVED_HEADER),
                        own.get(TlsParameters.SMTPD_TLS_ASK_CCERT) || own.get(TlsParameters.SMTPD_TLS_REQ_CCERT)),
                new SmtpSettings.SignIn(
                        kind != Kind.LMTP && (submission || own.get(SmtpdParameters.SMTPD_SASL_AUTH_ENABLE)),
                        submission,
                        own.get(TlsParameters.SMTPD_TLS_AUTH_ONLY),
                        !own.get(SmtpdParameters.SMTPD_SASL_SECURITY_OPTIONS).contains("noplaintext"),
                        own.get(SmtpdParameters.BROKEN_SASL_AUTH_CLIENTS),
                        own.get(SmtpdParameters.SMTPD_SASL_AUTHENTICATED_HEADER)),
                new SmtpSettings.Limits(
                        own.get(SmtpdParameters.SMTPD_TIMEOUT),
                        messageSize,
                        kind == Kind.LMTP
                                ? own.get(LocalParameters.LMTPD_RECIPIENT_LIMIT)
                                : own.get(SmtpdParameters.SMTPD_RECIPIENT_LIMIT),
                        own.get(SmtpdParameters.SMTPD_SOFT_ERROR_LIMIT),
                        own.get(SmtpdParameters.SMTPD_HARD_ERROR_LIMIT),
                        own.get(SmtpdParameters.SMTPD_ERROR_SLEEP_TIME),
                        own.get(SmtpdParameters.SMTPD_JUNK_COMMAND_LIMIT),
                        // postconf(5): at least one and a half times what one message may have.
                        Math.max(own.get(SmtpdParameters.QUEUE_MINFREE), messageSize / 2 * 3),
                        submission ? own.get(PersonalParameters.FUTURE_RELEASE_TIME_LIMIT) : Duration.ZERO),
                new SmtpSettings.Rules(
                        switch (own.get(SmtpdParameters.SMTPD_FORBID_BARE_NEWLINE)) {
                            case NO -> BareNewline.NO;
                            case NOTE -> BareNewline.NOTE;
                            case NORMALIZE -> BareNewline.NORMALIZE;
                            case REJECT -> BareNewline.REJECT;
                        },
                        own.get(SmtpdParameters.SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE),
                        networks(own, SmtpdParameters.SMTPD_FORBID_BARE_NEWLINE_EXCLUSIONS),
                        own.get(SmtpdParameters.SMTPD_FORBID_UNAUTH_PIPELINING),
                        new RefusalText(
                                own.get(SmtpdParameters.SOFT_BOUNCE),
                                own.get(SmtpdParameters.SMTPD_REJECT_FOOTER),
                                ground.tables().open(own.get(SmtpdParameters.SMTPD_REJECT_FOOTER_MAPS)),
                                own.get(SmtpdParameters.SMTPD_EXPANSION_FILTER),
                                own.get(NetParameters.MYHOSTNAME)),
                        own.get(SmtpdParameters.DISABLE_VRFY_COMMAND),
                        own.get(SmtpdParameters.SMTPD_HELO_REQUIRED),
                        own.get(SmtpdParameters.STRICT_RFC821_ENVELOPES),
                        own.get(SmtpdParameters.SMTPUTF8_ENABLE),
                        own.get(SmtpdParameters.SMTPD_DISCARD_EHLO_KEYWORDS).stream()
                                .map(word -> word.toUpperCase(Locale.ROOT))
                                .collect(Collectors.toSet()),
                        WordList.of(own.get(SmtpdParameters.SMTPD_FORBIDDEN_COMMANDS), ground.tables()),
                        networks(own, SmtpdParameters.SMTPD_AUTHORIZED_XCLIENT_HOSTS)));
    }

    private Rates rates(Config own) {
        Map<Rates.Event, Integer> limits = new EnumMap<>(Rates.Event.class);
        limits.put(Rates.Event.CONNECTION, own.get(SmtpdParameters.SMTPD_CLIENT_CONNECTION_RATE_LIMIT));
        limits.put(Rates.Event.MESSAGE, own.get(SmtpdParameters.SMTPD_CLIENT_MESSAGE_RATE_LIMIT));
        limits.put(Rates.Event.RECIPIENT, own.get(SmtpdParameters.SMTPD_CLIENT_RECIPIENT_RATE_LIMIT));
        limits.put(Rates.Event.AUTH, own.get(SmtpdParameters.SMTPD_CLIENT_AUTH_RATE_LIMIT));
        limits.put(Rates.Event.NEW_TLS_SESSION, own.get(SmtpdParameters.SMTPD_CLIENT_NEW_TLS_SESSION_RATE_LIMIT));
        return new Rates(
                limits,
                own.get(SmtpdParameters.ANVIL_RATE_TIME_UNIT),
                own.get(SmtpdParameters.SMTPD_CLIENT_IPV4_PREFIX_LENGTH),
                own.get(SmtpdParameters.SMTPD_CLIENT_IPV6_PREFIX_LENGTH),
                networks(own, SmtpdParameters.SMTPD_CLIENT_EVENT_LIMIT_EXCEPTIONS));
    }

    // ---- parts ---------------------------------------------------------------------------------------------------

    private IntakeSettings intakeSettings(boolean copies, String contentFilter) {
        String copyTo = copies ? config.get(CleanupParameters.ALWAYS_BCC) : "";
        return new IntakeSettings(
                config.get(NetParameters.MYHOSTNAME),
                ZoneId.systemDefault(),
                config.get(CleanupParameters.HOPCOUNT_LIMIT),
                new HashSet<>(lower(config.get(CleanupParameters.MESSAGE_DROP_HEADERS))),
                config.isSet(CleanupParameters.MESSAGE_DROP_HEADERS),
                config.get(CleanupParameters.ALWAYS_ADD_MISSING_HEADERS),
                config.get(CleanupParameters.UNDISCLOSED_RECIPIENTS_HEADER),
                copyTo.isEmpty() ? Optional.empty() : Optional.of(completion.address(copyTo)),
                maps(copies ? config.get(CleanupParameters.SENDER_BCC_MAPS) : List.of()),
                maps(copies ? config.get(CleanupParameters.RECIPIENT_BCC_MAPS) : List.of()),
                contentFilter,
                completesStrangers());
    }

    /// rewrite(8), the remote context: its domain is the origin and what `append_dot_mydomain` adds.
    private Optional<Completion> completesStrangers() {
        return config.get(CleanupParameters.REMOTE_HEADER_REWRITE_DOMAIN).isEmpty()
                ? Optional.empty()
                : Optional.of(new Completion(
                        domain(CleanupParameters.REMOTE_HEADER_REWRITE_DOMAIN),
                        config.get(CleanupParameters.REMOTE_HEADER_REWRITE_DOMAIN),
                        config.get(CleanupParameters.APPEND_DOT_MYDOMAIN)));
    }

    private Srs srs() {
        if (config.get(LocalParameters.SRS_DOMAIN).isEmpty()) {
            return Srs.OFF;
        }
        Domain ours = domain(LocalParameters.SRS_DOMAIN);
        try {
            switch (destinations.classOf(ours)) {
                case LOCAL, VIRTUAL_ALIAS, VIRTUAL_MAILBOX -> {}
                case RELAY, DEFAULT ->
                    throw new BadSyntax(
                            "srs_domain = " + ours
                                    + ": bounces to it would not come here; add it to mydestination, or name a domain of yours");
            }
        } catch (Unavailable e) {
            new Trace("reception", "").warn("srs_domain not checked", "reason", e.detail()); // a table is away
        }
        return new Srs(
                Optional.of(ours),
                config.get(LocalParameters.SRS_LIFETIME),
                () -> ground.directory().ownSecret("srs"),
                ground.clock());
    }

    private Signer signer() {
        return new Signer(
                new DkimKeys(
                        config.get(AuthresultsParameters.DKIM_KEY_DIRECTORY).orElseThrow(), ground.clock()),
                networks(config, AuthresultsParameters.DKIM_SIGN_CLIENTS),
                ground.clock());
    }

    private Sealer sealer() {
        return new Sealer(
                config.get(AuthresultsParameters.ARC_SEAL),
                config.service("smtp").get(AuthresultsParameters.AUTHSERV_ID),
                new DkimKeys(
                        config.get(AuthresultsParameters.DKIM_KEY_DIRECTORY).orElseThrow(), ground.clock()),
                ground.blobs(),
                ground.clock());
    }

    private ContentChecks contentChecks(boolean on) {
        Tables tables = ground.tables();
        return new ContentChecks(
                tables.open(on ? config.get(CleanupParameters.HEADER_CHECKS) : List.of()),
                tables.open(on ? config.get(CleanupParameters.MIME_HEADER_CHECKS) : List.of()),
                tables.open(on ? config.get(CleanupParameters.NESTED_HEADER_CHECKS) : List.of()),
                tables.open(on ? config.get(CleanupParameters.BODY_CHECKS) : List.of()),
                config.get(CleanupParameters.BODY_CHECKS_SIZE_LIMIT),
                (int) Math.clamp(config.get(CleanupParameters.HEADER_SIZE_LIMIT), 1_000L, 1L << 20),
                mimeRules());
    }

    private MimeRules mimeRules() {
        boolean strict = config.get(CleanupParameters.STRICT_8BITMIME);
        return new MimeRules(
                config.get(CleanupParameters.DISABLE_MIME_INPUT_PROCESSING),
                config.get(CleanupParameters.MIME_NESTING_LIMIT),
                config.get(CleanupParameters.MIME_BOUNDARY_LENGTH_LIMIT),
                // Who never set the limit need not pay for a look at every message.
                config.isSet(CleanupParameters.MIME_NESTING_LIMIT),
                strict || config.get(CleanupParameters.STRICT_7BIT_HEADERS),
                strict || config.get(CleanupParameters.STRICT_8BITMIME_BODY),
                config.get(CleanupParameters.STRICT_MIME_ENCODING_DOMAIN));
    }

    private Domain domain(Parameter<String> parameter) {
        try {
            return Domain.of(config.get(parameter));
        } catch (BadSyntax e) {
            throw new BadSyntax(parameter.name() + " = " + config.get(parameter) + ": " + e.getMessage());
        }
    }

    private DomainList domains(Parameter<List<String>> parameter, String list) {
        return DomainList.of(config.get(parameter), ground.tables(), parentsMatch(config, list));
    }

    private static boolean parentsMatch(Config config, String list) {
        return config.get(NetParameters.PARENT_DOMAIN_MATCHES_SUBDOMAINS).contains(list);
    }

    private Predicate<InetAddress> networks(Config own, Parameter<List<String>> parameter) {
        try {
            return NetworkList.of(own.get(parameter), ground.tables(), parentsMatch(own, parameter.name()))::matches;
        } catch (BadSyntax e) {
            throw new BadSyntax(parameter.name() + ": " + e.getMessage());
        }
    }

    private AddressMaps maps(List<String> names) {
        return new AddressMaps(ground.tables().open(names), lookup);
    }

    /// canonical(5), virtual(5): names without a domain mean our own domains.
    private boolean hasBareNames(Domain domain) {
        return domain.equals(completion.origin())
                || destinations.local().contains(domain)
                || (domain.isLiteral() && destinations.ownAddresses().test(domain));
    }

    private Mapping mapping(Parameter<List<String>> parameter, boolean keepExtension) {
        return new Mapping(maps(config.get(parameter)), completion, keepExtension);
    }

    private Set<Place> places(Parameter<List<CanonicalClass>> parameter) {
        return config.get(parameter).stream()
                .map(one -> switch (one) {
                    case ENVELOPE_SENDER -> Place.ENVELOPE_SENDER;
                    case ENVELOPE_RECIPIENT -> Place.ENVELOPE_RECIPIENT;
                    case HEADER_SENDER -> Place.HEADER_SENDER;
                    case HEADER_RECIPIENT -> Place.HEADER_RECIPIENT;
                })
                .collect(Collectors.toSet());
    }

    private static List<String> lower(List<String> words) {
        return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    /// The addresses of this machine and those under which a proxy shows it.
    private Predicate<InetAddress> ownAddresses() {
        Set<InetAddress> own = new HashSet<>();
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                one.getInterfaceAddresses().forEach(address -> own.add(withoutScope(address.getAddress())));
            }
        } catch (SocketException e) {
            own.add(InetAddress.getLoopbackAddress());
        }
        for (String outside : config.get(NetParameters.PROXY_INTERFACES)) {
            try {
                own.add(InetAddress.ofLiteral(outside.replace("[", "").replace("]", "")));
            } catch (IllegalArgumentException e) {
                throw new BadSyntax("proxy_interfaces: \"" + outside + "\" is no IP address");
            }
        }
        return own::contains;
    }

    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (java.net.UnknownHostException impossible) {
            return address;
        }
    }

    private static boolean isOwn(Domain literal, Predicate<InetAddress> own) {
        String name = literal.ascii();
        String address = name.substring(1, name.length() - 1);
        try {
            return own.test(InetAddress.ofLiteral(address.startsWith("ipv6:") ? address.substring(5) : address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
