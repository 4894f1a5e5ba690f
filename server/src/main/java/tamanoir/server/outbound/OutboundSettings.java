package tamanoir.server.outbound;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.SmtpParameters;
import tamanoir.server.config.SmtpParameters.ClientTlsLevel;

/// What main.cf says about the way to other servers. Read once; a reload makes a new one.
public record OutboundSettings(
        Protocol smtp,
        Protocol lmtp,
        ServerFinder.Choice choice,
        int sessionLimit,
        List<String> fallbackRelays,
        int lineLimit,
        boolean convertEightBit,
        boolean skip5xxGreeting,
        boolean neverEhlo,
        Set<String> discardKeywords,
        String bindAddress,
        String bindAddress6,
        boolean bindEnforced,
        Timeouts timeouts,
        Cache cache,
        Login login,
        boolean noteStartTlsOffer,
        boolean tlsWrapper,
        List<String> verifyMatch,
        List<String> secureMatch) {

    /// What differs between SMTP and LMTP.
    public record Protocol(String name, int port, ClientTlsLevel tls) {}

    public record Timeouts(
            Duration connect,
            Duration helo,
            Duration mail,
            Duration rcpt,
            Duration dataInit,
            Duration dataTransfer,
            Duration dataDone,
            Duration startTls,
            Duration reset) {}

    /// Connections kept for the next message. `destinations` are kept even when `onDemand` is off.
    public record Cache(boolean onDemand, Set<String> destinations, Duration idle, Duration reuse, int mostMessages) {}

    /// Logging in at other servers.
    public record Login(
            boolean enabled,
            boolean bySender,
            Set<String> options,
            Set<String> tlsOptions,
            List<String> mechanisms,
            boolean softBounce) {}

    public static OutboundSettings of(Config config) {
        ClientTlsLevel tls = config.get(SmtpParameters.SMTP_TLS_SECURITY_LEVEL);
        Set<String> protocols = config.get(NetParameters.INET_PROTOCOLS).stream()
                .map(p -> p.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        boolean all = protocols.contains("all");
        return new OutboundSettings(
                new Protocol(
                        config.get(SmtpParameters.SMTP_HELO_NAME),
                        NextHop.port(config.get(SmtpParameters.SMTP_TCP_PORT)),
                        tls),
                new Protocol(
                        config.get(SmtpParameters.LMTP_LHLO_NAME),
                        NextHop.port(config.get(SmtpParameters.LMTP_TCP_PORT)),
                        config.get(SmtpParameters.LMTP_TLS_SECURITY_LEVEL)),
                new ServerFinder.Choice(
                        all || protocols.contains("ipv4"),
                        all || protocols.contains("ipv6"),
                        config.get(SmtpParameters.SMTP_ADDRESS_PREFERENCE),
                        config.get(SmtpParameters.SMTP_RANDOMIZE_ADDRESSES),
                        config.get(SmtpParameters.SMTP_BALANCE_INET_PROTOCOLS),
                        config.get(SmtpParameters.SMTP_MX_ADDRESS_LIMIT),
                        config.get(SmtpParameters.IGNORE_MX_LOOKUP_ERROR),
                        config.get(SmtpParameters.SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND)),
                config.get(SmtpParameters.SMTP_MX_SESSION_LIMIT),
                config.get(SmtpParameters.SMTP_FALLBACK_RELAY),
                config.get(SmtpParameters.SMTP_LINE_LENGTH_LIMIT),
                !config.get(SmtpParameters.DISABLE_MIME_OUTPUT_CONVERSION),
                config.get(SmtpParameters.SMTP_SKIP_5XX_GREETING),
                config.get(SmtpParameters.SMTP_NEVER_SEND_EHLO),
                lower(config.get(SmtpParameters.SMTP_DISCARD_EHLO_KEYWORDS)),
                config.get(SmtpParameters.SMTP_BIND_ADDRESS),
                config.get(SmtpParameters.SMTP_BIND_ADDRESS6),
                config.get(SmtpParameters.SMTP_BIND_ADDRESS_ENFORCE),
                new Timeouts(
                        config.get(SmtpParameters.SMTP_CONNECT_TIMEOUT),
                        config.get(SmtpParameters.SMTP_HELO_TIMEOUT),
                        config.get(SmtpParameters.SMTP_MAIL_TIMEOUT),
                        config.get(SmtpParameters.SMTP_RCPT_TIMEOUT),
                        config.get(SmtpParameters.SMTP_DATA_INIT_TIMEOUT),
                        config.get(SmtpParameters.SMTP_DATA_XFER_TIMEOUT),
                        config.get(SmtpParameters.SMTP_DATA_DONE_TIMEOUT),
                        config.get(SmtpParameters.SMTP_STARTTLS_TIMEOUT),
                        config.get(SmtpParameters.SMTP_RSET_TIMEOUT)),
                new Cache(
                        config.get(SmtpParameters.SMTP_CONNECTION_CACHE_ON_DEMAND),
                        lower(config.get(SmtpParameters.SMTP_CONNECTION_CACHE_DESTINATIONS)),
                        config.get(SmtpParameters.SMTP_CONNECTION_CACHE_TIME_LIMIT),
                        config.get(SmtpParameters.SMTP_CONNECTION_REUSE_TIME_LIMIT),
                        config.get(SmtpParameters.SMTP_CONNECTION_REUSE_COUNT_LIMIT)),
                new Login(
                        config.get(SmtpParameters.SMTP_SASL_AUTH_ENABLE),
                        config.get(SmtpParameters.SMTP_SENDER_DEPENDENT_AUTHENTICATION),
                        lower(config.get(SmtpParameters.SMTP_SASL_SECURITY_OPTIONS)),
                        lower(config.get(SmtpParameters.SMTP_SASL_TLS_SECURITY_OPTIONS)),
                        config.get(SmtpParameters.SMTP_SASL_MECHANISM_FILTER),
                        config.get(SmtpParameters.SMTP_SASL_AUTH_SOFT_BOUNCE)),
                config.get(SmtpParameters.SMTP_TLS_NOTE_STARTTLS_OFFER),
                config.get(SmtpParameters.SMTP_TLS_WRAPPERMODE),
                config.get(SmtpParameters.SMTP_TLS_VERIFY_CERT_MATCH),
                config.get(SmtpParameters.SMTP_TLS_SECURE_CERT_MATCH));
    }

    private static Set<String> lower(List<String> words) {
        return words.stream().map(w -> w.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}
