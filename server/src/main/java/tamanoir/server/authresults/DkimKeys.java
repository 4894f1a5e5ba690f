package tamanoir.server.authresults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;

/// The private keys of our domains: `FOLDER/domain/selector.key`, PEM as openssl and opendkim write it. A key whose
/// name ends in `.next` is published and not used yet, one in `.retired` no longer. Changes are noticed
/// within seconds. Used by many threads.
public final class DkimKeys {
    /// How long what was read is believed.
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final int LONGEST_FILE = 64 * 1024;

    private final Path folder;
    private final InstantSource clock;
    private final Map<String, Read> domains = new ConcurrentHashMap<>();

    /// What a domain's folder held; `trouble` is why a key could not be read.
    private record Read(Instant at, List<SigningKey> keys, String trouble) {}

    public DkimKeys(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /// The keys that sign for a domain (A-labels, lower case); none where it has no folder.
    ///
    /// @throws Unavailable when there is a key that cannot be read: mail of that domain must not go out unsigned
    public List<SigningKey> of(String domain) {
        Read known = domains.get(domain);
        if (known == null || !clock.instant().isBefore(known.at.plus(FRESH))) {
            known = read(domain);
            if (domains.size() > 10_000) {
                domains.clear(); // strangers' domains in our users' From fields
            }
            domains.put(domain, known);
        }
        if (!known.trouble.isEmpty()) {
            throw new Unavailable("this message cannot be signed at the moment", known.trouble);
        }
        return known.keys;
    }

    private Read read(String domain) {
        if (!domain.matches("[a-z0-9._-]+") || domain.startsWith(".")) {
            return new Read(clock.instant(), List.of(), "");
        }
        Path place = folder.resolve(domain);
        List<SigningKey> keys = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "*.key")) {
            List<Path> sorted = new ArrayList<>();
            files.forEach(sorted::add);
            sorted.sort(null);
            for (Path file : sorted) {
                keys.add(key(domain, file));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new Read(clock.instant(), List.of(), "");
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return new Read(clock.instant(), List.of(), "the keys in " + place + " cannot be read: " + e);
        } catch (BadSyntax e) {
            return new Read(clock.instant(), List.of(), String.valueOf(e.getMessage()));
        }
        return new Read(clock.instant(), List.copyOf(keys), "");
    }

    /// Reads one file.
    ///
    /// @throws BadSyntax when it is no private key; the text names the file, never its content
    public static SigningKey key(String domain, Path file) throws IOException {
        String name = file.getFileName().toString();
        String selector = name.substring(0, name.lastIndexOf('.')).toLowerCase(Locale.ROOT);
        if (Files.size(file) > LONGEST_FILE) {
            throw new BadSyntax(file + " is too large for a key");
        }
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.replaceAll("(?m)^-----.*$", ""));
        } catch (IllegalArgumentException e) {
            throw new BadSyntax(file + " is no PEM file");
        }
        try {
            PrivateKey key = pem.contains("BEGIN RSA PRIVATE KEY") ? rsa(pkcs8(der)) : any(der);
            return new SigningKey(
                    domain,
                    selector,
                    key instanceof RSAPrivateKey ? Algorithm.RSA_SHA256 : Algorithm.ED25519_SHA256,
                    key);
        } catch (GeneralSecurityException e) {
            throw new BadSyntax(file + " holds no RSA or Ed25519 private key");
        }
    }

    private static PrivateKey any(byte[] der) throws GeneralSecurityException {
        try {
            return rsa(der);
        } catch (GeneralSecurityException e) {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
        }
    }

    private static PrivateKey rsa(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /// Puts the algorithm around a bare RSAPrivateKey (RFC 5208 §5).
    private static byte[] pkcs8(byte[] bare) {
        byte[] head = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500"); // version 0, rsaEncryption
        byte[] octets = value(0x04, bare);
        byte[] both = Arrays.copyOf(head, head.length + octets.length);
        System.arraycopy(octets, 0, both, head.length, octets.length);
        return value(0x30, both);
    }

    private static byte[] value(int tag, byte[] content) {
        byte[] whole = new byte[content.length + 4];
        whole[0] = (byte) tag;
        whole[1] = (byte) 0x82;
        whole[2] = (byte) (content.length >> 8);
        whole[3] = (byte) content.length;
        System.arraycopy(content, 0, whole, 4, content.length);
        return whole;
    }
}
