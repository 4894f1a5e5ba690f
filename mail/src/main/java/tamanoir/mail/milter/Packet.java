package tamanoir.mail.milter;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// The data of a packet: numbers of four octets, texts that end with NUL, octets up to the end.
///
/// Texts are octets to the protocol; they are read and written as UTF-8, and what is no UTF-8 as Latin-1, so that no
/// octet of a header is lost.
final class Packet {
    private Packet() {}

    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

        Writer(char letter) {
            number(0);
            out.write(letter);
        }

        Writer number(int value) {
            out.write(value >>> 24);
            out.write(value >>> 16);
            out.write(value >>> 8);
            out.write(value);
            return this;
        }

        Writer letter(char value) {
            out.write(value);
            return this;
        }

        /// A NUL inside would end the text early and let the rest be read as another: it becomes a blank.
        Writer text(String value) {
            return octets(Octets.of(value.replace('\0', ' '))).letter('\0');
        }

        Writer octets(Octets value) {
            out.write(value.array(), value.arrayOffset(), value.length());
            return this;
        }

        Octets packet() {
            byte[] all = out.toByteArray();
            int length = all.length - 4;
            all[0] = (byte) (length >>> 24);
            all[1] = (byte) (length >>> 16);
            all[2] = (byte) (length >>> 8);
            all[3] = (byte) length;
            return Octets.of(all);
        }
    }

    static final class Reader {
        private final Octets data;
        private int at;

        Reader(Octets data) {
            this.data = data;
        }

        boolean hasMore() {
            return at < data.length();
        }

        int number() {
            if (data.length() - at < 4) {
                throw new BadSyntax("a number is cut short");
            }
            int value = data.at(at) << 24 | data.at(at + 1) << 16 | data.at(at + 2) << 8 | data.at(at + 3);
            at += 4;
            return value;
        }

        char letter() {
            if (!hasMore()) {
                throw new BadSyntax("a letter is missing");
            }
            return (char) data.at(at++);
        }

        String text() {
            int end = data.indexOf(0, at);
            if (end < 0) {
                throw new BadSyntax("a text has no end");
            }
            Octets text = data.slice(at, end);
            at = end + 1;
            return decoded(text);
        }

        Octets rest() {
            Octets rest = data.from(at);
            at = data.length();
            return rest;
        }

        void end() {
            if (hasMore()) {
                throw new BadSyntax((data.length() - at) + " octets too many");
            }
        }

        private static String decoded(Octets text) {
            String asUtf8 = text.utf8();
            return asUtf8.getBytes(StandardCharsets.UTF_8).length == text.length() && asUtf8.indexOf('\uFFFD') < 0
                    ? asUtf8
                    : text.latin1();
        }
    }
}
