package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Test;
import tamanoir.mail.message.Located.Kind;
import tamanoir.mail.text.Octets;

/// Mail that other parsers have stumbled over: what we make of it, beside what mime4j makes of it and what the
/// collectors wrote down. Each disagreement is named here with the reason why ours is right; one that is not named
/// fails, and so does a name that no longer disagrees.
class MimeCorpusTest {
    private static final String NO_PARTS =
            "a multipart in which no part begins is a leaf with its octets, else they could not be fetched (B27)";
    private static final String ENCODED_MESSAGE = "RFC 2046 §5.2.1 forbids an encoded message/rfc822; IMAP has no"
            + " section numbers for octets that are not there, so it is a leaf that decodes to the message";
    private static final String HEADER_END = "a line that is no field ends the header, as Postfix has it on the way in;"
            + " whoever reads on takes text of the body for fields that no filter has seen";
    private static final String SAME_BOUNDARY =
            "of two multiparts with one boundary the inner one gets the delimiter (RFC 2046 §5.1.2)";
    private static final String DASHES = "where one boundary is the other with -- behind it, the longer match wins";
    private static final String HEADER_ONLY = "a delimiter ends a part also in its header (RFC 2046 §5.1.1:"
            + " body parts may lack body and empty line)";
    private static final String NO_SEMICOLON = "a missing semicolon before boundary= is forgiven";
    private static final String EMPTY_PART = "a delimiter followed by an empty line is a part without octets (B27)";
    private static final String LAST_QUANTUM =
            "digits of base64 that are no whole quantum at the end still give the" + " octets that are whole";
    private static final String WHOLE_LINES = "a delimiter is the boundary, blanks and the line end, nothing else; a"
            + " boundary does not end in blanks (B32, RFC 2046 §5.1.1)";
    private static final String UNCLOSED = "what is never closed ends with the message; a reader shows it all the same,"
            + " and a delimiter at the end begins an empty part";
    private static final String OUTER_ENDS_INNER =
            "a delimiter of the outer multipart closes the inner one (RFC 2046 §5.1.2)";
    private static final String CUT_BOUNDARY = "boundaries of more than 80 characters are compared whole";
    private static final String NO_DISPOSITION =
            "a disposition of parameters only is an attachment (RFC 2183 §2.8: so are unknown ones)";
    private static final String FIRST_FIELD = "of two Content-Type fields in one header the first counts (B27)";
    private static final String MESSAGE_WITHOUT_HEADER = "a message/rfc822 of text only is a message without header:"
            + " IMAP needs an envelope for that type (RFC 9051 §7.5.2)";
    private static final String BROKEN_BASE64 =
            "text that is no base64 is passed over and marked, not shown raw; remarks after the padding are no data";
    private static final String BARE_WORD =
            "one word without @ is a local part, as ENVELOPE shows it (RFC 9051 §7.5.2), not a name";
    private static final String HALF_CHARACTER =
            "half a character at the end of UTF-16 is shown as damage, not dropped";
    private static final String MEDIA =
            "media behind the text of a multipart/mixed is body, no attachment, by RFC 8621 §4.1.4 to the letter";

    private static final String UNLABELLED =
            "octets above 127 without a charset are UTF-8 or windows-1252, not replacement characters (B35)";

    private static Map<String, String> reasons(Map<String, String> filesByReason) {
        Map<String, String> reasons = new TreeMap<>();
        filesByReason.forEach((reason, files) -> {
            for (String file : files.split(" ")) {
                reasons.put(file, reason);
            }
        });
        return reasons;
    }

    /// A part in one line: where, what, and its octets without transfer encoding.
    private record Line(String path, String type, String content) {
        @Override
        public String toString() {
            return path + " " + type + " " + Octets.latin1(content);
        }
    }

    @Test
    void nothingBreaksAndTheTreeHolds() {
        int count = 0;
        for (String name : List.of("mail-parser", "mime4j", "mime4j-mimetools")) {
            for (Path folder : Corpus.folder(name).stream().toList()) {
                List<Path> files = new ArrayList<>(Corpus.files(folder, ".msg"));
                files.addAll(Corpus.files(folder, ".eml"));
                for (Path file : files) {
                    Octets mail = Corpus.read(file);
                    TreeCheck.check(mail, MessageParser.parse(mail));
                    Mails.askEverything(mail);
                    sectionsAgree(mail);
                    for (int length = 0; length < mail.length(); length += 1 + length / 40) {
                        Octets cut = mail.slice(0, length);
                        TreeCheck.check(cut, MessageParser.parse(cut));
                    }
                    count++;
                }
            }
        }
        System.out.println("corpus: " + count + " messages parsed");
    }

