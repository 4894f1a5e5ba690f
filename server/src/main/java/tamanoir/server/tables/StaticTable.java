package tamanoir.server.tables;

import java.util.Optional;

/// `static:value` and `static:{ a value with blanks }`: one answer for every key.
record StaticTable(String name, String value) implements LookupTable {
    StaticTable {
        if (value.startsWith("{") && value.endsWith("}")) {
            value = value.substring(1, value.length() - 1).strip();
        }
    }

    @Override
    public Optional<String> lookup(String key) {
        return Optional.of(value);
    }

    @Override
    public boolean wantsWholeKeyOnly() {
        return true;
    }
}
