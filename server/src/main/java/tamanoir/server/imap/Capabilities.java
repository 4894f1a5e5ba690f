package tamanoir.server.imap;

import java.util.List;

/// What the server says it can do, in each state (RFC 9051 §6.1.1). Nothing stands here that does not work wholly.
final class Capabilities {
    private static final String BASE = "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE";

    private static final String SIGNED_IN = " NAMESPACE CHILDREN UNSELECT UIDPLUS MOVE SPECIAL-USE CREATE-SPECIAL-USE"
            + " LIST-EXTENDED LIST-STATUS ESEARCH SEARCHRES WITHIN CONDSTORE QRESYNC STATUS=SIZE MULTIAPPEND BINARY"
            + " UTF8=ACCEPT OBJECTID SAVEDATE QUOTA QUOTA=RES-STORAGE";

    private Capabilities() {}

    /// Before login: how to sign in, and what works already.
    static String before(boolean startTls, boolean mayLogIn, List<String> mechanisms) {
        StringBuilder names = new StringBuilder(BASE);
        if (startTls) {
            names.append(" STARTTLS");
        }
        if (!mayLogIn) {
            names.append(" LOGINDISABLED"); // RFC 9051 §6.2.3
        }
        for (String mechanism : mechanisms) {
            names.append(" AUTH=").append(mechanism);
        }
        return names.toString();
    }

    static String after(long appendLimit) {
        return BASE + SIGNED_IN + (appendLimit > 0 ? " APPENDLIMIT=" + appendLimit : " APPENDLIMIT");
    }
}
