package tamanoir.server.directory.source;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;

/// Dovecot's passwd-file: `user:password:uid:gid:gecos:home:shell:extra_field=value …`, one line a person.
/// `user` is a whole address, or a bare name of a domain that is this source's own.
final class PasswdFile implements Source {
    private final String name;
    private final String scheme;
    private final Predicate<Domain> bareNames;
    private final WatchedFile<Map<String, Fields>> file;

    /// @param scheme of passwords that name none
    /// @param bareNames domains whose people may stand in the file without one
    PasswdFile(String name, Path path, String scheme, Predicate<Domain> bareNames) {
        this.name = name;
        this.scheme = scheme;
        this.bareNames = bareNames;
        this.file = new WatchedFile<>(path, PasswdFile::read);
    }

    static Map<String, Fields> read(String text) {
        Map<String, Fields> people = new HashMap<>();
        for (String raw : text.split("\n", -1)) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(":", 8);
            String user = parts[0].strip();
            if (user.isEmpty()) {
                continue;
            }
            Map<String, String> fields = new HashMap<>();
            if (parts.length > 7) {
                for (String word : parts[7].strip().split("\\s+")) {
                    int equals = word.indexOf('=');
                    fields.put(
                            equals < 0 ? word : word.substring(0, equals),
                            equals < 0 ? "" : word.substring(equals + 1));
                }
            }
            fields.put("password", parts.length > 1 ? parts[1] : "");
            if (parts.length > 4 && !parts[4].isBlank()) {
                fields.putIfAbsent("name", parts[4].split(",", 2)[0]);
            }
            fields.remove("");
            // Dovecot takes the first line of a name.
            people.putIfAbsent(user.toLowerCase(Locale.ROOT), new Fields(fields));
        }
        return Map.copyOf(people);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Person> find(Address address) {
        Map<String, Fields> people = file.content();
        String whole = address.localPart() + "@" + address.domain().ascii();
        Fields fields = people.get(whole);
        if (fields == null && bareNames.test(address.domain())) {
            fields = people.get(address.localPart());
        }
        return fields == null ? Optional.empty() : Optional.of(fields.person(address, scheme, ""));
    }

    @Override
    public void check() {
        file.content();
    }
}
