package tamanoir.server.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.authresults.AuthenticationResults;
import tamanoir.mail.authresults.AuthenticationResults.Method;
import tamanoir.mail.authresults.dkim.TagList;
import tamanoir.mail.text.BadSyntax;

/// Whether somebody answers for the offer of one click to leave a list: a signature that was found good when the mail
/// came and that covers both fields (RFC 8058 §4). Without one, a stranger could make our server post to any address
/// that he likes. Immutable.
///
/// `server` is the name under which this server tells results; `results` are the values of Authentication-Results and
/// `signatures` those of DKIM-Signature, each in the order of the header.
record OneClick(String server, List<String> results, List<String> signatures) {
    private static final List<String> COVERED = List.of("list-unsubscribe", "list-unsubscribe-post");

    OneClick {
        results = List.copyOf(results);
        signatures = List.copyOf(signatures);
    }

    boolean isVouchedFor() {
        List<Method> found = found();
        // We tell of one signature after the other as they stand: a bad one cannot pass for its good neighbour.
        for (int i = 0; i < Math.min(found.size(), signatures.size()); i++) {
            if (found.get(i).result().equals("pass") && covers(found.get(i), signatures.get(i))) {
                return true;
            }
        }
        return false;
    }

    /// Only the topmost field that is ours counts; those of strangers were taken out.
    private List<Method> found() {
        for (String value : results) {
            Optional<AuthenticationResults> read = read(value).filter(one -> one.isFrom(server));
            if (read.isPresent()) {
                return read.get().methods().stream()
                        .filter(method -> method.name().equals("dkim"))
                        .toList();
            }
        }
        return List.of();
    }

    private static Optional<AuthenticationResults> read(String value) {
        try {
            return Optional.of(AuthenticationResults.parse(unfolded(value)));
        } catch (BadSyntax e) {
            return Optional.empty(); // a stranger's
        }
    }

    private static boolean covers(Method method, String signature) {
        try {
            TagList tags = TagList.parse(signature);
            List<String> names =
                    Arrays.asList(tags.required("h").toLowerCase(Locale.ROOT).split(":", -1));
            return method.property("header", "d")
                            .filter(tags.required("d")::equalsIgnoreCase)
                            .isPresent()
                    && names.containsAll(COVERED);
        } catch (BadSyntax e) {
            return false;
        }
    }

    private static String unfolded(String value) {
        return value.replace("\r", "").replace("\n", "").strip();
    }
}
