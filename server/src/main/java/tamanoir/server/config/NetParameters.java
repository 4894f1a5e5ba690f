package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What the server listens on, and how it treats connections before any protocol speaks.
public final class NetParameters {
    private NetParameters() {}

    /// Internet protocols.
    public enum InternetProtocol {
        ALL,
        IPV4,
        IPV6
    }

    /// Who announces the client.
    public enum ProxyProtocol {
        NONE,
        HAPROXY
    }

    /// Importance of log lines.
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    // Names

    public static final Parameter<String> COMPATIBILITY_LEVEL = Parameter.text(
            "compatibility_level",
            "3.11",
            "The Postfix release whose defaults are meant, where defaults changed between releases.");
    public static final Parameter<String> CONFIG_DIRECTORY = Parameter.text(
            "config_directory", "", "The home folder, which holds main.cf, the tables, tls/ and data/; set by --home.");
    public static final Parameter<Optional<Path>> DATA_DIRECTORY =
            Parameter.file("data_directory", "$config_directory/data", "The folder of mail, accounts, queue and keys.");
    public static final Parameter<String> MAIL_NAME = Parameter.text(
            "mail_name", "Tamanoir", "The name of the mail system in the greeting and in Received lines.");
    public static final Parameter<String> MAIL_VERSION =
            Parameter.text("mail_version", "0.1.0", "The version of the mail system.");
    public static final Parameter<String> MYHOSTNAME = Parameter.text(
            "myhostname",
            "",
            "The full name of this machine, in greetings and Received lines; the default is the name of the host.");
    public static final Parameter<String> MYDOMAIN = Parameter.text(
            "mydomain", "", "The domain of this machine; the default is myhostname without its first part.");
    public static final Parameter<String> SERVICE_NAME =
            Parameter.text("service_name", "", "The service that reads the value, for use in other values.");
    public static final Parameter<String> STRESS = Parameter.text(
            "stress", "", "Set to yes, it selects the shorter of the time and error limits that say so.");

    // Listening

    public static final Parameter<List<String>> INET_INTERFACES =
            Parameter.list("inet_interfaces", "all", "Addresses to listen on: all, loopback-only, names or addresses.");
    public static final Parameter<List<InternetProtocol>> INET_PROTOCOLS = Parameter.choices(
            "inet_protocols", InternetProtocol.values(), "all", "Internet protocols to listen and connect with.");
    public static final Parameter<List<String>> PROXY_INTERFACES = Parameter.list(
            "proxy_interfaces",
            "",
            "Outside addresses under which a proxy or NAT shows this server; mail to them is for this server.");
    public static final Parameter<Integer> PORT_OFFSET = Parameter.count(
            "port_offset",
            0,
            0,
            60000,
            "Added to every listening port, so that a second or unprivileged server can run beside the first.");
    public static final Parameter<OptionalInt> SMTPD_PORT =
            Parameter.port("smtpd_port", "25", "Port of the smtp service, where other servers bring mail.");
    public static final Parameter<OptionalInt> SUBMISSION_PORT = Parameter.port(
            "submission_port", "587", "Port of the submission service, where people send mail with STARTTLS.");
    public static final Parameter<OptionalInt> SUBMISSIONS_PORT = Parameter.port(
            "submissions_port",
            "465",
            "Port of the submissions service, where people send mail with TLS from the first byte.");
    public static final Parameter<OptionalInt> LMTPD_PORT = Parameter.port(
            "lmtpd_port",
            "off",
            "Port of the lmtp service, off unless set; it listens on loopback unless inet_interfaces is set for it.");
    public static final Parameter<OptionalInt> REINJECT_PORT = Parameter.port(
            "reinject_port",
            "off",
            "Port of the reinject service, where a content filter gives mail back; on loopback unless inet_interfaces is set for it.");
    public static final Parameter<OptionalInt> METRICS_PORT =
            Parameter.port("metrics_port", "9419", "Port of the Prometheus counters, on loopback only.");
    public static final Parameter<String> KNOWN_TCP_PORTS = Parameter.text(
                    "known_tcp_ports",
                    "lmtp=24, smtp=25, smtps=submissions=465, submission=587",
                    "Port numbers of service names, used before those of the machine.")
            .notYet();

    // Connections

