package tamanoir.mail.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tamanoir.mail.message.AddressList.Entry;
import tamanoir.mail.message.AddressList.Group;
import tamanoir.mail.message.AddressList.Mailbox;
import tamanoir.mail.message.Located.Kind;
import tamanoir.mail.text.Octets;

/// [MessageFacts] as a row: one octet for the format, then the components in order. Numbers are in groups of seven
/// bits, lowest first, texts in UTF-8 behind their length, lists behind their count, and what may be absent behind
/// 0 or 1.
///
/// Whoever changes the order or meaning changes [#FORMAT]; rows of other formats are made again from the message.
final class FactsCodec {
    static final int FORMAT = 2;

    private FactsCodec() {}

    static byte[] encode(MessageFacts facts) {
        Writer out = new Writer();
        out.octet(FORMAT);
        out.number(facts.size());
        out.envelope(facts.envelope());
        out.octet((facts.hasSender() ? 1 : 0) | (facts.hasReplyTo() ? 2 : 0));
        out.text(facts.subject());
        out.text(facts.baseSubject());
        out.octet(facts.isReplyOrForward() ? 1 : 0);
        out.optional(facts.sentDate(), out::date);
        out.list(facts.messageIds(), out::text);
        out.list(facts.inReplyTo(), out::text);
        out.list(facts.references(), out::text);
        out.octet(facts.hasAttachment() ? 1 : 0);
        out.text(facts.preview());
        out.structure(facts.structure(), 0);
        return out.toByteArray();
    }

    static Optional<MessageFacts> decode(Octets row) {
        Reader in = new Reader(row);
        if (in.octet() != FORMAT) {
            return Optional.empty();
        }
        long size = in.number();
        MessageEnvelope envelope = in.envelope();
        int has = in.octet();
        String subject = in.text();
        String baseSubject = in.text();
        boolean isReplyOrForward = in.octet() != 0;
        Optional<OffsetDateTime> sentDate = in.optional(in::date);
        List<String> messageIds = in.list(in::text);
        List<String> inReplyTo = in.list(in::text);
        List<String> references = in.list(in::text);
        boolean hasAttachment = in.octet() != 0;
        String preview = in.text();
        BodyStructure structure = in.structure(0, Integer.MAX_VALUE, 0);
        if (in.failed || !in.atEnd() || structure.start() != 0 || structure.end() != size) {
            return Optional.empty();
        }
        return Optional.of(new MessageFacts(
                size,
                envelope,
                (has & 1) != 0,
                (has & 2) != 0,
                structure,
                subject,
                baseSubject,
                isReplyOrForward,
                sentDate,
                messageIds,
                inReplyTo,
                references,
                hasAttachment,
                preview));
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    private static final class Writer {
        private byte[] array = new byte[512];
        private int size;

        byte[] toByteArray() {
            return Arrays.copyOf(array, size);
        }

        private void room(int more) {
            if (array.length - size < more) {
                array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(size, more)));
            }
        }

        void octet(int octet) {
            room(1);
            array[size++] = (byte) octet;
        }

