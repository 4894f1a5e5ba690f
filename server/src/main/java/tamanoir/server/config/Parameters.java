package tamanoir.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All parameters there are, from the classes of their rooms.
public final class Parameters {
    private static final Map<String, Parameter<?>> BY_NAME = byName();
    private static final List<Parameter<?>> ALL = BY_NAME.values().stream()
            .sorted((a, b) -> a.name().compareTo(b.name()))
            .toList();

    private Parameters() {}

    /// Every parameter, by name.
    public static List<Parameter<?>> all() {
        return ALL;
    }

    public static Optional<Parameter<?>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// Those that take effect only at the next start: what is bound, opened or sized once.
    public static Set<Parameter<?>> needRestart() {
        return NetParameters.needRestart();
    }

    private static Map<String, Parameter<?>> byName() {
        List<Parameter<?>> all = new ArrayList<>();
        all.addAll(NetParameters.all());
        all.addAll(DnsParameters.all());
        all.addAll(TlsParameters.all());
        all.addAll(SmtpdParameters.all());
        all.addAll(PostscreenParameters.all());
        all.addAll(CleanupParameters.all());
        all.addAll(LocalParameters.all());
        all.addAll(QueueParameters.all());
        all.addAll(SmtpParameters.all());
        all.addAll(ImapParameters.all());
        all.addAll(Pop3Parameters.all());
        all.addAll(StoreParameters.all());
        all.addAll(CompatibilityParameters.all());
        Map<String, Parameter<?>> byName = new HashMap<>();
        for (Parameter<?> parameter : all) {
            if (byName.put(parameter.name(), parameter) != null) {
                throw new IllegalStateException(parameter.name() + " is defined twice");
            }
        }
        return byName;
    }
}
