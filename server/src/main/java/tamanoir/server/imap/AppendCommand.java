package tamanoir.server.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.imap.AppendParser;
import tamanoir.mail.imap.DateTimes;
import tamanoir.mail.imap.LiteralHead;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.SequenceSet;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Deposited;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.net.Connection;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// APPEND, one or many messages, all or none (RFC 9051 §6.3.12, RFC 3502).
///
/// Reads as the parser goes on; messages go to the spool piece by piece. The first thing that is wrong decides the
/// answer: from then on literals are not asked for, and those that come unasked are read away, so that the session
/// stays in step.
final class AppendCommand {
    private static final int MOST_MESSAGES = 1_000;

    private final Session session;
    private final CommandReader reader;
    private final Connection connection;
    private final AppendParser parser = new AppendParser();
    private final List<NewMessage> messages = new ArrayList<>();

    AppendCommand(Session session, CommandReader reader, Connection connection) {
        this.session = session;
        this.reader = reader;
        this.connection = connection;
    }

    Answer run(Octets first) throws IOException {
        Octets text = first;
        // The name of the mailbox may be a literal of its own
        while (AppendParser.wantsName(text) && LiteralHead.atEndOf(text).isPresent()) {
            text = reader.withLiteral(text, LiteralHead.atEndOf(text).orElseThrow(), 1, first);
            text = Octets.join(text, reader.line());
        }
        AppendParser.Beginning beginning;
        try {
            beginning = parser.begin(text);
        } catch (BadSyntax e) {
            reader.swallow(text);
            throw e;
        }
        Target target = target(beginning.mailbox());
        Optional<Answer> refusal = target.refusal();
        Optional<AppendParser.Item> item = Optional.of(beginning.item());
        long octets = 0;
        while (item.isPresent()) {
            LiteralHead literal = item.get().literal();
            octets = literal.length() > Long.MAX_VALUE - octets ? Long.MAX_VALUE : octets + literal.length();
            refusal = refusal.or(() -> check(literal));
            if (refusal.isEmpty()) {
                refusal = checkAll(octets);
            }
            if (refusal.isPresent()) {
                if (literal.waits()) {
                    return refusal.get(); // the client was not asked, so it sends nothing
                }
                reader.discard(literal.length());
            } else {
                reader.proceed(literal);
                refusal = take(item.get());
            }
            Octets line = reader.line();
            try {
                item = parser.next(line);
            } catch (BadSyntax e) {
                reader.swallow(line);
                throw e;
            }
        }
        return refusal.isPresent() ? refusal.get() : store(target.mailbox().orElseThrow());
    }

    private record Target(Optional<MailboxInfo> mailbox, Optional<Answer> refusal) {}

    private Target target(Octets name) {
        session.mail();
        try {
            Optional<MailboxInfo> info =
                    session.mail().find(session.names().decode(name)).filter(MailboxInfo::selectable);
            return new Target(
                    info,
                    info.isPresent()
                            ? Optional.empty()
                            : Optional.of(Answer.no(
                                    ResponseCode.Plain.TRYCREATE, "there is no such mailbox; create it first")));
        } catch (Names.Impossible e) {
            return new Target(Optional.empty(), Optional.of(e.answer()));
        }
    }

    private Optional<Answer> check(LiteralHead literal) {
        long limit = session.settings().appendLimit();
        if (limit > 0 && literal.length() > limit) {
            return Optional.of(Answer.no(
                    ResponseCode.Plain.TOOBIG, "a message has " + limit + " octets at most here")); // RFC 7889 §4
        }
        if (literal.length() > Integer.MAX_VALUE - 65_536) {
            return Optional.of(Answer.no(ResponseCode.Plain.TOOBIG, "a message of this size cannot be kept"));
        }
        if (literal.length() == 0) {
            return Optional.of(Answer.no(ResponseCode.Plain.CANNOT, "an empty message cannot be kept"));
        }
        if (messages.size() >= MOST_MESSAGES) {
            return Optional.of(Answer.no(ResponseCode.Plain.LIMIT, "too many messages in one APPEND"));
        }
        return Optional.empty();
    }

    private Optional<Answer> checkAll(long octets) {
        AccountMail.Quota quota = session.mail().quota();
        if (quota.limitOctets() > 0 && quota.usedOctets() + octets > quota.limitOctets()) {
            return Optional.of(Answer.no(ResponseCode.Plain.OVERQUOTA, "the quota does not allow more messages"));
        }
        return Optional.empty();
    }

    /// Reads one message; what cannot be kept is read nevertheless.
    private Optional<Answer> take(AppendParser.Item item) throws IOException {
        long length = item.literal().length();
        Body body = length <= Body.SMALL ? new Body.Small(connection.readFully((int) length)) : spool(length);
        if (item.literal().binary() && !item.utf8()) {
            Optional<Body> kept = BinaryAppend.convert(body, session.blobs());
            if (kept.isEmpty()) {
                return Optional.of(
                        Answer.no(ResponseCode.Plain.UNKNOWN_CTE, "NUL is only taken in parts with binary encoding"));
            }
            body = kept.get();
        }
        Instant date = item.date().isEmpty() ? session.now() : DateTimes.parse(item.date());
        messages.add(new NewMessage(Octets.EMPTY, body, Flags.of(item.flags()), date));
        return Optional.empty();
    }

    private Body spool(long length) throws IOException {
        try (Blobs.Spool spool = session.blobs().spool()) {
            for (long left = length; left > 0; ) {
                ByteBuffer some = connection.fill();
                int n = (int) Math.min(left, some.remaining());
                spool.write(some.array(), some.arrayOffset() + some.position(), n);
                connection.consume(n);
                left -= n;
            }
            return new Body.Large(spool.keep(), length);
        }
    }

    private Answer store(MailboxInfo mailbox) {
        try {
            AccountMail.Appended appended = session.mail().append(mailbox.id(), messages);
            String uids = SequenceSet.inOrder(
                    appended.messages().stream().map(Deposited.Stored::uid).toList());
            return Answer.ok(new ResponseCode.AppendUid(appended.uidValidity(), uids), "kept");
        } catch (MailboxRefused e) {
            if (e.reason() == MailboxRefused.Reason.NONEXISTENT) {
                return Answer.no(ResponseCode.Plain.TRYCREATE, "there is no such mailbox; create it first");
            }
            throw e;
        }
    }
}