        void number(long number) {
            long rest = number;
            while ((rest & ~0x7FL) != 0) {
                octet((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            octet((int) rest);
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            number(utf8.length);
            room(utf8.length);
            System.arraycopy(utf8, 0, array, size, utf8.length);
            size += utf8.length;
        }

        <T> void optional(Optional<T> value, Consumer<T> write) {
            octet(value.isPresent() ? 1 : 0);
            value.ifPresent(write);
        }

        <T> void list(List<T> list, Consumer<T> write) {
            number(list.size());
            list.forEach(write);
        }

        /// Seconds since the epoch, either side of it, and the offset in minutes.
        void date(OffsetDateTime date) {
            long seconds = date.toEpochSecond();
            number((seconds << 1) ^ (seconds >> 63));
            number(date.getOffset().getTotalSeconds() / 60 + 24 * 60);
        }

        void envelope(MessageEnvelope envelope) {
            optional(envelope.date(), this::text);
            optional(envelope.subject(), this::text);
            addresses(envelope.from());
            // Most often the same again.
            addressesUnless(envelope.from(), envelope.sender());
            addressesUnless(envelope.from(), envelope.replyTo());
            addresses(envelope.to());
            addresses(envelope.cc());
            addresses(envelope.bcc());
            optional(envelope.inReplyTo(), this::text);
            optional(envelope.messageId(), this::text);
        }

        private void addressesUnless(AddressList same, AddressList addresses) {
            octet(addresses.equals(same) ? 0 : 1);
            if (!addresses.equals(same)) {
                addresses(addresses);
            }
        }

        private void addresses(AddressList addresses) {
            list(addresses.entries(), this::entry);
        }

        private void entry(Entry entry) {
            switch (entry) {
                case Mailbox mailbox -> {
                    octet(0);
                    mailbox(mailbox);
                }
                case Group group -> {
                    octet(1);
                    text(group.rawName());
                    list(group.members(), this::mailbox);
                }
            }
        }

        private void mailbox(Mailbox mailbox) {
            text(mailbox.rawName());
            text(mailbox.route());
            text(mailbox.localPart());
            text(mailbox.domain());
        }

        private void parameters(Parameters parameters) {
            list(parameters.list(), parameter -> {
                text(parameter.name());
                text(parameter.value());
            });
        }

        /// Offsets are written as distances from where the part around begins: small numbers are short.
        void structure(BodyStructure part, int base) {
            octet(
                    switch (part.kind()) {
                        case LEAF -> 0;
                        case MULTIPART -> 1;
                        case MESSAGE -> 2;
                    });
            number(part.start() - base);
            number(part.bodyStart() - part.start());
            number(part.end() - part.bodyStart());
            number(part.lines());
            text(part.type());
            text(part.subtype());
            parameters(part.parameters());
            optional(part.id(), this::text);
            optional(part.description(), this::text);
            text(part.encoding());
            optional(part.md5(), this::text);
            optional(part.disposition(), disposition -> {
                text(disposition.type());
                parameters(disposition.parameters());
            });
            list(part.languages(), this::text);
            optional(part.location(), this::text);
            optional(part.envelope(), this::envelope);
            list(part.children(), child -> structure(child, part.start()));
        }
    }

    // ---- reading ---------------------------------------------------------------------------------------------

    /// Reads on after a failure, getting nothing but zeros, so that only the end needs to ask.
    private static final class Reader {
        /// The last second of it; with both signs, more than any date that was read.
        private static final long YEAR_9999 = 253_402_300_799L;

        private final Octets row;
        private int at;
        boolean failed;

        Reader(Octets row) {
            this.row = row;
        }

        boolean atEnd() {
            return at == row.length();
        }

        int octet() {
            if (failed || at >= row.length()) {
                failed = true;
                return 0;
            }
            return row.at(at++);
        }

        long number() {
            long number = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int octet = octet();
                number |= (long) (octet & 0x7F) << shift;
                if (octet < 0x80) {
                    return number;
                }
            }
            failed = true;
            return 0;
        }

        /// A number that must be between 0 and `most`.
        private int number(int most) {
            long number = number();
            if (number < 0 || number > most) {
                failed = true;
                return 0;
            }
            return (int) number;
        }

        String text() {
            int length = number(row.length() - at);
            if (failed || length > row.length() - at) {
                failed = true;
                return "";
            }
            at += length;
            return row.slice(at - length, at).utf8();
        }

        <T> Optional<T> optional(Supplier<T> read) {
            return octet() == 0 ? Optional.empty() : Optional.of(read.get());
        }

        <T> List<T> list(Supplier<T> read) {
            int count = number(row.length() - at);
            List<T> list = new ArrayList<>(Math.min(count, 100));
            for (int i = 0; i < count && !failed; i++) {
                list.add(read.get());
            }
            return list;
        }

        OffsetDateTime date() {
            long zigzag = number();
            long seconds = (zigzag >>> 1) ^ -(zigzag & 1);
            int offset = number(48 * 60) - 24 * 60;
            // No offset and no second that the JDK does not know.
            boolean isPossible = seconds >= -YEAR_9999 && seconds <= YEAR_9999 && Math.abs(offset) <= 18 * 60;
            if (failed || !isPossible) {
                failed = true;
                return OffsetDateTime.MIN;
            }
            return Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.ofTotalSeconds(offset * 60));
        }

        MessageEnvelope envelope() {
            Optional<String> date = optional(this::text);
            Optional<String> subject = optional(this::text);
            AddressList from = addresses();
            AddressList sender = octet() == 0 ? from : addresses();
            AddressList replyTo = octet() == 0 ? from : addresses();
            return new MessageEnvelope(
                    date,
                    subject,
                    from,
                    sender,
                    replyTo,
                    addresses(),
                    addresses(),
                    addresses(),
                    optional(this::text),
                    optional(this::text));
        }

        private AddressList addresses() {
            List<Entry> entries = list(this::entry);
            return entries.isEmpty() ? AddressList.EMPTY : new AddressList(entries);
        }

        private Entry entry() {
            return octet() == 0 ? mailbox() : new Group(text(), list(this::mailbox));
        }

        private Mailbox mailbox() {
            return new Mailbox(text(), text(), text(), text());
        }

        private Parameters parameters() {
            List<Parameter> list = list(() -> new Parameter(text(), text()));
            return list.isEmpty() ? Parameters.NONE : new Parameters(list);
        }

        /// A part between `base` and `limit`. What no message can be is a failure: everybody behind relies on it.
        BodyStructure structure(int base, int limit, int depth) {
            int code = octet();
            failed |= code > 2 || depth > Limits.DEEPEST;
            Kind kind = code == 1 ? Kind.MULTIPART : code == 2 ? Kind.MESSAGE : Kind.LEAF;
            int start = base + number(limit - base);
            int bodyStart = start + number(limit - start);
            int end = bodyStart + number(limit - bodyStart);
            BodyStructure part = new BodyStructure(
                    kind,
                    start,
                    bodyStart,
                    end,
                    number(end - bodyStart),
                    text(),
                    text(),
                    parameters(),
                    optional(this::text),
                    optional(this::text),
                    text(),
                    optional(this::text),
                    optional(() -> new Disposition(text(), parameters())),
                    list(this::text),
                    optional(this::text),
                    optional(this::envelope),
                    failed ? List.of() : list(() -> structure(start, end, depth + 1)));
            failed |= switch (kind) {
                case LEAF -> !part.children().isEmpty();
                case MULTIPART -> part.children().isEmpty();
                case MESSAGE -> part.children().size() != 1 || part.envelope().isEmpty();
            };
            return part;
        }
    }
}
