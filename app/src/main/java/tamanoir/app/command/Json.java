package tamanoir.app.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// `--json` output: maps, lists, text, numbers, truth; one document and a line end.
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    static void print(PrintStream out, Object value) {
        java.io.StringWriter text = new java.io.StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, value);
        }
        out.println(text);
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((name, member) -> {
                    json.writeName(String.valueOf(name));
                    write(json, member);
                });
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(member -> write(json, member));
                json.writeEndArray();
            }
            case Boolean truth -> json.writeBoolean(truth);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }
}