    /// Every section that IMAP can ask for, from the tree and from the row, and what the parts say themselves.
    private static void sectionsAgree(Octets mail) {
        Part root = MessageParser.parse(mail);
        BodyStructure kept = MessageFacts.decode(MessageFacts.of(root).encode())
                .orElseThrow()
                .structure();
        List<Section.Content> contents = List.of(
                new Section.Content.Whole(),
                new Section.Content.Header(),
                new Section.Content.Text(),
                new Section.Content.Mime(),
                new Section.Content.HeaderFields(List.of("subject", "content-type")),
                new Section.Content.HeaderFieldsNot(List.of("subject")));
        List<List<Integer>> paths = new ArrayList<>(List.of(List.of()));
        int found = 0;
        for (int i = 0; i < paths.size(); i++) {
            List<Integer> path = paths.get(i);
            for (Section.Content content : contents) {
                Section section = new Section(path, content);
                Optional<Octets> octets = Sections.octets(root, section);
                assertThat(Sections.octets(mail, kept, section)).isEqualTo(octets);
            }
            Optional<Located> part = path.isEmpty() ? Optional.of(root) : Sections.find(root, path);
            if (part.isPresent()) {
                found++;
                Octets whole = Sections.octets(root, new Section(path, contents.getFirst()))
                        .orElseThrow();
                assertThat(whole).isEqualTo(path.isEmpty() ? mail : ((Part) part.get()).body());
                for (int number = 1; number <= part.get().children().size() + 2 && path.size() < 12; number++) {
                    List<Integer> below = new ArrayList<>(path);
                    below.add(number);
                    paths.add(below);
                }
            }
        }
        // Each leaf has a number, so every part but the messages inside messages and what surrounds them is found.
        assertThat(found).isGreaterThan(1);
    }

    // ---- mime4j ----------------------------------------------------------------------------------------------

    private static final Map<String, String> MIME4J = reasons(Map.of(
            NO_PARTS,
            "mail-parser/malformed/002.eml mail-parser/malformed/004.eml mime4j-mimetools/badbound.msg"
                    + " mime4j/missing-boundary.msg mime4j/missing-inner-boundary.msg"
                    + " mime4j/missing-inner-start-boundary.msg mime4j/multipartnopart.msg",
            ENCODED_MESSAGE,
            "mail-parser/rfc/008.eml mime4j-mimetools/multi-2gifs-base64.msg"
                    + " mime4j/bad-newlines-multiple-parts-base64.msg"
                    + " mime4j/base64encoded-rfc822message-nested.msg mime4j/base64encoded-rfc822message.msg",
            HEADER_END,
            "mail-parser/malformed/019.eml mail-parser/malformed/022.eml mail-parser/thirdparty/015.eml"
                    + " mime4j-mimetools/hdr-fakeout.msg mime4j/basic-plain-with-bad-header-separator.msg"
                    + " mime4j/malformedHeader-nocrlfcrlf.msg mime4j/malformedHeader-noheader.msg"
                    + " mime4j/malformedHeaderStartsBody-nocrlfcrlf.msg"
                    + " mime4j/malformedHeaderStartsBody-noheader.msg mime4j/obsolete.msg",
            SAME_BOUNDARY,
            "mail-parser/malformed/003.eml mail-parser/malformed/013.eml",
            DASHES,
            "mail-parser/malformed/005.eml",
            HEADER_ONLY,
            "mail-parser/malformed/007.eml",
            NO_SEMICOLON,
            "mail-parser/malformed/017.eml",
            EMPTY_PART,
            "mail-parser/malformed/020.eml mail-parser/malformed/021.eml",
            LAST_QUANTUM,
            "mail-parser/rfc/000.eml mail-parser/thirdparty/002.eml mime4j-mimetools/frag.msg mime4j-mimetools/multi-frag.msg",
            WHOLE_LINES,
            "mime4j/ending-boundaries.msg mime4j/very-long-boundary.msg mime4j/weird-boundary.msg"
                    + " mime4j/very-very-long-boundary.msg"));

