package tamanoir.server.filter.junk;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.message.HeaderFields;

/// Judges what a message is made of, whoever sends it.
final class Rules {
    private static final Set<String> RUNS = Set.of(
            "exe", "scr", "pif", "com", "bat", "cmd", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "lnk", "msi",
            "jar", "ps1", "cpl", "iso", "img", "vhd", "one", "xll");
    private static final Set<String> LOOKS_TAME = Set.of(
            "pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "gif", "txt", "mp3", "mp4", "html", "zip");
    private static final Set<String> SHORTENERS = Set.of(
            "bit.ly",
            "tinyurl.com",
            "goo.gl",
            "t.ly",
            "is.gd",
            "cutt.ly",
            "rb.gy",
            "ow.ly",
            "shorturl.at",
            "rebrand.ly");
    private static final int BREAKS_ENOUGH = 3;

    private final Contents contents;
    private final HeaderFields header;
    private final List<Reason> reasons;

    private Rules(Contents contents, List<Reason> reasons) {
        this.contents = contents;
        this.header = contents.header();
        this.reasons = reasons;
    }

    static void judge(Contents contents, Instant now, String hostname, List<Reason> reasons) {
        Rules rules = new Rules(contents, reasons);
        rules.date(now);
        rules.names(hostname);
        rules.subject();
        rules.make();
        rules.scripts();
        rules.links();
        rules.files();
        Phrases.judge(contents, reasons);
    }

    private void found(Rule rule, boolean isSo) {
        if (isSo) {
            reasons.add(new Reason(rule));
        }
    }

    // ---- header ----------------------------------------------------------------------------------------------------

    private void date(Instant now) {
        Optional<String> value = header.value("Date"); // RFC 5322 §3.6: there must be one
        if (value.isEmpty()) {
            found(Rule.DATE_MISSING, true);
            return;
        }
        Optional<OffsetDateTime> date = DateTimes.parse(value.get());
        found(Rule.DATE_ODD, date.isEmpty());
        date.map(OffsetDateTime::toInstant).ifPresent(when -> {
            found(Rule.DATE_FUTURE, when.isAfter(now.plus(Duration.ofDays(1))));
            found(Rule.DATE_OLD, when.isBefore(now.minus(Duration.ofDays(14))));
        });
    }

    private void names(String hostname) {
        Optional<String> id = header.value("Message-ID");
        found(Rule.ID_MISSING, id.isEmpty());
        found(Rule.ID_ODD, id.filter(text -> !isMessageId(text)).isPresent());
        List<AddressList.Mailbox> from = header.addresses("From").mailboxes();
        boolean author = !from.isEmpty() && from.getFirst().hasAddress();
        found(Rule.FROM_MISSING, !author);
        found(Rule.RECIPIENT_MISSING, !header.has("To") && !header.has("Cc"));
        if (author) {
            String domain = Links.registered(from.getFirst().domain().toLowerCase(Locale.ROOT));
            found(Rule.FROM_NAMES_OTHER, namesOther(from.getFirst().name(), domain));
            boolean list = header.has("List-Id") || header.has("List-Post");
            List<AddressList.Mailbox> reply = header.addresses("Reply-To").mailboxes();
            found(
                    Rule.REPLY_ELSEWHERE,
                    !list
                            && !reply.isEmpty()
                            && reply.stream()
                                    .noneMatch(
                                            to -> Links.registered(to.domain().toLowerCase(Locale.ROOT))
                                                    .equals(domain)));
        }
        // Who passes for us was not here before: mail that was has our Delivered-To.
        boolean forged = !header.has("Delivered-To")
                && header.all("Received").stream()
                        .map(hop -> hop.value().toLowerCase(Locale.ROOT))
                        .anyMatch(
                                hop -> hop.contains(" by " + hostname + " ") || hop.startsWith("by " + hostname + " "));
        found(Rule.RECEIVED_FORGED, forged);
    }

    private static boolean isMessageId(String text) {
        int at = text.indexOf('@');
        return text.startsWith("<") && text.endsWith(">") && at > 1 && at < text.length() - 2;
    }

    /// A name such as `"service@bank.example" <x@elsewhere.example>`.
    private static boolean namesOther(String name, String domain) {
        int at = name.indexOf('@');
        if (at < 1 || at + 1 >= name.length()) {
            return false;
        }
        int end = at + 1;
        while (end < name.length()
                && (Character.isLetterOrDigit(name.charAt(end)) || ".-".indexOf(name.charAt(end)) >= 0)) {
            end++;
        }
        String other = name.substring(at + 1, end).toLowerCase(Locale.ROOT);
        return other.indexOf('.') > 0 && !Links.registered(other).equals(domain);
    }

    private void subject() {
        String subject = contents.subject();
        found(Rule.SUBJECT_EMPTY, subject.isBlank());
        int upper = 0;
        int lower = 0;
        int alone = 0;
        for (int i = 0; i < subject.length(); i++) {
            char c = subject.charAt(i);
            upper += Character.isUpperCase(c) ? 1 : 0;
            lower += Character.isLowerCase(c) ? 1 : 0;
            boolean before = i == 0 || subject.charAt(i - 1) == ' ' || subject.charAt(i - 1) == '.';
            boolean after = i + 1 == subject.length() || subject.charAt(i + 1) == ' ' || subject.charAt(i + 1) == '.';
            alone += (Character.isLowerCase(c) || Character.isUpperCase(c)) && before && after ? 1 : 0;
        }
        found(Rule.SUBJECT_SHOUTS, upper >= 10 && lower == 0);
        found(Rule.SUBJECT_SPACED, alone >= 5);
    }

    // ---- make ------------------------------------------------------------------------------------------------------

    private void make() {
        found(Rule.HTML_ONLY, contents.isHtmlOnly());
        found(Rule.HTML_PICTURES, contents.isHtmlOnly() && contents.pictures() > 0 && contents.htmlChars() < 120);
        found(Rule.HTML_HIDDEN, contents.hasHiddenText());
        found(Rule.HTML_FORM, contents.hasForm());
        found(Rule.HTML_SCRIPT, contents.hasScript());
        found(Rule.TEXT_HIDDEN_IN_BASE64, contents.hasNeedlessBase64());
        found(Rule.CHARSET_ODD, contents.hasOddCharset());
        found(Rule.MIME_BROKEN, contents.isBroken());
    }

    /// Words of letters that look alike but are of two alphabets, and words with unseen characters inside.
    private void scripts() {
        int mixed = 0;
        int cut = 0;
        boolean latin = false;
        boolean other = false;
        boolean unseen = false;
        boolean inside = false;
        String text = contents.subject() + '\n' + contents.text();
        int end = Math.min(text.length(), 64 << 10);
        for (int i = 0; i <= end; i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (Character.isLetter(c)) {
                latin |= c < 0x250;
                other |= c >= 0x370 && c < 0x530; // Greek, Cyrillic
                unseen |= inside && latin;
                inside = false;
            } else if (Tokens.isUnseen(c) && c != 0xAD && (latin || other)) {
                inside = true;
            } else {
                mixed += latin && other ? 1 : 0;
                cut += unseen && !other ? 1 : 0;
                latin = false;
                other = false;
                unseen = false;
                inside = false;
            }
        }
        found(Rule.WORDS_MIX_SCRIPTS, mixed >= BREAKS_ENOUGH);
        found(Rule.WORDS_BROKEN, cut >= BREAKS_ENOUGH);
    }

    private void links() {
        boolean number = false;
        boolean other = false;
        boolean user = false;
        boolean port = false;
        boolean shortened = false;
        for (Contents.Link link : contents.links()) {
            String authority = Links.authority(link.target());
            String host = Links.host(link.target());
            number |= Links.isNumber(host);
            user |= authority.indexOf('@') >= 0;
            port |= authority.matches(".*:\\d+") && !authority.endsWith(":443") && !authority.endsWith(":80");
            shortened |= SHORTENERS.contains(host);
            other |= showsOther(link.shown(), host);
        }
        found(Rule.LINK_NUMBER, number);
        found(Rule.LINK_SHOWS_OTHER, other);
        found(Rule.LINK_USER, user);
        found(Rule.LINK_PORT, port);
        found(Rule.LINK_SHORTENED, shortened);
    }

    /// The reader sees one web address and is led to another. Only a whole address counts: newsletters count clicks
    /// behind a bare name.
    private static boolean showsOther(String shown, String host) {
        if ((!shown.startsWith("http://") && !shown.startsWith("https://")) || shown.indexOf(' ') >= 0) {
            return false;
        }
        return !Links.registered(Links.host(shown)).equals(Links.registered(host));
    }

    private void files() {
        found(Rule.FILE_RUNS, contents.fileNames().stream().anyMatch(Rules::runs));
        found(Rule.ARCHIVE_RUNS, contents.archived().stream().anyMatch(Rules::runs));
        found(
                Rule.FILE_DISGUISED,
                contents.fileNames().stream().anyMatch(Rules::isDisguised)
                        || contents.archived().stream().anyMatch(Rules::isDisguised));
        found(Rule.ARCHIVE_LOCKED, contents.hasLockedArchive());
    }

    private static boolean runs(String name) {
        return RUNS.contains(extension(name));
    }

    /// `invoice.pdf.exe`.
    private static boolean isDisguised(String name) {
        return runs(name) && LOOKS_TAME.contains(extension(name.substring(0, name.lastIndexOf('.'))));
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).strip();
    }
}
