package tamanoir.server.filter.scan;

import java.net.InetAddress;
import tamanoir.server.filter.draft.Draft;
import tamanoir.server.observe.Trace;

/// A message for scanners, and who brought it. `login` is empty where nobody signed in.
public record Letter(
        Trace trace, String id, Draft draft, InetAddress client, String clientName, String helo, String login) {
    boolean authenticated() {
        return !login.isEmpty();
    }
}