    @Test
    void mime4jSeesTheSame() {
        Disagreements found = new Disagreements("mime4j", MIME4J);
        for (String name : List.of("mail-parser", "mime4j", "mime4j-mimetools")) {
            for (Path folder : Corpus.folder(name).stream().toList()) {
                List<Path> files = new ArrayList<>(Corpus.files(folder, ".msg"));
                files.addAll(Corpus.files(folder, ".eml"));
                for (Path file : files) {
                    Octets mail = Corpus.read(file);
                    found.compare(name + "/" + folder.relativize(file), ours(MessageParser.parse(mail)), mime4j(mail));
                }
            }
        }
        found.settle();
    }

    private static List<Line> ours(Part root) {
        List<Line> lines = new ArrayList<>();
        ours("1", root, lines);
        return lines;
    }

    private static void ours(String path, Part part, List<Line> lines) {
        String content = part.kind() == Kind.LEAF ? part.decoded().octets().latin1() : "";
        if (part.encoding() == TransferEncoding.QUOTED_PRINTABLE) {
            content = content.replace("\r\n", "\n");
        }
        lines.add(new Line(path, part.declaredType().mediaType(), content));
        for (int i = 0; i < part.children().size(); i++) {
            ours(path + "." + (i + 1), part.children().get(i), lines);
        }
    }

    private static List<Line> mime4j(Octets mail) {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
        List<Line> lines = new ArrayList<>();
        try {
            mime4j("1", builder.parseMessage(new ByteArrayInputStream(mail.toByteArray())), lines);
        } catch (Exception e) {
            lines.add(new Line("1", "exception", e.toString()));
        }
        return lines;
    }

    private static void mime4j(String path, Entity entity, List<Line> lines) throws IOException {
        Body body = entity.getBody();
        String content = "";
        if (body instanceof SingleBody single) {
            content = Octets.of(single.getInputStream().readAllBytes()).latin1();
        }
        if ("quoted-printable".equals(entity.getContentTransferEncoding())) {
            // mime4j makes the line ends of quoted-printable CRLF; ours stay what they were.
            content = content.replace("\r\n", "\n");
        }
        lines.add(new Line(path, entity.getMimeType(), content));
        if (body instanceof Multipart multipart) {
            for (int i = 0; i < multipart.getBodyParts().size(); i++) {
                mime4j(path + "." + (i + 1), multipart.getBodyParts().get(i), lines);
            }
        } else if (body instanceof Message message) {
            mime4j(path + ".1", message, lines);
        }
    }

    private static final Map<String, String> MIME4J_TEXT =
            reasons(Map.of(UNLABELLED, "mail-parser/thirdparty/010.eml mime4j-mimetools/infinite.msg"));

    /// The same for text: what a reader sees, not what the octets are.
    @Test
    void mime4jReadsTheSameText() {
        Disagreements found = new Disagreements("mime4j's text", MIME4J_TEXT);
        for (String name : List.of("mail-parser", "mime4j", "mime4j-mimetools")) {
            for (Path folder : Corpus.folder(name).stream().toList()) {
                List<Path> files = new ArrayList<>(Corpus.files(folder, ".msg"));
                files.addAll(Corpus.files(folder, ".eml"));
                for (Path file : files) {
                    String path = name + "/" + folder.relativize(file);
                    if (!MIME4J.containsKey(path)) {
                        Octets mail = Corpus.read(file);
                        found.compare(path, texts(MessageParser.parse(mail)), mime4jTexts(mail));
                    }
                }
            }
        }
        found.settle();
    }

    private static List<String> texts(Part root) {
        return root.all().stream()
                .filter(part -> part.kind() == Kind.LEAF && part.declaredType().isText())
                .map(part -> bare(part.text().text()))
                .toList();
    }

    private static List<String> mime4jTexts(Octets mail) {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
        List<String> texts = new ArrayList<>();
        try {
            mime4jTexts(builder.parseMessage(new ByteArrayInputStream(mail.toByteArray())), texts);
        } catch (Exception e) {
            texts.add(e.toString());
        }
        return texts;
    }

