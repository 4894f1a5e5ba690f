package tamanoir.bench.sample;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import tamanoir.bench.sample.Tongue.Person;

/// The letters of one mailbox, oldest first. Used by one thread.
///
/// Of a hundred letters some 45 are plain text, 20 have an HTML twin, 14 are newsletters with pictures from afar, 10
/// carry files, 7 are notices of machines, 3 invite to a meeting and one is very long; two of five answer an earlier
/// one, so that conversations of up to some dozens of letters arise. One in six is unread, most of those young; one in
/// twenty is starred. Every thousandth says "xylophonique", for searches that find little.
final class Letters {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration SPAN = Duration.ofDays(3 * 365);
    private static final int PARTNERS = 160;

    /// What stands beside INBOX; a name that wants to be cut, and names of other scripts.
    static final List<String> FOLDERS = List.of(
            "Archive",
            "Archive",
            "Sent",
            "Sent",
            "Junk",
            "Trash",
            "Projects/Anthill",
            "Projects/Bürogebäudeinstandhaltungsmaßnahmen",
            "Projects/Anthill/Contracts",
            "Invoices",
            "家族");

    private static final List<String> LABELS =
            List.of("urgent", "family", "travel", "receipts", "to-read", "follow-up");

    private final RandomGenerator random;
    private final String me;
    private final String myName;
    private final Instant until;
    private final int inbox;
    private final int elsewhere;
    private final List<Person> partners = new ArrayList<>();
    private final List<Talk> talks = new ArrayList<>();
    private int number;

    /// What an answer has to know of the letter it answers.
    private record Talk(String id, List<String> references, String subject, Person with, String text, Instant date) {}

    /// Some `inbox` letters for INBOX and about `elsewhere` for other folders, the last sent shortly before `until`.
    Letters(long seed, String me, String myName, Instant until, int inbox, int elsewhere) {
        this.random = new SplittableRandom(seed);
        this.me = me;
        this.myName = myName;
        this.until = until;
        this.inbox = inbox;
        this.elsewhere = elsewhere;
        for (int i = 0; i < PARTNERS; i++) {
            partners.add(Tongue.any(random).person(random));
        }
    }

    int total() {
        return inbox + elsewhere;
    }

    boolean hasNext() {
        return number < total();
    }

    /// The next letter. INBOX gets exactly its share, spread evenly.
    Letter next() {
        int i = number++;
        boolean forInbox = (long) (i + 1) * inbox / total() > (long) i * inbox / total();
        String folder = forInbox ? "INBOX" : Tongue.pick(FOLDERS, random);
        // Young letters are denser: the age falls with the square.
        double left = (total() - i - random.nextDouble()) / total();
        Instant date = until.minusSeconds((long) (SPAN.toSeconds() * left * left) + 40);
        byte[] octets = write(i, folder, date).getBytes(StandardCharsets.ISO_8859_1);
        return new Letter(folder, flags(folder, left), date, octets);
    }

    private List<String> flags(String folder, double left) {
        List<String> flags = new ArrayList<>();
        boolean own = folder.equals("Sent");
        if (own || random.nextDouble() > (left < 0.1 ? 0.45 : 0.12)) {
            flags.add("\\Seen");
        }
        if (!own && random.nextInt(20) == 0) {
            flags.add("\\Flagged");
        }
        if (!own && random.nextInt(12) == 0) {
            flags.add("\\Answered");
        }
        if (random.nextInt(14) == 0) {
            flags.add(Tongue.pick(LABELS, random));
        }
        return flags;
    }

