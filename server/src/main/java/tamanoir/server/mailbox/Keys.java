package tamanoir.server.mailbox;

import java.nio.charset.StandardCharsets;
import tamanoir.server.store.Space;
import tamanoir.server.store.Space.Family;

/// Which rows an account has, and their keys: `docs/storage-mailbox.md` is the long version. Numbers are big-endian, so
/// that rows lie in the order in which they are read.
final class Keys {
    /// [Head], one row.
    static final Space HEAD = new Space(0x00, Family.META);
    /// mailbox u32 → [MailboxRow].
    static final Space MAILBOX = new Space(0x01, Family.META);
    /// parent u32, name → mailbox: names are unique below one parent.
    static final Space NAME = new Space(0x02, Family.META);
    /// mailbox u32, UID u32 → [MessageRow].
    static final Space MESSAGE = new Space(0x03, Family.META);
    /// message u64 → [Letter]; message u64, mailbox u32, UID u32 → nothing: where it is.
    static final Space LETTER = new Space(0x04, Family.META);
    /// thread u64, message u64 → when it was received.
    static final Space THREAD = new Space(0x05, Family.META);
    /// hash of a message id u64, message u64 → thread, hash of the base subject.
    static final Space MESSAGE_ID = new Space(0x06, Family.META);
    /// modseq u64 → [LogRow].
    static final Space LOG = new Space(0x07, Family.LOG);
    /// name → nothing: subscribed although there is no such mailbox.
    static final Space SUBSCRIPTION = new Space(0x09, Family.META);
    /// modseq u64, kind, more → progress: what [Reaper] has to clear away.
    static final Space WORK = new Space(0x0A, Family.QUEUE);
    /// [Keywords], one row.
    static final Space KEYWORDS = new Space(0x0B, Family.META);
    /// kind, message u64 → what is derived of a message and what stands above it. The kind comes first, so that a list
    /// of envelopes is one sweep.
    static final Space COLD = new Space(0x10, Family.META);
    /// message u64 → the octets as received.
    static final Space BODY = new Space(0x11, Family.BODY);
    /// kind, hash u128 → expiry: what was delivered already.
    static final Space ONCE = new Space(0x30, Family.META);
    /// expiry hour u32, kind, hash u128 → nothing: the sweep of [#ONCE].
    static final Space EXPIRY = new Space(0x31, Family.LOG);

    /// All of them, for erasing and checking.
    static final Space[] ALL = {
        MAILBOX,
        NAME,
        MESSAGE,
        LETTER,
        THREAD,
        MESSAGE_ID,
        LOG,
        SUBSCRIPTION,
        WORK,
        KEYWORDS,
        COLD,
        BODY,
        ONCE,
        EXPIRY,
        HEAD
    };

    static final int COLD_FACTS = 0;
    static final int COLD_PREFIX = 2;

    static final byte[] NOTHING = new byte[0];

    /// The value of a row whose key says everything: the format octet.
    static final byte[] PRESENT = {1};

    private Keys() {}

    static byte[] mailbox(int mailbox) {
        return u32(mailbox);
    }

    static byte[] name(int parent, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[4 + text.length];
        write32(key, 0, parent);
        System.arraycopy(text, 0, key, 4, text.length);
        return key;
    }

    static byte[] message(int mailbox, long uid) {
        byte[] key = new byte[8];
        write32(key, 0, mailbox);
        write32(key, 4, (int) uid);
        return key;
    }

    static byte[] membership(long message, int mailbox, long uid) {
        byte[] key = new byte[16];
        write64(key, 0, message);
        write32(key, 8, mailbox);
        write32(key, 12, (int) uid);
        return key;
    }

    static byte[] pair(long first, long second) {
        byte[] key = new byte[16];
        write64(key, 0, first);
        write64(key, 8, second);
        return key;
    }

    static byte[] cold(int kind, long message) {
        byte[] key = new byte[9];
        key[0] = (byte) kind;
        write64(key, 1, message);
        return key;
    }

    static byte[] u32(int number) {
        byte[] key = new byte[4];
        write32(key, 0, number);
        return key;
    }

    static byte[] u64(long number) {
        byte[] key = new byte[8];
        write64(key, 0, number);
        return key;
    }

    static long read64(byte[] key, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (key[at + i] & 0xFF);
        }
        return value;
    }

    static int read32(byte[] key, int at) {
        return (key[at] & 0xFF) << 24 | (key[at + 1] & 0xFF) << 16 | (key[at + 2] & 0xFF) << 8 | (key[at + 3] & 0xFF);
    }

    static long readUid(byte[] key, int at) {
        return read32(key, at) & 0xFFFF_FFFFL;
    }

    static void write64(byte[] key, int at, long value) {
        for (int i = 0; i < 8; i++) {
            key[at + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    static void write32(byte[] key, int at, int value) {
        for (int i = 0; i < 4; i++) {
            key[at + i] = (byte) (value >>> (24 - 8 * i));
        }
    }
}
