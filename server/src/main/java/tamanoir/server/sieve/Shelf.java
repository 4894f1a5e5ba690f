package tamanoir.server.sieve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tamanoir.mail.sieve.Compiler;
import tamanoir.mail.text.Sha256;
import tamanoir.server.directory.AccountId;
import tamanoir.server.observe.Trace;
import tamanoir.server.personal.Personal;

/// Which scripts run for an account, compiled. Used by many threads; what it holds is bounded.
///
/// A compiled script is kept under the hash of its text: people with the same script share it, a new text is never
/// mixed up with the old one. Scripts that include others belong to the account and the version of its scripts.
final class Shelf {
    private static final Trace TRACE = new Trace("sieve", "");

    private final Personal personal;
    private final Scripts scripts;
    private final Dialect dialect;
    private final Cache<String, Compiler.Result> compiled;
    private final Cache<AccountId, Active> active;
    private final Cache<Path, Text> files;

    /// One script of a sequence. `version` tells one text from another; `own` when it is the person's.
    record Shelved(String name, String version, boolean own, Compiler.Result result) {}

    private record Active(long version, Optional<Own> script) {}

    /// A text is hashed when it is read, not with each message.
    private record Own(StoredScript script, String hash) {}

    private record Text(FileTime modified, long size, String text, String hash) {}

    Shelf(Personal personal, Scripts scripts, Dialect dialect) {
        this.personal = personal;
        this.scripts = scripts;
        this.dialect = dialect;
        int most = dialect.settings().cached();
        this.compiled = Caffeine.newBuilder().maximumSize(most).build();
        this.active = Caffeine.newBuilder().maximumSize(10L * most).build();
        this.files = Caffeine.newBuilder().maximumSize(1_000).build();
    }

    /// In the order in which they run; nothing for most accounts.
    List<Shelved> sequence(AccountId account) {
        SieveSettings settings = dialect.settings();
        if (!settings.on()) {
            return List.of();
        }
        List<Shelved> sequence = new ArrayList<>();
        settings.before().forEach(path -> trusted(path, account, sequence));
        long version = personal.open(account).version();
        Optional<Own> own = own(account, version);
        if (own.isPresent()) {
            sequence.add(own(account, own.get(), version));
        } else {
            settings.standard().ifPresent(path -> trusted(path, account, sequence));
        }
        settings.after().forEach(path -> trusted(path, account, sequence));
        return sequence;
    }

    private Optional<Own> own(AccountId account, long version) {
        if (version == 0) {
            return Optional.empty(); // nothing personal at all
        }
        Active known = active.getIfPresent(account);
        if (known == null || known.version != version) {
            known = new Active(version, scripts.active(account).map(script -> new Own(script, hash(script.text()))));
            active.put(account, known);
        }
        return known.script;
    }

    private Shelved own(AccountId account, Own own, long version) {
        StoredScript script = own.script;
        String hash = own.hash;
        String key = includes(script.text()) ? hash + " " + account + " " + version + " " + shared() : hash;
        Compiler.Result result = compiled.getIfPresent(key);
        if (result == null) {
            result = dialect.compile(script.text(), scripts.library(account));
            compiled.put(key, result);
        }
        return new Shelved(script.name(), script.id() + " " + hash, true, result);
    }

    /// A file, or the *.sieve files of a folder by name.
    private void trusted(Path path, AccountId account, List<Shelved> sequence) {
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> all = Files.list(path)) {
                    all.filter(file -> file.toString().endsWith(".sieve"))
                            .sorted()
                            .forEach(file -> trustedFile(file, account, sequence));
                }
            } else {
                trustedFile(path, account, sequence);
            }
        } catch (IOException e) {
            TRACE.warn("scripts cannot be read", "folder", path, "reason", e);
        }
    }

    private void trustedFile(Path file, AccountId account, List<Shelved> sequence) {
        try {
            Text read = read(file);
            String text = read.text;
            String hash = "trusted " + read.hash;
            String key = includes(text)
                    ? hash + " " + account + " " + personal.open(account).version() + " " + shared()
                    : hash;
            Compiler.Result result = compiled.getIfPresent(key);
            if (result == null) {
                result = dialect.compileTrusted(text, scripts.library(account));
                compiled.put(key, result);
                if (result.script().isEmpty()) {
                    TRACE.warn("a script does not compile", "file", file, "reason", result.problems());
                }
            }
            sequence.add(new Shelved(file.getFileName().toString(), hash, false, result));
        } catch (IOException e) {
            TRACE.warn("a script cannot be read", "file", file, "reason", e);
        }
    }

    private Text read(Path file) throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        long size = Files.size(file);
        Text known = files.getIfPresent(file);
        if (known == null || !known.modified.equals(modified) || known.size != size) {
            String text = Files.readString(file);
            known = new Text(modified, size, text, hash(text));
            files.put(file, known);
        }
        return known;
    }

    /// Another number when a script of `sieve_global` has changed.
    private int shared() {
        Optional<Path> folder = dialect.settings().global().filter(Files::isDirectory);
        int stamp = 1;
        if (folder.isPresent()) {
            try (Stream<Path> all = Files.list(folder.get())) {
                for (Path file : all.sorted().toList()) {
                    stamp = 31 * stamp
                            + file.hashCode()
                            + Files.getLastModifiedTime(file).hashCode();
                }
            } catch (IOException e) {
                TRACE.warn("scripts cannot be read", "folder", folder.get(), "reason", e);
            }
        }
        return stamp;
    }

    private static boolean includes(String text) {
        return text.contains("include");
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(Sha256.of(text));
    }
}
