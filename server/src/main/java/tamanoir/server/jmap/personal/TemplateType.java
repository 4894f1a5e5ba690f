package tamanoir.server.jmap.personal;

import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// A text to begin a message with.
final class TemplateType implements ObjectType {
    private static final Set<String> PROPERTIES = Set.of("name", "subject", "htmlBody", "textBody");
    private static final int LONGEST_LINE = 1_000;

    @Override
    public String name() {
        return "Template";
    }

    @Override
    public Kind kind() {
        return Kind.TEMPLATE;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        Given properties = new Given(given).onlyOf(PROPERTIES);
        return Json.object()
                .put("name", properties.requiredText("name", LONGEST_LINE))
                .put("subject", properties.text("subject", LONGEST_LINE).orElse(""))
                .put("htmlBody", properties.text("htmlBody", Integer.MAX_VALUE).orElse(""))
                .put("textBody", properties.text("textBody", Integer.MAX_VALUE).orElse(""))
                .build();
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        return created(change, after);
    }
}
