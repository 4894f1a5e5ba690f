package tamanoir.server.filter.draft;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// A message that filters work on, one after the other, each with the changes of those before it. The text stays where
/// it is; only fields are in memory. For one message, used by one thread.
///
/// The first fields are those that the door put on top: filters see them only where they ask for the whole message, and
/// their places are counted from behind.
public final class Draft {
    /// A longer header is not taken in.
    private static final int LONGEST_HEADER = 1 << 20;

    private static final Octets LINE_END = Octets.of("\r\n");

    /// One field, with its line end; `from` is -1 for one that was not in the message. `instead` replaces it, empty
    /// where it goes.
    private static final class Slot {
        private final long from;
        private final long to;
        private Octets now;
        private boolean changed;

        Slot(long from, long to, Octets now) {
            this.from = from;
            this.to = to;
            this.now = now;
        }
    }

    /// A field as filters see it. `value` is what stands behind the colon, without the last line end.
    public record Field(Octets name, Octets value) {}

    private final Octets prefix;
    private final Body body;
    private final Blobs blobs;
    private final List<Slot> slots = new ArrayList<>();
    private final long textStart;
    private final Envelope envelope;
    /// Fields of the door, and what was put above them.
    private int hidden;

    private Optional<ReversePath> sender = Optional.empty();
    private final Map<Address, Recipient> added = new LinkedHashMap<>();
    private final List<Address> removed = new ArrayList<>();
    private Optional<Body> text = Optional.empty();
    private Optional<String> hold = Optional.empty();

    /// `prefix` stands on top of `body`; its first `own` octets are what the door put there.
    public Draft(Octets prefix, int own, Body body, Envelope envelope, Blobs blobs) {
        this.prefix = prefix;
        this.body = body;
        this.envelope = envelope;
        this.blobs = blobs;
        int doorFields = 0;
        for (HeaderField field : HeaderFields.of(prefix)) {
            doorFields += field.start() < own ? 1 : 0;
            slots.add(new Slot(
                    field.start(), field.start() + (long) field.octets().length(), field.octets()));
        }
        this.hidden = doorFields;
        long end = prefix.length();
        if (prefix.length() == headerEnd()) {
            for (HeaderField field : HeaderFields.of(head())) {
                long from = prefix.length() + (long) field.start();
                slots.add(new Slot(from, from + field.octets().length(), field.octets()));
            }
            end = headerEnd() + emptyLine();
        }
        this.textStart = end;
    }

    private Octets head() {
        return switch (body) {
            case Body.Small small -> small.octets();
            case Body.Large large -> {
                try (InputStream stream = large.stream(blobs)) {
                    yield Octets.of(stream.readNBytes((int) Math.min(large.size(), LONGEST_HEADER)));
                } catch (IOException e) {
                    throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
                }
            }
        };
    }

    /// Where the last field of the message as it was ends.
    private long headerEnd() {
        long end = 0;
        for (Slot slot : slots) {
            end = Math.max(end, slot.to);
        }
        return end;
    }

    private int emptyLine() {
        int at = (int) (headerEnd() - prefix.length());
        Octets head = head();
        if (at < head.length() && head.at(at) == '\n') {
            return 1;
        }
        return at + 1 < head.length() && head.at(at) == '\r' && head.at(at + 1) == '\n' ? 2 : 0;
    }

    // ---- what filters see ------------------------------------------------------------------------------------

