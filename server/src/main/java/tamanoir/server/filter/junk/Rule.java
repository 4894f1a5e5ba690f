package tamanoir.server.filter.junk;

/// What a message may be made of, and how much that says. Five points are junk (`junk_threshold`), so that no single
/// oddity decides alone: careless programs send wanted mail too. `docs/junk.md` explains each.
public enum Rule {
    // ---- header
    DATE_MISSING(1.0),
    DATE_ODD(1.0),
    DATE_FUTURE(1.5),
    DATE_OLD(0.8),
    ID_MISSING(0.8),
    ID_ODD(0.8),
    FROM_MISSING(2.0),
    FROM_NAMES_OTHER(2.0),
    REPLY_ELSEWHERE(1.0),
    RECIPIENT_MISSING(0.8),
    RECEIVED_FORGED(1.5),
    SUBJECT_SHOUTS(1.0),
    SUBJECT_SPACED(1.5),
    SUBJECT_EMPTY(0.5),
    HELO_ODD(1.0),
    NO_REVERSE_NAME(0.8),

    // ---- make
    HTML_ONLY(0.4),
    HTML_PICTURES(1.8),
    HTML_HIDDEN(0.7),
    HTML_FORM(1.0),
    HTML_SCRIPT(1.0),
    TEXT_HIDDEN_IN_BASE64(0.6),
    CHARSET_ODD(0.8),
    WORDS_MIX_SCRIPTS(2.0),
    WORDS_BROKEN(1.5),
    MIME_BROKEN(0.8),

    // ---- links
    LINK_NUMBER(2.0),
    LINK_SHOWS_OTHER(1.5),
    LINK_USER(2.0),
    LINK_PORT(0.5),
    LINK_SHORTENED(0.5),
    LINK_LISTED(4.0),

    // ---- files
    FILE_RUNS(4.0),
    FILE_DISGUISED(2.5),
    ARCHIVE_RUNS(4.0),
    ARCHIVE_LOCKED(1.0),

    // ---- words, whose groups Phrases lists
    WORDS_FORTUNE(1.6),
    WORDS_EXTORTION(2.5),
    WORDS_MEDICINE(1.6),
    WORDS_LOAN(1.6),
    WORDS_GAMBLING(1.6),
    WORDS_ACCOUNT(1.4),
    WORDS_URGENT(0.8),

    // ---- who vouches
    DMARC_PASS(-0.6),
    DMARC_FAIL(2.0),
    DMARC_FORBIDS(3.5),
    SPF_PASS(-0.2),
    SPF_FAIL(1.5),
    SPF_SOFTFAIL(0.8),
    DKIM_PASS(-0.3),
    NOBODY_VOUCHES(0.6),
    CLIENT_LISTED(3.0),

    // ---- people
    CORRESPONDENT(-5.0),
    SENDER_WANTED(-4.0),
    SENDER_UNWANTED(4.0);

    private final double points;

    Rule(double points) {
        this.points = points;
    }

    double points() {
        return points;
    }
}
