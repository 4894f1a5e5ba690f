package tamanoir.mail.authresults.dmarc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.authresults.dmarc.DmarcResult.Request;

/// What a domain wants to happen with mail that uses its name without leave (RFC 9989 §4.7).
///
/// `reports` are the URIs of `rua`. `testing` is `t=y`, and also the `pct=0` of old records, which meant the same
/// (RFC 9989 appendix A.6).
public record DmarcRecord(
        Request policy,
        Request subdomains,
        Request nonexistent,
        boolean strictDkim,
        boolean strictSpf,
        Psd psd,
        boolean testing,
        List<String> reports) {
    /// Whether the domain says that names below it belong to others (`psd=`).
    public enum Psd {
        YES,
        NO,
        UNKNOWN
    }

    public DmarcRecord {
        reports = List.copyOf(reports);
    }

    /// The record in a text; empty where it is none, or one that asks for nothing that could be done.
    public static Optional<DmarcRecord> parse(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        boolean first = true;
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            String name =
                    (equals < 0 ? part : part.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (first && !(name.equals("v") && value.equals("DMARC1"))) {
                return Optional.empty(); // §4.7: the version stands first and is written so
            }
            first = false;
            if (!name.isEmpty()) {
                tags.putIfAbsent(name, value);
            }
        }
        List<String> reports = new ArrayList<>();
        for (String uri : tags.getOrDefault("rua", "").split(",")) {
            if (uri.strip().toLowerCase(Locale.ROOT).startsWith("mailto:")) {
                reports.add(uri.strip());
            }
        }
        Optional<Request> policy = request(tags, "p");
        Optional<Request> subdomains = request(tags, "sp");
        Optional<Request> nonexistent = request(tags, "np");
        boolean broken = policy.isEmpty()
                || (tags.containsKey("sp") && subdomains.isEmpty())
                || (tags.containsKey("np") && nonexistent.isEmpty());
        if (broken) {
            // §5.3.2: reports are wanted all the same, but nothing can be asked for.
            if (reports.isEmpty()) {
                return Optional.empty();
            }
            policy = Optional.of(Request.NONE);
            subdomains = policy;
            nonexistent = policy;
        }
        Request p = policy.get();
        return Optional.of(new DmarcRecord(
                p,
                subdomains.orElse(p),
                nonexistent.or(() -> request(tags, "sp")).orElse(p),
                tags.getOrDefault("adkim", "r").equalsIgnoreCase("s"),
                tags.getOrDefault("aspf", "r").equalsIgnoreCase("s"),
                switch (tags.getOrDefault("psd", "u").toLowerCase(Locale.ROOT)) {
                    case "y" -> Psd.YES;
                    case "n" -> Psd.NO;
                    default -> Psd.UNKNOWN;
                },
                tags.getOrDefault("t", "n").equalsIgnoreCase("y")
                        || tags.getOrDefault("pct", "100").equals("0"),
                reports));
    }

    private static Optional<Request> request(Map<String, String> tags, String name) {
        return switch (tags.getOrDefault(name, "").toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(Request.NONE);
            case "quarantine" -> Optional.of(Request.QUARANTINE);
            case "reject" -> Optional.of(Request.REJECT);
            default -> Optional.empty();
        };
    }

    /// §4.7, `t`: one step less than what is written.
    Request applied(Request request) {
        return !testing
                ? request
                : switch (request) {
                    case NONE, QUARANTINE -> Request.NONE;
                    case REJECT -> Request.QUARANTINE;
                };
    }
}
