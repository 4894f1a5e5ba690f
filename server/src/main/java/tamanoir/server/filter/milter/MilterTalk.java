package tamanoir.server.filter.milter;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tamanoir.mail.milter.MilterCommand;
import tamanoir.server.filter.draft.Draft;
import tamanoir.server.store.Blobs;

/// One session and all its milters, which are asked in their order at each step; the first that objects ends it. Used
/// by the session's thread, closed by the session.
public final class MilterTalk implements AutoCloseable {
    private final List<Milter> milters;
    private final Map<String, String> general;
    private final Blobs blobs;

    MilterTalk(List<Milter> milters, Map<String, String> general, Blobs blobs) {
        this.milters = milters;
        this.general = general;
        this.blobs = blobs;
    }

    public boolean isEmpty() {
        return milters.isEmpty();
    }

    /// `values` are macros by name, without braces, as in each step that follows.
    public MilterAnswer connected(String name, InetAddress address, int port, Map<String, String> values) {
        char family = address instanceof Inet6Address ? '6' : '4';
        // Sendmail's form, which milters know: an IPv6 address has its tag.
        String text = tamanoir.server.config.Cidr.text(address);
        return ask(
                values,
                (milter, all) -> milter.command(
                        new MilterCommand.Connect(name, family, port, family == '6' ? "IPv6:" + text : text), all));
    }

    public MilterAnswer greeted(String name, Map<String, String> values) {
        return ask(values, (milter, all) -> milter.command(new MilterCommand.Helo(name), all));
    }

    /// `arguments`: the address in brackets, then the parameters as the client wrote them.
    public MilterAnswer sender(List<String> arguments, Map<String, String> values) {
        return ask(values, (milter, all) -> milter.command(new MilterCommand.Mail(arguments), all));
    }

    public MilterAnswer recipient(List<String> arguments, Map<String, String> values) {
        return ask(values, (milter, all) -> milter.command(new MilterCommand.Rcpt(arguments), all));
    }

    /// For those milters that want to know: this recipient was refused already.
    public void refusedRecipient(List<String> arguments, Map<String, String> values) {
        Map<String, String> all = all(values);
        for (Milter milter : milters) {
            if (milter.wantsRefusedRecipients()) {
                milter.command(new MilterCommand.Rcpt(arguments), all);
            }
        }
    }

    public MilterAnswer data(Map<String, String> values) {
        return ask(values, (milter, all) -> milter.command(new MilterCommand.Data(), all));
    }

    public MilterAnswer unknown(String line, Map<String, String> values) {
        return ask(values, (milter, all) -> milter.command(new MilterCommand.Unknown(line), all));
    }

    /// Header, text and end of a message. Each milter gets it with the changes of those before it.
    public MilterAnswer message(Draft draft, Map<String, String> values) {
        return ask(values, (milter, all) -> milter.message(draft, all, blobs));
    }

    /// The transaction has ended, whatever came of it.
    public void reset() {
        milters.forEach(Milter::abort);
    }

    @Override
    public void close() {
        milters.forEach(Milter::close);
    }

    private Map<String, String> all(Map<String, String> values) {
        Map<String, String> all = new HashMap<>(general);
        all.putAll(values);
        return all;
    }

    private interface Step {
        MilterAnswer ask(Milter milter, Map<String, String> values);
    }

    private MilterAnswer ask(Map<String, String> values, Step step) {
        Map<String, String> all = all(values);
        MilterAnswer answer = MilterAnswer.GO;
        for (Milter milter : milters) {
            MilterAnswer one = step.ask(milter, all);
            switch (one) {
                case MilterAnswer.Go _ -> {}
                case MilterAnswer.Hold _ -> answer = one; // the others may still refuse
                case MilterAnswer.Discard _, MilterAnswer.Refuse _ -> {
                    return one;
                }
            }
        }
        return answer;
    }
}