    private String write(int i, String folder, Instant date) {
        boolean own = folder.equals("Sent");
        int kind = random.nextInt(100);
        boolean answers = !talks.isEmpty() && kind < 75 && random.nextInt(5) < 2;
        Talk earlier = answers ? talks.get(recent(talks.size())) : null;
        Person with = earlier == null ? Tongue.pick(partners, random) : earlier.with;
        Tongue tongue = with.tongue();
        boolean old = random.nextInt(4) == 0;
        String id = "<" + Long.toString(random.nextLong() >>> 1, 36) + "." + i + "@" + "letters.example>";
        String subject = earlier == null
                ? tongue.subject(random) + (random.nextInt(3) == 0 ? " (" + (1 + i % 97) + ")" : "")
                : earlier.subject.startsWith(tongue.answer) ? earlier.subject : tongue.answer + earlier.subject;
        List<String> references = new ArrayList<>();
        if (earlier != null) {
            references.addAll(earlier.references);
            references.add(earlier.id);
        }
        String text = text(i, with, own, tongue);
        String body = earlier == null ? text : text + "\n\n" + quote(earlier, tongue);
        Charset charset = old && tongue.old.newEncoder().canEncode(subject + body + with.name())
                ? tongue.old
                : StandardCharsets.UTF_8;
        String content;
        List<String> more = new ArrayList<>();
        if (kind < 45) {
            content = Mime.text("plain", body, charset);
        } else if (kind < 65) {
            content = twin(i, body, tongue, charset);
        } else if (kind < 75) {
            content = files(i, body, tongue, charset);
        } else if (kind < 89) {
            subject = "The Anteater’s Gazette No. " + (i % 311 + 1) + ": " + subject;
            content = newsletter(i, tongue, charset);
            more.add("List-Id: The Anteater's Gazette <gazette.letters.example>");
            more.add("List-Unsubscribe: <https://letters.example/leave/" + i + ">, <mailto:leave@letters.example>");
            more.add("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        } else if (kind < 96) {
            subject = "[build] job " + (4000 + i) + (i % 7 == 0 ? " failed" : " passed");
            content = Mime.text("plain", notice(i), StandardCharsets.UTF_8);
            more.add("Auto-Submitted: auto-generated");
        } else if (kind < 99) {
            content = invitation(i, body, subject, with, date, charset);
        } else {
            content = Mime.text("plain", long_(body, tongue), charset);
        }
        if (kind < 75) {
            talks.add(new Talk(id, List.copyOf(references), subject, with, text, date));
        }
        String mine = Mime.mailbox(myName, me, StandardCharsets.UTF_8);
        String theirs = Mime.mailbox(with.name(), with.address(), charset);
        return "Date: " + DATE.format(date) + "\r\n"
                + "From: " + (own ? mine : theirs) + "\r\n"
                + "To: " + (own ? theirs : mine) + "\r\n"
                + (random.nextInt(6) == 0 ? "Cc: " + several(random.nextInt(1, 5)) + "\r\n" : "")
                + "Subject: " + Mime.words(subject, charset) + "\r\n"
                + "Message-ID: " + id + "\r\n"
                + (earlier == null ? "" : "In-Reply-To: " + earlier.id + "\r\n")
                + (references.isEmpty() ? "" : "References: " + String.join("\r\n ", last(references, 12)) + "\r\n")
                + String.join("", more.stream().map(line -> line + "\r\n").toList())
                + "MIME-Version: 1.0\r\n"
                + content;
    }

    /// Answers go mostly to what came lately.
    private int recent(int size) {
        return Math.max(0, size - 1 - (int) (Math.pow(random.nextDouble(), 3) * Math.min(size, 300)));
    }

    private static List<String> last(List<String> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    private String several(int count) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Person person = Tongue.pick(partners, random);
            all.add(Mime.mailbox(person.name(), person.address(), StandardCharsets.UTF_8));
        }
        return String.join(",\r\n ", all);
    }

    private String text(int i, Person with, boolean own, Tongue tongue) {
        StringBuilder text = new StringBuilder(tongue.greeting.formatted(own ? with.firstName() : myName.split(" ")[0]))
                .append("\n\n");
        for (int p = random.nextInt(1, 5); p > 0; p--) {
            text.append(tongue.paragraph(random, 4)).append("\n\n");
        }
        if (i % 1000 == 777) {
            text.append("A word to be found: xylophonique.\n\n");
        }
        if (random.nextInt(4) == 0) {
            text.append("https://www.example.org/notes/").append(i).append("?from=letter\n\n");
        }
        return text.append(tongue.closing)
                .append("\n-- \n")
                .append(own ? myName : with.name())
                .toString();
    }

    private String quote(Talk earlier, Tongue tongue) {
        return tongue.attribution.formatted(
                        DateTimeFormatter.ISO_LOCAL_DATE
                                .withZone(ZoneOffset.UTC)
                                .format(earlier.date),
                        earlier.with.name())
                + "\n> " + earlier.text.replace("\n", "\n> ");
    }

    private String twin(int i, String body, Tongue tongue, Charset charset) {
        return Mime.multipart(
                "alternative",
                boundary(i, 1),
                Mime.text("plain", body, charset),
                Mime.text("html", html(body, tongue), charset));
    }

