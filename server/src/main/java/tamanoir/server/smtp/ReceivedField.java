package tamanoir.server.smtp;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.server.net.ClientCertificate;
import tamanoir.server.net.TlsDetails;
import tamanoir.server.policy.Question;
import tamanoir.server.queue.QueueId;

/// The trace of one hop, in Postfix's form, which many programs read (RFC 5321 §4.4).
///
///     Received: from client.example (name [192.0.2.1])
///             (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
///             (No client certificate requested)
///             (Authenticated sender: ann@example.com)
///             by mail.example.com (Tamanoir) with ESMTPSA id 4bXyz
///             for <bob@example.com>; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)
final class ReceivedField {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z (zzz)", Locale.ROOT);

    private ReceivedField() {}

    /// `recipients` are the accepted ones: the field names one only if it is the only one, so that nobody learns of
    /// blind copies (RFC 5321 §7.2).
    static String of(
            SmtpSettings settings,
            Question facts,
            Optional<TlsDetails> tls,
            boolean smtpUtf8,
            QueueId id,
            List<Address> recipients,
            Instant now) {
        StringBuilder field = new StringBuilder(320);
        field.append("Received: from ");
        field.append(facts.helo().isEmpty() ? facts.client().name() : safe(facts.helo()));
        field.append(" (").append(facts.client().name()).append(" [");
        field.append(facts.client().literal()).append("])\r\n");
        if (settings.tls().receivedField()) {
            tls.ifPresent(details -> appendTls(field, details, settings.tls().asksCertificate()));
        }
        if (settings.signIn().receivedField() && facts.authenticated()) {
            field.append("\t(Authenticated sender: ")
                    .append(safe(facts.login()))
                    .append(")\r\n");
        }
        field.append("\tby ").append(settings.hostname()).append(" (").append(settings.with());
        field.append(") with ").append(protocol(facts, smtpUtf8)).append(" id ").append(id);
        if (recipients.size() == 1) {
            field.append("\r\n\tfor <").append(recipients.getFirst()).append('>');
        }
        field.append("; ");
        DATE.formatTo(ZonedDateTime.ofInstant(now, ZoneId.systemDefault()), field);
        return field.append("\r\n").toString();
    }

    private static void appendTls(StringBuilder field, TlsDetails tls, boolean asked) {
        field.append("\t(using ").append(tls.protocol()).append(" with cipher ").append(tls.cipher());
        field.append(" (").append(tls.bits()).append('/').append(tls.bits()).append(" bits))\r\n\t");
        if (tls.clientCommonName().isPresent()) {
            String issuer = tls.clientCertificate()
                    .flatMap(ClientCertificate::issuerCommonName)
                    .orElse("");
            field.append("(Client CN \"").append(quoted(tls.clientCommonName().get()));
            field.append("\", Issuer \"").append(quoted(issuer));
            field.append(tls.trust() == TlsDetails.Trust.UNTRUSTED ? "\", not verified)" : "\", verified OK)");
        } else if (asked) {
            field.append("(Client did not present a certificate)");
        } else {
            field.append("(No client certificate requested)");
        }
        field.append("\r\n");
    }

    /// RFC 3848, RFC 6531 §4.3: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA, the same with LMTP, UTF8 before either.
    private static String protocol(Question facts, boolean smtpUtf8) {
        String base = facts.protocol();
        if (base.equals("SMTP")) {
            return base;
        }
        String with = smtpUtf8 ? (base.equals("LMTP") ? "UTF8LMTP" : "UTF8SMTP") : base;
        return with + (facts.tls() ? "S" : "") + (facts.authenticated() ? "A" : "");
    }

    /// A name in which blanks are usual.
    private static String quoted(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split(" ", -1)) {
            words.add(safe(word));
        }
        return String.join(" ", words);
    }

    /// Text from outside in a structured field: what could end a comment or a line becomes `?`.
    private static String safe(String text) {
        char[] safe = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 127 || c == '(' || c == ')' || c == '\\' || c == '"' || c == ';') {
                if (safe == null) {
                    safe = text.toCharArray();
                }
                safe[i] = '?';
            }
        }
        return safe == null ? text : new String(safe);
    }
}
