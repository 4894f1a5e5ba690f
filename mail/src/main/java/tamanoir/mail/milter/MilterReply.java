package tamanoir.mail.milter;

import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// What a milter answers: one decision to each command that wants one, and before the decision about the end of a
/// message any number of changes.
public sealed interface MilterReply {
    /// The answer to the offer.
    record Negotiated(Negotiation answer) implements MilterReply {}

    // decisions

    record Continue() implements MilterReply {}

    record Accept() implements MilterReply {}

    record Reject() implements MilterReply {}

    record TryLater() implements MilterReply {}

    /// Say yes, deliver to nobody.
    record Discard() implements MilterReply {}

    /// An SMTP reply of the milter's own, perhaps of several lines.
    record SmtpReply(String text) implements MilterReply {}

    /// Close the client's connection.
    record Shutdown() implements MilterReply {}

    /// No more events of this kind for this message, please.
    record Skip() implements MilterReply {}

    /// The milter has lost what it talks to.
    record ConnectionFailure() implements MilterReply {}

    // neither

    /// Still at work: wait on.
    record Progress() implements MilterReply {}

    // changes

    record AddHeader(String name, String value) implements MilterReply {}

    /// `index` 0 is the place above everything, 1 the one below the field that this server added.
    record InsertHeader(int index, String name, String value) implements MilterReply {}

    /// The `index`th field of that name, from 1; an empty value takes it away.
    record ChangeHeader(int index, String name, String value) implements MilterReply {}

    record ChangeSender(String sender, String parameters) implements MilterReply {}

    record AddRecipient(String recipient, String parameters) implements MilterReply {}

    record DeleteRecipient(String recipient) implements MilterReply {}

    /// The first one begins a new body, further ones continue it.
    record ReplaceBody(Octets octets) implements MilterReply {}

    record Quarantine(String reason) implements MilterReply {}

    /// The whole packet, length and letter included.
    default Octets packet() {
        return switch (this) {
            case Negotiated(Negotiation answer) -> {
                Packet.Writer out = new Packet.Writer('O');
                answer.write(out);
                yield out.packet();
            }
            case Continue _ -> new Packet.Writer('c').packet();
            case Accept _ -> new Packet.Writer('a').packet();
            case Reject _ -> new Packet.Writer('r').packet();
            case TryLater _ -> new Packet.Writer('t').packet();
            case Discard _ -> new Packet.Writer('d').packet();
            case SmtpReply(String text) -> new Packet.Writer('y').text(text).packet();
            case Shutdown _ -> new Packet.Writer('4').packet();
            case Skip _ -> new Packet.Writer('s').packet();
            case ConnectionFailure _ -> new Packet.Writer('f').packet();
            case Progress _ -> new Packet.Writer('p').packet();
            case AddHeader(String name, String value) ->
                new Packet.Writer('h').text(name).text(value).packet();
            case InsertHeader(int index, String name, String value) ->
                new Packet.Writer('i').number(index).text(name).text(value).packet();
            case ChangeHeader(int index, String name, String value) ->
                new Packet.Writer('m').number(index).text(name).text(value).packet();
            case ChangeSender(String sender, String parameters) -> {
                Packet.Writer out = new Packet.Writer('e').text(sender);
                yield (parameters.isEmpty() ? out : out.text(parameters)).packet();
            }
            case AddRecipient(String recipient, String parameters) ->
                parameters.isEmpty()
                        ? new Packet.Writer('+').text(recipient).packet()
                        : new Packet.Writer('2')
                                .text(recipient)
                                .text(parameters)
                                .packet();
            case DeleteRecipient(String recipient) ->
                new Packet.Writer('-').text(recipient).packet();
            case ReplaceBody(Octets octets) ->
                new Packet.Writer('b').octets(octets).packet();
            case Quarantine(String reason) ->
                new Packet.Writer('q').text(reason).packet();
        };
    }

    /// Reads what stands behind the length of a packet.
    ///
    /// @throws BadSyntax when it is no reply
    static MilterReply of(Octets letterAndData) {
        Packet.Reader in = new Packet.Reader(letterAndData);
        char letter = in.letter();
        MilterReply reply = switch (letter) {
            case 'O' -> new Negotiated(Negotiation.read(in));
            case 'c' -> new Continue();
            case 'a' -> new Accept();
            case 'r' -> new Reject();
            case 't' -> new TryLater();
            case 'd' -> new Discard();
            case 'y' -> new SmtpReply(in.text());
            case '4' -> new Shutdown();
            case 's' -> new Skip();
            case 'f' -> new ConnectionFailure();
            case 'p' -> new Progress();
            case 'h' -> new AddHeader(name(in), in.text());
            case 'i' -> new InsertHeader(index(in), name(in), in.text());
            case 'm' -> new ChangeHeader(index(in), name(in), in.text());
            case 'e' -> new ChangeSender(in.text(), in.hasMore() ? in.text() : "");
            case '+' -> new AddRecipient(in.text(), "");
            case '2' -> new AddRecipient(in.text(), in.hasMore() ? in.text() : "");
            case '-' -> new DeleteRecipient(in.text());
            case 'b' -> new ReplaceBody(in.rest());
            case 'q' -> new Quarantine(in.text());
            default -> throw new BadSyntax("no reply begins with the octet " + (int) letter);
        };
        in.end();
        return reply;
    }

    private static int index(Packet.Reader in) {
        int index = in.number();
        if (index < 0) {
            throw new BadSyntax("the place " + index + " of a header field");
        }
        return index;
    }

    /// A field name (RFC 5322 §3.6.8); anything else would break the header that it is put into.
    private static String name(Packet.Reader in) {
        String name = in.text();
        boolean good = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            good &= c > ' ' && c < 127 && c != ':';
        }
        if (!good) {
            throw new BadSyntax("a header field with the name \"" + name + "\"");
        }
        return name;
    }
}
