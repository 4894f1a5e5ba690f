package tamanoir.server.directory.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;

/// The people of this machine: `/etc/passwd` from user id 1000 on, with the hashes of `/etc/shadow` where this
/// server may read it; else they receive mail and cannot sign in, which `tamanoir check` says. What a name
/// service adds is not seen.
final class SystemUsers implements Source {
    /// useradd(8): smaller numbers are programs.
    private static final int FIRST = 1000;

    private static final int NOBODY = 65534;

    private final String name;
    private final Path shadowPath;
    private final Predicate<Domain> here;
    private final WatchedFile<Map<String, String>> users;
    private final WatchedFile<Map<String, String>> shadow;

    /// @param here the domains of this machine
    SystemUsers(String name, Path passwd, Path shadow, Predicate<Domain> here) {
        this.name = name;
        this.here = here;
        this.shadowPath = shadow;
        this.users = new WatchedFile<>(passwd, SystemUsers::readUsers);
        this.shadow = new WatchedFile<>(shadow, SystemUsers::readShadow);
    }

    private static Map<String, String> readUsers(String text) {
        Map<String, String> users = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            String[] parts = line.split(":", -1);
            try {
                if (parts.length >= 7 && Integer.parseInt(parts[2]) >= FIRST && Integer.parseInt(parts[2]) != NOBODY) {
                    users.put(parts[0], parts[4].split(",", 2)[0]);
                }
            } catch (NumberFormatException notAnId) {
                // No line of a person.
            }
        }
        return Map.copyOf(users);
    }

    private static Map<String, String> readShadow(String text) {
        Map<String, String> hashes = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            String[] parts = line.split(":", -1);
            if (parts.length > 1 && parts[1].length() >= 13) {
                hashes.put(parts[0], "{CRYPT}" + parts[1]);
            }
        }
        return Map.copyOf(hashes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Person> find(Address address) {
        String fullName = here.test(address.domain()) ? users.content().get(address.localPart()) : null;
        if (fullName == null) {
            return Optional.empty();
        }
        String hash = Files.isReadable(shadowPath) ? shadow.content().getOrDefault(address.localPart(), "") : "";
        return Optional.of(new Person(address, fullName, hash, "", Person.NO_QUOTA_SAID, true));
    }

    @Override
    public void check() {
        users.content();
    }

    @Override
    public Optional<String> advice() {
        return Files.isReadable(shadowPath)
                ? Optional.empty()
                : Optional.of("the user of this server may not read " + shadowPath
                        + ": people of the system receive mail and cannot sign in");
    }
}
