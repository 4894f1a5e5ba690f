package tamanoir.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The text of `docs/parameters.md`, made of the definitions.
public final class ParameterGuide {
    private ParameterGuide() {}

    public static String text() {
        StringBuilder text = new StringBuilder("""
                # Parameters

                Made from the definitions in `tamanoir.server.config`; do not edit. `tamanoir config NAME --explain` says the
                same for a running set-up, with values.

                A time takes `s m h d w` behind its number, a size `k M G`; what a bare number counts stands in the column
                *type*. A parameter may be set for one service alone: `submission/smtpd_timeout = 1h` (services:
                """);
        text.append(String.join(", ", Checks.SERVICES)).append(").\n");
        List<Parameter<?>> planned = new ArrayList<>();
        Map<String, List<String>> without = new LinkedHashMap<>();
        for (Parameters.Section section : Parameters.sections()) {
            List<Parameter<?>> here = new ArrayList<>();
            for (Parameter<?> parameter : section.parameters()) {
                switch (parameter.standing()) {
                    case IMPLEMENTED -> here.add(parameter);
                    case NOT_YET -> planned.add(parameter);
                    case WITHOUT_EFFECT ->
                        without.computeIfAbsent(parameter.doc(), w -> new ArrayList<>())
                                .add(parameter.name());
                }
            }
            if (!here.isEmpty()) {
                text.append("\n## ").append(section.title()).append("\n\n");
                table(text, here);
            }
        }
        text.append("\n## Known and not supported yet\n\n");
        text.append("Setting one of these to something else than its default is a warning.\n\n");
        planned.sort((a, b) -> a.name().compareTo(b.name()));
        table(text, planned);
        text.append("\n## Accepted without effect\n\n");
        text.append("Names of Postfix whose job does not exist here. Setting one is a note.\n");
        without.forEach((why, names) -> {
            text.append("\n**").append(why).append("**  \n");
            text.append(String.join(
                            ", ",
                            names.stream().sorted().map(n -> "`" + n + "`").toList()))
                    .append('\n');
        });
        return text.toString();
    }

    private static void table(StringBuilder text, List<Parameter<?>> parameters) {
        text.append("| name | type | default | |\n| --- | --- | --- | --- |\n");
        for (Parameter<?> parameter : parameters) {
            String type = parameter.type() + (parameter.unit().isEmpty() ? "" : ", " + parameter.unit());
            String initial = parameter.defaultText().isEmpty() ? "" : "`" + cell(parameter.defaultText()) + "`";
            text.append("| `").append(parameter.name()).append("` | ").append(cell(type));
            text.append(" | ")
                    .append(initial)
                    .append(" | ")
                    .append(cell(parameter.doc()))
                    .append(" |\n");
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("`", "'");
    }
}
