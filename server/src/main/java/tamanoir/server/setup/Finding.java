package tamanoir.server.setup;

import java.util.Map;

/// What one look at the machine or the world said.
///
/// @param check what was looked at, such as `clock`
/// @param saying the sentence of [Wording] that tells it, such as `clock.wrong`
/// @param values what the sentence names
public record Finding(String check, Grade grade, String saying, Map<String, String> values) {
    public enum Grade {
        /// Nothing to do.
        OK,
        /// Mail works, but something is worth doing.
        WARN,
        /// Mail will not work until this is done.
        FAIL,
        /// It could not be found out: there is no network, or nobody answered in time.
        UNKNOWN
    }

    public Finding {
        values = Map.copyOf(values);
    }

    static Finding of(String check, Grade grade, String saying, Map<String, String> values) {
        return new Finding(check, grade, check + "." + saying, values);
    }

    static Finding of(String check, Grade grade, String saying) {
        return of(check, grade, saying, Map.of());
    }
}
