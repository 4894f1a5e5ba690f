package tamanoir.mail.imap;

import java.util.Optional;
import tamanoir.mail.text.Octets;

/// The announcement of a literal at the end of a line: `{310}`, `{310+}`, `~{310}` (RFC 9051 §4.3, RFC 7888, RFC 3516).
///
/// `waits` when the client does not go on before it is asked to. `length` is [Long#MAX_VALUE] for numbers beyond 63
/// bits: nothing is ever reserved for what is only announced.
public record LiteralHead(long length, boolean waits, boolean binary) {
    /// What the line (without its ending) announces, if anything.
    public static Optional<LiteralHead> atEndOf(Octets line) {
        int at = line.length() - 1;
        if (at < 2 || line.at(at) != '}') {
            return Optional.empty();
        }
        at--;
        boolean waits = line.at(at) != '+';
        if (!waits) {
            at--;
        }
        int end = at;
        while (at >= 0 && line.at(at) >= '0' && line.at(at) <= '9') {
            at--;
        }
        if (at == end || at < 0 || line.at(at) != '{') {
            return Optional.empty();
        }
        long length = 0;
        for (int i = at + 1; i <= end; i++) {
            int digit = line.at(i) - '0';
            length = length > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : length * 10 + digit;
        }
        boolean binary = at > 0 && line.at(at - 1) == '~';
        return Optional.of(new LiteralHead(length, waits, binary));
    }
}
