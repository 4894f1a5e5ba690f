package tamanoir.mail.message;

import java.util.Arrays;
import tamanoir.mail.text.Octets;

/// Undoes a transfer encoding piece by piece: [#feed] octets, [#take] what they have become, [#finish] at the end.
/// The result does not depend on how the octets were cut. Nothing makes it fail; what was wrong shows in
/// [#isDamaged].
///
/// For one body, in one thread.
public abstract sealed class TransferDecoder {
    /// What is decoded and not yet taken.
    private byte[] out = new byte[64];

    private int size;
    boolean damaged;

    private TransferDecoder() {}

    public final void feed(Octets piece) {
        byte[] array = piece.array();
        int from = piece.arrayOffset();
        room(piece.length());
        feed(array, from, from + piece.length());
    }

    /// The decoded octets so far; each is handed out once.
    public final Octets take() {
        Octets taken = Octets.of(Arrays.copyOf(out, size));
        size = 0;
        return taken;
    }

    /// There is no more; what was held back comes out.
    public abstract void finish();

    public final boolean isDamaged() {
        return damaged;
    }

    abstract void feed(byte[] array, int from, int to);

    final void room(int more) {
        if (more > out.length - size) {
            out = Arrays.copyOf(out, Math.max(Math.addExact(size, more), (int) Math.min(out.length * 2L, 1 << 30)));
        }
    }

    final void put(int octet) {
        if (size == out.length) {
            room(size);
        }
        out[size++] = (byte) octet;
    }

    static final class Identity extends TransferDecoder {
        Identity(boolean damaged) {
            this.damaged = damaged;
        }

        @Override
        void feed(byte[] array, int from, int to) {
            for (int i = from; i < to; i++) {
                put(array[i]);
            }
        }

        @Override
        public void finish() {}
    }

    /// RFC 2045 §6.8: what is not of the alphabet is passed over. Missing padding at the end loses nothing and is
    /// no damage.
    ///
    /// Padding "may be taken as evidence that the end of the data has been reached", but pieces encoded one by one
    /// and joined occur as well as remarks and footers that lists put behind the data. So digits right after it go
    /// on, what stands behind a blank is passed over to the end of the line, and anything that is no digit ends the
    /// body.
    static final class Base64 extends TransferDecoder {
        private static final byte[] VALUES = values();

        private int bits;
        /// Digits of the quantum so far.
        private int count;
        /// How many `=` may still come.
        private int padding;

        private enum Place {
            DATA,
            AFTER_PADDING,
            /// In a line of which the rest is no data.
            REMARK,
            ENDED
        }

        private Place place = Place.DATA;

        @Override
        void feed(byte[] array, int from, int to) {
            for (int i = from; i < to && place != Place.ENDED; i++) {
                byte octet = array[i];
                if (place == Place.REMARK) {
                    place = octet == '\n' ? Place.AFTER_PADDING : Place.REMARK;
                    continue;
                }
                int value = octet < 0 ? -1 : VALUES[octet];
                if (place == Place.AFTER_PADDING && value < 0 && octet != '=') {
                    afterPadding(octet);
                } else if (value >= 0) {
                    place = Place.DATA;
                    bits = (bits << 6) | value;
                    if (++count == 4) {
                        put(bits >> 16);
                        put(bits >> 8);
                        put(bits);
                        count = 0;
                        bits = 0;
                        padding = 0;
                    }
                } else if (octet == '=') {
                    pad();
                } else if (octet > ' ' || octet < 0 || octet == 0) {
                    damaged = true;
                }
            }
        }

        private void afterPadding(byte octet) {
            if (octet == ' ' || octet == '\t') {
                place = Place.REMARK;
            } else if (octet != '\r' && octet != '\n') {
                damaged = true;
                place = Place.ENDED;
            }
        }

        private void pad() {
            if (count >= 2) {
                padding = 3 - count;
                partial();
                place = Place.AFTER_PADDING;
            } else if (count == 0 && padding > 0) {
                padding--;
            } else {
                damaged = true;
                count = 0;
                bits = 0;
            }
        }

        private void partial() {
            int aligned = bits << (24 - 6 * count);
            put(aligned >> 16);
            if (count == 3) {
                put(aligned >> 8);
            }
            count = 0;
            bits = 0;
        }

        @Override
        public void finish() {
            if (count >= 2) {
                partial();
            } else if (count == 1) {
                damaged = true;
                count = 0;
            }
        }

        private static byte[] values() {
            byte[] values = new byte[128];
            Arrays.fill(values, (byte) -1);
            String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            for (int i = 0; i < digits.length(); i++) {
                values[digits.charAt(i)] = (byte) i;
            }
            return values;
        }
    }

