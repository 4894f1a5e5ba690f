package tamanoir.server.authresults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.server.observe.Refused;

/// The folder of signing keys as the administrator keeps it: makes keys, tells the records for the DNS, moves keys
/// through their life: `next` (published, not used), `key` (signs), `retired` (still published, no longer
/// used).
///
/// A public key lies beside its private one as `selector.txt`, the record for the DNS.
public record DkimFolder(Path folder) {
    public enum Stage {
        NEXT("next"),
        SIGNING("key"),
        RETIRED("retired");

        private final String ending;

        Stage(String ending) {
            this.ending = ending;
        }

        /// As people read it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One key: where it is published, and what is to be published there.
    public record Kept(Domain domain, String selector, Algorithm algorithm, Stage stage, String record) {
        /// `selector._domainkey.domain`.
        public String name() {
            return selector + "._domainkey." + domain.ascii();
        }
    }

    private static final int RSA_BITS = 2048;

    /// Makes a key.
    ///
    /// @throws Refused when there is one of that selector already
    public Kept make(Domain domain, String selector, Algorithm algorithm, Stage stage) throws IOException {
        if (!selector.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new Refused("\"" + selector + "\" is no selector: letters, digits and hyphens, such as s2026a");
        }
        KeyPair pair = pair(algorithm);
        String record = record(algorithm, pair.getPublic());
        Path made = write(
                domain,
                selector,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(made.resolveSibling(selector + ".txt"), record + "\n");
        Files.move(made, file(domain, selector, stage), StandardCopyOption.ATOMIC_MOVE);
        return new Kept(domain, selector, algorithm, stage, record);
    }

    /// Takes a key that another program signed with, so that its record in the DNS stays as it is: the file is copied.
    ///
    /// @throws Refused when there is one of that selector already
    /// @throws tamanoir.mail.text.BadSyntax when the file is no private key
    public Kept adopt(Domain domain, String selector, Path pem) throws IOException {
        if (!selector.matches("[a-z0-9_]([a-z0-9._-]{0,200}[a-z0-9_])?") || selector.contains("..")) {
            throw new Refused("\"" + selector + "\" is no selector: letters, digits, dots and hyphens");
        }
        SigningKey key = DkimKeys.key(domain.ascii(), pem);
        Path made = write(domain, selector, Files.readString(pem, StandardCharsets.US_ASCII));
        Files.move(made, file(domain, selector, Stage.SIGNING), StandardCopyOption.ATOMIC_MOVE);
        return new Kept(domain, selector, key.algorithm(), Stage.SIGNING, recordOf(made, key));
    }

    /// Writes a private key under a name that nobody reads yet.
    private Path write(Domain domain, String selector, String pem) throws IOException {
        Path place = Files.createDirectories(folder.resolve(domain.ascii()));
        for (Stage other : Stage.values()) {
            if (Files.exists(file(domain, selector, other))) {
                throw new Refused(
                        "there is a key " + selector + " of " + domain + " already: " + file(domain, selector, other));
            }
        }
        Path made = place.resolve(selector + ".new");
        Files.deleteIfExists(made);
        // Nobody else may read it, not even for a moment.
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, pem, StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
        return made;
    }

    private static KeyPair pair(Algorithm algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(
                    switch (algorithm) {
                        case RSA_SHA256 -> "RSA";
                        case ED25519_SHA256 -> "Ed25519";
                    });
            if (algorithm == Algorithm.RSA_SHA256) {
                generator.initialize(RSA_BITS);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has both
        }
    }

    /// RFC 6376 §3.6.1, RFC 8463 §4.
    private static String record(Algorithm algorithm, PublicKey key) {
        byte[] octets = key.getEncoded();
        byte[] shown = algorithm == Algorithm.ED25519_SHA256
                ? Arrays.copyOfRange(octets, octets.length - 32, octets.length)
                : octets;
        return "v=DKIM1; k=" + algorithm.keyType() + "; p="
                + Base64.getEncoder().encodeToString(shown);
    }

    private Path file(Domain domain, String selector, Stage stage) {
        return folder.resolve(domain.ascii()).resolve(selector + "." + stage.ending);
    }

    /// All keys, by domain, selector.
    public List<Kept> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Kept> all = new ArrayList<>();
        List<Path> places;
        try (Stream<Path> domains = Files.list(folder)) {
            places = domains.filter(Files::isDirectory).sorted().toList();
        }
        for (Path place : places) {
            all.addAll(of(Domain.of(place.getFileName().toString())));
        }
        return all;
    }

    public List<Kept> of(Domain domain) throws IOException {
        List<Kept> all = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder.resolve(domain.ascii()))) {
            files = listed.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
        for (Path file : files) {
            for (Stage stage : Stage.values()) {
                String name = file.getFileName().toString();
                if (name.endsWith("." + stage.ending)) {
                    SigningKey key = DkimKeys.key(domain.ascii(), file);
                    all.add(new Kept(domain, key.selector(), key.algorithm(), stage, recordOf(file, key)));
                }
            }
        }
        return all;
    }

    private String recordOf(Path file, SigningKey key) throws IOException {
        Path text = file.resolveSibling(key.selector() + ".txt");
        if (Files.exists(text)) {
            return Files.readString(text).strip();
        }
        // A key that was brought along: the public half of an RSA key follows from it.
        if (key.key() instanceof RSAPrivateCrtKey rsa) {
            try {
                return record(
                        key.algorithm(),
                        KeyFactory.getInstance("RSA")
                                .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return "";
    }

    /// Gives a key another part.
    public void move(Kept key, Stage stage) throws IOException {
        Files.move(
                file(key.domain(), key.selector(), key.stage()),
                file(key.domain(), key.selector(), stage),
                StandardCopyOption.ATOMIC_MOVE);
    }

    public void delete(Kept key) throws IOException {
        Files.delete(file(key.domain(), key.selector(), key.stage()));
        Files.deleteIfExists(folder.resolve(key.domain().ascii()).resolve(key.selector() + ".txt"));
    }

    /// A selector that is free: `r` or `e` for the algorithm, year and month, a letter.
    public String freshSelector(Domain domain, Algorithm algorithm, java.time.YearMonth month) throws IOException {
        Set<String> taken = Set.copyOf(of(domain).stream().map(Kept::selector).toList());
        String base = String.format(
                Locale.ROOT,
                "%s%d%02d",
                algorithm == Algorithm.RSA_SHA256 ? "r" : "e",
                month.getYear(),
                month.getMonthValue());
        for (char letter = 'a'; letter <= 'z'; letter++) {
            if (!taken.contains(base + letter)) {
                return base + letter;
            }
        }
        throw new Refused("there are 26 keys of this month already; name a selector");
    }
}
