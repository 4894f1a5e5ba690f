package tamanoir.server.web;

import java.util.Optional;
import tamanoir.server.jmap.Caller;
import tamanoir.server.web.WebSessions.WebSession;

/// Who sent a request, and what let it in: the session of a browser, a token, or neither for name and password.
record Visitor(Caller caller, Optional<WebSession> session, Optional<WebSession> token) {
    boolean cameBy(String key) {
        return session.or(() -> token).map(by -> by.key().equals(key)).orElse(false);
    }

    /// A request that a browser makes whether its user wants it or not.
    boolean isByCookie() {
        return session.isPresent();
    }
}
