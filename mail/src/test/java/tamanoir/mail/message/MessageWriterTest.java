package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tamanoir.mail.message.AddressList.Entry;
import tamanoir.mail.message.AddressList.Group;
import tamanoir.mail.message.AddressList.Mailbox;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// What is written comes back when it is read, and no value gets out of its line.
class MessageWriterTest {
    private static final int ROUNDS = 4_000;

    private static void rounds(Consumer<Random> round) {
        for (int i = 0; i < ROUNDS; i++) {
            long seed = new Random().nextLong();
            try {
                round.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /// Text of all kinds but controls: words, runs of blanks, specials, things that look like encoded words.
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        String specials = "()<>[]:;@\\,.\"=?_*'%&/-+!#";
        for (int n = random.nextInt(random.nextInt(6) == 0 ? 400 : 30); n > 0; n--) {
            switch (random.nextInt(12)) {
                case 0 -> text.append(' ');
                case 1 -> text.append(specials.charAt(random.nextInt(specials.length())));
                case 2 -> text.appendCodePoint(random.nextInt(0xA0, 0xD800));
                case 3 -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
                case 4 -> text.append("=?utf-8?Q?a?=".substring(random.nextInt(12)));
                case 5 -> text.append(random.nextInt(20) == 0 ? "x".repeat(300) : "\u00FC");
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString()
                .replace("\u2028", "")
                .replace("\u2029", "")
                .replace("\u0085", "")
                .strip();
    }

    private static HeaderField read(Field field, boolean utf8) {
        String written = field.write(utf8);
        linesAreLines(written, utf8);
        HeaderFields fields = HeaderFields.of(Octets.of(written + "\r\n"));
        assertThat(fields.size()).as(written).isEqualTo(1);
        assertThat(fields.get(0).octets()).isEqualTo(Octets.of(written));
        return fields.get(0);
    }

    /// RFC 5322 §2.1.1: 998 octets; CR and LF only together and only as the end of a line; no line of blanks.
    private static void linesAreLines(String written, boolean utf8) {
        assertThat(written).endsWith("\r\n");
        for (String line : written.substring(0, written.length() - 2).split("\r\n", -1)) {
            assertThat(line).doesNotContain("\r", "\n", "\0").isNotBlank();
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).as(line).isLessThanOrEqualTo(998);
            if (!utf8) {
                assertThat(line).matches("[\\t -~]*");
            }
        }
    }

    @Test
    void textsComeBack() {
        rounds(random -> {
            String text = text(random);
            boolean utf8 = random.nextBoolean();
            assertThat(read(Field.text("Subject", text), utf8).text()).isEqualTo(text);
        });
    }

    @Test
    void textOfShortWordsFoldsAt78() {
        rounds(random -> {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(random.nextInt(3) == 0 ? "w\u00F6rd" : "word".substring(random.nextInt(4)))
                        .append(' ');
            }
            String written = Field.text("Subject", text.toString().strip()).write(random.nextBoolean());
            assertThat(written.lines()).allMatch(line -> line.length() <= 78, written);
        });
    }

    /// RFC 2047 §2.
    @Test
    void encodedWordsHave75CharactersAndWholeCharacters() {
        rounds(random -> {
            String written = Field.text("Subject", text(random) + "\u00FC").write(false);
            for (String word : written.substring(8).trim().split("\\s+")) {
                assertThat(word.length()).as(written).isLessThanOrEqualTo(75);
                // RFC 2047 §5: each word is whole in itself.
                assertThat(EncodedWords.decode(word)).as(written).doesNotContain("\uFFFD");
            }
        });
    }

    // ---- addresses -------------------------------------------------------------------------------------------

    private static Mailbox mailbox(Random random) {
        String local = random.nextInt(4) == 0 ? text(random) : "ann" + random.nextInt(100);
        local = local.substring(0, local.offsetByCodePoints(0, Math.min(60, local.codePointCount(0, local.length()))));
        String domain = random.nextInt(10) == 0 ? "[IPv6:2001:db8::1]" : "example" + random.nextInt(9) + ".net";
        return new Mailbox(random.nextInt(3) == 0 ? "" : text(random), local.isEmpty() ? "a" : local, domain);
    }

    private static AddressList addresses(Random random) {
        List<Entry> entries = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
            if (random.nextInt(4) == 0) {
                List<Mailbox> members = new ArrayList<>();
                for (int m = random.nextInt(4); m > 0; m--) {
                    members.add(mailbox(random));
                }
                entries.add(new Group(text(random), members));
            } else {
                entries.add(mailbox(random));
            }
        }
        return new AddressList(entries);
    }

    @Test
    void addressesComeBack() {
        rounds(random -> {
            AddressList list = decodedNames(addresses(random));
            // A local part that is not ASCII cannot be written in another way (RFC 6532 §3.2).
            String written = Field.addresses("To", list).write(random.nextBoolean());
            linesAreLines(written, true);
            AddressList back = HeaderFields.of(Octets.of(written + "\r\n")).addresses("To");
            assertThat(decodedNames(back).entries()).as(written).hasSameSizeAs(list.entries());
            for (int i = 0; i < list.entries().size(); i++) {
                assertThat(decodedNames(back).entries().get(i))
                        .as(written)
                        .isEqualTo(list.entries().get(i));
            }
        });
    }

    /// The same list with the names as people read them, which is what is written.
    private static AddressList decodedNames(AddressList list) {
        return new AddressList(list.entries().stream()
                .map(entry -> switch (entry) {
                    case Mailbox mailbox -> decodedName(mailbox);
                    case Group group ->
                        (Entry) new Group(
                                group.name().strip(),
                                group.members().stream()
                                        .map(MessageWriterTest::decodedName)
                                        .toList());
                })
                .toList());
    }

    private static Mailbox decodedName(Mailbox mailbox) {
        return new Mailbox(mailbox.name().strip(), mailbox.localPart(), mailbox.domain());
    }

    @Test
    void emptyGroupsAndNamesAloneComeBack() {
        AddressList list = new AddressList(List.of(
                new Group("undisclosed-recipients", List.of()),
                new Mailbox("Only A. Name", "", ""),
                new Mailbox("", "postmaster", ""),
                new Mailbox("", "with blank", "")));
        String written = Field.addresses("To", list).write(false);
        assertThat(AddressListTest.shown(HeaderFields.of(Octets.of(written)).addresses("To")))
                .isEqualTo("undisclosed-recipients{} Only A. Name<> <postmaster> <\"with blank\">");
    }

    /// What anybody may have put into a message that is answered.
    @Test
    void noAddressThatWasReadMakesAnotherWhenWritten() {
        String pieces = "<>(),;:@[]\"\\ .ab=?";
        rounds(random -> {
            StringBuilder wild = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                wild.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            for (Mailbox mailbox : AddressList.parse(wild.toString()).mailboxes()) {
                String written = Field.addresses("To", AddressList.of(mailbox)).write(random.nextBoolean());
                linesAreLines(written, true);
                assertThat(HeaderFields.of(Octets.of(written)).addresses("To").mailboxes())
                        .as("%s written as %s", wild, written)
                        .hasSizeLessThanOrEqualTo(1)
                        .allMatch(back -> back.domain().equals(mailbox.domain()));
            }
        });
    }

    // ---- parameters ------------------------------------------------------------------------------------------

    @Test
    void parametersComeBack() {
        rounds(random -> {
            List<Parameter> parameters = new ArrayList<>();
            parameters.add(new Parameter("filename", text(random)));
            parameters.add(new Parameter("other", text(random)));
            Field field = Field.parameters("Content-Disposition", "attachment", parameters);
            Disposition back =
                    Disposition.parse(read(field, random.nextBoolean()).value());
            assertThat(back.type()).isEqualTo("attachment");
            assertThat(back.parameters().get("filename").orElse(""))
                    .isEqualTo(parameters.getFirst().value());
            assertThat(back.parameters().get("other").orElse(""))
                    .isEqualTo(parameters.getLast().value());
            assertThat(back.parameters().list()).hasSize(2);
            assertThat(field.write(false).lines()).allMatch(line -> line.length() <= 78);
        });
    }

    @Test
    void noParameterThatWasReadMakesAnotherWhenWritten() {
        rounds(random -> {
            String pieces = ";=\"*'% ab\\()?";
            StringBuilder wild = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                wild.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            for (Parameter parameter :
                    ContentType.parse("a/b; x=" + wild).parameters().list()) {
                if (!ContentType.isToken(parameter.name().replace("*", ""))) {
                    continue;
                }
                String written;
                try {
                    written = Field.parameters("Content-Type", "a/b", List.of(parameter))
                            .write(false);
                } catch (BadSyntax e) {
                    continue;
                }
                linesAreLines(written, false);
                assertThat(ContentType.parse(HeaderFields.of(Octets.of(written))
                                        .get(0)
                                        .value())
                                .parameters()
                                .list())
                        .as("%s written as %s", wild, written)
                        .hasSizeLessThanOrEqualTo(1);
            }
        });
    }

    // ---- no line ends ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"\r\nBcc: evil@example.com", "\n", "\r", "\0", "\r\n ", "\u007F", "\u001B"})
    void noValueHoldsAControlCharacter(String evil) {
        OffsetDateTime date = OffsetDateTime.parse("2024-01-01T10:00:00Z");
        assertThatThrownBy(() -> Field.text("Subject", "a" + evil)).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.text("Sub" + evil, "a")).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.date("Date" + evil, date)).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.structured("X", "a" + evil)).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.ids("References", List.of("a" + evil))).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.addresses("To", AddressList.of(new Mailbox("", "a" + evil, "example.net"))))
                .isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.addresses("To", AddressList.of(new Mailbox("", "a", "example.net" + evil))))
                .isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> new Entity.Data(
                        List.of(), new ContentType("text", "plain" + evil, Parameters.NONE), Octets.EMPTY))
                .isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> new Entity.Text(List.of(), "plain" + evil, "x"))
                .isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.parameters("X", "a" + evil, List.of())).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.parameters("X", "a", List.of(new Parameter("n" + evil, "v"))))
                .isInstanceOf(BadSyntax.class);
        // A name or a file name may come from a message; controls in it are lost on the way.
        linesAreLines(
                Field.addresses("To", AddressList.of(new Mailbox("A" + evil, "a", "b.example")))
                        .write(false),
                false);
        linesAreLines(
                Field.parameters("Content-Disposition", "attachment", List.of(new Parameter("filename", "a" + evil)))
                        .write(false),
                false);
    }

    @Test
    void whatFitsNoLineIsRefused() {
        assertThatThrownBy(() -> Field.structured("X", "x".repeat(1000))).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.ids("References", List.of("x".repeat(1000))))
                .isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Field.text("x".repeat(100), "y")).isInstanceOf(BadSyntax.class);
        linesAreLines(Field.text("Subject", "x".repeat(5000)).write(true), true);
        String longest = "x".repeat(890) + "@b";
        assertThat(MessageIds.parse(read(Field.ids("References", List.of(longest, longest + "c")), false)
                        .value()))
                .containsExactly(longest, longest + "c");
    }

    // ---- messages --------------------------------------------------------------------------------------------

    private static Entity entity(Random random, int depth) {
        List<Field> fields = List.of(Field.text("Content-Description", text(random)));
        return switch (random.nextInt(depth > 3 ? 2 : 4)) {
            case 0 -> new Entity.Text(fields, random.nextBoolean() ? "plain" : "html", body(random));
            case 1 ->
                new Entity.Data(fields, new ContentType("application", "x-data", Parameters.NONE), octets(random));
            case 2 ->
                new Entity.Message(
                        fields, "rfc822", MessageWriter.ASCII.write(new Entity.Text(List.of(), "plain", body(random))));
            default -> {
                List<Entity> parts = new ArrayList<>();
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    parts.add(entity(random, depth + 1));
                }
                yield new Entity.Multipart(fields, "mixed", List.of(new Parameter("x", text(random))), parts);
            }
        };
    }

    private static String body(Random random) {
        StringBuilder body = new StringBuilder();
        for (int n = random.nextInt(10); n > 0; n--) {
            body.append(
                    switch (random.nextInt(6)) {
                        case 0 -> text(random) + " ";
                        case 1 -> "From here";
                        case 2 -> ".";
                        case 3 -> "--" + text(random);
                        case 4 -> random.nextInt(10) == 0 ? "x".repeat(2000) : "";
                        default -> "line";
                    });
            body.append(random.nextInt(5) == 0 ? "" : "\r\n");
        }
        return body.toString();
    }

    private static Octets octets(Random random) {
        byte[] octets = new byte[random.nextInt(300)];
        random.nextBytes(octets);
        return Octets.of(octets);
    }

    @Test
    void messagesComeBack() {
        rounds(random -> {
            if (random.nextInt(4) != 0) {
                return;
            }
            MessageWriter writer = new MessageWriter(random.nextBoolean(), random.nextBoolean());
            Entity entity = entity(random, 0);
            Octets written = writer.write(entity);
            assertThat(writer.write(entity)).isEqualTo(written);
            for (String line : written.latin1().split("\r\n", -1)) {
                assertThat(line.length()).isLessThanOrEqualTo(998);
                assertThat(line).doesNotContain("\r", "\n", "\0");
                assertThat(writer.eightBit() || writer.utf8() || line.chars().allMatch(c -> c < 128))
                        .isTrue();
            }
            Part root = MessageParser.parse(written);
            TreeCheck.check(written, root);
            same(entity, root);
        });
    }

    private static void same(Entity entity, Part part) {
        assertThat(part.fields().text("Content-Description"))
                .contains(HeaderFields.of(Octets.of(entity.fields().getFirst().write(true)))
                        .text("Content-Description")
                        .orElseThrow());
        switch (entity) {
            case Entity.Text text -> {
                assertThat(part.contentType().mediaType()).isEqualTo("text/" + text.subtype());
                assertThat(part.text().isEncodingProblem()).isFalse();
                // The end of the text before a delimiter may gain or lose one line end; nothing else changes.
                assertThat(part.text().text().stripTrailing())
                        .isEqualTo(text.text().stripTrailing());
            }
            case Entity.Data data -> assertThat(part.decoded().octets()).isEqualTo(data.octets());
            case Entity.Message message -> assertThat(part.body()).isEqualTo(message.octets());
            case Entity.Multipart multipart -> {
                assertThat(part.children()).hasSameSizeAs(multipart.parts());
                assertThat(part.contentType().parameters().get("x").orElse(""))
                        .isEqualTo(multipart.parameters().getFirst().value());
                for (int i = 0; i < multipart.parts().size(); i++) {
                    same(multipart.parts().get(i), part.children().get(i));
                }
            }
        }
    }

    @Test
    void theWholeMessageHasItsFieldsOnce() {
        Octets written = MessageWriter.ASCII.write(new Entity.Text(
                List.of(
                        Field.addresses("From", AddressList.of(new Mailbox("J\u00F6rg", "j", "example.net"))),
                        Field.text("Subject", "Gr\u00FC\u00DFe")),
                "plain",
                "Hallo J\u00F6rg\n"));
        assertThat(written.latin1()).isEqualTo("""
                From: =?utf-8?B?SsO2cmc=?= <j@example.net>
                Subject: =?utf-8?B?R3LDvMOfZQ==?=
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Hallo J=C3=B6rg
                """.replace("\n", "\r\n"));
        assertThatThrownBy(() -> new Entity.Text(List.of(Field.text("Content-Type", "x")), "plain", "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
