package tamanoir.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

class CommandParserTest {
    private static Command parse(String line) {
        return CommandParser.parse(Octets.of(line));
    }

    private static Command.Mail mail(String line) {
        return (Command.Mail) parse(line);
    }

    private static int codeOf(String line) {
        try {
            parse(line);
            return 0;
        } catch (BadCommand e) {
            return e.reply().code();
        }
    }

    /// B03: RFC 5321 §4.1.1.2, §4.1.1.3, appendix C.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM: <a@example.net>",
                "MAIL FROM:<a@example.net> ",
                "mail from:a@example.net",
                "MAIL FROM:<@relay.example.net:a@example.net>",
                "MAIL FROM:<a@example.net>"
            })
    void sloppyButClearPathsAreTaken(String line) {
        assertThat(mail(line).sender()).isEqualTo(new Path.Whole(Address.of("a@example.net")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM:<a@example.net",
                "MAIL FROM:<a@example.net>>",
                "MAIL FROM:<a b@example.net>",
                "MAIL FROM:",
                "MAIL FROM a@example.net",
                "MAIL",
                "RCPT TO:<>",
                "RCPT TO:<a@@example.net>",
                "RCPT TO:<\"a@example.net>",
                "RCPT TO:<a@example..net>",
                "RSET now",
                "DATA x",
                "HELO",
                "BDAT",
                "BDAT -1",
                "BDAT 99999999999999999999",
                "BDAT 5 FIRST"
            })
    void whatCouldBeMisunderstoodIsRefused(String line) {
        assertThat(codeOf(line)).isEqualTo(501);
    }

    @Test
    void deviationsAreNamed() {
        assertThat(mail("MAIL FROM:<a@example.net>").deviations()).isEmpty();
        assertThat(mail("MAIL FROM: a@example.net").deviations())
                .containsExactlyInAnyOrder(Deviation.SPACE_AFTER_COLON, Deviation.NO_ANGLE_BRACKETS);
        assertThat(mail("MAIL FROM:<@r.example:a@example.net>").deviations()).containsExactly(Deviation.SOURCE_ROUTE);
    }

    @Test
    void pathsMayBeNullBareQuotedOrInternational() {
        assertThat(mail("MAIL FROM:<>").sender()).isEqualTo(Path.NULL);
        assertThat(((Command.Rcpt) parse("RCPT TO:<Postmaster>")).recipient()).isEqualTo(new Path.Bare("Postmaster"));
        assertThat(mail("MAIL FROM:<\"a > b\"@example.net> SIZE=1").sender())
                .isEqualTo(new Path.Whole(
                        new Address("a > b", Address.of("x@example.net").domain())));
        assertThat(mail("MAIL FROM:<us\u00e9r@b\u00fccher.example> SMTPUTF8").sender())
                .isEqualTo(new Path.Whole(Address.of("us\u00e9r@xn--bcher-kva.example")));
    }

    /// RFC 1870 §4, RFC 6152 §2, RFC 3461 §4, RFC 4954 §5, RFC 6531 §3.4, RFC 8689 §2.
    @Test
    void parametersAreRead() {
        Command.Mail mail = mail(
                "MAIL FROM:<a@example.net> size=1000 BODY=8bitmime SMTPUTF8 RET=HDRS ENVID=q+2B1 AUTH=<> REQUIRETLS");
        assertThat(mail)
                .isEqualTo(new Command.Mail(
                        new Path.Whole(Address.of("a@example.net")),
                        1000,
                        BodyType.EIGHT_BIT_MIME,
                        true,
                        Return.HEADERS,
                        Optional.of("q+2B1"),
                        Optional.of("<>"),
                        true,
                        Set.of()));
        Command.Rcpt rcpt =
                (Command.Rcpt) parse("RCPT TO:<b@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b+2Bx@example.com");
        assertThat(rcpt.notifications()).containsExactlyInAnyOrder(Notify.SUCCESS, Notify.FAILURE);
        assertThat(rcpt.originalRecipient()).contains("rfc822;b+2Bx@example.com");
    }

    @Test
    void parametersThatAreUnknownOrWrongHaveTheirOwnReplies() {
        assertThat(codeOf("MAIL FROM:<a@example.net> COLOUR=red")).isEqualTo(555); // RFC 5321 §4.1.1.11
        assertThat(codeOf("MAIL FROM:<a@example.net> SIZE=12x")).isEqualTo(501);
        assertThat(codeOf("MAIL FROM:<a@example.net> BODY=9BIT")).isEqualTo(501);
        assertThat(codeOf("RCPT TO:<a@example.net> NOTIFY=NEVER,DELAY")).isEqualTo(501); // RFC 3461 §4.1
        assertThat(codeOf("RCPT TO:<a@example.net> ORCPT=nothing")).isEqualTo(501);
        assertThat(mail("MAIL FROM:<a@example.net> SIZE=99999999999999999999").size())
                .isEqualTo(Long.MAX_VALUE);
    }

    /// B07: RFC 3461 §4: hidden newlines stay hidden, broken xtext is refused.
    @Test
    void xtextStaysEncoded() {
        Command.Mail mail = mail("MAIL FROM:<a@example.com> AUTH=x+0Ainjected:+201 ENVID=e+0D+0Aqueue-line");
        assertThat(mail.envelopeId()).contains("e+0D+0Aqueue-line");
        assertThat(mail.auth()).contains("x+0Ainjected:+201");
        assertThat(Xtext.display("e+0D+0Aqueue-line")).isEqualTo("e??queue-line");
        for (String broken : new String[] {"a+", "a+G1", "a+0", "a=b", ""}) {
            assertThatThrownBy(() -> parse("MAIL FROM:<a@example.com> ENVID=" + broken))
                    .as(broken)
                    .isInstanceOfSatisfying(
                            BadCommand.class,
                            e -> assertThat(e.reply().toString()).startsWith("501 5.5.4"));
        }
        assertThat(codeOf("RCPT TO:<user001@example.com> ORCPT=rfc822;u+0D+0AX-Evil:+201"))
                .isZero();
        assertThat(Xtext.display(Xtext.encode("a b+c=d\u00e9"))).isEqualTo("a b+c=d\u00e9");
    }

    /// B04: RFC 5321 §4.1.3, §4.1.4: the name serves the log.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[IPV6:2001:db8::1]",
                "[IPv6:2001:db8::]",
                "[2001:db8::19]",
                "[192.0.2.1]",
                "pc-.local",
                "my_pc",
                "7kO2OrE",
                "host.example.net."
            })
    void namesOfRealClientsAreTaken(String name) {
        assertThat(parse("EHLO " + name)).isEqualTo(new Command.Ehlo(name));
    }

    @Test
    void emptyLongAndControlNamesAreRefused() {
        assertThat(codeOf("EHLO")).isEqualTo(501);
        assertThat(codeOf("EHLO " + "a".repeat(300))).isEqualTo(501);
        assertThat(codeOf("EHLO a\0b")).isEqualTo(501);
    }

    @Test
    void otherCommands() {
        assertThat(parse("bdat 5 last")).isEqualTo(new Command.Bdat(5, true));
        assertThat(parse("AUTH plain AGEAYg==")).isEqualTo(new Command.Auth("PLAIN", Optional.of("AGEAYg==")));
        assertThat(parse("NOOP whatever")).isEqualTo(new Command.Noop());
        assertThat(parse("X-UNKNOWN a")).isInstanceOf(Command.Unknown.class);
        assertThat(codeOf("")).isEqualTo(500);
    }

    @FuzzTest(maxDuration = "20s")
    void noLineThrowsAnythingButBadSyntax(byte[] line) {
        try {
            CommandParser.parse(Octets.of(line)).verb();
        } catch (BadSyntax e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
