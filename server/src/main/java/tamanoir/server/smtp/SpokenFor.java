package tamanoir.server.smtp;

import java.net.InetAddress;
import java.util.Locale;
import tamanoir.mail.smtp.BadCommand;
import tamanoir.mail.smtp.Command;
import tamanoir.mail.smtp.Xtext;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Question;

/// For whom a trusted proxy speaks (XCLIENT_README).
final class SpokenFor {
    private SpokenFor() {}

    /// What is known once the attributes are believed.
    ///
    /// @throws BadCommand when one cannot be read
    static Question by(Command.XClient xclient, Question facts) {
        Client told = facts.client();
        Question next = facts;
        for (String pair : xclient.attributes().split(" +")) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new BadCommand(501, "5.5.4", "Error: attribute=value expected");
            }
            String value = Xtext.display(pair.substring(equals + 1));
            String known = value.startsWith("[") ? Client.UNKNOWN : value;
            switch (pair.substring(0, equals).toUpperCase(Locale.ROOT)) {
                case "NAME" ->
                    told = new Client(told.address(), told.port(), known, known, value.equals("[TEMPUNAVAIL]"));
                case "REVERSE_NAME" ->
                    told = new Client(told.address(), told.port(), told.name(), known, told.trouble());
                case "ADDR" -> told = new Client(literal(value), told.port(), told.name(), told.reverseName(), false);
                case "PORT", "DESTADDR", "DESTPORT" -> {}
                case "PROTO" -> next = next.withGreeting(value.equals("SMTP") ? "SMTP" : "ESMTP", next.helo());
                case "HELO" -> next = next.withGreeting(next.protocol(), value.startsWith("[") ? "" : value);
                case "LOGIN" -> next = next.withLogin(value.startsWith("[") ? "" : value);
                default -> throw new BadCommand(501, "5.5.4", "Error: unknown attribute");
            }
        }
        return next.withClient(told);
    }

    private static InetAddress literal(String text) {
        String address = text.regionMatches(true, 0, "IPV6:", 0, 5) ? text.substring(5) : text;
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw new BadCommand(501, "5.5.4", "Error: an IP address is expected");
        }
    }
}
