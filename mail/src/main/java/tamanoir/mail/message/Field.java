package tamanoir.mail.message;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;

/// One header field to be written. Whoever makes one gives values, never lines: no value can hold a line end or
/// NUL, and folding and encoding happen when it is written.
///
/// @param name printable ASCII without colon (RFC 5322 §2.2)
/// @param tokens the value in pieces between which the line may be folded
public record Field(String name, List<Piece> tokens) {
    /// Octets; with a name before it, within the 998 of a line (RFC 5322 §2.1.1).
    private static final int LONGEST_ATOM = 910;

    private static final int LONGEST_NAME = 76;

    private static final int LONGEST_ATTRIBUTE = 40;

    /// What a value is made of.
    public sealed interface Piece {
        /// Goes out as it is; there is no fold inside.
        record Atom(String text) implements Piece {
            public Atom {
                refuseControls(text);
                if (HeaderWriter.width(text) > LONGEST_ATOM) {
                    throw new BadSyntax("a header field value has a word that is too long for a line");
                }
            }
        }

        /// Words for people: encoded (RFC 2047) where they are not ASCII. `isPhrase`: before an address, where
        /// specials need quotes.
        record Words(String text, boolean isPhrase) implements Piece {
            public Words {
                refuseControls(text);
            }
        }
    }

    public Field {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new BadSyntax(
                    name.isEmpty() ? "a header field needs a name" : "the name of a header field is too long");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || c == ':') {
                throw new BadSyntax("a header field name has a character that is not allowed");
            }
        }
        tokens = List.copyOf(tokens);
    }

    /// An unstructured field: Subject, Comments and the like.
    public static Field text(String name, String text) {
        return new Field(name, List.of(new Piece.Words(text, false)));
    }

    /// A structured value already in its grammar, ASCII or (with SMTPUTF8) UTF-8; folded only at its blanks.
    public static Field structured(String name, String value) {
        refuseControls(value);
        List<Piece> pieces = new ArrayList<>();
        for (String word : value.split(" ")) {
            if (!word.isEmpty()) {
                pieces.add(new Piece.Atom(word));
            }
        }
        return new Field(name, pieces);
    }

    public static Field date(String name, OffsetDateTime date) {
        return structured(name, DateTimes.format(date));
    }

    /// Message identifiers, given without angle brackets.
    public static Field ids(String name, List<String> ids) {
        List<Piece> pieces = new ArrayList<>();
        for (String id : ids) {
            if (id.isEmpty() || id.indexOf('<') >= 0 || id.indexOf('>') >= 0 || id.indexOf(' ') >= 0) {
                throw new BadSyntax("a message identifier has a character that is not allowed");
            }
            pieces.add(new Piece.Atom("<" + id + ">"));
        }
        return new Field(name, pieces);
    }

    public static Field address(String name, String displayName, Address address) {
        return addresses(
                name,
                AddressList.of(new AddressList.Mailbox(
                        displayName, address.localPart(), address.domain().name())));
    }

    public static Field addresses(String name, AddressList addresses) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < addresses.entries().size(); i++) {
            String comma = i + 1 < addresses.entries().size() ? "," : "";
            switch (addresses.entries().get(i)) {
                case AddressList.Mailbox mailbox -> mailbox(mailbox, comma, pieces);
                case AddressList.Group group -> {
                    pieces.add(new Piece.Words(group.name(), true));
                    pieces.add(new Piece.Atom(":"));
                    for (int m = 0; m < group.members().size(); m++) {
                        mailbox(group.members().get(m), m + 1 < group.members().size() ? "," : "", pieces);
                    }
                    pieces.add(new Piece.Atom(";" + comma));
                }
            }
        }
        return new Field(name, pieces);
    }

    private static void mailbox(AddressList.Mailbox mailbox, String comma, List<Piece> pieces) {
        refuseSpecials(mailbox.domain());
        String address = mailbox.address();
        String name = mailbox.name();
        if (!name.isEmpty()) {
            pieces.add(new Piece.Words(name, true));
        }
        boolean isBare = name.isEmpty() && mailbox.hasAddress();
        pieces.add(new Piece.Atom((isBare ? address : "<" + address + ">") + comma));
    }

    /// A domain cannot be quoted, so what would begin another address must not be in it; colons may stand in a
    /// literal.
    private static void refuseSpecials(String domain) {
        boolean isLiteral = domain.startsWith("[") && domain.endsWith("]") && domain.length() > 1;
        for (int i = isLiteral ? 1 : 0; i < domain.length() - (isLiteral ? 1 : 0); i++) {
            char c = domain.charAt(i);
            if (c <= ' ' || c == 127 || (isLiteral ? ",;<>\"()@[]\\" : ",;<>\"()@[]\\:").indexOf(c) >= 0) {
                throw new BadSyntax("the domain of an address has a character that is not allowed");
            }
        }
    }

    /// A value with parameters, those encoded (RFC 2231) where they are not ASCII: `attachment; filename=...`.
    public static Field parameters(String name, String value, List<Parameter> parameters) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece.Atom(parameters.isEmpty() ? value : value + ";"));
        List<String> written = new ArrayList<>();
        for (Parameter parameter : parameters) {
            refuseOddName(parameter.name());
            written.addAll(HeaderWriter.parameter(parameter));
        }
        for (int i = 0; i < written.size(); i++) {
            pieces.add(new Piece.Atom(i + 1 < written.size() ? written.get(i) + ";" : written.get(i)));
        }
        return new Field(name, pieces);
    }

    /// RFC 2231 §7: an attribute has no `*`, `'` or `%`; a star at its end says that the value is encoded already.
    private static void refuseOddName(String name) {
        String attribute = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
        boolean isOdd = attribute.indexOf('*') >= 0 || attribute.indexOf('\'') >= 0 || attribute.indexOf('%') >= 0;
        if (isOdd || !ContentType.isToken(attribute) || attribute.length() > LONGEST_ATTRIBUTE) {
            throw new BadSyntax("a parameter has a name that is not allowed");
        }
    }

    private static void refuseControls(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) {
                throw new BadSyntax("a header field value has a line end or another control character");
            }
        }
    }

    /// The field as it goes out, folded, with its line end.
    ///
    /// @param utf8 whether the header may hold UTF-8 (RFC 6532); else words become encoded words
    public String write(boolean utf8) {
        return HeaderWriter.field(this, utf8);
    }
}
