package tamanoir.mail.imap;

import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.text.BadSyntax;

/// The items of a FETCH: a macro, one item, or several in parentheses (RFC 9051 §9, fetch-att).
final class FetchItemParser {
    private static final int MOST_ITEMS = 1_000;
    private static final int DEEPEST_PART = 100;

    private final Scanner in;

    FetchItemParser(Scanner in) {
        this.in = in;
    }

    List<FetchItem> items() {
        List<FetchItem> items = new ArrayList<>();
        if (in.takes('(')) {
            do {
                items.add(item(in.name()));
                if (items.size() > MOST_ITEMS) {
                    throw new BadSyntax("too many items");
                }
            } while (in.takes(' '));
            in.expect(')');
            return items;
        }
        String name = in.name();
        // RFC 9051 §6.4.5: a macro stands alone
        switch (name) {
            case "FULL" -> {
                fast(items);
                items.add(new FetchItem.Envelope());
                items.add(new FetchItem.Structure(false));
            }
            case "ALL" -> {
                fast(items);
                items.add(new FetchItem.Envelope());
            }
            case "FAST" -> fast(items);
            default -> items.add(item(name));
        }
        return items;
    }

    private static void fast(List<FetchItem> items) {
        items.add(new FetchItem.Flags());
        items.add(new FetchItem.InternalDate());
        items.add(new FetchItem.Rfc822Size());
    }

    private FetchItem item(String name) {
        return switch (name) {
            case "FLAGS" -> new FetchItem.Flags();
            case "INTERNALDATE" -> new FetchItem.InternalDate();
            case "RFC822.SIZE" -> new FetchItem.Rfc822Size();
            case "ENVELOPE" -> new FetchItem.Envelope();
            case "BODYSTRUCTURE" -> new FetchItem.Structure(true);
            case "UID" -> new FetchItem.Uid();
            case "BODY" -> in.peek() == '[' ? body(false) : new FetchItem.Structure(false);
            case "BODY.PEEK" -> body(true);
            case "RFC822" -> new FetchItem.Rfc822(BodySection.Kind.ALL);
            case "RFC822.HEADER" -> new FetchItem.Rfc822(BodySection.Kind.HEADER);
            case "RFC822.TEXT" -> new FetchItem.Rfc822(BodySection.Kind.TEXT);
            case "BINARY" -> new FetchItem.Binary(binaryPart(), false, partial());
            case "BINARY.PEEK" -> new FetchItem.Binary(binaryPart(), true, partial());
            case "BINARY.SIZE" -> new FetchItem.BinarySize(binaryPart());
            case "MODSEQ" -> new FetchItem.Modseq();
            case "EMAILID" -> new FetchItem.EmailId();
            case "THREADID" -> new FetchItem.ThreadId();
            case "SAVEDATE" -> new FetchItem.SaveDate();
            case "PREVIEW" -> preview();
            default -> throw new BadSyntax("FETCH does not know " + (name.length() > 30 ? "this item" : name));
        };
    }

    private FetchItem preview() {
        // RFC 8970 §4: PREVIEW [SP "(" LAZY ")"]; a list that begins otherwise is FETCH's own
        if (in.peeks(" (LAZY")) {
            in.space();
            in.expect('(');
            in.name();
            in.expect(')');
            return new FetchItem.Preview(true);
        }
        return new FetchItem.Preview(false);
    }

    private FetchItem body(boolean peek) {
        in.expect('[');
        List<Integer> part = new ArrayList<>();
        BodySection section = section(part);
        in.expect(']');
        return new FetchItem.Body(section, peek, partial());
    }

    private BodySection section(List<Integer> part) {
        boolean dotted = numbers(part);
        if (in.peek() == ']') {
            if (dotted) {
                throw new BadSyntax("a section does not end with a dot");
            }
            return new BodySection(part, BodySection.Kind.ALL, List.of());
        }
        if (!part.isEmpty() && !dotted) {
            throw new BadSyntax("expected a dot in the section");
        }
        return switch (in.name()) {
            case "HEADER" -> new BodySection(part, BodySection.Kind.HEADER, List.of());
            case "HEADER.FIELDS" -> new BodySection(part, BodySection.Kind.HEADER_FIELDS, fieldNames());
            case "HEADER.FIELDS.NOT" -> new BodySection(part, BodySection.Kind.HEADER_FIELDS_NOT, fieldNames());
            case "TEXT" -> new BodySection(part, BodySection.Kind.TEXT, List.of());
            case "MIME" -> {
                if (part.isEmpty()) {
                    throw new BadSyntax("MIME belongs to a part"); // RFC 9051 §6.4.5.1
                }
                yield new BodySection(part, BodySection.Kind.MIME, List.of());
            }
            default -> throw new BadSyntax("there is no such section");
        };
    }

    /// Part numbers as far as they go; true when a dot follows the last.
    private boolean numbers(List<Integer> part) {
        boolean dotted = false;
        while (in.peek() >= '0' && in.peek() <= '9') {
            long number = in.positive();
            part.add((int) Math.min(number, Integer.MAX_VALUE));
            if (part.size() > DEEPEST_PART) {
                throw new BadSyntax("the section is too deep");
            }
            dotted = in.takes('.');
            if (!dotted) {
                break;
            }
        }
        return dotted;
    }

    private List<String> fieldNames() {
        in.space();
        in.expect('(');
        List<String> names = new ArrayList<>();
        do {
            names.add(in.astring().latin1());
            if (names.size() > MOST_ITEMS) {
                throw new BadSyntax("too many header fields");
            }
        } while (in.takes(' '));
        in.expect(')');
        return names;
    }

    private List<Integer> binaryPart() {
        in.expect('[');
        List<Integer> part = new ArrayList<>();
        if (numbers(part)) {
            throw new BadSyntax("a section does not end with a dot");
        }
        in.expect(']');
        return part;
    }

    private FetchItem.Partial partial() {
        if (!in.takes('<')) {
            return FetchItem.Partial.NONE;
        }
        long origin = in.number();
        in.expect('.');
        // RFC 9051 §9: partial = "<" number64 "." nz-number64 ">"
        long length = in.positive();
        in.expect('>');
        return new FetchItem.Partial(origin, length);
    }
}
