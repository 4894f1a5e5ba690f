package tamanoir.mail.vcard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Pointer;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Cards as address books write them, and what becomes of them.
class VCardTest {
    private static List<Json.Obj> cards(String text) {
        return cards(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Json.Obj> cards(byte[] octets) {
        return VCardReader.read(Octets.of(octets)).stream().map(CardOfVCard::of).toList();
    }

    private static Json.Obj card(String text) {
        List<Json.Obj> cards = cards(text);
        assertThat(cards).hasSize(1);
        return cards.getFirst();
    }

    private static Json at(Json card, String pointer) {
        return Pointer.parse(pointer).in(card).orElse(Json.NULL);
    }

    private static String text(Json card, String pointer) {
        return at(card, pointer) instanceof Json.Text(String text)
                ? text
                : at(card, pointer).toString();
    }

    // ---- the address books of this world ---------------------------------------------------------------------

    @Test
    void appleWritesGroupsLabelsAndFoldedPhotos() {
        Json.Obj card = card("""
                BEGIN:VCARD
                VERSION:3.0
                PRODID:-//Apple Inc.//macOS 14.1//EN
                N:Liddell;Alice;Pleasance;Dr.;
                FN:Dr. Alice Pleasance Liddell
                ORG:Wonderland\\, Inc.;Tea;
                EMAIL;type=INTERNET;type=HOME;type=pref:alice@example.com
                item1.EMAIL;type=INTERNET:rabbit@hole.example
                item1.X-ABLabel:_$!<Other>!$_
                TEL;type=CELL;type=VOICE;type=pref:+44 20 7946 0000
                item2.ADR;type=WORK:;;1 Rabbit Hole;Oxford;;OX1 1DP;England
                item2.X-ABADR:gb
                BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-04
                NOTE:Tea at four\\nand cake
                PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJ
                 CQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/
                X-SOCIALPROFILE;type=twitter;x-user=alice:http://twitter.com/alice
                UID:4A1B-22
                END:VCARD
                """);
        assertThat(text(card, "/name/full")).isEqualTo("Dr. Alice Pleasance Liddell");
        assertThat(text(card, "/name/components/0/kind")).isEqualTo("title");
        assertThat(text(card, "/name/components/3/value")).isEqualTo("Liddell");
        assertThat(text(card, "/organizations/O1/name")).isEqualTo("Wonderland, Inc.");
        assertThat(text(card, "/organizations/O1/units/0/name")).isEqualTo("Tea");
        assertThat(at(card, "/emails/E1/contexts/private")).isEqualTo(Json.of(true));
        assertThat(at(card, "/emails/E1/pref")).isEqualTo(Json.of(1));
        assertThat(text(card, "/emails/E2/label")).isEqualTo("Other");
        assertThat(at(card, "/phones/P1/features/mobile")).isEqualTo(Json.of(true));
        assertThat(text(card, "/addresses/A1/components/0/value")).isEqualTo("1 Rabbit Hole");
        assertThat(at(card, "/anniversaries/A1/date"))
                .isEqualTo(Json.object()
                        .put("@type", "PartialDate")
                        .put("month", 5)
                        .put("day", 4)
                        .build());
        assertThat(text(card, "/notes/N1/note")).isEqualTo("Tea at four\nand cake");
        assertThat(text(card, "/media/M1/uri"))
                .startsWith("data:image/jpeg;base64,/9j/4AAQ")
                .endsWith("PC4zNDL/")
                .doesNotContain(" ");
        assertThat(text(card, "/onlineServices/O1/service")).isEqualTo("twitter");
        assertThat(text(card, "/onlineServices/O1/user")).isEqualTo("alice");
        assertThat(text(card, "/vCardProps/0/0")).isEqualTo("x-abadr");
        assertThat(text(card, "/uid")).isEqualTo("4A1B-22");
    }

    @Test
    void outlookWritesQuotedPrintableOfItsOwnCharset() {
        String text = """
                BEGIN:VCARD
                VERSION:2.1
                N;LANGUAGE=de;CHARSET=Windows-1252:M=FCller;J=F6rg
                FN;CHARSET=Windows-1252:J=F6rg M=FCller
                ORG:Stra\u00dfe
                TEL;WORK;VOICE:+49 30 1234
                ADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;Lange Stra=C3=9Fe 1=0D=0AHinterhof;Berlin;;10115;Germany
                LABEL;WORK;ENCODING=QUOTED-PRINTABLE:Lange Stra=C3=9Fe 1=0D=0A=
                10115 Berlin
                EMAIL;PREF;INTERNET:joerg@example.de
                NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:lange Notiz, die mit einem weichen =
                Umbruch weitergeht =E2=82=AC
                PHOTO;TYPE=JPEG;ENCODING=BASE64:
                 /9j/4AAQSkZJRgAB
                 AQAAAQABAAD=

                REV:20240102T030405Z
                END:VCARD
                """.replace("N;LANGUAGE=de;", "N;LANGUAGE=de;ENCODING=QUOTED-PRINTABLE;")
                .replace("FN;", "FN;QUOTED-PRINTABLE;");
        Json.Obj card = card(text);
        assertThat(text(card, "/name/full")).isEqualTo("Jörg Müller");
        assertThat(text(card, "/name/components/0/value")).isEqualTo("Jörg");
        assertThat(text(card, "/organizations/O1/name")).isEqualTo("Straße");
        assertThat(at(card, "/phones/P1/contexts/work")).isEqualTo(Json.of(true));
        assertThat(at(card, "/phones/P1/features/voice")).isEqualTo(Json.of(true));
        assertThat(text(card, "/addresses/A1/components/0/value")).isEqualTo("Lange Straße 1\nHinterhof");
        assertThat(at(card, "/emails/E1/pref")).isEqualTo(Json.of(1));
        assertThat(text(card, "/notes/N1/note")).isEqualTo("lange Notiz, die mit einem weichen Umbruch weitergeht €");
        assertThat(text(card, "/media/M1/uri")).isEqualTo("data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD=");
        assertThat(text(card, "/updated")).isEqualTo("2024-01-02T03:04:05Z");
        assertThat(text(card, "/vCardProps/0/0")).isEqualTo("label");
    }

    @Test
    void aFileOfAnOldCharsetIsGuessed() {
        byte[] octets = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ren\u00e9e\r\nEND:VCARD\r\n"
                .getBytes(Charset.forName("windows-1252"));
        assertThat(text(cards(octets).getFirst(), "/name/full")).isEqualTo("Renée");
        byte[] wide = "\ufeffBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ren\u00e9e\r\nEND:VCARD\r\n"
                .getBytes(StandardCharsets.UTF_16LE);
        assertThat(text(cards(wide).getFirst(), "/name/full")).isEqualTo("Renée");
    }

    @Test
    void versionFourKnowsMore() {
        Json.Obj card = card("""
                BEGIN:VCARD
                VERSION:4.0
                KIND:individual
                FN:Renée Núñez
                N:Núñez;Renée;;;;Gómez;
                NICKNAME:Née,R
                EMAIL;PROP-ID=main;PREF=1;TYPE="work,home":renee@example.com
                TEL;VALUE=uri;TYPE="cell,text":tel:+1-418-656-9254
                ADR;LABEL="Suite D2-630\\n2875 Laurier^nCanada";GEO="geo:46.7,-71.2":;;2875 Laurier;Québec;QC;G1V 2M2;Canada
                BDAY:--0203
                ANNIVERSARY:20090808T143000Z
                DEATHDATE:2084
                LANG;PREF=1:fr
                IMPP:xmpp:renee@example.com
                SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://example.com/@renee
                URL;TYPE=home:https://renee.example
                KEY:https://renee.example/key.asc
                PHOTO:data:image/png;base64,iVBORw0KGgo=
                CATEGORIES:friends,tea\\, and cake
                RELATED;TYPE=spouse:urn:uuid:1
                FBURL:https://renee.example/busy
                CALADRURI:mailto:renee@example.com
                GENDER:F
                TZ:America/Montreal
                REV:20200101T000000Z
                END:VCARD
                """);
        assertThat(text(card, "/kind")).isEqualTo("individual");
        assertThat(text(card, "/name/components/2/kind")).isEqualTo("surname2");
        assertThat(text(card, "/nicknames/N2/name")).isEqualTo("R");
        assertThat(text(card, "/emails/main/address")).isEqualTo("renee@example.com");
        assertThat(at(card, "/emails/main/contexts"))
                .isEqualTo(Json.object().put("work", true).put("private", true).build());
        assertThat(text(card, "/phones/P1/number")).isEqualTo("+1-418-656-9254");
        assertThat(text(card, "/addresses/A1/full")).isEqualTo("Suite D2-630\\n2875 Laurier\nCanada");
        assertThat(text(card, "/addresses/A1/coordinates")).isEqualTo("geo:46.7,-71.2");
        assertThat(at(card, "/anniversaries/A1/date/month")).isEqualTo(Json.of(2));
        assertThat(text(card, "/anniversaries/A2/date/utc")).isEqualTo("2009-08-08T14:30:00Z");
        assertThat(at(card, "/anniversaries/A3/date/year")).isEqualTo(Json.of(2084));
        assertThat(at(card, "/keywords/tea, and cake")).isEqualTo(Json.of(true));
        assertThat(at(card, "/relatedTo/urn:uuid:1/relation/spouse")).isEqualTo(Json.of(true));
        assertThat(text(card, "/onlineServices/O2/service")).isEqualTo("Mastodon");
        assertThat(text(card, "/preferredLanguages/L1/language")).isEqualTo("fr");
        assertThat(text(card, "/vCardProps/0/0")).isEqualTo("gender");
        assertThat(text(card, "/vCardProps/1/3")).isEqualTo("America/Montreal");
    }

    @Test
    void aGroupNamesItsMembers() {
        Json.Obj apple = card("""
                BEGIN:VCARD
                VERSION:3.0
                N:Tea party
                FN:Tea party
                X-ADDRESSBOOKSERVER-KIND:group
                X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:03a0e51f
                UID:g1
                END:VCARD
                """);
        assertThat(text(apple, "/kind")).isEqualTo("group");
        assertThat(at(apple, "/members/urn:uuid:03a0e51f")).isEqualTo(Json.of(true));
        String three = VCardWriter.write(List.of(VCardOfCard.of(apple, VCardOfCard.Version.THREE)));
        assertThat(three).contains("X-ADDRESSBOOKSERVER-KIND:group\r\n");
        String four = VCardWriter.write(List.of(VCardOfCard.of(apple, VCardOfCard.Version.FOUR)));
        assertThat(four).contains("KIND:group\r\n").contains("MEMBER:urn:uuid:03a0e51f\r\n");
    }

    @Test
    void manyCardsAndRubbishBetweenThemAreRead() {
        List<Json.Obj> cards = cards("""
                this is no card
                BEGIN:VCARD
                FN:One
                AGENT:
                BEGIN:VCARD
                FN:Not me
                END:VCARD
                : no name
                BAD NAME:x
                TEL;"open:1
                END:VCARD

                begin:vcard
                fn:Two
                end:vcard
                END:VCARD
                BEGIN:VCARD
                FN:never ended
                """);
        assertThat(cards).extracting(card -> text(card, "/name/full")).containsExactly("One", "Two");
        assertThatThrownBy(() -> cards("BEGIN:VCALENDAR\nEND:VCALENDAR")).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> cards("")).isInstanceOf(BadSyntax.class);
    }

    // ---- there and back --------------------------------------------------------------------------------------

    @Test
    void linesAreFoldedAtSeventyFiveOctetsAndNeverInsideACharacter() {
        Json.Obj card = Json.object()
                .put("name", Json.object().put("full", "ä€😀".repeat(60)).build())
                .build();
        String written = VCardWriter.write(List.of(VCardOfCard.of(card, VCardOfCard.Version.FOUR)));
        for (String line : written.split("\r\n")) {
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(75);
        }
        assertThat(text(card(written), "/name/full")).isEqualTo("ä€😀".repeat(60));
    }

    @Test
    void whatAValueHoldsCannotBecomeAnotherProperty() {
        Json.Obj card = Json.object()
                .put(
                        "name",
                        Json.object().put("full", "x\r\nTEL:666\nEND:VCARD").build())
                .put(
                        "links",
                        Json.object()
                                .put(
                                        "a",
                                        Json.object()
                                                .put("uri", "https://x\r\nEMAIL:evil@example.com")
                                                .build())
                                .build())
                .build();
        List<VCard> read =
                VCardReader.read(Octets.of(VCardWriter.write(List.of(VCardOfCard.of(card, VCardOfCard.Version.FOUR)))));
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().all("TEL")).isEmpty();
        assertThat(read.getFirst().all("EMAIL")).isEmpty();
    }

