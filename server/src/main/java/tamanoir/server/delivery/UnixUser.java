package tamanoir.server.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A user of the machine, as `/etc/passwd` has it (passwd(5)).
record UnixUser(String name, long id, long group, String home) {
    static Optional<UnixUser> named(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
            String[] parts = line.split(":", -1);
            if (parts.length >= 6 && parts[0].equals(name)) {
                return Optional.of(new UnixUser(name, Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[5]));
            }
        }
        return Optional.empty();
    }

    /// The user of this process.
    static long ownId() throws IOException {
        return ownerOf(Path.of("/proc/self"));
    }

    static long ownerOf(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:uid", java.nio.file.LinkOption.NOFOLLOW_LINKS)).longValue();
    }
}
