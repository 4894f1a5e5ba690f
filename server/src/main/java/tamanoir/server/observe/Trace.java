package tamanoir.server.observe;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Who speaks in the log: a session, a delivery, the start of the server. Handed down as an argument, immutable.
///
/// One event a line: `smtpd/4711 connect client=unknown[127.0.0.1]`. Values with blanks are quoted, controls escaped,
/// so that nobody can write a second line into the log. Secrets and mail content never come here.
///
/// *info*: mail moved, someone logged in or was refused. *warn*: an operator should look. *error*: we broke a
/// promise. *debug*: the dialogue.
public final class Trace {
    static final String LOGGER = "tamanoir";
    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private final String subject;

    /// `service` is the kind of work (`smtpd`, `imap`, `queue`), `id` the session or queue id.
    public Trace(String service, String id) {
        this.subject = id.isEmpty() ? service : service + "/" + id;
    }

    public void info(String event, Object... keysAndValues) {
        say(Level.INFO, event, keysAndValues);
    }

    public void warn(String event, Object... keysAndValues) {
        say(Level.WARN, event, keysAndValues);
    }

    public void error(String event, Object... keysAndValues) {
        say(Level.ERROR, event, keysAndValues);
    }

    public void debug(String event, Object... keysAndValues) {
        if (LOG.isDebugEnabled()) {
            say(Level.DEBUG, event, keysAndValues);
        }
    }

    /// Something that cannot happen did: logged with its stack.
    public void bug(Throwable bug) {
        LOG.error("{} bug", subject, bug);
    }

    public boolean isDebug() {
        return LOG.isDebugEnabled();
    }

    private void say(Level level, String event, Object... keysAndValues) {
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        StringBuilder line = new StringBuilder(subject).append(' ').append(event);
        for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
            line.append(' ').append(keysAndValues[i]).append('=');
            appendValue(line, String.valueOf(keysAndValues[i + 1]));
        }
        // Not LOG.atLevel(level): its builder costs more than the line, and there are three lines a message.
        switch (level) {
            case ERROR -> LOG.error(line.toString());
            case WARN -> LOG.warn(line.toString());
            case INFO -> LOG.info(line.toString());
            case DEBUG, TRACE -> LOG.debug(line.toString());
        }
    }

    static void appendValue(StringBuilder line, String value) {
        boolean quote = value.isEmpty() || value.indexOf(' ') >= 0 || value.indexOf('"') >= 0;
        if (quote) {
            line.append('"');
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        if (quote) {
            line.append('"');
        }
    }
}