    /// RFC 2045 §6.7. An `=` before anything but two hex digits or a line end stays (§6.7 note 1) and is damage.
    static final class QuotedPrintable extends TransferDecoder {
        private enum State {
            TEXT,
            EQUALS,
            FIRST_DIGIT,
            /// Blanks between `=` and the line end, put there on the way (§6.7 rule 3).
            SOFT_BLANKS,
            SOFT_CR
        }

        private State state = State.TEXT;
        private byte first;
        /// White space that counts only when something other than a line end follows (§6.7 rule 3).
        private byte[] blanks = new byte[32];

        private int held;

        @Override
        void feed(byte[] array, int from, int to) {
            for (int i = from; i < to; i++) {
                next(array[i]);
            }
        }

        private void next(byte octet) {
            switch (state) {
                case TEXT -> text(octet);
                case EQUALS -> {
                    if (Character.digit(octet, 16) >= 0) {
                        first = octet;
                        state = State.FIRST_DIGIT;
                    } else {
                        soft(octet);
                    }
                }
                case FIRST_DIGIT -> {
                    int low = Character.digit(octet, 16);
                    state = State.TEXT;
                    if (low >= 0) {
                        put((Character.digit(first, 16) << 4) | low);
                    } else {
                        damaged = true;
                        put('=');
                        put(first);
                        text(octet);
                    }
                }
                case SOFT_BLANKS -> soft(octet);
                case SOFT_CR -> {
                    state = State.TEXT;
                    if (octet != '\n') {
                        text(octet);
                    }
                }
            }
        }

        private void soft(byte octet) {
            switch (octet) {
                case '\n' -> {
                    held = 0;
                    state = State.TEXT;
                }
                case '\r' -> {
                    held = 0;
                    state = State.SOFT_CR;
                }
                case ' ', '\t' -> {
                    hold(octet);
                    state = State.SOFT_BLANKS;
                }
                default -> {
                    damaged = true;
                    put('=');
                    state = State.TEXT;
                    text(octet);
                }
            }
        }

        private void text(byte octet) {
            switch (octet) {
                case ' ', '\t' -> hold(octet);
                case '\r', '\n' -> {
                    held = 0;
                    put(octet);
                }
                case '=' -> {
                    release();
                    state = State.EQUALS;
                }
                default -> {
                    release();
                    put(octet);
                }
            }
        }

        private void hold(byte blank) {
            if (held == blanks.length) {
                blanks = Arrays.copyOf(blanks, held * 2);
            }
            blanks[held++] = blank;
        }

        private void release() {
            for (int i = 0; i < held; i++) {
                put(blanks[i]);
            }
            held = 0;
        }

        @Override
        public void finish() {
            if (state == State.FIRST_DIGIT) {
                damaged = true;
                put('=');
                put(first);
            }
            // A soft line break at the very end joins nothing; blanks at the end were added on the way.
            state = State.TEXT;
            held = 0;
        }
    }

    /// Lines between `begin` and `end`; the first character of each says how many octets it holds.
    static final class Uuencode extends TransferDecoder {
        private static final int LONGEST_LINE = 100;

        private final byte[] line = new byte[LONGEST_LINE];
        private int length;
        private boolean begun;
        private boolean ended;

        @Override
        void feed(byte[] array, int from, int to) {
            for (int i = from; i < to; i++) {
                if (array[i] == '\n') {
                    line();
                } else if (array[i] != '\r') {
                    if (length < LONGEST_LINE) {
                        line[length] = array[i];
                    }
                    length++;
                }
            }
        }

        private void line() {
            int octets = length;
            length = 0;
            if (ended || octets == 0) {
                return;
            }
            if (!begun) {
                begun = octets > 6 && line[0] == 'b' && line[1] == 'e' && line[2] == 'g' && line[5] == ' ';
                return;
            }
            if (octets == 3 && line[0] == 'e' && line[1] == 'n' && line[2] == 'd') {
                ended = true;
                return;
            }
            if (octets > LONGEST_LINE || line[0] < ' ' || line[0] > '`') {
                damaged = true;
                return;
            }
            int count = (line[0] - ' ') & 63;
            if (octets * 4 < count) {
                // Nobody may make forty octets out of every one that is sent.
                damaged = true;
                count = (octets - 1) * 3 / 4;
            }
            for (int i = 0; i < count; i++) {
                int group = 1 + i / 3 * 4;
                int bits = (value(group, octets) << 18)
                        | (value(group + 1, octets) << 12)
                        | (value(group + 2, octets) << 6)
                        | value(group + 3, octets);
                put(bits >> (16 - i % 3 * 8));
            }
        }

        /// Blanks at the end of a line are easily lost; they stand for zero.
        private int value(int index, int octets) {
            return index < octets ? (line[index] - ' ') & 63 : 0;
        }

        @Override
        public void finish() {
            if (length > 0) {
                line();
            }
            damaged |= !ended;
        }
    }
}