    /// parse(write(card)) equals card, for cards of everything that both sides can say.
    @Test
    void aCardComesBackFromVersionFourAsItWas() {
        long seed = 20261125;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Json.Obj card = random(random);
            String written = VCardWriter.write(List.of(VCardOfCard.of(card, VCardOfCard.Version.FOUR)));
            assertThat(sorted(card(written)))
                    .as("seed " + seed + " round " + round + "\n" + written)
                    .isEqualTo(sorted(card));
        }
    }

    @Test
    void versionThreeKeepsNamesNumbersAndPhotos() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            Json.Obj card = random(random);
            String written = VCardWriter.write(List.of(VCardOfCard.of(card, VCardOfCard.Version.THREE)));
            Json.Obj back = card(written);
            assertThat(text(back, "/name/full")).isEqualTo(text(card, "/name/full"));
            assertThat(values(back, "emails", "address")).isEqualTo(values(card, "emails", "address"));
            assertThat(values(back, "phones", "number")).isEqualTo(values(card, "phones", "number"));
            assertThat(values(back, "media", "uri")).isEqualTo(values(card, "media", "uri"));
            assertThat(values(back, "notes", "note")).isEqualTo(values(card, "notes", "note"));
        }
    }

    private static List<String> values(Json.Obj card, String map, String property) {
        List<String> values = new ArrayList<>();
        if (card.get(map).orElse(Json.NULL) instanceof Json.Obj members) {
            members.members().values().forEach(value -> values.add(text(value, "/" + property)));
        }
        return values;
    }

    private static final List<String> WORDS = List.of(
            "Alice", "b,c", "semi;colon", "back\\slash", "new\nline", "Zoë", "日本", "\"quoted\"", "a:b", "x^y", "-");

    private static String word(Random random) {
        return WORDS.get(random.nextInt(WORDS.size())) + random.nextInt(100);
    }

    private static Json.Obj random(Random random) {
        Json.Building card = Json.object().put("@type", "Card").put("version", "1.0");
        card.put("uid", "urn:uuid:" + random.nextInt(1000));
        card.put(
                "name",
                Json.object()
                        .put("full", word(random))
                        .put(
                                "components",
                                List.of(
                                        component("given", word(random)),
                                        component("surname", word(random)),
                                        component("surname2", word(random))))
                        .build());
        card.put("emails", map(random, () -> Json.object().put("address", word(random) + "@example.com")));
        card.put(
                "phones",
                map(
                        random,
                        () -> Json.object()
                                .put("number", "+" + random.nextInt(1000))
                                .put(
                                        "features",
                                        Json.object().put("mobile", true).build())));
        card.put("notes", map(random, () -> Json.object().put("note", word(random))));
        card.put(
                "media",
                map(
                        random,
                        () -> Json.object()
                                .put("kind", "photo")
                                .put("uri", "data:image/png;base64,iVBORw0KGgo" + random.nextInt(1000))
                                .put("mediaType", "image/png")));
        card.put(
                "organizations",
                map(
                        random,
                        () -> Json.object()
                                .put("name", word(random))
                                .put(
                                        "units",
                                        List.of(Json.object()
                                                .put("name", word(random))
                                                .build()))));
        card.put(
                "anniversaries",
                map(
                        random,
                        () -> Json.object()
                                .put("kind", "birth")
                                .put(
                                        "date",
                                        Json.object()
                                                .put("@type", "PartialDate")
                                                .put("year", 1900 + random.nextInt(100))
                                                .put("month", 1 + random.nextInt(12))
                                                .put("day", 1 + random.nextInt(28))
                                                .build())));
        card.put(
                "addresses",
                map(
                        random,
                        () -> Json.object()
                                .put(
                                        "components",
                                        List.of(component("name", word(random)), component("locality", word(random))))
                                .put("full", word(random))));
        card.put("keywords", Json.object().put(word(random), true).build());
        card.put(
                "vCardProps",
                List.of(new Json.Arr(List.of(
                        Json.of("x-thing"),
                        Json.object().put("x-param", word(random)).build(),
                        Json.of("unknown"),
                        Json.of("plain" + random.nextInt(9))))));
        return card.build();
    }

    private static Json.Obj component(String kind, String value) {
        return Json.object().put("kind", kind).put("value", value).build();
    }

    private static Json.Obj map(Random random, java.util.function.Supplier<Json.Building> value) {
        Json.Building map = Json.object();
        for (int i = 0; i <= random.nextInt(3); i++) {
            Json.Building one = value.get();
            if (random.nextBoolean()) {
                one.put(
                        "contexts",
                        Json.object()
                                .put(random.nextBoolean() ? "work" : "private", true)
                                .build());
            }
            if (random.nextBoolean()) {
                one.put("pref", 1 + random.nextInt(100));
            }
            if (random.nextInt(4) == 0) {
                one.put("label", word(random));
            }
            map.put("k" + i, one.build());
        }
        return map.build();
    }

    /// Members in the order of their names: it means nothing.
    private static Json sorted(Json value) {
        return switch (value) {
            case Json.Obj object -> {
                java.util.TreeMap<String, Json> members = new java.util.TreeMap<>();
                object.members().forEach((name, member) -> members.put(name, sorted(member)));
                yield new Json.Obj(members);
            }
            case Json.Arr array ->
                new Json.Arr(array.items().stream().map(VCardTest::sorted).toList());
            case Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Text _ -> value;
        };
    }

    @Test
    void anyOctetsAreReadOrRefused() {
        Random random = new Random(4711);
        String seed =
                "BEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE:=C3=A4;x=\r\ny\r\nPHOTO;BASE64:AA==\r\n"
                        + "item1.ADR;TYPE=\"a,b\":;;x;;;;\r\nBDAY:--0203\r\nEND:VCARD\r\n";
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = seed.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = random.nextInt(8); i >= 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                for (Json.Obj card : cards(octets)) {
                    VCardWriter.write(List.of(VCardOfCard.of(card, VCardOfCard.Version.THREE)));
                }
            } catch (BadSyntax e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }
}
