package tamanoir.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.server.config.Setting.Place;

/// Values by which a Postfix set-up hands work to Dovecot or Cyrus: here that work is built in.
///
/// Such a value becomes the empty or default one, with a note, so that the file can stay as it is.
final class DovecotRoles {
    private static final Set<String> COMMANDS = Set.of("mailbox_command");
    private static final Set<String> TRANSPORTS =
            Set.of("virtual_transport", "mailbox_transport", "local_transport", "fallback_transport");

    private DovecotRoles() {}

    static String builtIn(Parameter<?> parameter, String text, Place place, List<Problem> problems) {
        String name = parameter.name();
        String low = text.toLowerCase(Locale.ROOT);
        boolean command = COMMANDS.contains(name) && (low.contains("dovecot") || low.contains("/deliver"));
        boolean transport = TRANSPORTS.contains(name) && isMailboxServer(low);
        if (command || transport) {
            problems.add(Problem.note(
                    place, name + " = " + text + ": the built-in delivery does this; Sieve and quota included"));
            return name.equals("virtual_transport") ? "virtual" : "";
        }
        if (COMMANDS.contains(name) && !text.isEmpty()) {
            problems.add(Problem.warning(
                    place,
                    name + " = " + text + ": this server runs no programs for deliveries; mail goes into its store"));
            return "";
        }
        if (name.equals("smtpd_sasl_type") && !text.isEmpty() && !place.equals(Place.NOWHERE)) {
            problems.add(Problem.note(place, name + " = " + text + ": the built-in accounts and mechanisms are used"));
        }
        return text;
    }

    private static boolean isMailboxServer(String text) {
        return text.equals("dovecot")
                || text.startsWith("dovecot:")
                || (text.startsWith("lmtp:") && (text.contains("dovecot") || text.contains("unix:")));
    }
}
