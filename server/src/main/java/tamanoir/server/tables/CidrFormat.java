package tamanoir.server.tables;

import java.net.InetAddress;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Cidr;

/// cidr tables: `network/bits answer`, `!network/bits answer`, `if network/bits` … `endif`. Keys are addresses; any
/// other key is not there, also for a rule with `!`.
final class CidrFormat implements Rules.Dialect {
    static Snapshot read(String text) {
        return Rules.read(text, new CidrFormat());
    }

    @Override
    public Rules.Answering rule(TableLines.Line line) {
        String text = line.text();
        int start = 0;
        while (start < text.length() && (text.charAt(start) == '!' || TableLines.isBlank(text.charAt(start)))) {
            start++;
        }
        int end = TableLines.wordEnd(text, start);
        String answer = text.substring(end).strip();
        if (answer.isEmpty()) {
            throw new WrongTable(line.number(), "\"" + text + "\" has no answer behind the network");
        }
        Rules.Condition condition = condition(line.number(), text.substring(0, end));
        Optional<String> found = Optional.of(answer);
        return key -> condition.holds(key) ? found : Optional.empty();
    }

    @Override
    public Rules.Condition condition(int number, String text) {
        boolean negated = false;
        int at = 0;
        while (at < text.length() && (text.charAt(at) == '!' || TableLines.isBlank(text.charAt(at)))) {
            negated ^= text.charAt(at) == '!';
            at++;
        }
        boolean wanted = !negated;
        try {
            Cidr block = Cidr.of(text.substring(at));
            return key -> {
                // A rule with "!" says something of addresses too, never of names.
                Optional<InetAddress> address = key.address();
                return address.isPresent() && block.contains(address.get()) == wanted;
            };
        } catch (BadSyntax e) {
            throw new WrongTable(number, String.valueOf(e.getMessage()));
        }
    }
}