    private static String html(String body, Tongue tongue) {
        StringBuilder html = new StringBuilder("<html><body" + (tongue.isRightToLeft() ? " dir=\"rtl\"" : "")
                + " style=\"font-family: Calibri, sans-serif; font-size: 11pt\">");
        boolean quoted = false;
        for (String line : escaped(body).split("\n", -1)) {
            boolean quotes = line.startsWith("&gt; ") || line.equals("&gt;");
            if (quotes != quoted) {
                html.append(quotes ? "<blockquote type=\"cite\">" : "</blockquote>");
                quoted = quotes;
            }
            html.append("<div>")
                    .append(quotes ? line.substring(Math.min(5, line.length())) : line)
                    .append(line.isEmpty() ? "<br>" : "")
                    .append("</div>\n");
        }
        return html.append(quoted ? "</blockquote>" : "")
                .append("</body></html>")
                .toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private String files(int i, String body, Tongue tongue, Charset charset) {
        List<String> parts = new ArrayList<>();
        parts.add(random.nextBoolean() ? Mime.text("plain", body, charset) : twin(i, body, tongue, charset));
        for (int f = random.nextInt(1, 4); f > 0; f--) {
            String name = tongue.subject(random).replaceAll("[/:?\\\\]", "");
            parts.add(
                    switch (random.nextInt(4)) {
                        case 0 ->
                            Mime.file(
                                    "application/pdf",
                                    name + ".pdf",
                                    Mime.pdf("Page one of letter " + i, random.nextInt(2, 90) * 1000),
                                    "attachment",
                                    "");
                        case 1 ->
                            Mime.file(
                                    "image/png",
                                    name + ".png",
                                    Mime.png(random.nextInt(80, 400), random.nextInt(60, 300), random.nextInt(200)),
                                    "attachment",
                                    "");
                        case 2 ->
                            Mime.file(
                                    "text/csv",
                                    name + ".csv",
                                    "year;budget\r\n2025;12000\r\n2026;11500\r\n".getBytes(StandardCharsets.US_ASCII),
                                    "attachment",
                                    "");
                        default -> {
                            byte[] noise = new byte[random.nextInt(1, 60) * 1000];
                            random.nextBytes(noise);
                            yield Mime.file(
                                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                    name + ".docx",
                                    noise,
                                    "attachment",
                                    "");
                        }
                    });
        }
        return Mime.multipart("mixed", boundary(i, 2), parts.toArray(String[]::new));
    }

    private String newsletter(int i, Tongue tongue, Charset charset) {
        StringBuilder html = new StringBuilder("""
                <!DOCTYPE html><html><head><title>Gazette</title><style>
                body { margin: 0; background: #f4f1ea } .sheet { width: 600px; margin: 0 auto; background: #ffffff }
                h1 { font: 28px Georgia, serif; color: #3b2f20 } td { padding: 12px 24px; font: 15px/1.5 Arial }
                .button { background: #7a4a1e; color: #ffffff; padding: 10px 18px; text-decoration: none }
                @media (max-width: 600px) { .sheet { width: 100% } }
                </style></head><body><table class="sheet" width="600" align="center" cellspacing="0"><tr>
                <td bgcolor="#7a4a1e"><img src="https://pictures.example/head.png" width="552" height="80" alt="The Anteater’s Gazette"></td></tr>
                """);
        for (int s = random.nextInt(2, 7); s > 0; s--) {
            html.append("<tr><td><h1>")
                    .append(escaped(tongue.subject(random)))
                    .append("</h1><img src=\"https://pictures.example/")
                    .append(i)
                    .append('-')
                    .append(s)
                    .append(".jpg\" width=\"552\" height=\"200\" alt=\"\"><p>")
                    .append(escaped(tongue.paragraph(random, 5)))
                    .append("</p><a class=\"button\" href=\"https://letters.example/read/")
                    .append(i)
                    .append("\">Read on</a></td></tr>\n");
        }
        html.append("<tr><td style=\"color:#888888;font-size:12px\">Sent because somebody subscribed. ")
                .append("<a href=\"https://letters.example/leave/")
                .append(i)
                .append("\">Leave</a><img src=\"https://track.example/open.gif?l=")
                .append(i)
                .append("\" width=\"1\" height=\"1\"></td></tr></table></body></html>\n");
        return Mime.multipart(
                "alternative",
                boundary(i, 3),
                Mime.text("plain", tongue.paragraph(random, 5) + "\n\nhttps://letters.example/read/" + i, charset),
                Mime.text("html", html.toString(), StandardCharsets.UTF_8));
    }

    private String notice(int i) {
        StringBuilder log = new StringBuilder("Job " + (4000 + i) + " on branch main, pipeline " + (i / 3) + "\n\n");
        for (int l = random.nextInt(3, 40); l > 0; l--) {
            log.append(String.format(
                    Locale.ROOT, "%02d:%02d  step %-3d ok   %5d ms%n", i % 24, l % 60, l, random.nextInt(9000)));
        }
        return log.toString().replace(System.lineSeparator(), "\n");
    }

    private String invitation(int i, String body, String subject, Person with, Instant date, Charset charset) {
        Instant start = date.plus(Duration.ofDays(random.nextInt(1, 20)));
        String calendar =
                "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//letters.example//sample//EN\nMETHOD:REQUEST\nBEGIN:VEVENT\n"
                        + "UID:meeting-" + i + "@letters.example\nDTSTAMP:" + STAMP.format(date) + "\nDTSTART:"
                        + STAMP.format(start) + "\nDTEND:" + STAMP.format(start.plus(Duration.ofHours(1)))
                        + "\nSUMMARY:"
                        + subject.replace(",", "\\,").replace(";", "\\;") + "\nLOCATION:Room 7\nORGANIZER:mailto:"
                        + with.address()
                        + "\nATTENDEE;RSVP=TRUE:mailto:" + me + "\nEND:VEVENT\nEND:VCALENDAR\n";
        return Mime.multipart(
                "alternative",
                boundary(i, 4),
                Mime.text("plain", body, charset),
                Mime.text("calendar; method=REQUEST", calendar, StandardCharsets.UTF_8));
    }

    private String long_(String body, Tongue tongue) {
        StringBuilder text = new StringBuilder(body);
        for (int p = random.nextInt(100, 600); p > 0; p--) {
            text.append("\n\n").append(tongue.paragraph(random, 5));
        }
        return text.toString();
    }

    private static String boundary(int i, int kind) {
        return "=_sample_" + kind + "_" + i;
    }
}
