package tamanoir.mail.text;

/// UTF-7 as a charset of bodies (RFC 2152). Only read, never written: nothing but old mail uses it.
final class Utf7 {
    private Utf7() {}

    static DecodedText decode(Octets octets) {
        StringBuilder text = new StringBuilder(octets.length());
        boolean problem = false;
        int length = octets.length();
        int at = 0;
        while (at < length) {
            int c = octets.at(at++);
            if (c != '+') {
                // RFC 2152 has no 8-bit octets; what is there is shown rather than lost.
                problem |= c >= 128;
                text.append((char) c);
                continue;
            }
            if (at < length && octets.at(at) == '-') {
                at++;
                text.append('+');
                continue;
            }
            int bits = 0;
            int count = 0;
            int digits = 0;
            while (at < length) {
                int value = value(octets.at(at));
                if (value < 0) {
                    break;
                }
                at++;
                digits++;
                bits = ((bits << 6) | value) & 0xFFFFFF;
                count += 6;
                if (count >= 16) {
                    count -= 16;
                    text.append((char) (bits >> count));
                }
            }
            if (digits == 0) {
                problem = true;
                text.append('+');
            }
            // RFC 2152 §2: bits left over must be zero and too few for another character.
            problem |= count >= 6 || (bits & ((1 << count) - 1)) != 0;
            if (at < length && octets.at(at) == '-' && digits > 0) {
                at++;
            }
        }
        return new DecodedText(text.toString(), problem);
    }

    private static int value(int c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }
}
