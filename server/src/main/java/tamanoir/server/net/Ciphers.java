package tamanoir.server.net;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;

/// Names of protocols and ciphers as Postfix and OpenSSL write them, for JSSE.
final class Ciphers {
    /// Oldest first. What stands before TLSv1.2 is known, and never used (RFC 8996).
    private static final List<String> PROTOCOLS = List.of("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private Ciphers() {}

    /// The protocols that `text` lets in: `>=TLSv1.2`, `<=TLSv1.3`, `!TLSv1.2`, or names alone (postconf(5)
    /// smtpd_tls_protocols).
    ///
    /// @throws BadSyntax when a name is unknown, or nothing that is safe remains
    static List<String> protocols(String text) {
        int least = PROTOCOLS.indexOf("TLSv1.2");
        int most = PROTOCOLS.size() - 1;
        Set<String> included = new HashSet<>();
        Set<String> excluded = new HashSet<>();
        for (String word : text.trim().split("[\\s,:]+")) {
            if (word.startsWith(">=")) {
                least = Math.max(least, index(word.substring(2)));
            } else if (word.startsWith("<=")) {
                most = Math.min(most, index(word.substring(2)));
            } else if (word.startsWith("!")) {
                excluded.add(PROTOCOLS.get(index(word.substring(1))));
            } else if (!word.isEmpty()) {
                included.add(PROTOCOLS.get(index(word)));
            }
        }
        List<String> enabled = new ArrayList<>();
        for (int i = least; i <= most; i++) {
            String protocol = PROTOCOLS.get(i);
            if (!excluded.contains(protocol) && (included.isEmpty() || included.contains(protocol))) {
                enabled.add(protocol);
            }
        }
        if (enabled.isEmpty()) {
            throw new BadSyntax("\"" + text + "\" leaves no TLS protocol; TLSv1.2 and TLSv1.3 can be used");
        }
        return List.copyOf(enabled);
    }

    private static int index(String name) {
        for (int i = 0; i < PROTOCOLS.size(); i++) {
            if (PROTOCOLS.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new BadSyntax("\"" + name + "\" is no TLS protocol; known are " + String.join(", ", PROTOCOLS));
    }

    /// Checks a grade of ciphers (smtpd_tls_ciphers). Whatever it is: what JSSE offers is of grade "high" in
    /// OpenSSL's words, and nothing less is ever used.
    ///
    /// @throws BadSyntax when nobody knows it
    static void grade(String grade) {
        List<String> known = List.of("high", "medium", "low", "export", "null");
        if (!known.contains(grade.toLowerCase(Locale.ROOT))) {
            throw new BadSyntax("\"" + grade + "\" is no grade of ciphers; known are " + String.join(", ", known));
        }
    }

    /// Those of JSSE's `suites` that no word of `excluded` names: OpenSSL's name of a cipher, or of a kind of
    /// ciphers (`AES128`, `SHA1`, `kRSA`), or several kinds joined by `+`.
    static String[] without(List<String> excluded, String[] suites) {
        List<String> left = new ArrayList<>();
        for (String suite : suites) {
            Set<String> kinds = kinds(suite);
            boolean out = suite.contains("_NULL_") || suite.contains("_anon_"); // Never, whoever asks.
            for (String word : excluded) {
                out |= kinds.containsAll(List.of(word.toUpperCase(Locale.ROOT).split("\\+")));
            }
            if (!out) {
                left.add(suite);
            }
        }
        return left.toArray(new String[0]);
    }

    private static Set<String> kinds(String suite) {
        Set<String> kinds = new HashSet<>(List.of(suite.toUpperCase(Locale.ROOT)));
        kinds.add(openSslName(suite).toUpperCase(Locale.ROOT));
        if (suite.startsWith("TLS_RSA_")) {
            kinds.addAll(List.of("KRSA", "RSA", "ARSA"));
        }
        if (suite.contains("ECDHE_")) {
            kinds.addAll(List.of("ECDHE", "KECDHE", "EECDH", "KEECDH", "ECDH"));
        } else if (suite.contains("DHE_")) {
            kinds.addAll(List.of("DHE", "KDHE", "EDH", "KEDH", "DH"));
        }
        if (suite.contains("_RSA_")) {
            kinds.add("ARSA");
        } else if (suite.contains("_ECDSA_")) {
            kinds.addAll(List.of("AECDSA", "ECDSA"));
        }
        if (suite.contains("AES_")) {
            kinds.addAll(List.of("AES", suite.contains("AES_128") ? "AES128" : "AES256"));
        }
        if (suite.contains("GCM")) {
            kinds.add("AESGCM");
        }
        if (suite.contains("CHACHA20")) {
            kinds.add("CHACHA20");
        }
        if (suite.contains("3DES")) {
            kinds.addAll(List.of("3DES", "DES"));
        }
        if (suite.contains("CBC")) {
            kinds.add("CBC");
        }
        if (suite.endsWith("_SHA")) {
            kinds.addAll(List.of("SHA1", "SHA"));
        } else {
            kinds.add(suite.substring(suite.lastIndexOf('_') + 1).toUpperCase(Locale.ROOT));
        }
        kinds.add(bits(suite) >= 256 || suite.contains("GCM") || suite.contains("CHACHA20") ? "HIGH" : "MEDIUM");
        return kinds;
    }

    /// `ECDHE-RSA-AES256-GCM-SHA384` for `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`; names of TLS 1.3 are the same
    /// in both.
    static String openSslName(String suite) {
        int with = suite.indexOf("_WITH_");
        if (with < 0) {
            return suite;
        }
        String exchange = suite.substring("TLS_".length(), with);
        String cipher = suite.substring(with + "_WITH_".length())
                .replace("AES_128", "AES128")
                .replace("AES_256", "AES256")
                .replace("_CBC", "")
                .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305");
        return ((exchange.equals("RSA") ? "" : exchange + "_") + cipher).replace('_', '-');
    }

    static int bits(String suite) {
        if (suite.contains("AES_256") || suite.contains("CHACHA20")) {
            return 256;
        }
        return suite.contains("3DES") ? 112 : 128;
    }
}