    private static void mime4jTexts(Entity entity, List<String> texts) throws IOException {
        switch (entity.getBody()) {
            case TextBody text -> {
                StringWriter written = new StringWriter();
                text.getReader().transferTo(written);
                texts.add(bare(written.toString()));
            }
            case Multipart multipart -> {
                for (Entity part : multipart.getBodyParts()) {
                    mime4jTexts(part, texts);
                }
            }
            case Message message -> mime4jTexts(message, texts);
            default -> {}
        }
    }

    // ---- the expectations of mail-parser -----------------------------------------------------------------------

    private static final Map<String, String> MAIL_PARSER = reasons(Map.ofEntries(
            Map.entry(NO_PARTS, json("malformed/002 malformed/004")),
            Map.entry(UNCLOSED, json("malformed/000 malformed/003 malformed/006 malformed/013 malformed/014")),
            Map.entry(
                    OUTER_ENDS_INNER,
                    json("malformed/001 malformed/008 malformed/009 malformed/011" + " malformed/012")),
            Map.entry(HEADER_ONLY, json("malformed/007")),
            Map.entry(CUT_BOUNDARY, json("malformed/016")),
            Map.entry(NO_DISPOSITION, json("malformed/017")),
            Map.entry(HEADER_END, json("malformed/019 thirdparty/015")),
            Map.entry(FIRST_FIELD, json("malformed/020 malformed/021")),
            Map.entry(MESSAGE_WITHOUT_HEADER, json("malformed/022")),
            Map.entry(BROKEN_BASE64, json("rfc/000 thirdparty/002")),
            Map.entry(BARE_WORD, json("rfc/001 rfc/004")),
            Map.entry(ENCODED_MESSAGE, json("rfc/008")),
            Map.entry(HALF_CHARACTER, "thirdparty/005.crlf.json"),
            Map.entry(WHOLE_LINES, "thirdparty/005.json"),
            Map.entry(MEDIA, json("thirdparty/013"))));

    private static String json(String stems) {
        return stems.replace(" ", ".json ") + ".json " + stems.replace(" ", ".crlf.json ") + ".crlf.json";
    }

    /// The collectors of `mail-parser` wrote down offsets, text and the lists of RFC 8621 §4.1.4.
    @Test
    void mailParserSeesTheSame() {
        Disagreements found = new Disagreements("mail-parser", MAIL_PARSER);
        for (Path folder : Corpus.folder("mail-parser").stream().toList()) {
            for (Path file : Corpus.files(folder, ".json")) {
                boolean crlf = file.toString().endsWith(".crlf.json");
                String name =
                        folder.relativize(file).toString().replace(".crlf", "").replace(".json", ".eml");
                Octets mail = Corpus.read(folder.resolve(name));
                String bare = mail.latin1().replace("\r\n", "\n");
                mail = Octets.latin1(crlf ? bare.replace("\n", "\r\n") : bare);
                Part root = MessageParser.parse(mail);
                Map<?, ?> theirs = Json.object(Corpus.read(file).utf8());
                found.compare(folder.relativize(file).toString(), located(root), mailParser(theirs));
            }
        }
        found.settle();
    }

    private static List<String> located(Part root) {
        List<String> lines = new ArrayList<>();
        located("1", root, lines);
        MessageBodies bodies = MessageBodies.of(root);
        lines.add("text " + paths(root, bodies.text()));
        lines.add("html " + paths(root, bodies.html()));
        lines.add("attachments " + paths(root, bodies.attachments()));
        HeaderFields fields = root.fields();
        lines.add("subject " + fields.text("Subject").orElse(""));
        lines.add("from " + people(fields.addresses("From")));
        lines.add("to " + people(fields.addresses("To")));
        lines.add("date "
                + fields.value("Date")
                        .flatMap(DateTimes::parse)
                        .map(Object::toString)
                        .orElse(""));
        return lines;
    }

    private static List<Integer> paths(Part root, List<Part> parts) {
        List<Part> all = new ArrayList<>();
        List<Part> stack = new ArrayList<>(List.of(root));
        // Messages inside a message have their own numbers there.
        while (!stack.isEmpty()) {
            Part part = stack.removeLast();
            all.add(part);
            if (part.kind() == Kind.MULTIPART) {
                stack.addAll(part.children().reversed());
            }
        }
        return parts.stream().map(all::indexOf).toList();
    }

