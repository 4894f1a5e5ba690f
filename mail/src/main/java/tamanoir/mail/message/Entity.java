package tamanoir.mail.message;

import java.util.List;
import java.util.Locale;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// A message or part to be written. `fields` are those beside the ones that follow from the content: for the
/// message From, Date and so on, for a part Content-Disposition and the like. MIME-Version, Content-Type and
/// Content-Transfer-Encoding are the writer's.
public sealed interface Entity {
    List<Field> fields();

    /// Text in UTF-8; line ends in any form, sent as CRLF.
    record Text(List<Field> fields, String subtype, String text) implements Entity {
        public Text {
            fields = checked(fields);
            token(subtype);
        }

        public static Text plain(String text) {
            return new Text(List.of(), "plain", text);
        }
    }

    /// Any octets, of any type but multipart and message.
    record Data(List<Field> fields, ContentType type, Octets octets) implements Entity {
        public Data {
            fields = checked(fields);
            token(type.type());
            token(type.subtype());
            if (type.isMultipart()) {
                throw new IllegalArgumentException("a multipart is made of parts");
            }
        }
    }

    /// `message/rfc822`, or `message/global` where its header needs UTF-8; or, with only a header,
    /// `text/rfc822-headers`.
    record Message(List<Field> fields, String subtype, Octets octets) implements Entity {
        public Message {
            fields = checked(fields);
            token(subtype);
        }
    }

    /// `parameters` are those beside the boundary, such as `report-type`.
    record Multipart(List<Field> fields, String subtype, List<Parameter> parameters, List<Entity> parts)
            implements Entity {
        public Multipart {
            fields = checked(fields);
            token(subtype);
            parameters = List.copyOf(parameters);
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                // RFC 2046 §5.1: one or more.
                throw new IllegalArgumentException("a multipart needs a part");
            }
        }
    }

    /// RFC 2045 §5.1. The type comes from clients too, and must not bring a parameter or a line with it.
    private static void token(String name) {
        if (!ContentType.isToken(name)) {
            throw new BadSyntax("a media type has a character that is not allowed");
        }
    }

    private static List<Field> checked(List<Field> fields) {
        for (Field field : fields) {
            switch (field.name().toLowerCase(Locale.ROOT)) {
                case "mime-version", "content-type", "content-transfer-encoding" ->
                    throw new IllegalArgumentException(field.name() + " is made by the writer");
                default -> {}
            }
        }
        return List.copyOf(fields);
    }
}
