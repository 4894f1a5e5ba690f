package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.smtp.Release;
import tamanoir.mail.smtp.Xtext;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.jmap.SetError;
import tamanoir.server.queue.QueueId;

/// The envelope of a message to be sent, as the client gave it or as the header says (RFC 8621 §7). Immutable.
///
/// @param given whether the client gave it
record Outgoing(Sender sender, List<Rcpt> recipients, boolean given) {
    /// Addresses are as the client wrote them: whether they are any is found out later, one by one.
    record Sender(String email, Return returned, Optional<String> envelopeId, Release release, Json parameters) {}

    record Rcpt(String email, Set<Notify> notifications, Optional<String> originalRecipient, Json parameters) {}

    Outgoing {
        recipients = List.copyOf(recipients);
    }

    // ---- from the header -------------------------------------------------------------------------------------

    /// RFC 8621 §7: the sender is that of Sender, else of From; the recipients are those of To, Cc and Bcc,
    /// each once.
    static Outgoing of(HeaderFields header) {
        List<AddressList.Mailbox> senders = mailboxes(header, "Sender");
        if (senders.size() != 1) {
            senders = mailboxes(header, "From");
        }
        Map<String, Rcpt> recipients = new LinkedHashMap<>();
        for (String name : List.of("To", "Cc", "Bcc")) {
            for (AddressList.Mailbox mailbox : mailboxes(header, name)) {
                recipients.putIfAbsent(
                        mailbox.address().toLowerCase(Locale.ROOT),
                        new Rcpt(mailbox.address(), Set.of(), Optional.empty(), Json.NULL));
            }
        }
        String email = senders.isEmpty() ? "" : senders.getFirst().address();
        return new Outgoing(
                new Sender(email, Return.UNSPECIFIED, Optional.empty(), new Release.Now(), Json.NULL),
                List.copyOf(recipients.values()),
                false);
    }

    static List<AddressList.Mailbox> mailboxes(HeaderFields header, String name) {
        List<AddressList.Mailbox> all = new ArrayList<>();
        for (HeaderField field : header.all(name)) {
            all.addAll(AddressList.parse(field.value()).mailboxes());
        }
        return all;
    }

    // ---- from the client -------------------------------------------------------------------------------------