    public static final Parameter<Integer> SMTPD_CLIENT_CONNECTION_COUNT_LIMIT = Parameter.count(
            "smtpd_client_connection_count_limit",
            50,
            0,
            Integer.MAX_VALUE,
            "Connections one client network may hold at a time to a mail service, 0 for no limit.");
    public static final Parameter<Integer> CONNECTION_COUNT_LIMIT = Parameter.count(
            "connection_count_limit",
            10000,
            1,
            Integer.MAX_VALUE,
            "Connections to all services together; above it new ones are told to come back.");
    public static final Parameter<Integer> CONNECTION_BACKLOG = Parameter.count(
            "connection_backlog", 1024, 1, 65535, "Connections the system keeps waiting until they are accepted.");
    public static final Parameter<ProxyProtocol> SMTPD_UPSTREAM_PROXY_PROTOCOL = Parameter.choice(
            "smtpd_upstream_proxy_protocol",
            ProxyProtocol.values(),
            "none",
            "Whether a proxy in front announces the client in a PROXY header: haproxy (versions 1 and 2) or none.");
    public static final Parameter<Duration> SMTPD_UPSTREAM_PROXY_TIMEOUT = Parameter.time(
            "smtpd_upstream_proxy_timeout", "5s", ChronoUnit.SECONDS, "How long to wait for that header.");
    public static final Parameter<List<String>> UPSTREAM_PROXY_HOSTS = Parameter.addresses(
            "upstream_proxy_hosts",
            "",
            "Proxies whose PROXY header is believed; empty means any that connects to a service that expects one.");
    public static final Parameter<Duration> TLS_HANDSHAKE_TIME_LIMIT = Parameter.time(
            "tls_handshake_time_limit",
            "${stress?{10}:{60}}s",
            ChronoUnit.SECONDS,
            "How long a TLS handshake may take.");
    public static final Parameter<Duration> SHUTDOWN_TIME_LIMIT = Parameter.time(
            "shutdown_time_limit",
            "10s",
            ChronoUnit.SECONDS,
            "How long running sessions may finish when the server stops.");
    public static final Parameter<Integer> SMTPD_MIN_DATA_RATE = Parameter.count(
                    "smtpd_min_data_rate",
                    500,
                    1,
                    Integer.MAX_VALUE,
                    "Octets a second a client must send when smtpd_per_request_deadline is on.")
            .notYet();
    public static final Parameter<List<String>> MYNETWORKS = Parameter.networks(
            "mynetworks", "", "Clients that may relay: networks in CIDR form, tables, files, exclusions with \"!\".");
    public static final Parameter<String> MYNETWORKS_STYLE = Parameter.text(
            "mynetworks_style",
            "${{$compatibility_level} <level {2} ? {subnet} : {host}}",
            "How the default of mynetworks is made: host, subnet or class.");
    public static final Parameter<List<String>> PARENT_DOMAIN_MATCHES_SUBDOMAINS = Parameter.list(
            "parent_domain_matches_subdomains",
            "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps",
            "Lists in which example.com also matches all below it; elsewhere that is written .example.com.");
    public static final Parameter<String> DEFAULT_DATABASE_TYPE =
            Parameter.text("default_database_type", "hash", "The kind of a table that is named by its file alone.");
    public static final Parameter<Boolean> METRICS_ENABLE =
            Parameter.flag("metrics_enable", true, "Whether counters are offered on metrics_port.");
    public static final Parameter<LogLevel> LOG_LEVEL =
            Parameter.choice("log_level", LogLevel.values(), "info", "The least important lines that are logged.");

    public static final Parameter<Optional<Path>> MAILLOG_FILE = Parameter.file(
            "maillog_file",
            "",
            "The file that the log is written to, opened again when it was renamed; empty or /dev/stdout means standard output.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                COMPATIBILITY_LEVEL,
                CONFIG_DIRECTORY,
                DATA_DIRECTORY,
                MAIL_NAME,
                MAIL_VERSION,
                MYHOSTNAME,
                MYDOMAIN,
                SERVICE_NAME,
                STRESS,
                INET_INTERFACES,
                INET_PROTOCOLS,
                PROXY_INTERFACES,
                PORT_OFFSET,
                SMTPD_PORT,
                SUBMISSION_PORT,
                SUBMISSIONS_PORT,
                LMTPD_PORT,
                REINJECT_PORT,
                METRICS_PORT,
                KNOWN_TCP_PORTS,
                SMTPD_CLIENT_CONNECTION_COUNT_LIMIT,
                CONNECTION_COUNT_LIMIT,
                CONNECTION_BACKLOG,
                SMTPD_UPSTREAM_PROXY_PROTOCOL,
                SMTPD_UPSTREAM_PROXY_TIMEOUT,
                UPSTREAM_PROXY_HOSTS,
                TLS_HANDSHAKE_TIME_LIMIT,
                SHUTDOWN_TIME_LIMIT,
                SMTPD_MIN_DATA_RATE,
                MYNETWORKS,
                MYNETWORKS_STYLE,
                PARENT_DOMAIN_MATCHES_SUBDOMAINS,
                DEFAULT_DATABASE_TYPE,
                METRICS_ENABLE,
                LOG_LEVEL,
                MAILLOG_FILE);
    }

    /// What is bound, opened or sized once.
    static Set<Parameter<?>> needRestart() {
        return Set.of(
                DATA_DIRECTORY,
                INET_INTERFACES,
                INET_PROTOCOLS,
                PORT_OFFSET,
                SMTPD_PORT,
                SUBMISSION_PORT,
                SUBMISSIONS_PORT,
                LMTPD_PORT,
                REINJECT_PORT,
                METRICS_PORT,
                METRICS_ENABLE,
                CONNECTION_BACKLOG,
                MAILLOG_FILE,
                DnsParameters.DNS_SERVERS,
                DnsParameters.DNS_TIMEOUT,
                DnsParameters.DNS_ATTEMPTS,
                DnsParameters.DNS_CACHE_SIZE,
                DnsParameters.DNS_TRUST_VALIDATION,
                SmtpParameters.SMTP_HOST_LOOKUP,
                ImapParameters.IMAP_PORT,
                ImapParameters.IMAPS_PORT,
                Pop3Parameters.POP3_PORT,
                Pop3Parameters.POP3S_PORT,
                ManageSieveParameters.MANAGESIEVE_PORT,
                SearchParameters.SEARCH_DIRECTORY,
                SearchParameters.SEARCH_OPEN_INDEXES,
                SearchParameters.SEARCH_INDEX_PENDING,
                SearchParameters.SEARCH_INDEX_IDLE,
                SearchParameters.SEARCH_TIME_LIMIT,
                WebParameters.HTTP_PORT,
                WebParameters.HTTPS_PORT,
                WebParameters.HTTP_HEADER_LIMIT,
                WebParameters.HTTP_IDLE_TIMEOUT,
                StoreParameters.STORE_DIRECTORY,
                StoreParameters.STORE_BLOB_DIRECTORY,
                StoreParameters.STORE_CACHE_SIZE,
                StoreParameters.STORE_WRITE_BUFFER_SIZE,
                StoreParameters.PASSWORD_HASH_CONCURRENCY);
    }
}
