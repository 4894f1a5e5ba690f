package tamanoir.server.config;

import java.util.List;

/// Names that a Postfix set-up may carry whose job does not exist here: accepted, and why they do nothing.
public final class CompatibilityParameters {
    private CompatibilityParameters() {}

    public static final Parameter<String> BIFF =
            Parameter.withoutEffect("biff", "no", "nobody is told of new mail by a terminal; IMAP IDLE and push do it");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(BIFF);
    }
}
