package tamanoir.server.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Pop3Parameters;

/// Tells mail programs where mail is read and sent, in the form that Thunderbird began and most others ask for.
final class Autoconfig {
    static final Set<String> PATHS = Set.of("/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml");

    private static final String PREFIX = "autoconfig.";

    /// Where the mail services listen.
    record Ports(
            String host,
            String domain,
            OptionalInt imaps,
            OptionalInt imap,
            OptionalInt pop3s,
            OptionalInt pop3,
            OptionalInt submissions,
            OptionalInt submission) {
        static Ports from(Config config) {
            return new Ports(
                    config.get(NetParameters.MYHOSTNAME),
                    config.get(NetParameters.MYDOMAIN),
                    config.port(ImapParameters.IMAPS_PORT),
                    config.port(ImapParameters.IMAP_PORT),
                    config.port(Pop3Parameters.POP3S_PORT),
                    config.port(Pop3Parameters.POP3_PORT),
                    config.port(NetParameters.SUBMISSIONS_PORT),
                    config.port(NetParameters.SUBMISSION_PORT));
        }
    }

    void serve(Exchange exchange, Ports ports) throws IOException {
        String domain = domain(exchange, ports);
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append("<clientConfig version=\"1.1\">\n")
                .append("  <emailProvider id=\"" + domain + "\">\n")
                .append("    <domain>" + domain + "</domain>\n")
                .append("    <displayName>" + domain + "</displayName>\n")
                .append("    <displayShortName>" + domain + "</displayShortName>\n");
        // The best way first: programs take the first that works.
        server(xml, "incomingServer", "imap", ports.host, ports.imaps, "SSL");
        server(xml, "incomingServer", "imap", ports.host, ports.imap, "STARTTLS");
        server(xml, "incomingServer", "pop3", ports.host, ports.pop3s, "SSL");
        server(xml, "incomingServer", "pop3", ports.host, ports.pop3, "STARTTLS");
        server(xml, "outgoingServer", "smtp", ports.host, ports.submissions, "SSL");
        server(xml, "outgoingServer", "smtp", ports.host, ports.submission, "STARTTLS");
        xml.append("  </emailProvider>\n</clientConfig>\n");
        exchange.answer(200, "text/xml; charset=utf-8", xml.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void server(
            StringBuilder xml, String element, String type, String host, OptionalInt port, String socket) {
        if (port.isEmpty()) {
            return;
        }
        xml.append("    <" + element + " type=\"" + type + "\">\n")
                .append("      <hostname>" + host + "</hostname>\n")
                .append("      <port>" + port.getAsInt() + "</port>\n")
                .append("      <socketType>" + socket + "</socketType>\n")
                .append("      <username>%EMAILADDRESS%</username>\n")
                .append("      <authentication>password-cleartext</authentication>\n")
                .append("    </" + element + ">\n");
    }

    /// Of the address that is being set up, else of the name that was asked; a valid domain, so it is safe in XML.
    private static String domain(Exchange exchange, Ports ports) {
        String address = exchange.query("emailaddress").orElse("");
        String host = exchange.host().toLowerCase(Locale.ROOT);
        try {
            if (address.indexOf('@') >= 0) {
                return Domain.of(address.substring(address.lastIndexOf('@') + 1))
                        .ascii();
            }
            return host.startsWith(PREFIX)
                    ? Domain.of(host.substring(PREFIX.length())).ascii()
                    : ports.domain;
        } catch (BadSyntax notADomain) {
            return ports.domain;
        }
    }
}
