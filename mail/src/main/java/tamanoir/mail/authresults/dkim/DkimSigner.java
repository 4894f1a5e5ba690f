package tamanoir.mail.authresults.dkim;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;

/// Signs one message with one key (RFC 6376 §5): make it, feed it the body as it will leave, ask for the field. Used
/// once.
///
/// Both forms are relaxed: a relay that folds a line does no harm. Fields that a reader sees are signed once more than
/// they are there, so that nobody can add another (§8.15).
public final class DkimSigner {
    /// RFC 6376 §5.4.1, and what has come since; of these all that are there are signed.
    private static final List<String> SIGNED = List.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "subject",
            "date",
            "message-id",
            "in-reply-to",
            "references",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-id",
            "content-description",
            "resent-date",
            "resent-from",
            "resent-sender",
            "resent-to",
            "resent-cc",
            "resent-message-id",
            "list-id",
            "list-help",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive",
            "autocrypt",
            "auto-submitted",
            "disposition-notification-to");

    /// Signed once more than they are there: what a reader believes.
    private static final Set<String> GUARDED =
            Set.of("from", "to", "cc", "subject", "date", "reply-to", "message-id", "content-type", "mime-version");

    private final SigningKey key;
    private final BodyCanon body = new BodyCanon(true, -1);

    public DkimSigner(SigningKey key) {
        this.key = key;
    }

    public void feed(byte[] octets, int offset, int count) {
        body.feed(octets, offset, count);
    }

    /// The DKIM-Signature field, folded and ended by CRLF, for a header as it will leave.
    public String field(HeaderFields header, Instant now) {
        List<String> names = names(header);
        String tags = "v=1; a=" + key.algorithm().word() + "; c=relaxed/relaxed; d=" + key.domain() + ";\r\n\ts="
                + key.selector() + "; t=" + now.getEpochSecond() + ";\r\n\th=" + folded(names) + ";\r\n\tbh="
                + Base64.getEncoder().encodeToString(body.finish()) + ";\r\n\tb=";
        Octets unsigned = Octets.of("DKIM-Signature: " + tags);
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        for (HeaderField field : HeaderCanon.chosen(header, names)) {
            out.writeBytes(HeaderCanon.field(field.octets(), true));
        }
        out.writeBytes(HeaderCanon.ownField(unsigned, true));
        return "DKIM-Signature: " + tags + wrapped(key.sign(out.toByteArray())) + "\r\n";
    }

    private static List<String> names(HeaderFields header) {
        List<String> names = new ArrayList<>();
        for (String name : SIGNED) {
            int count = header.all(name).size();
            for (int i = 0; i < count + (GUARDED.contains(name) ? 1 : 0); i++) {
                names.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    private static String folded(List<String> names) {
        StringBuilder text = new StringBuilder();
        int line = 4;
        for (int i = 0; i < names.size(); i++) {
            if (line + names.get(i).length() > 72) {
                text.append("\r\n\t ");
                line = 2;
            }
            text.append(names.get(i)).append(i + 1 < names.size() ? ":" : "");
            line += names.get(i).length() + 1;
        }
        return text.toString();
    }

    /// Base64 in lines that nobody needs to fold.
    public static String wrapped(byte[] octets) {
        String text = Base64.getEncoder().encodeToString(octets);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < text.length(); i += 72) {
            lines.append(i == 0 ? "" : "\r\n\t ").append(text, i, Math.min(text.length(), i + 72));
        }
        return lines.toString();
    }
}
