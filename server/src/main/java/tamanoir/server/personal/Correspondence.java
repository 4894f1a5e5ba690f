package tamanoir.server.personal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// By what name the objects of [Kind#CORRESPONDENT] are kept: one an address.
public final class Correspondence {
    private Correspondence() {}

    public static String id(String email) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(email.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return "h" + HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Whether the person has written to that address.
    public static boolean knows(PersonalAccount account, String email) {
        return account.find(Kind.CORRESPONDENT, id(email)).isPresent();
    }
}
