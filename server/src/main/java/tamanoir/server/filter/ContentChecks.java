package tamanoir.server.filter;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.draft.Changes;
import tamanoir.server.filter.draft.Edit;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.tables.LookupTable;

/// Header and body checks, once through a message, in Postfix's order (header_checks(5)). Immutable.
///
/// A pattern sees one header field as a whole, folds and all, or one line of a body. Nothing is decoded. The first
/// table entry that matches counts; then comes the next field or line, until REJECT, DISCARD or PASS.
public final class ContentChecks {
    private final List<LookupTable> header;
    private final List<LookupTable> mime;
    private final List<LookupTable> nested;
    private final List<LookupTable> body;
    private final long bodyLimit;
    private final int headerLimit;
    private final MimeRules mimeRules;
    private final boolean leaving;

    /// `bodyLimit` octets of each MIME part are looked at (`body_checks_size_limit`); a field is cut at `headerLimit`
    /// (`header_size_limit`) before a pattern sees it.
    public ContentChecks(
            List<LookupTable> header,
            List<LookupTable> mime,
            List<LookupTable> nested,
            List<LookupTable> body,
            long bodyLimit,
            int headerLimit,
            MimeRules mimeRules) {
        this(header, mime, nested, body, bodyLimit, headerLimit, mimeRules, false);
    }

    private ContentChecks(
            List<LookupTable> header,
            List<LookupTable> mime,
            List<LookupTable> nested,
            List<LookupTable> body,
            long bodyLimit,
            int headerLimit,
            MimeRules mimeRules,
            boolean leaving) {
        this.header = List.copyOf(header);
        this.mime = List.copyOf(mime);
        this.nested = List.copyOf(nested);
        this.body = List.copyOf(body);
        this.bodyLimit = bodyLimit;
        this.headerLimit = headerLimit;
        this.mimeRules = mimeRules;
        this.leaving = leaving;
    }

    /// The same for mail on its way out: what would decide about the message is passed over, with a line in the log.
    public ContentChecks onTheWayOut() {
        return new ContentChecks(header, mime, nested, body, bodyLimit, headerLimit, mimeRules, true);
    }

    /// Patterns for fields alone: those that milters add.
    public static ContentChecks ofFields(List<LookupTable> tables) {
        return new ContentChecks(tables, List.of(), List.of(), List.of(), 0, 1 << 20, MimeRules.DEFAULT);
    }

    /// True when there is nothing to check, so that nobody need read the message.
    public boolean isEmpty() {
        return header.isEmpty() && mime.isEmpty() && nested.isEmpty() && body.isEmpty() && !mimeRules.isStrict();
    }

    /// Looks through `message`. `field` tells nothing and is logged with what is found.
    ///
    /// @throws Unavailable when a table cannot be asked, or says something that is no action: the mail waits
    public Findings examine(InputStream message, Trace trace, String id) {
        if (isEmpty()) {
            return Findings.NOTHING;
        }
        Run run = new Run(trace, id);
        try {
            new MessageLines(headerLimit, mimeRules).walk(message, run);
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", "content checks: " + e, e);
        }
        return run.findings();
    }

    private static CheckAction action(LookupTable.Hit hit, LookupTable table) {
        try {
            return CheckAction.of(hit.text());
        } catch (BadSyntax e) {
            String where = hit.place().isEmpty() ? table.name() : hit.place();
            throw new Unavailable("mail system configuration error", where + ": " + e.getMessage());
        }
    }

    /// Looks at one field that a filter has made, and says what becomes of it.
    Field review(Octets field, Trace trace, String id) {
        Run run = new Run(trace, id);
        int end = field.length();
        while (end > 0 && (field.at(end - 1) == '\n' || field.at(end - 1) == '\r')) {
            end--;
        }
        run.field(MessageLines.Place.PRIMARY, field.slice(0, end), 0, field.length());
        Octets now = field;
        for (Edit edit : run.edits) {
            now = edit.to() > edit.from() ? edit.instead() : Octets.join(edit.instead(), now);
        }
        return new Field(now, run.findings());
    }

    /// A field as it is to be, and what else was said about it.
    record Field(Octets octets, Findings findings) {}

    /// One message.
    private final class Run implements MessageLines.Visitor {
        private final Trace trace;
        private final String id;
        private final List<Edit> edits = new ArrayList<>();
        private final List<Address> copies = new ArrayList<>();
        private Optional<String> hold = Optional.empty();
        private Optional<Address> redirect = Optional.empty();
        private Optional<String> through = Optional.empty();
        private Optional<Findings> end = Optional.empty();

