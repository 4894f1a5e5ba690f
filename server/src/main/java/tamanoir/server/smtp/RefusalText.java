package tamanoir.server.smtp;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.ReplyTemplate;
import tamanoir.server.tables.LookupTable;

/// What becomes of a refusal on its way to the client: with `soft_bounce` none is final, and
/// `smtpd_reject_footer` adds a text to each, `\c` in front of it on the same line. Immutable.
final class RefusalText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final boolean soft;
    private final String footer;
    private final List<LookupTable> footers;
    private final String allowed;
    private final String hostname;

    /// `footers` are `smtpd_reject_footer_maps`, asked with the whole reply.
    RefusalText(boolean soft, String footer, List<LookupTable> footers, String allowed, String hostname) {
        this.soft = soft;
        this.footer = footer;
        this.footers = List.copyOf(footers);
        this.allowed = allowed;
        this.hostname = hostname;
    }

    Reply finished(Reply refusal, Question facts) {
        Reply reply = soft && refusal.isPermanent() ? softened(refusal) : refusal;
        if (footer.isEmpty() && footers.isEmpty()) {
            return reply;
        }
        String text = footerOf(reply);
        return text.isEmpty() ? reply : with(reply, text, facts);
    }

    private static Reply softened(Reply reply) {
        String status = reply.status().isEmpty() ? "" : "4" + reply.status().substring(1);
        return new Reply(reply.code() - 100, status, reply.lines());
    }

    private String footerOf(Reply reply) {
        try {
            Optional<String> own = LookupTable.first(footers, reply.toString());
            return own.orElse(footer);
        } catch (Unavailable e) {
            return footer; // a footer is not worth a lost reply; the table's fault is in the log already
        }
    }

    private Reply with(Reply reply, String text, Question facts) {
        Map<String, String> values = new HashMap<>();
        values.put("localtime", TIME.format(Instant.now()));
        values.put("server_name", hostname);

        String filled;
        try {
            filled = ReplyTemplate.fill(text, facts, values, allowed);
        } catch (BadSyntax e) {
            return reply;
        }
        List<String> lines = new ArrayList<>(reply.lines());
        boolean sameLine = filled.startsWith("\\c");
        String rest = sameLine ? filled.substring(2) : filled;
        for (String line : rest.split("\\\\n|\n", -1)) {
            String clean = line.replaceAll("\\p{Cntrl}", " ");
            if (sameLine) {
                lines.set(lines.size() - 1, lines.getLast() + clean);
                sameLine = false;
            } else {
                lines.add(clean);
            }
        }
        return new Reply(reply.code(), reply.status(), lines);
    }
}
