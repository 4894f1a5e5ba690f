package tamanoir.server.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the server says it can do, in each state (RFC 9051 §6.1.1). Nothing stands here that does not work wholly.
final class Capabilities {
    private static final List<String> BASE = List.of("IMAP4rev1", "LITERAL+", "SASL-IR", "ID", "ENABLE", "IDLE");

    private static final List<String> SIGNED_IN = List.of(
            "NAMESPACE",
            "CHILDREN",
            "UNSELECT",
            "UIDPLUS",
            "MOVE",
            "SPECIAL-USE",
            "CREATE-SPECIAL-USE",
            "LIST-EXTENDED",
            "LIST-STATUS",
            "ESEARCH",
            "SEARCHRES",
            "WITHIN",
            "CONDSTORE",
            "QRESYNC",
            "STATUS=SIZE",
            "MULTIAPPEND",
            "BINARY",
            "UTF8=ACCEPT",
            "OBJECTID",
            "SAVEDATE",
            "QUOTA",
            "QUOTA=RES-STORAGE",
            "SORT",
            "SORT=DISPLAY",
            "ESORT",
            "THREAD=ORDEREDSUBJECT",
            "THREAD=REFERENCES");

    private Capabilities() {}

    /// Before login: how to sign in, and what works already.
    static String before(boolean startTls, boolean mayLogIn, List<String> mechanisms, Set<String> hidden) {
        List<String> names = new ArrayList<>(BASE);
        if (startTls) {
            names.add("STARTTLS");
        }
        if (!mayLogIn) {
            names.add("LOGINDISABLED"); // RFC 9051 §6.2.3
        }
        mechanisms.forEach(mechanism -> names.add("AUTH=" + mechanism));
        return join(names, hidden);
    }

    static String after(long appendLimit, Set<String> hidden) {
        List<String> names = new ArrayList<>(BASE);
        names.addAll(SIGNED_IN);
        names.add(appendLimit > 0 ? "APPENDLIMIT=" + appendLimit : "APPENDLIMIT");
        return join(names, hidden);
    }

    private static String join(List<String> names, Set<String> hidden) {
        names.removeIf(name -> hidden.contains(name.toUpperCase(Locale.ROOT)));
        return String.join(" ", names);
    }
}