    /// The fields that the sender wrote, and those that were added since, in order.
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>(slots.size());
        for (Slot slot : slots.subList(hidden, slots.size())) {
            int colon = slot.now.indexOf(':', 0);
            if (colon > 0) {
                fields.add(new Field(nameOf(slot.now), slot.now.slice(colon + 1, withoutLineEnd(slot.now))));
            }
        }
        return fields;
    }

    /// Everything behind the header; close it.
    public InputStream text() {
        if (text.isPresent()) {
            return text.get().stream(blobs);
        }
        InputStream whole = original();
        try {
            whole.skipNBytes(textStart);
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
        return whole;
    }

    private InputStream original() {
        return prefix.isEmpty()
                ? body.stream(blobs)
                : new SequenceInputStream(
                        new ByteArrayInputStream(prefix.array(), prefix.arrayOffset(), prefix.length()),
                        body.stream(blobs));
    }

    /// The header with what the door put on top, and the empty line.
    public Octets header() {
        List<Octets> parts = new ArrayList<>(slots.size() + 1);
        slots.forEach(slot -> parts.add(slot.now));
        parts.add(LINE_END);
        return Octets.join(parts.toArray(Octets[]::new));
    }

    public long size() {
        long header = LINE_END.length();
        for (Slot slot : slots) {
            header += slot.now.length();
        }
        return header + text.map(Body::size).orElse(prefix.length() + body.size() - textStart);
    }

    /// The whole message as it is now; close it.
    public InputStream whole() {
        Octets header = header();
        return new SequenceInputStream(
                new ByteArrayInputStream(header.array(), header.arrayOffset(), header.length()), text());
    }

    public Envelope envelope() {
        return new Changes(sender, List.copyOf(added.values()), removed, Optional.empty(), 0).applied(envelope);
    }

    // ---- what filters change ---------------------------------------------------------------------------------

    /// A field behind all others. `value` as it goes behind the colon, blank, folds and all, as everywhere here.
    public void add(String name, String value) {
        slots.add(made(name, value));
    }

    /// A field before the one at `index`, 0 is above everything; 1 is below what the door put on top.
    public void insert(int index, String name, String value) {
        int at = index == 0 ? 0 : (int) Math.min(slots.size(), Math.max(1L, hidden) + index - 1L);
        slots.add(at, made(name, value));
        hidden += index == 0 ? 1 : 0;
    }

    /// The `index`th field of that name, from 1, gets another value. Where there is none it is added.
    public void change(int index, String name, String value) {
        Optional<Slot> slot = find(index, name);
        if (slot.isEmpty()) {
            add(name, value);
            return;
        }
        slot.get().now = written(name, value);
        slot.get().changed = true;
    }

    /// The `index`th field of that name goes.
    public void remove(int index, String name) {
        find(index, name).ifPresent(slot -> {
            slot.now = Octets.EMPTY;
            slot.changed = true;
        });
    }

    /// Every field of that name goes.
    public void removeAll(String name) {
        while (find(1, name).isPresent()) {
            remove(1, name);
        }
    }

    private Optional<Slot> find(int index, String name) {
        int seen = 0;
        for (Slot slot : slots.subList(hidden, slots.size())) {
            if (!slot.now.isEmpty() && nameOf(slot.now).equalsIgnoreCase(name) && ++seen == Math.max(1, index)) {
                return Optional.of(slot);
            }
        }
        return Optional.empty();
    }

    /// The name alone: blanks before the colon are tolerated in what comes (RFC 5322 §4.5).
    private static Octets nameOf(Octets field) {
        int end = Math.max(0, field.indexOf(':', 0));
        while (end > 0 && (field.at(end - 1) == ' ' || field.at(end - 1) == '\t')) {
            end--;
        }
        return field.slice(0, end);
    }

    private static int withoutLineEnd(Octets field) {
        int end = field.length();
        if (end > 0 && field.at(end - 1) == '\n') {
            end--;
            if (end > 0 && field.at(end - 1) == '\r') {
                end--;
            }
        }
        return end;
    }

    private static Slot made(String name, String value) {
        Slot slot = new Slot(-1, -1, written(name, value));
        slot.changed = true;
        return slot;
    }

    /// Every line of a value but the first must begin with a blank, or it would be another field (RFC 5322 §2.2.3).
    private static Octets written(String name, String value) {
        StringBuilder field = new StringBuilder(name.length() + value.length() + 8);
        field.append(name).append(':');
        String lines = value.replace("\r\n", "\n").replace('\r', ' ').replace('\0', ' ');
        for (int i = 0; i < lines.length(); i++) {
            char c = lines.charAt(i);
            if (c != '\n') {
                field.append(c);
            } else if (i + 1 < lines.length()) {
                char next = lines.charAt(i + 1);
                field.append(next == '\n' ? "" : next == ' ' || next == '\t' ? "\r\n" : "\r\n\t");
            }
        }
        return Octets.of(field.append("\r\n").toString());
    }

    public void sender(ReversePath other) {
        sender = Optional.of(other);
    }

    public void addRecipient(Recipient recipient) {
        added.put(recipient.address(), recipient);
    }

    public void removeRecipient(Address address) {
        if (added.remove(address) == null) {
            removed.add(address);
        }
    }

    /// Another text for everything behind the header.
    public void text(Body other) {
        text = Optional.of(other);
    }

    public void hold(String reason) {
        hold = hold.or(() -> Optional.of(reason));
    }

    public Optional<String> held() {
        return hold;
    }

    // ---- what is different at the end ------------------------------------------------------------------------

    /// The fields that filters made or changed, for those who judge them; `instead` answers what each becomes, empty
    /// when it goes.
    public void review(java.util.function.UnaryOperator<Octets> instead) {
        for (Slot slot : slots) {
            if (slot.changed && !slot.now.isEmpty()) {
                slot.now = instead.apply(slot.now);
            }
        }
    }

    public Changes changes() {
        return new Changes(sender, List.copyOf(added.values()), removed, text, textStart);
    }

    /// In the order of their places, which are those of `prefix` and `body` together. Those of an unchanged header are
    /// none.
    public List<Edit> edits() {
        List<Edit> edits = new ArrayList<>();
        List<Octets> waiting = new ArrayList<>();
        long at = 0;
        for (Slot slot : slots) {
            if (slot.from < 0) {
                waiting.add(slot.now);
                continue;
            }
            flush(waiting, slot.from, edits);
            if (slot.changed) {
                edits.add(new Edit(slot.from, slot.to, slot.now));
            }
            at = slot.to;
        }
        flush(waiting, at, edits);
        return Collections.unmodifiableList(edits);
    }

    private static void flush(List<Octets> waiting, long at, List<Edit> edits) {
        if (!waiting.isEmpty()) {
            edits.add(new Edit(at, at, Octets.join(waiting.toArray(Octets[]::new))));
            waiting.clear();
        }
    }
}
