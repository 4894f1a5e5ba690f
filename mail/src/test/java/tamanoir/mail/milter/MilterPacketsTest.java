package tamanoir.mail.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// The packets of the milter protocol, written and read back.
class MilterPacketsTest {
    private static final List<MilterCommand> COMMANDS = List.of(
            new MilterCommand.Negotiate(Negotiation.offer(6)),
            new MilterCommand.Macros('C', Map.of("j", "mail.example.com", "{daemon_name}", "x")),
            new MilterCommand.Connect("host.example.net", '4', 25, "192.0.2.1"),
            new MilterCommand.Connect("unknown", 'U', 0, ""),
            new MilterCommand.Helo("client.example"),
            new MilterCommand.Mail(List.of("<a@example.net>", "SIZE=5")),
            new MilterCommand.Rcpt(List.of("<b@example.com>")),
            new MilterCommand.Data(),
            new MilterCommand.Header(Octets.of("Subject"), Octets.of("h\u00e9llo\n there")),
            new MilterCommand.EndOfHeader(),
            new MilterCommand.Body(Octets.of("text\r\n\0\r\n")),
            new MilterCommand.EndOfBody(),
            new MilterCommand.Unknown("NONSENSE"),
            new MilterCommand.Abort(),
            new MilterCommand.QuitAndKeep(),
            new MilterCommand.Quit());

    static final List<MilterReply> REPLIES = List.of(
            new MilterReply.Negotiated(new Negotiation(6, 0x1FF, 0, Map.of(2, List.of("i", "{auth_authen}")))),
            new MilterReply.Continue(),
            new MilterReply.Accept(),
            new MilterReply.Reject(),
            new MilterReply.TryLater(),
            new MilterReply.Discard(),
            new MilterReply.SmtpReply("550 5.7.1 no"),
            new MilterReply.Shutdown(),
            new MilterReply.Skip(),
            new MilterReply.ConnectionFailure(),
            new MilterReply.Progress(),
            new MilterReply.AddHeader("X-A", "value"),
            new MilterReply.InsertHeader(1, "X-A", "va\n\tlue"),
            new MilterReply.ChangeHeader(2, "X-A", ""),
            new MilterReply.ChangeSender("<a@b.example>", ""),
            new MilterReply.ChangeSender("<a@b.example>", "RET=HDRS"),
            new MilterReply.AddRecipient("<a@b.example>", ""),
            new MilterReply.AddRecipient("<a@b.example>", "NOTIFY=NEVER"),
            new MilterReply.DeleteRecipient("<a@b.example>"),
            new MilterReply.ReplaceBody(Octets.of("new\r\n")),
            new MilterReply.Quarantine("why"));

    private static Octets withoutLength(Octets packet) {
        int length = packet.at(0) << 24 | packet.at(1) << 16 | packet.at(2) << 8 | packet.at(3);
        assertThat(length).isEqualTo(packet.length() - 4);
        return packet.from(4);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        COMMANDS.forEach(command ->
                assertThat(MilterCommand.of(withoutLength(command.packet()))).isEqualTo(command));
        REPLIES.forEach(reply ->
                assertThat(MilterReply.of(withoutLength(reply.packet()))).isEqualTo(reply));
    }

    @Test
    void aNulInATextCannotEndItEarly() {
        assertThat(withoutLength(new MilterCommand.Helo("a\0b").packet())).isEqualTo(Octets.of("Ha b\0"));
    }

    @Test
    void whatIsCutShortOrTooLongIsRefused() {
        List<String> wrong = new ArrayList<>(
                List.of("", "?", "cx", "hX-A", "hX-A\0", "h\0v\0", "hX A\0v\0", "i\0\0", "y550", "O\0\0"));
        for (String packet : wrong) {
            assertThatThrownBy(() -> MilterReply.of(Octets.latin1(packet)))
                    .as(packet)
                    .isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void aMilterMayNotAskForWhatWasNotOffered() {
        Negotiation offer = Negotiation.offer(6);
        assertThat(new Negotiation(2, 1, Negotiation.NO_BODY, Map.of())
                        .accepted(offer)
                        .version())
                .isEqualTo(2);
        for (Negotiation wrong : List.of(
                new Negotiation(7, 0, 0, Map.of()),
                new Negotiation(1, 0, 0, Map.of()),
                new Negotiation(6, 0x10000, 0, Map.of()),
                new Negotiation(6, 0, 0x40000000, Map.of()))) {
            assertThatThrownBy(() -> wrong.accepted(offer)).isInstanceOf(BadSyntax.class);
        }
        assertThatThrownBy(() -> new Negotiation(2, 0, Negotiation.SKIP, Map.of()).accepted(Negotiation.offer(2)))
                .isInstanceOf(BadSyntax.class);
    }

    @Test
    void anyOctetsAreAReplyOrBadSyntax() {
        long seed = Long.getLong("tamanoir.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = withoutLength(
                            REPLIES.get(random.nextInt(REPLIES.size())).packet())
                    .toByteArray();
            for (int change = random.nextInt(4); change > 0; change--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
            }
            MilterFuzzTest.check(packet, "seed " + seed);
        }
    }
}
