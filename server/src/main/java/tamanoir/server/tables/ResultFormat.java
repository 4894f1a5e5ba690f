package tamanoir.server.tables;

import java.util.Optional;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.databases.Variables;

/// `result_format` and `expansion_limit`: what is made of a value that was found. `%s`, `%u`, `%d` are parts of
/// the value, capitals and `%1` to `%9` of the key; a value that has no such part is left out. Immutable.
record ResultFormat(String format, int limit) {
    static ResultFormat of(KeyValueFile values) {
        String older = values.text("result_filter", "%s"); // The name before Postfix 2.2.
        return new ResultFormat(
                values.text("result_format", older), values.number("expansion_limit", 0, 0, Integer.MAX_VALUE));
    }

    Optional<String> apply(String key, String value) {
        if (value.isBlank()) {
            return Optional.empty();
        }
        if (format.equals("%s")) {
            return Optional.of(value);
        }
        Variables parts =
                name -> Character.isLowerCase(name.charAt(0)) ? KeyFilter.part(value, name) : KeyFilter.part(key, name);
        return Variables.fill(format, parts, text -> text);
    }
}
