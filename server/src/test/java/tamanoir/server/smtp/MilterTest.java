package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.milter.MilterCommand;
import tamanoir.mail.milter.MilterReply;
import tamanoir.mail.milter.Negotiation;
import tamanoir.mail.text.Octets;
import tamanoir.server.queue.Queue;
import tamanoir.server.testkit.FakeMilter;

/// Sessions with milters behind them: each step, each answer, each change (MILTER_README).
class MilterTest {
    private static final String TO = "user001@example.com";
    private static final String OTHER = "user002@example.com";
    private static final String MESSAGE =
            "From: a@example.net\r\nSubject: one\r\n two\r\nX-Twice: a\r\nX-Twice: b\r\n\r\nbody\r\n.dot\r\n";

    @TempDir
    Path home;

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1]);
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account(TO);
        up.account(OTHER);
        return up;
    }

    private static List<MilterCommand> without(List<MilterCommand> heard) {
        return heard.stream()
                .filter(command -> !(command instanceof MilterCommand.Macros))
                .toList();
    }

    @Test
    void aMilterHearsTheSessionInOrder() throws IOException {
        try (FakeMilter milter = new FakeMilter();
                MailOnLoopback up = server("smtpd_milters", milter.endpoint())) {
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.say("NONSENSE x")).startsWith("500 5.5.2");
                assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250 2.0.0");
                client.say("QUIT");
            }
            List<MilterCommand> heard = without(milter.heard());
            assertThat(heard.get(1)).isInstanceOf(MilterCommand.Connect.class);
            assertThat(((MilterCommand.Connect) heard.get(1)).address()).isEqualTo("127.0.0.1");
            assertThat(heard.get(2)).isEqualTo(new MilterCommand.Helo("client.example"));
            assertThat(heard.get(3)).isEqualTo(new MilterCommand.Unknown("NONSENSE x"));
            assertThat(heard.get(4)).isEqualTo(new MilterCommand.Mail(List.of("<a@example.net>")));
            assertThat(heard.get(5)).isEqualTo(new MilterCommand.Rcpt(List.of("<" + TO + ">")));
            assertThat(heard.get(6)).isEqualTo(new MilterCommand.Data());
            // Our own Received is not shown; folds go as a line feed.
            assertThat(heard.get(7)).isEqualTo(new MilterCommand.Header(Octets.of("From"), Octets.of("a@example.net")));
            assertThat(heard.get(8)).isEqualTo(new MilterCommand.Header(Octets.of("Subject"), Octets.of("one\n two")));
            assertThat(heard.get(11)).isEqualTo(new MilterCommand.EndOfHeader());
            assertThat(heard.get(12)).isEqualTo(new MilterCommand.Body(Octets.of("body\r\n.dot\r\n")));
            assertThat(heard.get(13)).isEqualTo(new MilterCommand.EndOfBody());
            assertThat(milter.macros('C'))
                    .containsEntry("j", "mail.example.com")
                    .containsKeys("{daemon_addr}", "v", "_");
            assertThat(milter.macros('M'))
                    .containsEntry("{mail_addr}", "a@example.net")
                    .containsKey("i");
            assertThat(milter.macros('R'))
                    .containsEntry("{rcpt_addr}", TO)
                    .containsEntry("{rcpt_mailer}", "local")
                    .containsEntry("{rcpt_host}", "example.com");
            assertThat(milter.macros('E').get("i")).isEqualTo(milter.macros('M').get("i"));
        }
    }

    @Test
    void aMilterRefusesAtEachStage() throws IOException {
        MilterReply no = new MilterReply.SmtpReply("550 5.7.9 not today, 100%%");
        Map<Character, String> expected = Map.of(
                'M', "550 5.7.9 not today, 100%",
                'R', "550 5.7.9 not today, 100%",
                'T', "550 5.7.9 not today, 100%",
                'L', "550 5.7.9 not today, 100%",
                'N', "550 5.7.9 not today, 100%",
                'B', "550 5.7.9 not today, 100%",
                'E', "550 5.7.9 not today, 100%");
        for (char letter : expected.keySet()) {
            try (FakeMilter milter = new FakeMilter().answers(letter, no);
                    MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                    SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, TO))
                        .as("at " + letter)
                        .isEqualTo(expected.get(letter));
                assertThat(up.inbox(TO)).isEmpty();
                client.say("RSET");
                milter.answers(letter, new MilterReply.Continue());
                assertThat(client.mail("a@example.net", MESSAGE, TO))
                        .as("after " + letter)
                        .startsWith("250");
                assertThat(up.inbox(TO)).hasSize(1);
            }
        }
    }

    @Test
    void anUnknownCommandMayBeAnsweredByAMilter() throws IOException {
        try (FakeMilter milter =
                        new FakeMilter().answers('U', new MilterReply.SmtpReply("502 5.5.1 never heard of it"));
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("NONSENSE")).isEqualTo("502 5.5.1 never heard of it");
        }
    }

    @Test
    void aRefusalAtConnectPersists() throws IOException {
        try (FakeMilter milter = new FakeMilter().answers('C', new MilterReply.Reject());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            assertThat(client.greeting).isEqualTo("554 mail.example.com ESMTP not accepting connections");
            assertThat(client.say("EHLO client.example")).isEqualTo("250-mail.example.com\n250 ENHANCEDSTATUSCODES");
            assertThat(client.say("MAIL FROM:<a@example.net>")).isEqualTo("550 5.7.1 Command rejected");
        }
    }

    @Test
    void aRefusalForNowAtConnectGreetsAndPersists() throws IOException {
        try (FakeMilter milter = new FakeMilter().answers('C', new MilterReply.TryLater());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            assertThat(client.greeting).startsWith("220 ");
            assertThat(client.say("EHLO client.example")).startsWith("250");
            assertThat(client.say("MAIL FROM:<a@example.net>"))
                    .isEqualTo("451 4.7.1 Service unavailable - try again later");
        }
    }

    @Test
    void aRefusalAtHeloIsAnsweredWith250AndPersists() throws IOException {
        try (FakeMilter milter = new FakeMilter().answers('H', new MilterReply.Reject());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("HELO client.example")).isEqualTo("250 mail.example.com");
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("550 5.7.1");
        }
    }

    @Test
    void shutdownClosesTheSession() throws IOException {
        try (FakeMilter milter = new FakeMilter().answers('M', new MilterReply.Shutdown());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.say("MAIL FROM:<a@example.net>")).isEqualTo("421 4.7.0 Server closing connection");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void acceptAtConnectEndsTheInterestInTheSessionAndAtMailInTheMessage() throws IOException {
        try (FakeMilter first = new FakeMilter().answers('C', new MilterReply.Accept());
                FakeMilter second = new FakeMilter().answers('M', new MilterReply.Accept());
                MailOnLoopback up = server("smtpd_milters", first.endpoint() + ", " + second.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250");
            second.answers('M', new MilterReply.Reject());
            assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("550");
            assertThat(first.letters()).isEqualTo("ODC");
            assertThat(second.letters()).startsWith("ODCDHDMADM");
        }
    }

    @Test
    void discardSaysYesAndDeliversToNobody() throws IOException {
        for (char letter : new char[] {'R', 'E'}) {
            try (FakeMilter milter = new FakeMilter().answers(letter, new MilterReply.Discard());
                    MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                    SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, TO))
                        .as("at " + letter)
                        .startsWith("250 2.0.0");
                assertThat(up.inbox(TO)).isEmpty();
            }
        }
    }

    @Test
    void headersComeAndGoWherePostfixPutsThem() throws IOException {
        try (FakeMilter milter = new FakeMilter()
                        .answers(
                                'E',
                                new MilterReply.Progress(),
                                new MilterReply.AddHeader("X-Last", "end"),
                                new MilterReply.InsertHeader(0, "X-Top", "top"),
                                new MilterReply.InsertHeader(1, "X-Below", "below\n\tReceived"),
                                new MilterReply.ChangeHeader(2, "x-twice", "changed"),
                                new MilterReply.ChangeHeader(1, "X-Twice", ""),
                                new MilterReply.ChangeHeader(1, "X-New", "not there before"),
                                new MilterReply.Accept());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250");
            String message = up.inbox(TO).getFirst();
            message = message.substring(message.indexOf("X-Top"));
            assertThat(message.indexOf("\r\nReceived: ")).isPositive().isLessThan(message.indexOf("\r\nX-Below: "));
            assertThat(message)
                    .endsWith("\r\nX-Below: below\r\n\tReceived\r\nFrom: a@example.net\r\nSubject: one\r\n two\r\n"
                            + "x-twice: changed\r\nX-Last: end\r\nX-New: not there before\r\n\r\nbody\r\n.dot\r\n");
        }
    }

    @Test
    void envelopeAndBodyChange() throws IOException {
        try (FakeMilter milter = new FakeMilter()
                        .answers(
                                'E',
                                new MilterReply.ChangeSender("<other@example.net>", ""),
                                new MilterReply.DeleteRecipient("<" + TO + ">"),
                                new MilterReply.AddRecipient("<" + OTHER + ">", ""),
                                new MilterReply.AddRecipient("<far@away.example>", "NOTIFY=NEVER"),
                                new MilterReply.ReplaceBody(Octets.of("another ")),
                                new MilterReply.ReplaceBody(Octets.of("body\r\n")),
                                new MilterReply.Continue());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250");
            assertThat(up.inbox(TO)).isEmpty();
            assertThat(up.inbox(OTHER)).hasSize(1);
            assertThat(up.inbox(OTHER).getFirst()).endsWith("X-Twice: b\r\n\r\nanother body\r\n");
            assertThat(up.owed()).containsExactly("other@example.net -> far@away.example");
        }
    }

    @Test
    void quarantineHoldsTheMessageInTheQueue() throws IOException {
        try (FakeMilter milter = new FakeMilter()
                        .answers('E', new MilterReply.Quarantine("looks odd"), new MilterReply.Accept());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250 2.0.0");
            assertThat(up.inbox(TO)).isEmpty();
            List<Queue.Listed> held = up.queue.list(Optional.empty(), 10);
            assertThat(held).hasSize(1);
            assertThat(held.getFirst().toString()).contains("looks odd");
        }
    }

    @Test
    void theDefaultActionStandsForAMilterThatDoesNotAnswer() throws IOException {
        Map<String, String> expected = Map.of(
                "accept", "250",
                "tempfail", "451 4.7.1 Service unavailable - try again later",
                "reject", "550 5.5.0 Service unavailable",
                "quarantine", "250",
                "shutdown", "421");
        for (Map.Entry<String, String> one : expected.entrySet()) {
            String milter = "{ inet:127.0.0.1:1, connect_timeout=2s, default_action=" + one.getKey() + " }";
            try (MailOnLoopback up = server("smtpd_milters", milter);
                    SmtpClient client = up.client("smtp")) {
                if (one.getKey().equals("shutdown")) {
                    assertThat(client.greeting).startsWith("421");
                    continue;
                }
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, TO))
                        .as(one.getKey())
                        .startsWith(one.getValue());
                assertThat(up.inbox(TO)).hasSize(one.getKey().equals("accept") ? 1 : 0);
            }
        }
    }

    @Test
    void aMilterThatStaysSilentOrHangsUpMidMessageDefersTheMail() throws IOException {
        for (char letter : new char[] {'T', 'N', 'E'}) {
            try (FakeMilter silent = new FakeMilter().answers(letter);
                    FakeMilter gone = new FakeMilter().hangsUpAt(letter)) {
                String impatient = "{ " + silent.endpoint() + ", command_timeout=300ms, content_timeout=300ms }";
                for (String milter : List.of(impatient, gone.endpoint())) {
                    try (MailOnLoopback up = server("smtpd_milters", milter);
                            SmtpClient client = up.client("smtp")) {
                        client.say("EHLO client.example");
                        assertThat(client.mail("a@example.net", MESSAGE, TO))
                                .as(letter + " of " + milter)
                                .startsWith("451 4.7.1");
                        assertThat(up.inbox(TO)).isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void aMilterIsNotToldWhatItHasDeclined() throws IOException {
        int declined = Negotiation.NO_CONNECT
                | Negotiation.NO_HELO
                | Negotiation.NO_BODY
                | Negotiation.NO_UNKNOWN
                | Negotiation.NO_REPLY_TO_HEADERS
                | Negotiation.NO_REPLY_TO_MAIL
                | Negotiation.LEADING_SPACE;
        try (FakeMilter milter = new FakeMilter()
                        .negotiates(
                                Negotiation.ADD_HEADERS,
                                declined,
                                Map.of(Negotiation.MAIL_MACROS, List.of("{client_addr}", "{auth_authen}")))
                        .answers('E', new MilterReply.AddHeader("X-A", "no space"), new MilterReply.Accept());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", "Subject: x\r\n\r\nx\r\n", TO))
                    .startsWith("250");
            assertThat(without(milter.heard()).stream()
                            .map(MilterCommand::letter)
                            .toList())
                    .containsExactly('O', 'M', 'R', 'T', 'L', 'N', 'E');
            assertThat(milter.macros('M')).containsOnlyKeys("{client_addr}");
            assertThat(milter.heard()).contains(new MilterCommand.Header(Octets.of("Subject"), Octets.of(" x")));
            assertThat(up.inbox(TO).getFirst()).contains("\r\nX-A:no space\r\n");
        }
    }

    @Test
    void whatWasNotNegotiatedIsNotDone() throws IOException {
        try (FakeMilter milter = new FakeMilter()
                        .negotiates(0, 0, Map.of())
                        .answers('E', new MilterReply.AddHeader("X-A", "a"), new MilterReply.Accept());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("451 4.7.1");
        }
    }

    @Test
    void skipEndsTheChunksOfABodyOfFiveMegabytes() throws IOException {
        StringBuilder text = new StringBuilder("Subject: large\r\n\r\n");
        while (text.length() < 5 << 20) {
            text.append("a line of text that is neither short nor long, again and again and again\r\n");
        }
        try (FakeMilter all = new FakeMilter()
                        .negotiates(Negotiation.ALL_ACTIONS, Negotiation.NO_REPLY_TO_BODY, Map.of())
                        .answers('E', new MilterReply.AddHeader("X-Seen", "all"), new MilterReply.Accept());
                FakeMilter some = new FakeMilter()
                        .negotiates(Negotiation.ALL_ACTIONS, Negotiation.SKIP, Map.of())
                        .answers('B', new MilterReply.Skip());
                MailOnLoopback up = server("smtpd_milters", all.endpoint() + " " + some.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", text.toString(), TO)).startsWith("250");
            List<byte[]> chunks = new ArrayList<>();
            for (MilterCommand command : all.heard()) {
                if (command instanceof MilterCommand.Body(Octets octets)) {
                    assertThat(octets.length()).isLessThanOrEqualTo(MilterCommand.Body.LONGEST);
                    chunks.add(octets.toByteArray());
                }
            }
            assertThat(chunks.stream().mapToInt(chunk -> chunk.length).sum())
                    .isEqualTo(text.length() - "Subject: large\r\n\r\n".length());
            assertThat(some.letters().chars().filter(c -> c == 'B').count()).isEqualTo(1);
            String whole = up.inbox(TO).getFirst();
            assertThat(whole).contains("Subject: large\r\nX-Seen: all\r\n\r\na line");
            assertThat(whole.getBytes(StandardCharsets.ISO_8859_1)).hasSizeGreaterThan(text.length());
        }
    }

    @Test
    void aTransactionThatEndsEarlyIsAborted() throws IOException {
        try (FakeMilter milter = new FakeMilter();
                MailOnLoopback up = server("smtpd_milters", milter.endpoint())) {
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                client.say("MAIL FROM:<a@example.net>");
                client.say("RSET");
                assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250");
                client.say("QUIT");
            }
            assertThat(milter.letters()).startsWith("ODCDHDMADMDR");
            assertThat(milter.letters().chars().filter(c -> c == 'A').count()).isEqualTo(1);
        }
    }

    @Test
    void policySpeaksBeforeMilters() throws IOException {
        try (FakeMilter milter =
                        new FakeMilter().negotiates(Negotiation.ALL_ACTIONS, Negotiation.REFUSED_RECIPIENTS, Map.of());
                FakeMilter other = new FakeMilter();
                MailOnLoopback up = server("smtpd_milters", milter.endpoint() + ", " + other.endpoint());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            client.say("MAIL FROM:<a@example.net>");
            assertThat(client.say("RCPT TO:<nobody@example.com>")).startsWith("550 5.1.1");
            assertThat(milter.macros('R'))
                    .containsEntry("{rcpt_mailer}", "error")
                    .containsEntry("{rcpt_host}", "5.1.1");
            assertThat(other.letters()).doesNotContain("R");
        }
    }

    @Test
    void headerChecksComeBeforeMiltersAndMilterHeaderChecksBehind() throws IOException {
        Files.writeString(home.resolve("headers"), "/^X-Twice: a/ IGNORE\n");
        Files.writeString(
                home.resolve("added"),
                "/^X-Bad:/ REJECT not that\n/^X-Gone:/ IGNORE\n/^X-Old: (.*)/ REPLACE X-New: $1\n");
        try (FakeMilter milter = new FakeMilter()
                        .answers(
                                'E',
                                new MilterReply.AddHeader("X-Gone", "1"),
                                new MilterReply.AddHeader("X-Old", "2"),
                                new MilterReply.Accept());
                MailOnLoopback up = server(
                        "smtpd_milters", milter.endpoint(),
                        "header_checks", "regexp:" + home.resolve("headers"),
                        "milter_header_checks", "pcre:" + home.resolve("added"));
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250");
            assertThat(milter.heard()).doesNotContain(new MilterCommand.Header(Octets.of("X-Twice"), Octets.of("a")));
            assertThat(up.inbox(TO).getFirst()).doesNotContain("X-Gone").contains("\r\nX-New: 2\r\n");
            milter.answers('E', new MilterReply.AddHeader("X-Bad", "1"), new MilterReply.Accept());
            assertThat(client.mail("a@example.net", MESSAGE, TO)).isEqualTo("550 5.7.1 not that");
        }
    }

    @Test
    void aTableOfClientsDisablesMiltersOrNamesOthers() throws IOException {
        try (FakeMilter one = new FakeMilter().answers('M', new MilterReply.Reject());
                FakeMilter two = new FakeMilter().answers('M', new MilterReply.TryLater())) {
            Files.writeString(home.resolve("clients"), "198.51.100.1 DISABLE\n198.51.100.2 " + two.endpoint() + "\n");
            try (MailOnLoopback up = server(
                            "smtpd_milters", one.endpoint(), "smtpd_milter_maps", "hash:" + home.resolve("clients"));
                    SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("550");
                client.say("XCLIENT ADDR=198.51.100.1");
                client.say("EHLO client.example");
                assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250");
                client.say("RSET");
                client.say("XCLIENT ADDR=198.51.100.2");
                client.say("EHLO client.example");
                assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("451");
            }
        }
    }

    @Test
    void lmtpAndSubmissionHaveMiltersToo() throws IOException {
        try (FakeMilter milter = new FakeMilter()
                        .answers('E', new MilterReply.AddHeader("X-Seen", "yes"), new MilterReply.Accept());
                MailOnLoopback up = server("smtpd_milters", milter.endpoint())) {
            try (SmtpClient client = up.client("lmtp")) {
                client.say("LHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, TO)).startsWith("250 2.1.5");
            }
            try (SmtpClient client = up.client("submission")) {
                client.say("EHLO client.example");
                client.startTls();
                client.say("EHLO client.example");
                client.plain(TO, "secret");
                assertThat(client.mail(TO, "Subject: no date\r\n\r\nx\r\n", OTHER))
                        .startsWith("250");
            }
            assertThat(up.inbox(TO).getFirst()).contains("X-Seen: yes");
            assertThat(up.inbox(OTHER).getFirst()).contains("X-Seen: yes");
            // A milter that signs must see what is added: the message is complete.
            assertThat(milter.heard())
                    .anyMatch(command -> command instanceof MilterCommand.Header header
                            && header.name().equals(Octets.of("Message-ID")));
            assertThat(milter.heard().stream()
                            .filter(MilterCommand.Macros.class::isInstance)
                            .map(command -> ((MilterCommand.Macros) command).values()))
                    .anySatisfy(values -> assertThat(values)
                            .containsEntry("{auth_authen}", TO)
                            .containsEntry("{auth_type}", "PLAIN"));
        }
    }
}