    private static String people(AddressList list) {
        return list.mailboxes().stream()
                .map(m -> m.name() + "<" + m.address() + ">")
                .toList()
                .toString();
    }

    private static void located(String path, Part part, List<String> lines) {
        String content = "";
        if (part.kind() == Kind.LEAF) {
            boolean isText = part.contentType().isText();
            content = isText ? part.text().text() : part.decoded().octets().latin1();
        }
        lines.add(
                path + " " + part.start() + "-" + part.bodyStart() + "-" + (part.kind() == Kind.LEAF ? part.end() : "")
                        + " " + part.kind() + " " + content.replace("\n", "\\n").replace("\r", "\\r"));
        for (int i = 0; i < part.children().size(); i++) {
            located(path + "." + (i + 1), part.children().get(i), lines);
        }
    }

    private static List<String> mailParser(Map<?, ?> message) {
        List<String> lines = new ArrayList<>();
        List<?> parts = list(message, "parts");
        mailParser("1", parts, 0, lines);
        lines.add("text " + list(message, "text_body"));
        lines.add("html " + list(message, "html_body"));
        lines.add("attachments " + list(message, "attachments"));
        String subject = "";
        String from = "[]";
        String to = "[]";
        String date = "";
        List<Object> headers = new ArrayList<>(list((Map<?, ?>) parts.getFirst(), "headers"));
        for (Object header : headers.reversed()) {
            Map<?, ?> field = (Map<?, ?>) header;
            Object value = field.get("value") instanceof Map<?, ?> map
                    ? map.values().iterator().next()
                    : "";
            switch (String.valueOf(field.get("name"))) {
                case "subject" -> subject = value.toString();
                case "from" -> from = people(value);
                case "to" -> to = people(value);
                case "date" -> date = value instanceof Map<?, ?> map ? date(map) : "";
                default -> {}
            }
        }
        lines.addAll(List.of("subject " + subject, "from " + from, "to " + to, "date " + date));
        return lines;
    }

    private static List<?> list(Map<?, ?> map, String name) {
        return map.get(name) instanceof List<?> list ? list : List.of();
    }

    private static String people(Object value) {
        List<String> people = new ArrayList<>();
        people(value, people);
        return people.toString();
    }

    private static void people(Object value, List<String> people) {
        switch (value) {
            case List<?> list -> list.forEach(one -> people(one, people));
            case Map<?, ?> map
            when map.containsKey("address") || map.containsKey("email") ->
                people.add(map.get("name") + "<" + map.get("address") + ">");
            case Map<?, ?> map -> map.values().forEach(one -> people(one, people));
            default -> {}
        }
    }

    private static String date(Map<?, ?> map) {
        ZoneOffset offset = ZoneOffset.ofTotalSeconds((number(map, "tz_hour") * 3600 + number(map, "tz_minute") * 60)
                * (Boolean.TRUE.equals(map.get("tz_before_gmt")) ? -1 : 1));
        return OffsetDateTime.of(
                        number(map, "year"),
                        number(map, "month"),
                        number(map, "day"),
                        number(map, "hour"),
                        number(map, "minute"),
                        number(map, "second"),
                        0,
                        offset)
                .toString();
    }

    private static int number(Map<?, ?> map, String name) {
        return map.get(name) instanceof Long number ? number.intValue() : -1;
    }

    private static void mailParser(String path, List<?> parts, int index, List<String> lines) {
        Map<?, ?> part = (Map<?, ?>) parts.get(index);
        Map.Entry<?, ?> body = Map.entry("none", "");
        if (part.get("body") instanceof Map<?, ?> map) {
            body = map.entrySet().iterator().next();
        }
        Kind kind = switch ((String) body.getKey()) {
            case "Multipart" -> Kind.MULTIPART;
            case "Message" -> Kind.MESSAGE;
            default -> Kind.LEAF;
        };
        String content = "";
        if (kind == Kind.LEAF) {
            content = body.getValue() instanceof List<?> octets ? latin1(octets) : (String) body.getValue();
        }
        lines.add(path + " " + part.get("offset_header") + "-" + part.get("offset_body") + "-"
                + (kind == Kind.LEAF ? part.get("offset_end") : "") + " " + kind + " "
                + content.replace("\n", "\\n").replace("\r", "\\r"));
        switch (kind) {
            case MULTIPART -> {
                int number = 1;
                for (Object child : (List<?>) body.getValue()) {
                    mailParser(path + "." + number++, parts, ((Long) child).intValue(), lines);
                }
            }
            case MESSAGE -> mailParser(path + ".1", list((Map<?, ?>) body.getValue(), "parts"), 0, lines);
            case LEAF -> {}
        }
    }

