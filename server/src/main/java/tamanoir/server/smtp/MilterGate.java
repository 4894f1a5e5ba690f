package tamanoir.server.smtp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Command;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.delivery.Destinations;
import tamanoir.server.filter.milter.MilterAnswer;
import tamanoir.server.filter.milter.MilterTalk;
import tamanoir.server.filter.milter.Milters;
import tamanoir.server.net.ClientCertificate;
import tamanoir.server.observe.Trace;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.Verdict;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.queue.QueueId;

/// Tells milters what happens in a session, in their words, and makes verdicts of their answers. Costs nothing where
/// there are none. Used by the session's thread, closed by the session.
final class MilterGate implements AutoCloseable {
    private final Milters milters;
    private final Destinations destinations;
    private final Trace trace;
    private MilterTalk talk;

    MilterGate(Milters milters, Destinations destinations, Trace trace) {
        this.milters = milters;
        this.destinations = destinations;
        this.trace = trace;
        this.talk = milters.nobody();
    }

    MilterTalk talk() {
        return talk;
    }

    /// A client has come, or XCLIENT has named another.
    Verdict connected(Question question) {
        talk.close();
        Client client = question.client();
        talk = milters.isEmpty() ? milters.nobody() : milters.talk(trace, client.address());
        return talk.isEmpty()
                ? Verdict.PASS
                : verdict(talk.connected(client.name(), client.address(), client.port(), values(question)));
    }

    Verdict greeted(Question question) {
        return talk.isEmpty() ? Verdict.PASS : verdict(talk.greeted(question.helo(), values(question)));
    }

    Verdict sender(Question question, Command.Mail mail, QueueId id) {
        if (talk.isEmpty()) {
            return Verdict.PASS;
        }
        Map<String, String> values = values(question);
        values.put("i", id.toString());
        values.put("mail_addr", question.from().toString());
        if (question.from() instanceof ReversePath.Sender(Address address)) {
            values.put("mail_mailer", mailer(address));
            values.put("mail_host", address.domain().ascii());
        }
        return verdict(talk.sender(arguments(question, mail), values));
    }

    Verdict recipient(Question question, Command.Rcpt rcpt, QueueId id) {
        if (talk.isEmpty()) {
            return Verdict.PASS;
        }
        Map<String, String> values = values(question);
        values.put("i", id.toString());
        question.to().ifPresent(address -> {
            values.put("rcpt_addr", address.toString());
            values.put("rcpt_mailer", mailer(address));
            values.put("rcpt_host", address.domain().ascii());
        });
        return verdict(talk.recipient(arguments(question, rcpt), values));
    }

    /// For milters that want to know of recipients that were refused already: why stands in the macros.
    void refused(Question question, Command.Rcpt rcpt, QueueId id, Reply reply) {
        if (!talk.isEmpty()) {
            Map<String, String> values = values(question);
            values.put("i", id.toString());
            values.put("rcpt_mailer", "error");
            values.put("rcpt_host", reply.status());
            values.put("rcpt_addr", String.join(" ", reply.lines()));
            talk.refusedRecipient(arguments(question, rcpt), values);
        }
    }

    Verdict data(Question question, QueueId id) {
        if (talk.isEmpty()) {
            return Verdict.PASS;
        }
        Map<String, String> values = values(question);
        values.put("i", id.toString());
        return verdict(talk.data(values));
    }

    Verdict unknown(Question question, String line) {
        return talk.isEmpty() ? Verdict.PASS : verdict(talk.unknown(line, values(question)));
    }

    void reset() {
        talk.reset();
    }

    @Override
    public void close() {
        talk.close();
    }

    private static Verdict verdict(MilterAnswer answer) {
        return switch (answer) {
            case MilterAnswer.Go _ -> Verdict.PASS;
            case MilterAnswer.Hold(String reason) -> new Verdict.Pass(List.of(new Effect.Hold(reason)));
            case MilterAnswer.Discard(String reason) -> new Verdict.Pass(List.of(new Effect.Discard(reason)));
            case MilterAnswer.Refuse(Reply reply, String reason) -> new Verdict.Refuse(reply, reason);
        };
    }

    private String mailer(Address address) {
        return switch (destinations.classOf(address.domain())) {
            case LOCAL -> "local";
            case VIRTUAL_ALIAS -> "error";
            case VIRTUAL_MAILBOX -> "virtual";
            case RELAY -> "relay";
            case DEFAULT -> "smtp";
        };
    }

    /// The macros of Postfix's MILTER_README that tell of a session.
    private static Map<String, String> values(Question question) {
        Map<String, String> values = new HashMap<>();
        Client client = question.client();
        values.put("_", client.name() + " [" + client.addressText() + "]");
        values.put("client_addr", client.addressText());
        values.put("client_name", client.name());
        values.put("client_port", Integer.toString(client.port()));
        values.put("client_ptr", client.reverseName());
        question.link().server().ifPresent(server -> {
            values.put("daemon_addr", server.getAddress().getHostAddress());
            values.put("daemon_port", Integer.toString(server.getPort()));
        });
        question.link().tls().ifPresent(tls -> {
            values.put("tls_version", tls.protocol());
            values.put("cipher", tls.cipher());
            values.put("cipher_bits", Integer.toString(tls.bits()));
            values.put("cert_subject", tls.clientCommonName().orElse(""));
            values.put(
                    "cert_issuer",
                    tls.clientCertificate()
                            .flatMap(ClientCertificate::issuerCommonName)
                            .orElse(""));
        });
        values.put("auth_type", question.authenticated() ? question.link().mechanism() : "");
        values.put("auth_authen", question.login());
        return values;
    }

    private static List<String> arguments(Question question, Command.Mail mail) {
        List<String> arguments = new ArrayList<>();
        arguments.add("<" + question.from() + ">");
        if (mail.size() > 0) {
            arguments.add("SIZE=" + mail.size());
        }
        if (mail.body() != BodyType.UNSPECIFIED) {
            arguments.add("BODY="
                    + switch (mail.body()) {
                        case SEVEN_BIT, UNSPECIFIED -> "7BIT";
                        case EIGHT_BIT_MIME -> "8BITMIME";
                        case BINARY_MIME -> "BINARYMIME";
                    });
        }
        if (mail.smtpUtf8()) {
            arguments.add("SMTPUTF8");
        }
        if (mail.returned() != Return.UNSPECIFIED) {
            arguments.add(mail.returned() == Return.FULL ? "RET=FULL" : "RET=HDRS");
        }
        mail.envelopeId().ifPresent(id -> arguments.add("ENVID=" + id));
        return arguments;
    }

    private static List<String> arguments(Question question, Command.Rcpt rcpt) {
        List<String> arguments = new ArrayList<>();
        arguments.add("<" + question.to().map(Address::toString).orElse("") + ">");
        if (!rcpt.notifications().isEmpty()) {
            arguments.add("NOTIFY="
                    + rcpt.notifications().stream()
                            .map(one -> one.name().toUpperCase(Locale.ROOT))
                            .sorted()
                            .collect(Collectors.joining(",")));
        }
        rcpt.originalRecipient().ifPresent(address -> arguments.add("ORCPT=" + address));
        return arguments;
    }
}
