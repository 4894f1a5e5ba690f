package tamanoir.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Path;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Cidr;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Link;
import tamanoir.server.policy.Policy;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.ReverseNames;
import tamanoir.server.policy.Step;
import tamanoir.server.policy.Verdict;
import tamanoir.server.smtp.Reception;
import tamanoir.server.smtp.SmtpSettings.Kind;

/// What would become of a mail, and why: the lists, tables and DNS of the moment are asked as for a real
/// client, but nothing is remembered and no policy service is troubled.
public final class Explaining {
    private static final Reply LOGIN_FIRST = Reply.of(530, "5.7.0", "Authentication required");

    private final Config config;
    private final Dns dns;
    private final Reception reception;

    /// What is asked. `reverseName` is empty for what the DNS says, `unknown` for none; `sender` is empty
    /// for the null sender; `login` is empty for a stranger.
    public record Asked(
            String client,
            String reverseName,
            String helo,
            String sender,
            String recipient,
            String service,
            String login,
            boolean tls) {}

    /// What came of it.
    public record Told(Client client, List<Step> steps, Verdict verdict) {
        public Told {
            steps = List.copyOf(steps);
        }
    }

    /// @throws BadSyntax when the configuration says something that cannot be
    public Explaining(Office office) {
        this.config = office.config();
        Enquiry enquiry = Enquiry.of(office);
        this.dns = enquiry.dns();
        this.reception = enquiry.reception();
    }

    /// @throws BadSyntax when an address is none
    public Told told(Asked asked) {
        Client client = client(asked);
        boolean submission = asked.service.startsWith("submission");
        if (submission && asked.login.isEmpty()) {
            Step step = new Step(
                    0,
                    "",
                    "the service " + asked.service,
                    "",
                    "reject",
                    "nobody sends without signing in (RFC 6409 §4.3)",
                    LOGIN_FIRST.toString());
            return new Told(client, List.of(step), new Verdict.Refuse(LOGIN_FIRST, "not signed in"));
        }
        List<Step> steps = new ArrayList<>();
        if (asked.service.equals("smtp")) {
            steps.addAll(reception.postscreen(asked.service, Kind.MX).explain(client.address()));
        }
        Policy.Explained explained = reception.policy(asked.service).explain(question(asked, client));
        steps.addAll(explained.steps());
        return new Told(client, steps, explained.verdict());
    }

    private Question question(Asked asked, Client client) {
        Path sender = asked.sender.isEmpty() ? Path.NULL : path(asked.sender);
        Path recipient = path(asked.recipient);
        Question question = Question.of(client).withLink(Link.at(new InetSocketAddress(client.address(), 25)));
        if (asked.tls) {
            question = question.withTls();
        }
        question = question.withGreeting("ESMTP", asked.helo);
        if (!asked.login.isEmpty()) {
            question = question.withLogin(asked.login, "PLAIN");
        }
        ReversePath from = sender instanceof Path.Null ? ReversePath.NULL : ReversePath.of(completed(sender));
        Address to = switch (recipient) {
            case Path.Bare bare -> reception.oldRoutes().bare(bare.localPart());
            case Path.Whole whole -> reception.oldRoutes().resolved(whole.address());
            case Path.Null _ -> throw new BadSyntax("a recipient is needed");
        };
        return question.withSender(sender, from, 0).withRecipient(recipient, to, 1, false);
    }

    private static Path path(String text) {
        return text.indexOf('@') < 0 ? new Path.Bare(text) : new Path.Whole(Address.of(text));
    }

    private Address completed(Path path) {
        return switch (path) {
            case Path.Whole whole -> whole.address();
            case Path.Bare bare -> new Address(bare.localPart(), Domain.of(config.get(CleanupParameters.MYORIGIN)));
            case Path.Null _ -> throw new BadSyntax("a recipient is needed");
        };
    }

    private Client client(Asked asked) {
        InetAddress address = Cidr.literal(asked.client)
                .orElseThrow(() -> new BadSyntax("\"" + asked.client + "\" is no IP address"));
        if (asked.reverseName.isEmpty()) {
            return new ReverseNames(dns).of(new InetSocketAddress(address, 0));
        }
        if (asked.reverseName.equals(Client.UNKNOWN)) {
            return Client.nameless(address, 0);
        }
        boolean leadsBack = dns.addresses(asked.reverseName).recordsOrNone().contains(address);
        return new Client(address, 0, leadsBack ? asked.reverseName : Client.UNKNOWN, asked.reverseName, false);
    }

    /// The services that can be asked about.
    public static List<String> services() {
        return List.of("smtp", "submission", "submissions", "lmtp");
    }
}
