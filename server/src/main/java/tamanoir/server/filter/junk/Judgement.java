package tamanoir.server.filter.junk;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the filter thinks of a message, and why; the heaviest reason first.
public record Judgement(double score, double required, List<Reason> reasons) {
    /// In the field; the log and `tamanoir junk` show them all.
    private static final int MOST_SHOWN = 20;

    public Judgement {
        reasons = reasons.stream()
                .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.points())))
                .toList();
    }

    static Judgement of(List<Reason> reasons, double required) {
        return new Judgement(reasons.stream().mapToDouble(Reason::points).sum(), required, reasons);
    }

    public Verdict verdict() {
        if (score >= required) {
            return Verdict.JUNK;
        }
        return score >= required / 2 ? Verdict.UNSURE : Verdict.HAM;
    }

    public boolean isJunk() {
        return verdict() == Verdict.JUNK;
    }

    /// From 0 to 1; half of it at the threshold (RFC 5235 leaves the scale to the server).
    public double share() {
        return Math.clamp(score / (2 * required), 0.0, 1.0);
    }

    /// Whether a field, its name in lower case, passes for one of ours.
    public static boolean isField(String name) {
        return switch (name) {
            case "x-spam-flag", "x-spam-score", "x-spam-status", "x-spam-level", "x-spam-report", "x-spam" -> true;
            default -> false;
        };
    }

    /// The fields that clients and Sieve rules of administrators know from SpamAssassin and amavis.
    public String fields() {
        StringBuilder fields = new StringBuilder(200);
        if (isJunk()) {
            fields.append("X-Spam-Flag: YES\r\n");
        }
        fields.append("X-Spam-Score: ").append(number(score)).append("\r\n");
        fields.append("X-Spam-Status: ").append(isJunk() ? "Yes" : "No");
        fields.append(", score=").append(number(score)).append(" required=").append(number(required));
        // RFC 5322 §2.1.1: a line has 78 characters at most where it can.
        return fields.append("\r\n\ttests=[")
                .append(reasons.stream()
                        .limit(MOST_SHOWN)
                        .map(Reason::toString)
                        .collect(Collectors.joining(",\r\n\t ")))
                .append("]\r\n")
                .toString();
    }

    static String number(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
