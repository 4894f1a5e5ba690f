package tamanoir.server.personal;

import java.util.HexFormat;
import java.util.Locale;
import tamanoir.mail.text.Sha256;

/// By what name the objects of [Kind#CORRESPONDENT] are kept: one an address.
public final class Correspondence {
    private Correspondence() {}

    public static String id(String email) {
        byte[] hash = Sha256.of(email.toLowerCase(Locale.ROOT));
        return "h" + HexFormat.of().formatHex(hash, 0, 12);
    }

    /// Whether the person has written to that address.
    public static boolean knows(PersonalAccount account, String email) {
        return account.find(Kind.CORRESPONDENT, id(email)).isPresent();
    }
}
