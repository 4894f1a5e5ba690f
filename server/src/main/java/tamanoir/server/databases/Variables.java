package tamanoir.server.databases;

import java.util.Optional;

/// What the variables of a query stand for: the letter behind `%`, or a whole name behind `:` in SQL. Empty
/// says that there is no such part in what is looked up, so that nothing can be found.
@FunctionalInterface
public interface Variables {
    Optional<String> value(String name);

    /// `template` with its `%x` filled in, each value passed through `escape`; `%%` is one `%`.
    static Optional<String> fill(
            String template, Variables variables, java.util.function.UnaryOperator<String> escape) {
        StringBuilder filled = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '%' || i + 1 == template.length()) {
                filled.append(c);
                continue;
            }
            char name = template.charAt(++i);
            if (name == '%') {
                filled.append('%');
                continue;
            }
            Optional<String> value = variables.value(String.valueOf(name));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            filled.append(escape.apply(value.get()));
        }
        return Optional.of(filled.toString());
    }
}
