package tamanoir.server.web;

import java.util.Optional;
import tamanoir.server.jmap.Caller;
import tamanoir.server.web.WebSessions.WebSession;

/// Who sent a request, and the session it came with; Basic and bearer have none.
record Visitor(Caller caller, Optional<WebSession> session) {}