    /// @throws SetError when it is no Envelope
    static Outgoing of(Json.Obj envelope) {
        Given given = new Given(envelope).onlyOf(Set.of("mailFrom", "rcptTo"));
        Json.Obj mailFrom = given.object("mailFrom").orElseThrow(() -> wrong("it has no mailFrom"));
        List<Json.Obj> rcptTo = given.objects("rcptTo").orElseThrow(() -> wrong("it has no rcptTo"));
        List<Rcpt> recipients = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Json.Obj one : rcptTo) {
            Rcpt rcpt = rcpt(one);
            if (seen.add(rcpt.email().toLowerCase(Locale.ROOT))) {
                recipients.add(rcpt);
            }
        }
        return new Outgoing(sender(mailFrom), recipients, true);
    }

    private static SetError wrong(String why) {
        return SetError.invalidProperties("this envelope cannot be: " + why, "envelope");
    }

    private static String email(Json.Obj address) {
        if (address.get("email").orElse(Json.NULL) instanceof Json.Text(String text)) {
            return text;
        }
        throw wrong("an address has no email");
    }

    /// The names of parameters are those of SMTP, in any case; a value of null is a parameter without value.
    private static Map<String, Optional<String>> parameters(Json.Obj address) {
        return switch (address.get("parameters").orElse(Json.NULL)) {
            case Json.Null _ -> Map.of();
            case Json.Obj(Map<String, Json> members) -> {
                Map<String, Optional<String>> parameters = new LinkedHashMap<>();
                members.forEach((name, value) -> {
                    Optional<String> text = switch (value) {
                        case Json.Null _ -> Optional.empty();
                        case Json.Text(String given) -> Optional.of(given);
                        // RFC 8621 §7 wants a string; clients write HOLDFOR as what it is.
                        case Json.Int(long number) -> Optional.of(Long.toString(number));
                        case Json.Bool _, Json.Real _, Json.Arr _, Json.Obj _ ->
                            throw wrong("the parameter " + name + " is no string");
                    };
                    if (parameters.put(name.toUpperCase(Locale.ROOT), text) != null) {
                        throw wrong("the parameter " + name + " is there twice");
                    }
                });
                yield parameters;
            }
            case Json.Bool _, Json.Int _, Json.Real _, Json.Text _, Json.Arr _ ->
                throw wrong("parameters are no object");
        };
    }

    private static Sender sender(Json.Obj mailFrom) {
        Return returned = Return.UNSPECIFIED;
        Optional<String> envelopeId = Optional.empty();
        Release release = new Release.Now();
        for (Map.Entry<String, Optional<String>> parameter :
                parameters(mailFrom).entrySet()) {
            String value = parameter.getValue().orElse("");
            switch (parameter.getKey()) {
                case "HOLDFOR", "HOLDUNTIL" -> {
                    if (!release.equals(new Release.Now())) {
                        throw wrong("HOLDFOR and HOLDUNTIL exclude each other"); // RFC 4865 §4
                    }
                    release = release(parameter.getKey(), value);
                }
                case "RET" ->
                    returned = switch (value.toUpperCase(Locale.ROOT)) {
                        case "FULL" -> Return.FULL;
                        case "HDRS" -> Return.HEADERS;
                        default -> throw wrong("RET is FULL or HDRS");
                    };
                case "ENVID" -> envelopeId = Optional.of(Xtext.encode(value));
                // The server knows these better: it has the message.
                case "SIZE", "BODY", "SMTPUTF8" -> {}
                default -> throw wrong("the parameter " + parameter.getKey() + " is not supported");
            }
        }
        return new Sender(
                email(mailFrom),
                returned,
                envelopeId,
                release,
                mailFrom.get("parameters").orElse(Json.NULL));
    }

    private static Release release(String name, String value) {
        try {
            return name.equals("HOLDFOR") ? Release.holdFor(value) : Release.holdUntil(value);
        } catch (BadSyntax e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Rcpt rcpt(Json.Obj rcptTo) {
        Set<Notify> notifications = EnumSet.noneOf(Notify.class);
        Optional<String> original = Optional.empty();
        for (Map.Entry<String, Optional<String>> parameter : parameters(rcptTo).entrySet()) {
            String value = parameter.getValue().orElse("");
            switch (parameter.getKey()) {
                case "NOTIFY" -> {
                    for (String word : value.toUpperCase(Locale.ROOT).split(",", -1)) {
                        notifications.add(
                                switch (word.strip()) {
                                    case "NEVER" -> Notify.NEVER;
                                    case "SUCCESS" -> Notify.SUCCESS;
                                    case "FAILURE" -> Notify.FAILURE;
                                    case "DELAY" -> Notify.DELAY;
                                    default -> throw wrong("NOTIFY is NEVER, or some of SUCCESS,FAILURE,DELAY");
                                });
                    }
                    if (notifications.contains(Notify.NEVER) && notifications.size() > 1) {
                        throw wrong("NOTIFY=NEVER stands alone"); // RFC 3461 §4.1
                    }
                }
                case "ORCPT" -> {
                    int type = value.indexOf(';');
                    if (type <= 0 || value.length() > 400) {
                        throw wrong("ORCPT is type;address"); // RFC 3461 §4.2
                    }
                    original = Optional.of(value.substring(0, type + 1) + Xtext.encode(value.substring(type + 1)));
                }
                default -> throw wrong("the parameter " + parameter.getKey() + " is not supported");
            }
        }
        return new Rcpt(
                email(rcptTo), notifications, original, rcptTo.get("parameters").orElse(Json.NULL));
    }

    // ---- to the client, and onto the message -----------------------------------------------------------------

    Json.Obj asJson() {
        List<Json> rcptTo = new ArrayList<>();
        recipients.forEach(rcpt -> rcptTo.add(address(rcpt.email(), rcpt.parameters())));
        return Json.object()
                .put("mailFrom", address(sender.email(), sender.parameters()))
                .put("rcptTo", rcptTo)
                .build();
    }

    private static Json.Obj address(String email, Json parameters) {
        return Json.object().put("email", email).put("parameters", parameters).build();
    }

    /// RFC 5321 §4.4, for mail that came over no SMTP; it does not tell where its sender sat.
    static Octets received(WayOut way, QueueId id, Optional<Address> only, Instant now) {
        return Octets.of("Received: by " + way.hostname() + " (" + way.mailName() + ", by JMAP)\r\n\tid " + id
                + only.map(to -> "\r\n\tfor <" + to + ">").orElse("")
                + "; " + DateTimes.format(now.atZone(ZoneId.systemDefault()).toOffsetDateTime()) + "\r\n");
    }
}