        Run(Trace trace, String id) {
            this.trace = trace;
            this.id = id;
        }

        Findings findings() {
            return end.orElseGet(
                    () -> new Findings.Go(edits, hold, redirect, copies, Changes.NONE, through, Optional.empty()));
        }

        @Override
        public boolean field(MessageLines.Place place, Octets field, long from, long to) {
            List<LookupTable> tables = switch (place) {
                case PRIMARY -> header;
                case MIME -> mime;
                case NESTED -> nested;
            };
            return tables.isEmpty() || check("header", tables, field, from, to);
        }

        @Override
        public boolean line(Octets line, long from, long to, long intoPart) {
            return body.isEmpty() || intoPart >= bodyLimit || check("body", body, line, from, to);
        }

        @Override
        public boolean fault(String what) {
            trace.info("reject: mime-error", "id", id, "reason", what);
            end = Optional.of(new Findings.Reject(Reply.of(554, "5.6.0", what), what));
            return false;
        }

        private boolean check(String what, List<LookupTable> tables, Octets octets, long from, long to) {
            String text = octets.utf8();
            for (LookupTable table : tables) {
                Optional<LookupTable.Hit> hit = table.find(text);
                if (hit.isPresent()) {
                    return apply(what, action(hit.get(), table), text, from, to);
                }
            }
            return true;
        }

        /// Answers whether to go on.
        private boolean apply(String what, CheckAction action, String text, long from, long to) {
            if (leaving && action.decides()) {
                trace.warn(
                        "an action that mail on its way out does not know was passed over",
                        "id",
                        id,
                        "action",
                        action.getClass().getSimpleName(),
                        "line",
                        shortened(text));
                return true;
            }
            switch (action) {
                case CheckAction.Dunno _ -> {}
                case CheckAction.Pass _ -> {
                    return false;
                }
                case CheckAction.Reject reject -> {
                    say("reject", what, text, reject.text());
                    end = Optional.of(new Findings.Reject(reply(reject.text()), text));
                    return false;
                }
                case CheckAction.Discard discard -> {
                    say("discard", what, text, discard.text());
                    end = Optional.of(new Findings.Discard(discard.text(), text));
                    return false;
                }
                case CheckAction.Hold why -> {
                    say("hold", what, text, why.text());
                    hold = Optional.of(why.text().isEmpty() ? what + " " + shortened(text) : why.text());
                }
                case CheckAction.Ignore _ -> edits.add(new Edit(from, to, Octets.EMPTY));
                case CheckAction.Strip strip -> {
                    say("strip", what, text, strip.text());
                    edits.add(new Edit(from, to, Octets.EMPTY));
                }
                case CheckAction.Prepend prepend -> {
                    say("prepend", what, text, prepend.text());
                    edits.add(new Edit(from, from, inserted(prepend.text())));
                }
                case CheckAction.Replace replace -> {
                    say("replace", what, text, replace.text());
                    edits.add(new Edit(from, to, inserted(replace.text())));
                }
                case CheckAction.Redirect other -> {
                    say("redirect", what, text, other.address().toString());
                    redirect = Optional.of(other.address());
                }
                case CheckAction.BlindCopy copy -> {
                    say("bcc", what, text, copy.address().toString());
                    copies.add(copy.address());
                }
                case CheckAction.Warn warn ->
                    trace.warn("warning: " + what, "id", id, "line", shortened(text), "text", warn.text());
                case CheckAction.Say info -> say("info", what, text, info.text());
                case CheckAction.Filter filter -> {
                    say("filter", what, text, filter.text());
                    through = Optional.of(filter.text());
                }
            }
            return true;
        }

        private void say(String event, String what, String text, String why) {
            trace.info(event + ": " + what, "id", id, "line", shortened(text), "text", why);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }

    /// One or more lines as they go into the message: `\n` in a table is not a line break there, so none is made here.
    private static Octets inserted(String text) {
        return Octets.of(text.replace("\r", "").replace("\n", "\r\n") + "\r\n");
    }

    /// The default text and status are Postfix's; a text may bring its own status (RFC 3463).
    static Reply reply(String text) {
        int blank = text.indexOf(' ');
        String first = blank < 0 ? text : text.substring(0, blank);
        if (first.matches("[45]\\.\\d{1,3}\\.\\d{1,3}")) {
            String rest = blank < 0
                    ? "message content rejected"
                    : text.substring(blank).strip();
            return Reply.of(first.charAt(0) == '4' ? 450 : 550, first, oneLine(rest));
        }
        return Reply.of(550, "5.7.1", text.isEmpty() ? "message content rejected" : oneLine(text));
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
