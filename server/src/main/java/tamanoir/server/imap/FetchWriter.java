package tamanoir.server.imap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.imap.BodySection;
import tamanoir.mail.imap.DateTimes;
import tamanoir.mail.imap.FetchItem;
import tamanoir.mail.imap.MessageData;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.message.BodyStructure;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.message.Section;
import tamanoir.mail.message.Sections;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.Content;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.View;

/// One FETCH response (RFC 9051 §7.5.2). Opens the message's octets only for an item that needs them.
final class FetchWriter {
    private final Session session;
    private final SelectedMailbox box;
    private final View view;
    private final int index;
    private final boolean newlySeen;
    private final @Nullable Content content;
    private final Wire wire;
    private @Nullable MessageOctets octets;

    /// @param content the message's octets, when they were read with those of others; else they are read when needed
    FetchWriter(
            Session session, SelectedMailbox box, int index, boolean newlySeen, @Nullable Content content, Wire wire) {
        this.session = session;
        this.box = box;
        this.view = box.view();
        this.index = index;
        this.newlySeen = newlySeen;
        this.content = content;
        this.wire = wire;
    }

    void write(List<FetchItem> items, Optional<MessageFacts> facts) throws IOException {
        try {
            boolean flags = false;
            wire.text("* ").number(box.sequenceAt(index)).text(" FETCH (");
            for (int i = 0; i < items.size(); i++) {
                if (i > 0) {
                    wire.character(' ');
                }
                FetchItem item = items.get(i);
                flags |= item instanceof FetchItem.Flags;
                item(item, facts);
            }
            if (newlySeen && !flags) {
                // RFC 9051 §6.4.5: the change that the fetch made is part of the answer
                wire.text(" FLAGS ");
                flags();
                if (session.condstore() && !items.contains(new FetchItem.Modseq())) {
                    wire.text(" MODSEQ (").number(view.modseq(index)).character(')');
                }
            }
            wire.character(')').crlf();
            if (flags || newlySeen) {
                box.wasTold(index);
            }
        } finally {
            if (octets != null) {
                octets.close();
            }
        }
    }

    private void item(FetchItem item, Optional<MessageFacts> facts) throws IOException {
        switch (item) {
            case FetchItem.Flags f -> {
                wire.text("FLAGS ");
                flags();
            }
            case FetchItem.Uid u -> wire.text("UID ").number(view.uid(index));
            case FetchItem.InternalDate d -> date("INTERNALDATE ", view.internalDate(index));
            case FetchItem.SaveDate d -> date("SAVEDATE ", view.saveDate(index));
            case FetchItem.Rfc822Size s -> wire.text("RFC822.SIZE ").number(view.octets(index));
            case FetchItem.Modseq m ->
                wire.text("MODSEQ (").number(view.modseq(index)).character(')');
            case FetchItem.EmailId e ->
                wire.text("EMAILID (")
                        .text(ObjectIds.email(view.message(index)))
                        .character(')');
            case FetchItem.ThreadId t ->
                wire.text("THREADID (")
                        .text(ObjectIds.thread(view.thread(index)))
                        .character(')');
            case FetchItem.Envelope e -> {
                wire.text("ENVELOPE ");
                MessageData.envelope(wire, facts.orElseThrow().envelope());
            }
            case FetchItem.Structure structure -> {
                wire.text(structure.extensions() ? "BODYSTRUCTURE " : "BODY ");
                MessageData.structure(wire, facts.orElseThrow().structure(), structure.extensions());
            }
            case FetchItem.Preview p ->
                wire.text("PREVIEW ").string(facts.orElseThrow().preview());
            case FetchItem.Body body -> {
                wire.text("BODY[").text(body.section().text()).character(']');
                origin(body.partial());
                section(body.section().section(), facts, body.partial());
            }
            case FetchItem.Rfc822 old -> old(old, facts);
            case FetchItem.Binary binary -> {
                wire.text("BINARY[").text(part(binary.part())).character(']');
                origin(binary.partial());
                wire.character(' ');
                new BinaryContent(octets(), facts, binary.part()).write(wire, binary.partial());
            }
            case FetchItem.BinarySize size ->
                wire.text("BINARY.SIZE[")
                        .text(part(size.part()))
                        .text("] ")
                        .number(new BinaryContent(octets(), facts, size.part()).size());
        }
    }

    private void flags() throws IOException {
        FlagsLine.writeFlags(wire, view, index, box.isRecent(view.uid(index)));
    }

    private void date(String name, java.time.Instant instant) throws IOException {
        wire.text(name).character('"').text(DateTimes.format(instant)).character('"');
    }

    private static String part(List<Integer> part) {
        return new BodySection(part, BodySection.Kind.ALL, List.of()).text();
    }

    /// The origin that was asked for, as part of the name (RFC 9051 §7.5.2).
    private void origin(FetchItem.Partial partial) throws IOException {
        if (partial.isAsked()) {
            wire.character('<').number(partial.origin()).character('>');
        }
    }

    private void old(FetchItem.Rfc822 old, Optional<MessageFacts> facts) throws IOException {
        switch (old.kind()) {
            case HEADER -> {
                wire.text("RFC822.HEADER");
                section(Section.HEADER, facts, FetchItem.Partial.NONE);
            }
            case TEXT -> {
                wire.text("RFC822.TEXT");
                section(Section.TEXT, facts, FetchItem.Partial.NONE);
            }
            default -> {
                wire.text("RFC822");
                section(Section.WHOLE, facts, FetchItem.Partial.NONE);
            }
        }
    }

    private void section(Section section, Optional<MessageFacts> facts, FetchItem.Partial partial) throws IOException {
        wire.character(' ');
        MessageOctets whole = octets();
        if (section.equals(Section.WHOLE)) {
            literal(whole, 0, whole.size(), partial);
            return;
        }
        BodyStructure structure = facts.orElseThrow().structure();
        Optional<Sections.Range> range = Sections.range(structure, section);
        if (range.isEmpty()) {
            wire.nil();
            return;
        }
        int from = range.get().from();
        int to = range.get().to();
        switch (section.content()) {
            case Section.Content.HeaderFields f -> some(whole.slice(from, to), section, partial);
            case Section.Content.HeaderFieldsNot f -> some(whole.slice(from, to), section, partial);
            case Section.Content.Whole w -> literal(whole, from, to, partial);
            case Section.Content.Header h -> literal(whole, from, to, partial);
            case Section.Content.Text t -> literal(whole, from, to, partial);
            case Section.Content.Mime m -> literal(whole, from, to, partial);
        }
    }

    private void literal(MessageOctets whole, long from, long to, FetchItem.Partial partial) throws IOException {
        long first = from + partial.from(to - from);
        long last = from + partial.to(to - from);
        wire.literal(last - first, false);
        whole.write(wire, first, last);
    }

    private void some(Octets header, Section section, FetchItem.Partial partial) throws IOException {
        Octets fields = Sections.filtered(header, section.content());
        Octets wanted = fields.slice((int) partial.from(fields.length()), (int) partial.to(fields.length()));
        wire.literal(wanted.length(), false).withoutNul(wanted);
    }

    private MessageOctets octets() {
        MessageOctets open = octets;
        if (open == null) {
            MessageId message = view.message(index);
            Content its = content == null ? session.mail().content(message) : content;
            open = new MessageOctets(its.prefix(), its.body(), session.blobs());
            octets = open;
        }
        return open;
    }

    static Optional<Located> find(BodyStructure root, List<Integer> part) {
        return part.isEmpty() ? Optional.of(root) : Sections.find(root, part);
    }
}
