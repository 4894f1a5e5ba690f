package tamanoir.mail.authresults.dkim;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/// As much of DER as keys in the DNS need.
final class Der {
    /// rsaEncryption with NULL (RFC 8017 appendix A.1).
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private Der() {}

    /// Puts the algorithm around a bare RSAPublicKey.
    static byte[] subjectPublicKeyInfo(byte[] key) {
        ByteArrayOutputStream bits = new ByteArrayOutputStream();
        bits.write(0); // no unused bits
        bits.writeBytes(key);
        ByteArrayOutputStream inside = new ByteArrayOutputStream();
        inside.writeBytes(RSA);
        value(inside, 0x03, bits.toByteArray());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        value(all, 0x30, inside.toByteArray());
        return all.toByteArray();
    }

    private static void value(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else if (content.length < 256) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length & 0xFF);
        }
        out.writeBytes(content);
    }
}
