package tamanoir.server.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads and writes JSON. Immutable; used by any number of threads.
public final class JsonText {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NAME = 4096;
    private static final long MOST_TOKENS = 1_000_000;

    private final JsonFactory factory;

    /// @param longest octets of one document, 1 up
    public JsonText(long longest) {
        this.factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(longest)
                        .maxStringLength((int) Math.min(longest, Integer.MAX_VALUE))
                        .maxNestingDepth(DEEPEST)
                        .maxNameLength(LONGEST_NAME)
                        .maxTokenCount(MOST_TOKENS)
                        .build())
                .build();
    }

    /// @throws BadSyntax when it is no JSON, or beyond a limit
    /// @throws IOException when the stream fails
    public Json read(InputStream in) throws IOException {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), in)) {
            parser.nextToken();
            Json value = value(parser);
            if (parser.nextToken() != null) {
                throw new BadSyntax("there is text behind the JSON value");
            }
            return value;
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException gone) {
                throw gone;
            }
            throw new BadSyntax("this is not JSON: " + e.getOriginalMessage());
        }
    }

    /// @throws BadSyntax when it is no JSON, or beyond a limit
    public Json read(byte[] octets) {
        try {
            return read(new java.io.ByteArrayInputStream(octets));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Json value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new BadSyntax("there is no JSON value");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Json> members = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield new Json.Obj(members);
            }
            case START_ARRAY -> {
                List<Json> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield new Json.Arr(items);
            }
            case VALUE_STRING -> new Json.Text(parser.getString());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? new Json.Real(parser.getDoubleValue())
                        : new Json.Int(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> new Json.Real(parser.getDoubleValue());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.NULL;
            default -> throw new BadSyntax("this is not JSON: " + token + " has no place here");
        };
    }

    /// Writes the value and leaves the stream open.
    public void write(Json value, OutputStream out) throws IOException {
        try {
            JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), out);
            write(value, generator);
            generator.flush();
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException gone) {
                throw gone;
            }
            throw e;
        }
    }

    public byte[] write(Json value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try {
            write(value, out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(Json value, JsonGenerator out) {
        switch (value) {
            case Json.Null _ -> out.writeNull();
            case Json.Bool bool -> out.writeBoolean(bool.value());
            case Json.Int number -> out.writeNumber(number.value());
            case Json.Real number -> out.writeNumber(number.value());
            case Json.Text text -> out.writeString(text.value());
            case Json.Arr array -> {
                out.writeStartArray();
                for (Json item : array.items()) {
                    write(item, out);
                }
                out.writeEndArray();
            }
            case Json.Obj object -> {
                out.writeStartObject();
                for (Map.Entry<String, Json> member : object.members().entrySet()) {
                    out.writeName(member.getKey());
                    write(member.getValue(), out);
                }
                out.writeEndObject();
            }
        }
    }
}
