package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// How names are looked up.
public final class DnsParameters {
    private DnsParameters() {}

    public static final Parameter<List<String>> DNS_SERVERS = Parameter.list(
            "dns_servers", "", "Name servers to ask, address or address:port; empty means those of /etc/resolv.conf.");
    public static final Parameter<Duration> DNS_TIMEOUT = Parameter.time(
            "dns_timeout", "5s", ChronoUnit.SECONDS, "How long one name server may take for one answer.");
    public static final Parameter<Integer> DNS_ATTEMPTS =
            Parameter.count("dns_attempts", 2, 1, 10, "How often each name server is asked before the lookup fails.");
    public static final Parameter<Integer> DNS_CACHE_SIZE = Parameter.count(
            "dns_cache_size", 10000, 0, 10_000_000, "Answers kept in memory for as long as they are valid.");
    public static final Parameter<Boolean> DNS_TRUST_VALIDATION = Parameter.flag(
            "dns_trust_validation",
            false,
            "Whether a name server elsewhere is believed when it says that an answer is secure (DNSSEC); one on this machine is.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(DNS_SERVERS, DNS_TIMEOUT, DNS_ATTEMPTS, DNS_CACHE_SIZE, DNS_TRUST_VALIDATION);
    }
}
