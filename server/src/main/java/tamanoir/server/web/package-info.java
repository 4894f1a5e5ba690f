/// The door of browsers and JMAP clients: HTTP/1.1 and HTTP/2 over Jetty.
///
/// Read [WebServer] first, it opens the ports; [Site] sends each request where it belongs: [SignInPaths] for people
/// coming and going ([WebSessions] remembers them), [JmapPaths] for the service itself, [Events] for push, [Files] for
/// the webmail. [Headers] are what every answer carries. Blocking style, one virtual thread a request.
/// RFC 9110, RFC 9112, RFC 9113, RFC 8620 §2, §6, §7.
@NullMarked
package tamanoir.server.web;

import org.jspecify.annotations.NullMarked;
