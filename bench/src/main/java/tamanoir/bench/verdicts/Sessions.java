package tamanoir.bench.verdicts;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the clients of the comparison say.
///
/// Each session names every recipient. One of client, HELO name and sender is odd at a time, and every other pair of
/// odd ones; where all three are odd, the first to refuse hides the others anyway.
final class Sessions {
    static final String SERVER = "198.51.100.1";
    static final String SERVER_SIX = "2001:db8:1::1";

    private static final List<String> CLIENTS = List.of(
            "192.0.2.10", // name leads there and back
            "192.0.2.11", // name leads elsewhere
            "192.0.2.12", // no name
            "192.0.2.13", // name cannot be found out
            "192.0.2.14", // listed
            "192.0.2.15", // a list errs about it
            "192.0.2.20", // a friend
            "2001:db8::10");
    private static final List<String> HELOS = List.of(
            "mail.good.example",
            "localhost",
            "example.com",
            "[192.0.2.10]",
            "192.0.2.10",
            "under_score.example",
            "-bad-.example.",
            "nowhere.nx.example",
            "host.servfail.example",
            "dynamic.good.example",
            "mail.listed.example");
    private static final List<String> SENDERS = List.of(
            "<someone@good.example>",
            "<>",
            "<user@listed.example>",
            "<anna@onlya.example>",
            "<bad@nomx.example>",
            "<x@nullmx.example>",
            "<x@badmx.example>",
            "<x@mxtrouble.example>",
            "<x@host.servfail.example>",
            "<x@nowhere.nx.example>",
            "<x@loopmx.example>",
            "<user001@example.com>",
            "<nosuch@example.com>",
            "<bare>",
            "<someone@short>",
            "<someone@[192.0.2.10]>",
            "<someone@elsewhere.example>",
            "<\"odd name\"@good.example>",
            "<someone@good.example> SIZE=1000 BODY=8BITMIME",
            "<late@good.example>");
    private static final List<String> RECIPIENTS = List.of(
            "<user001@example.com>",
            "<USER002@Example.COM>",
            "<user001+tag@example.com>",
            "<nosuch@example.com>",
            "<postmaster>",
            "<postmaster@example.com>",
            "<staff@example.com>",
            "<also@example.com>",
            "<bare>",
            "<user001@short>",
            "<other@elsewhere.example>",
            "<user%elsewhere.example@example.com>",
            "<elsewhere.example!user>",
            "<@example.com:user@elsewhere.example>",
            "<user001@[198.51.100.1]>",
            "<user001@[192.0.2.77]>",
            "<someone@relayed.example>",
            "<known@relayed.example>",
            "<any@sub.relayed.example>",
            "<any@other.relayed.example>",
            "<info@virtual.example>",
            "<nosuch@virtual.example>",
            "<anything@catch.example>",
            "<box@boxes.example>",
            "<nosuch@boxes.example>",
            "<x@nowhere.nx.example>",
            "<x@host.servfail.example>",
            "<x@nullmx.example>",
            "user001@example.com",
            "<user001@example.com",
            "<user001@@example.com>",
            "<>");

    private Sessions() {}

    /// By name.
    static Map<String, Conversation> all() {
        Map<String, Conversation> all = new LinkedHashMap<>();
        for (int c = 0; c < CLIENTS.size(); c++) {
            for (int h = 0; h < HELOS.size(); h++) {
                for (int s = 0; s < SENDERS.size(); s++) {
                    int odd = Math.min(c, 1) + Math.min(h, 1) + Math.min(s, 1);
                    if (odd <= 1 || (odd == 2 && (c + h + s) % 2 == 0)) {
                        add(all, CLIENTS.get(c), HELOS.get(h), SENDERS.get(s));
                    }
                }
            }
        }
        odd(all);
        return all;
    }

    private static void add(Map<String, Conversation> all, String client, String helo, String sender) {
        List<String> lines = new ArrayList<>(List.of("EHLO " + helo, "MAIL FROM:" + sender));
        RECIPIENTS.forEach(recipient -> lines.add("RCPT TO:" + recipient));
        lines.add("DATA");
        lines.add("QUIT");
        all.put(client + " " + helo + " " + sender, talk(client, lines));
    }

