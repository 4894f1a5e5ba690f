package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.queue.Queue;

/// Points 29 to 41 of Postfix's behaviour, as far as they are about addresses and ways.
class PointsOfAddressesTest {
    private static final String MESSAGE = "From: a@example.net\r\nSubject: address\r\n\r\nbody\r\n";

    @TempDir
    Path home;

    private String file(String name, String text) throws IOException {
        Path path = home.resolve(name);
        Files.writeString(path, text);
        return "hash:" + path;
    }

    private static String send(MailOnLoopback up, String from, String to) throws IOException {
        try (SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            return client.mail(from, MESSAGE, to);
        }
    }

    private static Map<String, String> with(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return values;
    }

    /// What waits in the queue, with the content filter of each.
    private static List<String> through(MailOnLoopback up) {
        return up.queue.list(Optional.empty(), 100).stream()
                .map(Queue.Listed::id)
                .map(id -> up.queue.show(id).orElseThrow().through())
                .toList();
    }

    @Test
    void point29CanonicalThenMasqueradeThenCopiesThenAliases() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(
                home,
                with(
                        "sender_canonical_maps", file("canonical", "a@example.net ann@deep.example.com\n"),
                        "masquerade_domains", "example.com",
                        "sender_bcc_maps", file("bcc", "ann@example.com archive\n"),
                        "virtual_alias_maps", file("virtual", "archive@example.com keeper@example.com\n")))) {
            up.account("user001@example.com");
            up.account("keeper@example.com");
            assertThat(send(up, "a@example.net", "user001@example.com")).startsWith("250");
            // The masqueraded sender is the key of the copies, and the copy's address an alias.
            assertThat(up.inbox("user001@example.com").getFirst()).startsWith("Return-Path: <ann@example.com>");
            assertThat(up.inbox("keeper@example.com")).hasSize(1);
        }
    }

    @Test
    void point33DetailsAreKeptByTheTablesThatAreNamed() throws IOException {
        String aliases = file("aliases", "list: ann\n");
        for (boolean kept : new boolean[] {false, true}) {
            try (MailOnLoopback up = new MailOnLoopback(
                    home,
                    with(
                            "recipient_delimiter",
                            "+",
                            "alias_maps",
                            aliases,
                            "propagate_unmatched_extensions",
                            kept ? "canonical, virtual, alias" : "canonical"))) {
                up.account("ann@example.com");
                assertThat(send(up, "a@example.net", "list+x@example.com")).startsWith("250");
                assertThat(up.inbox("ann@example.com").getFirst()).contains("Delivered-To: list+x@example.com\r\n");
                assertThat(up.reception
                                .recipients()
                                .targets(
                                        tamanoir.mail.address.Address.of("list+x@example.com"),
                                        tamanoir.mail.address.ReversePath.NULL,
                                        java.util.Set.of()))
                        .singleElement()
                        .extracting(target -> target.address().localPart())
                        .isEqualTo(kept ? "ann+x" : "ann");
            }
        }
    }

    @Test
    void point35AListsOwnerTakesOverAndMayBeFollowedToThePerson() throws IOException {
        String aliases = file("aliases", "list: bob@elsewhere.example\nowner-list: ann@example.com\n");
        for (boolean person : new boolean[] {false, true}) {
            Path own = Files.createDirectories(home.resolve(String.valueOf(person)));
            try (MailOnLoopback up =
                    new MailOnLoopback(own, with("alias_maps", aliases, "expand_owner_alias", person ? "yes" : "no"))) {
                assertThat(send(up, "a@example.net", "list@example.com")).startsWith("250");
                assertThat(up.owed())
                        .containsExactly((person ? "ann" : "owner-list") + "@example.com -> bob@elsewhere.example");
            }
        }
    }

    @Test
    void point36LocalRecipientsLeaveWhenTheirTransportIsAnotherOne() throws IOException {
        String transports = file(
                "transport",
                "away@example.com smtp:[192.0.2.1]:2525\nclosed@example.com error:5.2.1 this box is closed\n");
        String names = file("names", "away@example.com x\nwaiting x\n");
        try (MailOnLoopback up =
                new MailOnLoopback(home, with("transport_maps", transports, "local_recipient_maps", names))) {
            up.account("user001@example.com");
            assertThat(send(up, "a@example.net", "away@example.com")).startsWith("250");
            assertThat(send(up, "a@example.net", "waiting@example.com")).startsWith("450 4.2.1");
            assertThat(up.owed()).containsExactly("a@example.net -> away@example.com");
            assertThat(send(up, "a@example.net", "closed@example.com")).startsWith("550 5.2.1");
            assertThat(send(up, "a@example.net", "user001@example.com")).startsWith("250");
            assertThat(up.inbox("user001@example.com")).hasSize(1);
        }
    }

    /// postconf(5), local_recipient_maps: unset or with tables it decides whatever the transport is; set and empty,
    /// every
    /// name is taken.
    @Test
    void localRecipientMapsDecideAboutNamesThatAnotherServerKeeps() throws IOException {
        String listed = file("listed", "bob x\n");
        for (String maps : new String[] {listed, ""}) {
            Path own = Files.createDirectories(home.resolve(maps.isEmpty() ? "with-all" : "with-some"));
            try (MailOnLoopback up = new MailOnLoopback(
                    own, with("local_transport", "smtp:[192.0.2.1]:2525", "local_recipient_maps", maps))) {
                assertThat(send(up, "a@example.net", "bob@example.com")).startsWith("250");
                assertThat(send(up, "a@example.net", "stranger@example.com"))
                        .startsWith(maps.isEmpty() ? "250" : "550");
                assertThat(up.owed())
                        .contains("a@example.net -> bob@example.com")
                        .hasSize(maps.isEmpty() ? 2 : 1);
            }
        }
        try (MailOnLoopback up =
                new MailOnLoopback(home, with("luser_relay", "user001", "mailbox_transport", "smtp:[192.0.2.1]"))) {
            assertThat(send(up, "a@example.net", "stranger@example.com")).startsWith("550");
        }
    }

    @Test
    void relayRecipientMapsDecideAndWhoStaysHereMustHaveAMailbox() throws IOException {
        String listed = file("relayed", "bob@relay.example x\nuser001@here.example x\nnobody@here.example x\n");
        try (MailOnLoopback up = new MailOnLoopback(
                home,
                with(
                        "relay_domains",
                        "relay.example, here.example",
                        "relay_recipient_maps",
                        listed,
                        "transport_maps",
                        file("transport", "here.example local:\n")))) {
            up.account("user001@example.com");
            assertThat(send(up, "a@example.net", "bob@relay.example")).startsWith("250");
            assertThat(send(up, "a@example.net", "carol@relay.example")).startsWith("550 5.1.1");
            assertThat(send(up, "a@example.net", "user001@here.example")).startsWith("250");
            assertThat(send(up, "a@example.net", "nobody@here.example")).startsWith("550 5.1.1");
            assertThat(up.inbox("user001@example.com")).hasSize(1);
        }
    }

    @Test
    void point29UnknownUsersGoToTheFallbackTransport() throws IOException {
        try (MailOnLoopback up =
                new MailOnLoopback(home, with("fallback_transport", "smtp:[192.0.2.1]", "local_recipient_maps", ""))) {
            up.account("user001@example.com");
            assertThat(send(up, "a@example.net", "nobody@example.com")).startsWith("250");
            assertThat(up.owed()).containsExactly("a@example.net -> nobody@example.com");
            assertThat(send(up, "a@example.net", "user001@example.com")).startsWith("250");
            assertThat(up.inbox("user001@example.com")).hasSize(1);
        }
    }

    /// Point 30: strangers' headers are left alone unless remote_header_rewrite_domain is set; then tables count too.
    @Test
    void point30StrangersHeadersAreCompletedWhenADomainIsSaid() throws IOException {
        String canonical = file("canonical", "bob@invalid.example robert@example.net\n");
        String message = "From: ann\r\nTo: Bob <bob>\r\nSubject: short names\r\n\r\nbody\r\n";
        for (String domain : new String[] {"", "invalid.example"}) {
            Path own = Files.createDirectories(home.resolve("at-" + domain));
            try (MailOnLoopback up = new MailOnLoopback(
                    own, with("remote_header_rewrite_domain", domain, "canonical_maps", canonical))) {
                up.account("user001@example.com");
                try (SmtpClient client = up.client("smtp")) {
                    client.say("EHLO client.example");
                    assertThat(client.mail("a@example.net", message, "user001@example.com"))
                            .startsWith("250");
                }
                assertThat(up.inbox("user001@example.com").getFirst())
                        .contains(
                                domain.isEmpty()
                                        ? "From: ann\r\nTo: Bob <bob>\r\n"
                                        : "From: ann@invalid.example\r\nTo: Bob <robert@example.net>\r\n");
            }
        }
    }

    @Test
    void point41WhoMovedIsSaidToHaveMoved() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(
                home, with("relocated_maps", file("relocated", "gone@example.com new@elsewhere.example\n")))) {
            assertThat(send(up, "a@example.net", "gone@example.com"))
                    .startsWith("550 5.1.6")
                    .contains("User has moved to new@elsewhere.example");
        }
    }

    @Test
    void point41EveryNewMessageIsCopiedOnce() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, with("always_bcc", "archive@example.com"))) {
            up.account("archive@example.com");
            up.account("user001@example.com");
            up.account("user002@example.com");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, "user001@example.com", "user002@example.com"))
                        .startsWith("250");
            }
            assertThat(up.inbox("archive@example.com")).hasSize(1);
        }
    }

    @Test
    void aContentFilterGetsEverythingAndAHeaderCheckHasTheLastWord() throws IOException {
        String checks = "regexp:" + home.resolve("checks");
        Files.writeString(home.resolve("checks"), "/^Subject: special/ FILTER lmtp:[127.0.0.1]:10026\n");
        try (MailOnLoopback up =
                new MailOnLoopback(home, with("content_filter", "smtp:[127.0.0.1]:10025", "header_checks", checks))) {
            up.account("user001@example.com");
            assertThat(send(up, "a@example.net", "user001@example.com")).startsWith("250");
            assertThat(up.inbox("user001@example.com")).isEmpty();
            assertThat(through(up)).containsExactly("smtp:[127.0.0.1]:10025");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE.replace("address", "special"), "user001@example.com"))
                        .startsWith("250");
            }
            assertThat(through(up)).containsExactly("smtp:[127.0.0.1]:10025", "lmtp:[127.0.0.1]:10026");
        }
    }

    @Test
    void whatTheFilterGivesBackIsDelivered() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, with("content_filter", "smtp:[127.0.0.1]:10025"))) {
            up.account("user001@example.com");
            try (SmtpClient client = up.client("reinject")) {
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, "user001@example.com"))
                        .startsWith("250");
            }
            assertThat(up.inbox("user001@example.com")).hasSize(1);
        }
    }
}
