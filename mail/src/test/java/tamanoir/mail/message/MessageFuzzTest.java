package tamanoir.mail.message;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import tamanoir.mail.message.AddressList.Mailbox;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.ModifiedUtf7;
import tamanoir.mail.text.Octets;

/// Octets that nobody thought of. The seeds run with every build; `JAZZER_FUZZ=1` with one of the methods looks for
/// more, and what it finds stays among the seeds.
class MessageFuzzTest {
    @FuzzTest(maxDuration = "100s")
    void message(byte[] octets) {
        Octets mail = Octets.of(octets);
        Part root = MessageParser.parse(mail);
        TreeCheck.check(mail, root);
        Mails.askEverything(mail);
        MessageFacts facts = MessageFacts.of(root);
        that(facts.preview().codePointCount(0, facts.preview().length()) <= Preview.LONGEST, "a long preview");
        that(isOneLine(facts.preview()) && isOneLine(facts.subject()), "more than one line");
        Part restored = Part.restore(mail, facts.structure());
        TreeCheck.check(mail, restored);
        for (int i = 0; i < root.all().size(); i++) {
            Part one = root.all().get(i);
            Part other = restored.all().get(i);
            that(one.fileName().equals(other.fileName()), "another file name when restored");
        }
        // With little room it must hold as well.
        Part small = MessageParser.parse(mail, new Limits(4, 2, 3, 100, 2));
        TreeCheck.check(mail, small);
        that(small.all().size() <= 4, "more parts than allowed");
    }

    @FuzzTest(maxDuration = "100s")
    void header(byte[] octets) {
        Octets header = Octets.of(octets);
        HeaderFields fields = HeaderFields.of(header);
        int end = 0;
        for (HeaderField field : fields) {
            that(field.start() >= end, "fields overlap");
            end = field.start() + field.octets().length();
            that(isOneLine(field.text()), "a text of more than one line");
            that(field.value().indexOf('\n') < 0 && field.value().indexOf('\0') < 0, "a value with a line end or NUL");
            that(fields.has(field.name()), "a field that cannot be found");
        }
        MessageIds.parse(header.latin1());
        BaseSubject.of(header.latin1());
    }

    @FuzzTest(maxDuration = "100s")
    void addresses(byte[] octets) {
        AddressList list = AddressList.parse(HeaderField.unfold(Octets.of(octets)));
        for (Mailbox mailbox : list.mailboxes()) {
            that(isOneLine(mailbox.name()), "a name of more than one line");
            String written;
            try {
                written = Field.addresses("To", AddressList.of(mailbox)).write(false);
            } catch (BadSyntax e) {
                // Controls in the local part, or too long for a line.
                continue;
            }
            List<Mailbox> back =
                    HeaderFields.of(Octets.of(written)).addresses("To").mailboxes();
            that(back.size() <= 1, "two addresses out of one: " + written);
            that(
                    back.isEmpty() || back.getFirst().domain().equals(mailbox.domain()),
                    "another domain: " + written + mailbox);
        }
    }

    @FuzzTest(maxDuration = "100s")
    void date(byte[] octets) {
        DateTimes.parse(HeaderField.unfold(Octets.of(octets))).ifPresent(date -> {
            if (date.getYear() <= 9999) {
                that(
                        DateTimes.parse(DateTimes.format(date))
                                .filter(date::equals)
                                .isPresent(),
                        "not the same when written: " + date);
            }
        });
    }

    @FuzzTest(maxDuration = "100s")
    void encodedWords(byte[] octets) {
        String text = HeaderField.unfold(Octets.of(octets));
        String decoded = EncodedWords.decode(text);
        that(!text.equals(decoded) || isOneLine(decoded) == isOneLine(text), "a line end out of nowhere");
        that(isOneLine(EncodedWords.withoutControls(decoded)), "a control that stays");
    }

    @FuzzTest(maxDuration = "100s")
    void parameters(byte[] octets) {
        String value = HeaderField.unfold(Octets.of(octets));
        Parameters type = ContentType.parse(value).parameters();
        Parameters disposition = Disposition.parse(value).parameters();
        for (Parameters parameters : List.of(type, disposition)) {
            for (Parameter parameter : parameters.list()) {
                String name = parameter.name().endsWith("*")
                        ? parameter.name().substring(0, parameter.name().length() - 1)
                        : parameter.name();
                that(isOneLine(parameters.get(name).orElse("")), "a parameter of more than one line");
            }
        }
        ContentType again = ContentType.parse(ContentType.parse(value).toString());
        that(again.mediaType().equals(ContentType.parse(value).mediaType()), "another type when written");
    }

    @FuzzTest(maxDuration = "100s")
    void transferEncoding(FuzzedDataProvider data) {
        TransferEncoding encoding = data.pickValue(TransferEncoding.values());
        int step = data.consumeInt(1, 9);
        Octets coded = Octets.of(data.consumeRemainingAsBytes());
        TransferEncoding.Decoded whole = encoding.decode(coded);
        TransferDecoder decoder = encoding.decoder();
        StringBuilder pieces = new StringBuilder();
        for (int at = 0; at < coded.length(); at += step) {
            decoder.feed(coded.slice(at, Math.min(coded.length(), at + step)));
            pieces.append(decoder.take().latin1());
        }
        decoder.finish();
        pieces.append(decoder.take().latin1());
        that(pieces.toString().equals(whole.octets().latin1()), "other octets when cut");
        that(decoder.isDamaged() == whole.isDamaged(), "damaged only when cut");
        that(whole.octets().length() <= 4 * coded.length() + 64, "more octets than can be");
    }

    @FuzzTest(maxDuration = "100s")
    void facts(byte[] row) {
        MessageFacts.decode(row).ifPresent(facts -> {
            that(MessageFacts.decode(facts.encode()).filter(facts::equals).isPresent(), "other facts when written");
            Sections.find(facts.structure(), List.of(1, 1, 1));
        });
    }

    @FuzzTest(maxDuration = "100s")
    void mailboxName(byte[] octets) {
        String coded = Octets.of(octets).latin1();
        try {
            that(ModifiedUtf7.encode(ModifiedUtf7.decode(coded)).equals(coded), "a second spelling");
        } catch (BadSyntax e) {
            // Most are none.
        }
        String name = Octets.of(octets).utf8();
        that(ModifiedUtf7.decode(ModifiedUtf7.encode(name)).equals(name), "another name");
    }

    private static boolean isOneLine(String text) {
        return text.chars().allMatch(c -> (c >= ' ' || c == '\t') && c != 127 && c != '\u2028' && c != '\u2029');
    }

    private static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
