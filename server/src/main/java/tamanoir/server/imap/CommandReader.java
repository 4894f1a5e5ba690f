package tamanoir.server.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import tamanoir.mail.imap.LiteralHead;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.net.Connection;
import tamanoir.server.net.LineTooLong;

/// Frames commands: a line and, as long as one ends with the announcement of a literal, the literal and the next line.
///
/// Octets are taken as they come; what a client announces reserves nothing (RFC 7888 §4: limits are small before
/// login).
/// A refused literal that the client would wait for is simply not asked for; one that comes anyway is read and
/// forgotten up to [#MOST_DISCARDED] octets, so that the session stays in step; beyond that we hang up.
final class CommandReader {
    /// Octets of one command with its literals before login.
    private static final int BEFORE_LOGIN = 64 * 1024;

    /// Octets of one command after login: long UID sets and searches; messages of APPEND are not counted.
    private static final int AFTER_LOGIN = 1024 * 1024;

    private static final int MOST_LITERALS = 1_000;
    private static final int MOST_LITERALS_BEFORE_LOGIN = 8;
    static final long MOST_DISCARDED = 256L << 20;

    private final Connection connection;
    private final int lineLimit;
    private int literalLimit;
    private int limit = BEFORE_LOGIN;
    private int literals = MOST_LITERALS_BEFORE_LOGIN;

    CommandReader(Connection connection, ImapSettings settings) {
        this.connection = connection;
        this.lineLimit = settings.commandLimit();
        this.literalLimit = settings.literalLimitBeforeLogin();
    }

    void signedIn() {
        limit = AFTER_LOGIN;
        literalLimit = AFTER_LOGIN;
        literals = MOST_LITERALS;
    }

    /// A literal was too long, or they were too many: the command is refused, its octets are out of the way.
    static final class TooBig extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Octets line;

        TooBig(Octets line) {
            super("this command is too long", null, false, false);
            this.line = line;
        }

        /// The first line, for its tag.
        Octets line() {
            return line;
        }
    }

    Octets line() throws IOException {
        try {
            return connection.readLine(lineLimit).octets();
        } catch (LineTooLong e) {
            throw new BadSyntax("the line is too long");
        }
    }

    /// The whole command that begins with `first`: for the parser, without the last line ending.
    Octets rest(Octets first) throws IOException {
        Optional<LiteralHead> head = LiteralHead.atEndOf(first);
        if (head.isEmpty()) {
            return first;
        }
        Octets whole = first;
        int count = 0;
        while (head.isPresent()) {
            whole = withLiteral(whole, head.get(), ++count, first);
            Octets line = line();
            if (whole.length() + line.length() > limit) {
                swallow(line);
                throw new TooBig(first);
            }
            whole = Octets.join(whole, line);
            head = LiteralHead.atEndOf(line);
        }
        return whole;
    }

    /// One literal behind `whole`, for arguments that are kept in memory.
    Octets withLiteral(Octets whole, LiteralHead head, int count, Octets first) throws IOException {
        if (count > literals || head.length() > literalLimit || whole.length() + head.length() > limit) {
            if (!head.waits()) {
                discard(head.length());
                swallow(line());
            }
            throw new TooBig(first);
        }
        proceed(head);
        return Octets.join(whole, CRLF, connection.readFully((int) head.length()));
    }

    private static final Octets CRLF = Octets.latin1("\r\n");

    /// Asks for the literal where the client waits for that (RFC 9051 §4.3).
    void proceed(LiteralHead head) throws IOException {
        if (head.waits()) {
            connection.write("+ OK\r\n");
            connection.flush();
        }
    }

    /// Reads away whatever non-synchronizing literals hang on this line of a command that is refused already.
    void swallow(Octets line) throws IOException {
        Octets last = line;
        Optional<LiteralHead> head = LiteralHead.atEndOf(last);
        while (head.isPresent() && !head.get().waits()) {
            discard(head.get().length());
            last = line();
            head = LiteralHead.atEndOf(last);
        }
    }

    void discard(long length) throws IOException {
        if (length > (limit == BEFORE_LOGIN ? BEFORE_LOGIN : MOST_DISCARDED)) {
            throw new Farewell(ResponseCode.Plain.TOOBIG, "too many octets, goodbye");
        }
        for (long left = length; left > 0; ) {
            ByteBuffer some = connection.fill();
            int n = (int) Math.min(left, some.remaining());
            connection.consume(n);
            left -= n;
        }
    }
}
