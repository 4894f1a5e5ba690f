package tamanoir.server.delivery;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Blobs;
import tamanoir.server.tables.AliasTarget;
import tamanoir.server.tables.RecipientDelimiter;

/// Brings a message of the queue to the command or file that an alias names.
///
/// The queue holds such a message with the way `local:|command` or `local:/file`. Whether the alias still says so, and
/// main.cf still allows it, is asked again here: what an administrator took out is not run from the queue.
public final class SpecialDelivery {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Aliases aliases;
    private final LocalRules rules;
    private final RecipientDelimiter delimiter;
    private final CommandDelivery commands;
    private final FileDelivery files = new FileDelivery();
    private final Blobs blobs;

    public SpecialDelivery(
            Aliases aliases, LocalRules rules, RecipientDelimiter delimiter, CommandDelivery commands, Blobs blobs) {
        this.aliases = aliases;
        this.rules = rules;
        this.delimiter = delimiter;
        this.commands = commands;
        this.blobs = blobs;
    }

    static boolean isOne(QueuedMessage message) {
        return message.through().startsWith(way("|")) || message.through().startsWith(way("/"));
    }

    /// The way that the queue keeps for it.
    static String way(String special) {
        return "local:" + special;
    }

    /// @throws IOException when the message cannot be read or the file cannot be written: it is tried again
    Reply deliver(QueuedMessage message, Recipient recipient) throws IOException {
        String special = message.through().substring("local:".length());
        Address address = recipient.address();
        boolean allowed = aliases.members(address.localPart().toLowerCase(Locale.ROOT)).stream()
                .flatMap(java.util.List::stream)
                .anyMatch(member -> special.equals(text(member.target())) && rules.allows(member));
        if (!allowed) {
            return refused(special);
        }
        if (special.endsWith("/")) {
            return Reply.of(451, "4.3.5", "mail system set-up: folders of messages are not written");
        }
        try (InputStream whole = whole(message, recipient)) {
            return special.startsWith("|")
                    ? commands.run(special.substring(1), facts(message, recipient), whole)
                    : files.append(Path.of(special), new Quoted(whole));
        }
    }

    /// As [Aliases] and the queue write it; empty for what is neither command nor file.
    static String text(AliasTarget target) {
        return switch (target) {
            case AliasTarget.Command command -> "|" + command.command();
            case AliasTarget.File file -> file.path();
            case AliasTarget.Mail _, AliasTarget.Include _ -> "";
        };
    }

    static Reply refused(String special) {
        String kind = special.startsWith("|") ? "command" : "file";
        return Reply.of(550, "5.7.0", "mail to a " + kind + " is not allowed here (allow_mail_to_" + kind + "s)");
    }

    /// From_ line and fields that local(8) puts on top; Delivered-To stands in the message already. Lines end with LF.
    private InputStream whole(QueuedMessage message, Recipient recipient) {
        ReversePath sender = message.envelope().sender();
        String top = "From " + (sender instanceof ReversePath.Null ? "MAILER-DAEMON" : sender.toString()) + " "
                + STAMP.format(message.arrived()) + "\n"
                + "Return-Path: <" + sender + ">\n"
                + "X-Original-To: " + recipient.original() + "\n";
        return new LineFeeds(new SequenceInputStream(
                new ByteArrayInputStream(top.getBytes(StandardCharsets.UTF_8)),
                new SequenceInputStream(
                        new ByteArrayInputStream(
                                message.prefix().array(),
                                message.prefix().arrayOffset(),
                                message.prefix().length()),
                        message.body().stream(blobs))));
    }

    private Map<String, String> facts(QueuedMessage message, Recipient recipient) {
        Address address = recipient.address();
        RecipientDelimiter.Parts parts = delimiter.split(address.localPart());
        Map<String, String> facts = new HashMap<>();
        facts.put("LOCAL", address.localPart());
        facts.put("USER", parts.user());
        facts.put("EXTENSION", parts.detail());
        facts.put("DOMAIN", address.domain().name());
        facts.put("RECIPIENT", address.toString());
        facts.put("ORIGINAL_RECIPIENT", recipient.original().toString());
        ReversePath sender = message.envelope().sender();
        facts.put("SENDER", sender instanceof ReversePath.Null ? "MAILER-DAEMON" : sender.toString());
        return facts;
    }

    /// CRLF becomes LF.
    private static final class LineFeeds extends FilterInputStream {
        private int ahead = -2;

        LineFeeds(InputStream in) {
            super(new java.io.BufferedInputStream(in));
        }

        @Override
        public int read() throws IOException {
            int c = ahead == -2 ? in.read() : ahead;
            ahead = -2;
            if (c == '\r') {
                int next = in.read();
                if (next == '\n') {
                    return next;
                }
                ahead = next;
            }
            return c;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            return Streams.fill(this, to, offset, length);
        }
    }

    /// mbox: `>` before a From at the start of a line, the first line apart; a blank line at the end.
    private static final class Quoted extends FilterInputStream {
        private final java.util.ArrayDeque<Integer> ready = new java.util.ArrayDeque<>();
        private boolean first = true;
        private boolean lineStart = true;
        private boolean ended;

        Quoted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            if (ready.isEmpty() && !ended) {
                next();
            }
            return ready.isEmpty() ? -1 : ready.remove();
        }

        private void next() throws IOException {
            String from = "From ";
            int matched = 0;
            int c = in.read();
            while (lineStart && !first && matched < from.length() && c == from.charAt(matched)) {
                matched++;
                c = matched < from.length() ? in.read() : c;
            }
            if (matched == from.length()) {
                ready.add((int) '>');
            }
            for (int i = 0; i < matched; i++) {
                ready.add((int) from.charAt(i));
            }
            lineStart = false;
            first = false;
            if (matched == from.length()) {
                return;
            }
            if (c < 0) {
                ended = true;
                ready.add((int) '\n');
                return;
            }
            ready.add(c);
            lineStart = c == '\n';
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            return Streams.fill(this, to, offset, length);
        }
    }

    /// Many octets from a stream that gives one at a time.
    private static final class Streams {
        private Streams() {}

        static int fill(InputStream from, byte[] to, int offset, int length) throws IOException {
            int count = 0;
            while (count < length) {
                int c = from.read();
                if (c < 0) {
                    return count == 0 ? -1 : count;
                }
                to[offset + count++] = (byte) c;
            }
            return count;
        }
    }
}
