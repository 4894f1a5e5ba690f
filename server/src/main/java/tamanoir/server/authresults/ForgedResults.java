package tamanoir.server.authresults;

import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.authresults.AuthenticationResults;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.server.authresults.Evidence.Span;

/// Fields of a stranger that speak in our name (RFC 8601 §5): whoever reads the message later could not tell them from
/// ours.
final class ForgedResults {
    private ForgedResults() {}

    /// `server` is our authserv-id. A field that cannot be read but begins with our name goes too: other readers may be
    /// more forgiving. So does one that names nobody.
    static List<Span> in(HeaderFields header, String server) {
        List<Span> forged = new ArrayList<>();
        for (HeaderField field : header.all(AuthenticationResults.NAME)) {
            boolean claims = AuthenticationResults.claimed(field.value())
                    .map(name -> name.equalsIgnoreCase(server))
                    .orElse(true);
            if (claims) {
                forged.add(new Span(
                        field.start(), (long) field.start() + field.octets().length()));
            }
        }
        return forged;
    }
}
