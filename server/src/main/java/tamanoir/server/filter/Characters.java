package tamanoir.server.filter;

import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.draft.NewText;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Octets for which a message is refused, and octets that are taken out of it (`message_reject_characters`,
/// `message_strip_characters`). Immutable.
public record Characters(BitSet refused, BitSet stripped) {
    public Characters {
        refused = (BitSet) refused.clone();
        stripped = (BitSet) stripped.clone();
    }

    public static final Characters NONE = of("", "");

    /// Texts as main.cf has them, with the escapes of C: `\\0`, `\\r`, `\\377`.
    ///
    /// @throws BadSyntax when an escape is not finished
    public static Characters of(String refused, String stripped) {
        return new Characters(set(refused), set(stripped));
    }

    private static BitSet set(String text) {
        BitSet set = new BitSet(256);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\') {
                set.set(c & 0xFF);
                continue;
            }
            if (at == text.length()) {
                throw new BadSyntax("\"" + text + "\" ends in a backslash");
            }
            char escape = text.charAt(at++);
            int digits = 0;
            int octal = 0;
            while (escape >= '0' && escape <= '7' && digits < 3) {
                octal = octal * 8 + escape - '0';
                digits++;
                if (digits == 3 || at == text.length() || text.charAt(at) < '0' || text.charAt(at) > '7') {
                    break;
                }
                escape = text.charAt(at++);
            }
            set.set(
                    digits > 0
                            ? octal & 0xFF
                            : switch (escape) {
                                case 'a' -> 7;
                                case 'b' -> 8;
                                case 'f' -> 12;
                                case 'n' -> '\n';
                                case 'r' -> '\r';
                                case 't' -> '\t';
                                case 'v' -> 11;
                                default -> escape & 0xFF;
                            });
        }
        return set;
    }

    boolean isEmpty() {
        return refused.isEmpty() && stripped.isEmpty();
    }

    boolean refuses(Body body, Blobs blobs) {
        return !refused.isEmpty() && holds(refused, body, blobs);
    }

    private static boolean holds(BitSet set, Body body, Blobs blobs) {
        byte[] some = new byte[16 * 1024];
        try (InputStream in = body.stream(blobs)) {
            for (int n = in.read(some); n > 0; n = in.read(some)) {
                for (int i = 0; i < n; i++) {
                    if (set.get(some[i] & 0xFF)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
    }

    /// The same without what is taken out; the very same where there is nothing of it.
    Body cleaned(Body body, Blobs blobs) {
        if (stripped.isEmpty() || !holds(stripped, body, blobs)) {
            return body;
        }
        byte[] some = new byte[16 * 1024];
        try (InputStream in = body.stream(blobs);
                NewText out = new NewText(blobs)) {
            for (int n = in.read(some); n > 0; n = in.read(some)) {
                int kept = 0;
                for (int i = 0; i < n; i++) {
                    if (!stripped.get(some[i] & 0xFF)) {
                        some[kept++] = some[i];
                    }
                }
                out.write(Octets.of(some, 0, kept));
            }
            return out.body();
        } catch (IOException e) {
            throw new Unavailable("this message cannot be kept at the moment", String.valueOf(e), e);
        }
    }
}
