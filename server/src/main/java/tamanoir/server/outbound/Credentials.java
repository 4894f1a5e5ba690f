package tamanoir.server.outbound;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.tables.LookupTable;

/// Who we are at another server (`smtp_sasl_password_maps`). Never in a log.
record Credentials(String name, String password) {

    /// Looks for the sender, where that is configured, then the nexthop as the administrator wrote it, brackets and
    /// port included, then the server's name.
    ///
    /// @throws Unavailable when a table cannot tell now: mail waits rather than go out under no name
    static Optional<Credentials> find(
            List<LookupTable> tables, boolean bySender, ReversePath sender, NextHop hop, String host) {
        if (bySender && sender instanceof ReversePath.Sender s) {
            Optional<Credentials> found = find(tables, s.address().toString());
            if (found.isPresent()) {
                return found;
            }
        }
        Optional<Credentials> found = find(tables, hop.text());
        return found.isPresent() ? found : find(tables, host);
    }

    private static Optional<Credentials> find(List<LookupTable> tables, String key) {
        for (LookupTable table : tables) {
            Optional<String> value = table.lookup(key);
            if (value.isPresent()) {
                int colon = value.get().indexOf(':');
                return colon < 0
                        ? Optional.of(new Credentials(value.get(), ""))
                        : Optional.of(new Credentials(
                                value.get().substring(0, colon), value.get().substring(colon + 1)));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