    private static Conversation talk(String client, List<String> lines) {
        return new Conversation(InetAddress.ofLiteral(client), lines);
    }

    /// Sessions that break the order or the form of commands.
    private static void odd(Map<String, Conversation> all) {
        String from = "MAIL FROM:<someone@good.example>";
        String to = "RCPT TO:<user001@example.com>";
        String[][] scripts = {
            {"nothing but mail", from, to, "DATA", "QUIT"},
            {"helo", "HELO mail.good.example", from, to, "DATA", "QUIT"},
            {"no name", "EHLO", "HELO", from, to},
            {"twice", "EHLO mail.good.example", from, from, to, "RSET", to, from, to, "DATA"},
            {"order", "EHLO mail.good.example", to, "DATA", from, "DATA", "RSET", "NOOP", "NOOP x y", "QUIT"},
            {
                "words",
                "EHLO mail.good.example",
                "HELP",
                "VRFY user001",
                "VRFY user001@example.com",
                "VRFY nosuch@example.com",
                "VRFY",
                "EXPN staff",
                "ETRN example.com",
                "TURN",
                "FOO bar",
                "GET / HTTP/1.1"
            },
            {
                "sizes",
                "EHLO mail.good.example",
                from + " SIZE=99999999999",
                from + " SIZE=x",
                from + " SIZE=-1",
                from + " SIZE=10",
                to,
                "DATA"
            },
            {
                "parameters",
                "EHLO mail.good.example",
                from + " FOO=BAR",
                from + " BODY=9BIT",
                from + " RET=ALL",
                to + " NOTIFY=NEVER",
                to + " NOTIFY=NEVER,DELAY",
                to + " ORCPT=rfc822;u+40example.com",
                to + " FOO=BAR"
            },
            {
                "syntax",
                "EHLO mail.good.example",
                "MAIL someone@good.example",
                "MAIL FROM",
                "MAIL FROM: <someone@good.example>",
                "RSET",
                "MAIL FROM:someone@good.example",
                "RSET",
                "MAIL FROM:<a b@good.example>",
                "MAIL FROM:<a@good.example>>",
                "RCPT",
                "RCPT TO:",
                "RCPT TO: <user001@example.com>",
                "RSET x",
                "DATA x"
            },
            {
                "all refused",
                "EHLO mail.good.example",
                "<<",
                from,
                "RCPT TO:<nosuch1@example.com>",
                "RCPT TO:<nosuch2@example.com>",
                "DATA",
                "RSET",
                "NOOP",
                ">>",
                "QUIT"
            },
            {"pipelined group", "EHLO mail.good.example", "<<", from, to, "DATA", ">>", "QUIT"},
            {
                "bounce to two",
                "EHLO mail.good.example",
                "MAIL FROM:<>",
                to,
                "RCPT TO:<user002@example.com>",
                "DATA",
                "QUIT"
            },
            {"late", "EHLO mail.good.example", "MAIL FROM:<late@good.example>", to, "DATA", "QUIT"},
            {
                "auth",
                "EHLO mail.good.example",
                "AUTH PLAIN AHVzZXIwMDEAc2VjcmV0",
                "AUTH",
                "AUTH FOO",
                from + " AUTH=<>",
                to
            },
            {"starttls", "EHLO mail.good.example", "STARTTLS x", from, "STARTTLS"},
            {
                "two messages",
                "EHLO mail.good.example",
                from,
                to,
                "DATA",
                from,
                to,
                "DATA",
                "EHLO again.good.example",
                from,
                to,
                "DATA",
                "QUIT"
            },
        };
        for (String client : List.of("192.0.2.10", "192.0.2.20")) {
            for (String[] script : scripts) {
                all.put(client + " " + script[0], talk(client, List.of(script).subList(1, script.length)));
            }
        }
    }
}
