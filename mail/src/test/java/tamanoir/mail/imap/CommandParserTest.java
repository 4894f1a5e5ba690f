package tamanoir.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

class CommandParserTest {
    private static Command parse(String text) {
        CommandParser parser = new CommandParser(Octets.latin1("a " + text));
        assertThat(parser.tag()).isEqualTo("a");
        return parser.command();
    }

    private static void isBad(String text) {
        assertThatThrownBy(() -> parse(text)).as(text).isInstanceOf(BadSyntax.class);
    }

    private static List<FetchItem> items(String text) {
        return ((Command.Fetch) parse("FETCH 1 " + text)).items();
    }

    private static SearchKey key(String text) {
        return ((Command.Search) parse("SEARCH " + text)).key();
    }

    @Test
    void aTagIsAnyAstringCharacterButPlus() {
        assertThat(new CommandParser(Octets.latin1("A.1]-x NOOP")).tag()).isEqualTo("A.1]-x");
        for (String line : List.of("+a NOOP", " NOOP", "", "a", "(a) NOOP", "\"a\" NOOP", "a\tNOOP")) {
            assertThatThrownBy(() -> new CommandParser(Octets.latin1(line)).tag())
                    .isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void commandsWithoutArgumentsTakeNone() {
        assertThat(parse("noop")).isEqualTo(new Command.Noop());
        assertThat(parse("CAPABILITY")).isEqualTo(new Command.Capability());
        assertThat(parse("Logout")).isEqualTo(new Command.Logout());
        assertThat(parse("XYZZY 1 2")).isEqualTo(new Command.Unknown("XYZZY"));
        isBad("NOOP ");
        isBad("NOOP x");
        isBad("IDLE x");
    }

    @Test
    void stringsAreAtomsQuotedOrLiterals() {
        Command expected = new Command.Login(Octets.of("a\"b"), Octets.of("c d"));
        assertThat(parse("LOGIN \"a\\\"b\" \"c d\"")).isEqualTo(expected);
        assertThat(parse("LOGIN {3}\r\na\"b {3+}\r\nc d")).isEqualTo(expected);
        assertThat(parse("LOGIN me ]x")).isEqualTo(new Command.Login(Octets.of("me"), Octets.of("]x")));
        assertThat(parse("LOGIN \"\" \"\"")).isEqualTo(new Command.Login(Octets.EMPTY, Octets.EMPTY));
        isBad("LOGIN \"us\0er\" \"x\"");
        isBad("LOGIN \"u\\\n\" x");
        isBad("LOGIN \"u\\x\" x");
        isBad("LOGIN {3}\r\na\0b \"x\"");
        isBad("LOGIN {9}\r\nabc x");
        isBad("LOGIN ~{3}\r\nabc x");
        isBad("LOGIN a");
        isBad("LOGIN a b c");
        isBad("LOGIN  a b");
        isBad("LOGIN \"a\"\"b\"");
    }

    @Test
    void setsAreRangesInTheOrderWritten() {
        assertThat(((Command.Fetch) parse("FETCH 3:1,7,*,5:* UID")).set().toString())
                .isEqualTo("3:1,7,*,5:*");
        assertThat(((Command.Fetch) parse("UID FETCH $ UID")).set()).isEqualTo(SequenceSet.SAVED);
        isBad("FETCH 0 UID");
        isBad("FETCH 1: UID");
        isBad("FETCH ,1 UID");
        isBad("FETCH 1, UID");
        isBad("FETCH 4294967296 UID");
        isBad("FETCH 1:2:3 UID");
        isBad("FETCH -1 UID");
    }

    @Test
    void fetchItemsComeAloneInAListOrAsAMacro() {
        assertThat(items("FAST"))
                .containsExactly(new FetchItem.Flags(), new FetchItem.InternalDate(), new FetchItem.Rfc822Size());
        assertThat(items("full")).hasSize(5).last().isEqualTo(new FetchItem.Structure(false));
        assertThat(items("(UID BODYSTRUCTURE)")).containsExactly(new FetchItem.Uid(), new FetchItem.Structure(true));
        isBad("FETCH 1 (ALL)");
        isBad("FETCH 1 ()");
        isBad("FETCH 1 (UID  FLAGS)");
        isBad("FETCH 1 (UID FLAGS");
        isBad("FETCH 1 UID FLAGS");
        isBad("FETCH 1 NOTHING");
    }

    @Test
    void sectionsHavePartsWordsAndFields() {
        BodySection fields = new BodySection(List.of(1, 2), BodySection.Kind.HEADER_FIELDS, List.of("From", "X Y"));
        assertThat(items("BODY.PEEK[1.2.HEADER.FIELDS (From \"X Y\")]<10.20>"))
                .containsExactly(new FetchItem.Body(fields, true, new FetchItem.Partial(10, 20)));
        assertThat(fields.text()).isEqualTo("1.2.HEADER.FIELDS (From \"X Y\")");
        assertThat(items("BODY[]"))
                .containsExactly(new FetchItem.Body(BodySection.WHOLE, false, FetchItem.Partial.NONE));
        assertThat(items("BODY")).containsExactly(new FetchItem.Structure(false));
        assertThat(items("(BINARY.PEEK[1.1]<0.5> BINARY.SIZE[] RFC822.TEXT)"))
                .containsExactly(
                        new FetchItem.Binary(List.of(1, 1), true, new FetchItem.Partial(0, 5)),
                        new FetchItem.BinarySize(List.of()),
                        new FetchItem.Rfc822(BodySection.Kind.TEXT));
        isBad("FETCH 1 BODY[1.]");
        isBad("FETCH 1 BODY[0]");
        isBad("FETCH 1 BODY[MIME]");
        isBad("FETCH 1 BODY[1TEXT]");
        isBad("FETCH 1 BODY[HEADER.FIELDS ()]");
        isBad("FETCH 1 BODY[HEADER.FIELDS]");
        isBad("FETCH 1 BODY[TEXT.1]");
        isBad("FETCH 1 BINARY[1.TEXT]");
        isBad("FETCH 1 BODY[" + "1.".repeat(200) + "1]");
    }

    /// B26: zero lengths and numbers beyond 63 bits are wrong, 64-bit origins are legal (RFC 9051 §9, partial).
    @Test
    void partialsNeverOverflow() {
        assertThat(items("BODY[]<4294967296.1>"))
                .containsExactly(new FetchItem.Body(BodySection.WHOLE, false, new FetchItem.Partial(4294967296L, 1)));
        isBad("FETCH 1 BODY[]<0.0>");
        isBad("FETCH 1 BODY[]<99999999999999999999.1>");
        isBad("FETCH 1 BODY[]<1>");
        FetchItem.Partial far = new FetchItem.Partial(Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(far.from(10)).isEqualTo(10);
        assertThat(far.to(10)).isEqualTo(10);
        FetchItem.Partial some = new FetchItem.Partial(5, Long.MAX_VALUE);
        assertThat(some.from(10)).isEqualTo(5);
        assertThat(some.to(10)).isEqualTo(10);
    }

    @Test
    void fetchModifiersBelongToCondstoreAndQresync() {
        assertThat(parse("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12 VANISHED)"))
                .isEqualTo(new Command.Fetch(
                        true,
                        new SequenceSet(List.of(new SequenceSet.Range(1, SequenceSet.STAR)), false),
                        List.of(new FetchItem.Flags()),
                        12,
                        true));
        isBad("FETCH 1:* FLAGS (CHANGEDSINCE 12 VANISHED)");
        isBad("UID FETCH 1:* FLAGS (VANISHED)");
        isBad("FETCH 1 FLAGS (CHANGEDSINCE 0)");
    }

    @Test
    void storeTakesFlagsWithAndWithoutParentheses() {
        assertThat(parse("STORE 1 (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Seen $x)"))
                .isEqualTo(new Command.Store(
                        false, SequenceSet.of(1), Command.StoreMode.ADD, true, List.of("\\Seen", "$x"), 5));
        assertThat(parse("UID STORE 1 FLAGS \\Seen NIL"))
                .isEqualTo(new Command.Store(
                        true,
                        SequenceSet.of(1),
                        Command.StoreMode.REPLACE,
                        false,
                        List.of("\\Seen", "NIL"),
                        Long.MAX_VALUE));
        isBad("STORE 1 FLAG x");
        isBad("STORE 1 FLAGS");
        isBad("STORE 1 FLAGS (x");
        isBad("STORE 1 FLAGS {1}\r\nx");
    }

    @Test
    void selectTakesCondstoreAndQresync() {
        assertThat(parse("SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211 (1,3 5,7)))"))
                .isEqualTo(new Command.Select(
                        Octets.of("INBOX"),
                        false,
                        false,
                        new Command.Resync(
                                true,
                                67890007,
                                20050715194045000L,
                                List.of(new SequenceSet.Range(41, 41), new SequenceSet.Range(43, 211)),
                                List.of(new SequenceSet.Range(1, 1), new SequenceSet.Range(3, 3)),
                                List.of(new SequenceSet.Range(5, 5), new SequenceSet.Range(7, 7)))));
        assertThat(parse("EXAMINE x (CONDSTORE)"))
                .isEqualTo(new Command.Select(Octets.of("x"), true, true, Command.Resync.NONE));
        isBad("SELECT x ()");
        isBad("SELECT x (QRESYNC (1))");
        isBad("SELECT x (QRESYNC (1 2 1:*))");
    }

    @Test
    void listHasAPlainAndAnExtendedForm() {
        assertThat(parse("LIST \"\" %"))
                .isEqualTo(new Command.Listing(
                        false, Set.of(), Octets.EMPTY, List.of(Octets.of("%")), Set.of(), List.of()));
        assertThat(parse("LIST (SUBSCRIBED RECURSIVEMATCH) x (\"a\" b*) RETURN (CHILDREN STATUS (MESSAGES UNSEEN))"))
                .isEqualTo(new Command.Listing(
                        true,
                        Set.of(Command.ListSelection.SUBSCRIBED, Command.ListSelection.RECURSIVEMATCH),
                        Octets.of("x"),
                        List.of(Octets.of("a"), Octets.of("b*")),
                        Set.of(Command.ListReturn.CHILDREN),
                        List.of(Command.StatusItem.MESSAGES, Command.StatusItem.UNSEEN)));
        isBad("LIST (RECURSIVEMATCH) \"\" \"\"");
        isBad("LIST (RECURSIVEMATCH REMOTE) \"\" \"\"");
        isBad("LIST \"\" \"\" RETURN (WISHES)");
        isBad("LIST \"\" ()");
        isBad("STATUS x ()");
    }

    @Test
    void searchKeysNest() {
        assertThat(key("OR SEEN (DRAFT 1:3) NOT UID $"))
                .isEqualTo(new SearchKey.And(List.of(
                        new SearchKey.Or(
                                new SearchKey.SystemFlag("\\Seen", true),
                                new SearchKey.And(List.of(
                                        new SearchKey.SystemFlag("\\Draft", true),
                                        new SearchKey.Sequence(
                                                new SequenceSet(List.of(new SequenceSet.Range(1, 3)), false))))),
                        new SearchKey.Not(new SearchKey.Uid(SequenceSet.SAVED)))));
        assertThat(key("SENTON \" 1-Feb-1994\"".replace(" 1", "1")))
                .isEqualTo(new SearchKey.Date(
                        SearchKey.Date.Field.SENT, SearchKey.Date.Order.ON, LocalDate.of(1994, 2, 1)));
        assertThat(key("MODSEQ \"/flags/\\\\draft\" all 620162338")).isEqualTo(new SearchKey.Modseq(620162338));
        isBad("SEARCH");
        isBad("SEARCH ()");
        isBad("SEARCH OR SEEN");
        isBad("SEARCH ON 31-Feb-2020");
        isBad("SEARCH " + "NOT ".repeat(5000) + "ALL");
        isBad("SEARCH " + "(".repeat(5000));
    }

    @Test
    void searchStringsAreDecodedFromTheirCharset() {
        assertThat(key("CHARSET ISO-8859-1 SUBJECT \"gr\u00fcn\""))
                .isEqualTo(new SearchKey.Header("Subject", "gr\u00fcn"));
        assertThat(key("CHARSET KOI8-R BODY {3}\r\n\u00cd\u00c9\u00d2"))
                .isEqualTo(new SearchKey.Body("\u043c\u0438\u0440"));
        assertThat(key("CHARSET UTF-8 TEXT {4+}\r\n\u00c3\u00bc.x")).isEqualTo(new SearchKey.Text("\u00fc.x"));
        isBad("SEARCH CHARSET UTF-8 TEXT \"\u00fc\"");
        assertThatThrownBy(() -> key("CHARSET x-nobody TEXT a")).isInstanceOf(UnknownCharset.class);
        assertThatThrownBy(() -> key("CHARSET \"?\" TEXT a")).isInstanceOf(UnknownCharset.class);
    }

    @Test
    void searchReturnsWhatItIsAsked() {
        assertThat(((Command.Search) parse("SEARCH RETURN () ALL")).returns().all())
                .isTrue();
        assertThat(((Command.Search) parse("SEARCH RETURN (SAVE) ALL")).returns())
                .isEqualTo(new SearchReturn(true, false, false, false, false, true, 0, 0));
        assertThat(((Command.Search) parse("SEARCH RETURN (PARTIAL 9:3) ALL"))
                        .returns()
                        .partialFrom())
                .isEqualTo(3);
        isBad("SEARCH RETURN (PARTIAL 1) ALL");
        isBad("SEARCH RETURN (PARTIAL 1:*) ALL");
        isBad("SEARCH RETURN (PARTIAL 1:-3) ALL");
        isBad("SEARCH RETURN (WISHES) ALL");
    }

    @Test
    void idIsBounded() {
        assertThat(parse("ID (\"name\" \"x\" \"version\" NIL)"))
                .isEqualTo(new Command.Id(List.of("name", "x", "version", "")));
        assertThat(parse("ID NIL")).isEqualTo(new Command.Id(List.of()));
        isBad("ID (\"name\")");
        isBad("ID (\"" + "a".repeat(31) + "\" \"b\")");
    }
}