    private static String latin1(List<?> octets) {
        StringBuilder text = new StringBuilder();
        octets.forEach(octet -> text.append((char) ((Long) octet).intValue()));
        return text.toString();
    }

    // ---- the expectations beside mime4j's corpus ---------------------------------------------------------------

    private static final Map<String, String> MIME4J_XML = reasons(Map.of(
            NO_PARTS,
            both("mime4j-mimetools/badbound mime4j/missing-boundary mime4j/missing-inner-boundary"
                    + " mime4j/missing-inner-start-boundary mime4j/multipartnopart"),
            ENCODED_MESSAGE,
            both("mime4j-mimetools/multi-2gifs-base64 mime4j/bad-newlines-multiple-parts-base64"
                    + " mime4j/base64encoded-rfc822message-nested mime4j/base64encoded-rfc822message"),
            HEADER_END,
            both("mime4j-mimetools/hdr-fakeout mime4j/basic-plain-with-bad-header-separator"
                    + " mime4j/malformedHeader-nocrlfcrlf mime4j/malformedHeader-noheader"
                    + " mime4j/malformedHeaderStartsBody-nocrlfcrlf"
                    + " mime4j/malformedHeaderStartsBody-noheader mime4j/obsolete"),
            LAST_QUANTUM,
            "mime4j-mimetools/frag_decoded.xml mime4j-mimetools/multi-frag_decoded.xml",
            WHOLE_LINES,
            both("mime4j/ending-boundaries mime4j/very-long-boundary mime4j/weird-boundary"
                    + " mime4j/very-very-long-boundary")));

    private static String both(String stems) {
        return stems.replace(" ", ".xml ") + ".xml " + stems.replace(" ", "_decoded.xml ") + "_decoded.xml";
    }

    /// `x.xml` has the fields and the bodies as they stand, `x_decoded.xml` names files with the decoded bodies.
    @Test
    void theRecordsOfMime4jSayTheSame() {
        Disagreements found = new Disagreements("mime4j's records", MIME4J_XML);
        for (String name : List.of("mime4j", "mime4j-mimetools")) {
            for (Path folder : Corpus.folder(name).stream().toList()) {
                for (Path file : Corpus.files(folder, ".msg")) {
                    Part root = MessageParser.parse(Corpus.read(file));
                    String stem = file.getFileName().toString().replace(".msg", "");
                    Path raw = folder.resolve(stem + ".xml");
                    Path decoded = folder.resolve(stem + "_decoded.xml");
                    if (Files.exists(raw)) {
                        found.compare(
                                name + "/" + raw.getFileName(), recorded(root, false), new RecordedMail(raw).lines());
                    }
                    if (Files.exists(decoded)) {
                        found.compare(
                                name + "/" + decoded.getFileName(),
                                recorded(root, true),
                                new RecordedMail(decoded).lines());
                    }
                }
            }
        }
        found.settle();
    }

    private static List<String> recorded(Part root, boolean decode) {
        List<String> lines = new ArrayList<>();
        recorded("1", root, decode, lines);
        return lines;
    }

    private static void recorded(String path, Part part, boolean decode, List<String> lines) {
        for (HeaderField field : part.fields()) {
            lines.add(path + " " + bare(field.octets().latin1()).stripTrailing());
        }
        if (part.kind() == Kind.LEAF) {
            lines.add(path + " body " + bare((decode ? part.decoded().octets() : part.body()).latin1()));
        }
        for (int i = 0; i < part.children().size(); i++) {
            recorded(path + "." + (i + 1), part.children().get(i), decode, lines);
        }
    }

    static String bare(String text) {
        return text.replace("\r\n", "\n");
    }
}
