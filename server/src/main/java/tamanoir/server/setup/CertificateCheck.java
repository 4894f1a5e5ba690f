package tamanoir.server.setup;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.net.Identity;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.setup.Checks.Ground;
import tamanoir.server.setup.Finding.Grade;

/// Is there a certificate, for this name, that programs believe?
final class CertificateCheck implements Check {
    private static final Duration SOON = Duration.ofDays(14);
    private static final int DNS_NAME = 2;

    private final Ground ground;

    CertificateCheck(Ground ground) {
        this.ground = ground;
    }

    @Override
    public String name() {
        return "certificate";
    }

    @Override
    public Finding look() {
        List<Identity> identities = new ArrayList<>();
        try {
            for (List<java.nio.file.Path> files :
                    TlsSettings.from(ground.config()).certificates()) {
                identities.addAll(Identity.read(files));
            }
        } catch (IOException | BadSyntax e) {
            return Finding.of(
                    "certificate", Grade.FAIL, "unreadable", Map.of("reason", String.valueOf(e.getMessage())));
        }
        if (identities.isEmpty()) {
            return Finding.of("certificate", Grade.FAIL, "none");
        }
        X509Certificate certificate = identities.getFirst().certificate();
        Instant now = ground.clock().instant();
        Instant end = certificate.getNotAfter().toInstant();
        List<String> names = names(certificate);
        Map<String, String> values = Map.of(
                "host",
                ground.host(),
                "names",
                String.join(", ", names),
                "until",
                end.atZone(ZoneOffset.UTC).toLocalDate().toString());
        if (end.isBefore(now) || certificate.getNotBefore().toInstant().isAfter(now)) {
            return Finding.of("certificate", Grade.FAIL, "expired", values);
        }
        if (names.stream().noneMatch(name -> covers(name, ground.host()))) {
            return Finding.of("certificate", Grade.WARN, "otherName", values);
        }
        if (certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
            return Finding.of("certificate", Grade.WARN, "selfSigned", values);
        }
        return end.isBefore(now.plus(SOON))
                ? Finding.of("certificate", Grade.WARN, "soon", values)
                : Finding.of("certificate", Grade.OK, "ok", values);
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> one : all) {
                    if (one.getFirst() instanceof Integer kind && kind == DNS_NAME) {
                        names.add(String.valueOf(one.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException _) {
            return List.of();
        }
        return names;
    }

    /// RFC 9525 §6.3: a star stands for one whole label, the first.
    private static boolean covers(String name, String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        return name.equals(wanted)
                || (name.startsWith("*.")
                        && wanted.indexOf('.') > 0
                        && wanted.substring(wanted.indexOf('.')).equals(name.substring(1)));
    }
}
