package tamanoir.server.queue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.Body;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Space;

/// The rows of the queue, and how they are written as octets. Every value begins with a format octet.
///
/// A message lives in one shard, partition `Q<shard>`:
///
/// | space | key | value |
/// | --- | --- | --- |
/// | 00 | nothing | head: the floor below which no due row stands |
/// | 01 | id | entry: what is the same for all recipients |
/// | 02 | id, recipient u16 | recipient: address, state, last reply |
/// | 03 | due ms, id | whether it waits for the release that its sender asked for |
/// | 04 | id, recipient u16 | what became of a recipient of mail that somebody follows |
/// | 11 | id | a body of at most 64 KiB |
///
/// Due rows are read only at start, from the floor, so the graves of rows gone before it are never scanned.
/// A message on hold is due at the end of time.
final class QueueRows {
    static final Space HEAD = new Space(0x00, Space.Family.QUEUE);
    static final Space ENTRY = new Space(0x01, Space.Family.QUEUE);
    static final Space RECIPIENT = new Space(0x02, Space.Family.QUEUE);
    static final Space DUE = new Space(0x03, Space.Family.QUEUE);
    static final Space FATE = new Space(0x04, Space.Family.QUEUE);
    static final Space BODY = new Space(0x11, Space.Family.BODY);

    static final char KIND = 'Q';
    static final int SHARDS = 64;

    /// The due time of a message on hold.
    static final long NEVER = Long.MAX_VALUE;

    private static final int FORMAT = 1;

    private QueueRows() {}

    static Partition shard(QueueId id) {
        long number = id.number();
        return Partition.of(KIND, ((number / QueueId.PARTS) + (number % QueueId.PARTS)) % SHARDS);
    }

    static byte[] key(QueueId id) {
        return ByteBuffer.allocate(8).putLong(id.number()).array();
    }

    static QueueId id(byte[] key) {
        return new QueueId(ByteBuffer.wrap(key).getLong());
    }

    static byte[] recipientKey(QueueId id, int number) {
        return ByteBuffer.allocate(10)
                .putLong(id.number())
                .putShort((short) number)
                .array();
    }

    static int recipientNumber(byte[] key) {
        return ByteBuffer.wrap(key).getShort(8) & 0xFFFF;
    }

    /// The first key behind all recipients of the message.
    static byte[] recipientsEnd(QueueId id) {
        return key(new QueueId(id.number() + 1));
    }

    static byte[] dueKey(long dueMillis, QueueId id) {
        return ByteBuffer.allocate(16).putLong(dueMillis).putLong(id.number()).array();
    }

    static long dueMillis(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    static QueueId dueId(byte[] key) {
        return new QueueId(ByteBuffer.wrap(key).getLong(8));
    }

    static byte[] head(long floorMillis) {
        return ByteBuffer.allocate(9).put((byte) FORMAT).putLong(floorMillis).array();
    }

    static long floor(byte[] head) {
        return ByteBuffer.wrap(head).getLong(1);
    }

    static final byte[] NOTHING = {FORMAT};

    /// The value of a due row while the message waits for the release that its sender asked for.
    static final byte[] UNTIL_RELEASE = {FORMAT, 1};

    static boolean isUntilRelease(byte[] due) {
        return due.length > 1 && due[1] == 1;
    }

    /// What a follower is told of one recipient: whose mail it was, and how it ended.
    static byte[] fate(long owner, Owed owed) {
        byte[] row = write(owed);
        return ByteBuffer.allocate(9 + row.length)
                .put((byte) FORMAT)
                .putLong(owner)
                .put(row)
                .array();
    }

    static long fateOwner(byte[] fate) {
        return ByteBuffer.wrap(fate).getLong(1);
    }

    static Owed fateOwed(int number, byte[] fate) {
        return readOwed(number, Arrays.copyOfRange(fate, 9, fate.length));
    }

    /// What is the same for all recipients. `large` is the blob where the body is one; otherwise the body
    /// row has it.
    record Entry(
            QueueId id,
            Instant arrived,
            Envelope envelope,
            Octets prefix,
            long bodySize,
            Optional<BlobHash> large,
            boolean hold,
            String holdReason,
            boolean delayTold,
            Optional<Instant> release,
            long owner,
            String through) {
        /// Of a message that is tried at once and followed by nobody.
        Entry(
                QueueId id,
                Instant arrived,
                Envelope envelope,
                Octets prefix,
                long bodySize,
                Optional<BlobHash> large,
                boolean hold,
                String holdReason,
                boolean delayTold) {
            this(id, arrived, envelope, prefix, bodySize, large, hold, holdReason, delayTold, Optional.empty(), 0, "");
        }

        static Entry of(QueuedMessage message, QueueId id) {
            return new Entry(
                    id,
                    Instant.ofEpochMilli(message.arrived().toEpochMilli()),
                    message.envelope().withRecipients(List.of()),
                    message.prefix(),
                    message.body().size(),
                    message.body() instanceof Body.Large large ? Optional.of(large.hash()) : Optional.empty(),
                    message.hold(),
                    message.holdReason(),
                    false,
                    message.release().map(at -> Instant.ofEpochMilli(at.toEpochMilli())),
                    message.owner(),
                    message.through());
        }

        /// From when on its time counts: what waited for its release is not late.
        Instant begins() {
            return release.filter(arrived::isBefore).orElse(arrived);
        }

        long size() {
            return prefix.length() + bodySize;
        }

        boolean isFromNobody() {
            return envelope.sender() instanceof ReversePath.Null;
        }

        Entry told() {
            return new Entry(
                    id, arrived, envelope, prefix, bodySize, large, hold, holdReason, true, release, owner, through);
        }

        Entry held(boolean on, String reason) {
            return new Entry(
                    id, arrived, envelope, prefix, bodySize, large, on, reason, delayTold, release, owner, through);
        }
    }

    static byte[] write(Entry entry) {
        return write(128 + entry.prefix().length(), out -> {
            out.writeLong(entry.arrived().toEpochMilli());
            Envelope envelope = entry.envelope();
            switch (envelope.sender()) {
                case ReversePath.Null none -> out.writeBoolean(false);
                case ReversePath.Sender sender -> {
                    out.writeBoolean(true);
                    write(out, sender.address());
                }
            }
            out.writeByte((envelope.smtpUtf8() ? 1 : 0)
                    | (envelope.requireTls() ? 2 : 0)
                    | (entry.hold() ? 4 : 0)
                    | (entry.delayTold() ? 8 : 0)
                    | (entry.large().isPresent() ? 16 : 0)
                    | (envelope.envelopeId().isPresent() ? 32 : 0)
                    | (entry.release().isPresent() ? 64 : 0)
                    | (entry.owner() != 0 ? 128 : 0));
            int bodyType = switch (envelope.bodyType()) {
                case UNSPECIFIED -> 0;
                case SEVEN_BIT -> 1;
                case EIGHT_BIT_MIME -> 2;
                case BINARY_MIME -> 3;
            };
            out.writeByte(bodyType | (entry.through().isEmpty() ? 0 : 16));
            out.writeByte(
                    switch (envelope.returned()) {
                        case UNSPECIFIED -> 0;
                        case FULL -> 1;
                        case HEADERS -> 2;
                    });
            if (envelope.envelopeId().isPresent()) {
                out.writeUTF(envelope.envelopeId().get());
            }
            out.writeLong(entry.bodySize());
            if (entry.large().isPresent()) {
                out.write(entry.large().get().octets());
            }
            out.writeUTF(entry.holdReason());
            if (entry.release().isPresent()) {
                out.writeLong(entry.release().get().toEpochMilli());
            }
            if (entry.owner() != 0) {
                out.writeLong(entry.owner());
            }
            if (!entry.through().isEmpty()) {
                out.writeUTF(entry.through());
            }
            out.writeInt(entry.prefix().length());
            entry.prefix().writeTo(out);
        });
    }

    static Entry readEntry(QueueId id, byte[] value) {
        return read("entry " + id, value, in -> {
            Instant arrived = Instant.ofEpochMilli(in.readLong());
            ReversePath sender = in.readBoolean() ? ReversePath.of(readAddress(in)) : ReversePath.NULL;
            int flags = in.readUnsignedByte();
            int more = in.readUnsignedByte();
            BodyType bodyType = switch (more & 15) {
                case 1 -> BodyType.SEVEN_BIT;
                case 2 -> BodyType.EIGHT_BIT_MIME;
                case 3 -> BodyType.BINARY_MIME;
                default -> BodyType.UNSPECIFIED;
            };
            Return returned = switch (in.readUnsignedByte()) {
                case 1 -> Return.FULL;
                case 2 -> Return.HEADERS;
                default -> Return.UNSPECIFIED;
            };
            Optional<String> envelopeId = (flags & 32) != 0 ? Optional.of(in.readUTF()) : Optional.empty();
            long size = in.readLong();
            Optional<BlobHash> large =
                    (flags & 16) != 0 ? Optional.of(new BlobHash(in.readNBytes(32))) : Optional.empty();
            String holdReason = in.readUTF();
            Optional<Instant> release =
                    (flags & 64) != 0 ? Optional.of(Instant.ofEpochMilli(in.readLong())) : Optional.empty();
            long owner = (flags & 128) != 0 ? in.readLong() : 0;
            String through = (more & 16) != 0 ? in.readUTF() : "";
            Octets prefix = Octets.of(in.readNBytes(in.readInt()));
            return new Entry(
                    id,
                    arrived,
                    new Envelope(sender, List.of(), (flags & 1) != 0, bodyType, returned, envelopeId, (flags & 2) != 0),
                    prefix,
                    size,
                    large,
                    (flags & 4) != 0,
                    holdReason,
                    (flags & 8) != 0,
                    release,
                    owner,
                    through);
        });
    }

    static byte[] write(Owed owed) {
        return write(96, out -> {
            Recipient recipient = owed.recipient();
            boolean same = recipient.original().equals(recipient.address())
                    && recipient
                            .original()
                            .domain()
                            .name()
                            .equals(recipient.address().domain().name());
            out.writeByte((same ? 1 : 0)
                    | (recipient.originalRecipient().isPresent() ? 2 : 0)
                    | (owed.last().isPresent() ? 4 : 0));
            write(out, recipient.address());
            if (!same) {
                write(out, recipient.original());
            }
            int notify = 0;
            for (Notify kind : recipient.notifications()) {
                notify |= switch (kind) {
                    case NEVER -> 1;
                    case SUCCESS -> 2;
                    case FAILURE -> 4;
                    case DELAY -> 8;
                };
            }
            out.writeByte(notify);
            if (recipient.originalRecipient().isPresent()) {
                out.writeUTF(recipient.originalRecipient().get());
            }
            out.writeByte(
                    switch (owed.state()) {
                        case PENDING -> 0;
                        case DELIVERED -> 1;
                        case RELAYED -> 2;
                        case FAILED -> 3;
                        case EXPIRED -> 4;
                    });
            out.writeShort(owed.attempts());
            if (owed.last().isPresent()) {
                Owed.Last last = owed.last().get();
                out.writeLong(last.at().toEpochMilli());
                out.writeUTF(last.relay());
                out.writeShort(last.reply().code());
                out.writeUTF(last.reply().status());
                List<String> lines = bounded(last.reply().lines());
                out.writeByte(lines.size());
                for (String line : lines) {
                    out.writeUTF(line);
                }
            }
        });
    }

    /// A hostile reply must not outgrow a row: 20 lines of 500 characters say enough.
    static List<String> bounded(List<String> lines) {
        List<String> kept = new ArrayList<>();
        for (String line : lines.subList(0, Math.min(lines.size(), 20))) {
            kept.add(line.length() > 500 ? line.substring(0, 500) : line);
        }
        return kept;
    }

    static Owed readOwed(int number, byte[] value) {
        return read("recipient " + number, value, in -> {
            int flags = in.readUnsignedByte();
            Address address = readAddress(in);
            Address original = (flags & 1) != 0 ? address : readAddress(in);
            int bits = in.readUnsignedByte();
            Set<Notify> notify = EnumSet.noneOf(Notify.class);
            addIf(notify, bits, 1, Notify.NEVER);
            addIf(notify, bits, 2, Notify.SUCCESS);
            addIf(notify, bits, 4, Notify.FAILURE);
            addIf(notify, bits, 8, Notify.DELAY);
            Optional<String> orcpt = (flags & 2) != 0 ? Optional.of(in.readUTF()) : Optional.empty();
            Owed.State state = switch (in.readUnsignedByte()) {
                case 1 -> Owed.State.DELIVERED;
                case 2 -> Owed.State.RELAYED;
                case 3 -> Owed.State.FAILED;
                case 4 -> Owed.State.EXPIRED;
                default -> Owed.State.PENDING;
            };
            int attempts = in.readUnsignedShort();
            Optional<Owed.Last> last = Optional.empty();
            if ((flags & 4) != 0) {
                Instant at = Instant.ofEpochMilli(in.readLong());
                String relay = in.readUTF();
                int code = in.readUnsignedShort();
                String status = in.readUTF();
                int count = in.readUnsignedByte();
                List<String> lines = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    lines.add(in.readUTF());
                }
                last = Optional.of(new Owed.Last(at, relay, new Reply(code, status, lines)));
            }
            return new Owed(number, new Recipient(address, original, notify, orcpt), state, attempts, last);
        });
    }

    private static void addIf(Set<Notify> notify, int bits, int bit, Notify kind) {
        if ((bits & bit) != 0) {
            notify.add(kind);
        }
    }

    private static void write(DataOutputStream out, Address address) throws IOException {
        out.writeUTF(address.localPart());
        out.writeUTF(address.domain().name());
        boolean same = address.domain().name().equals(address.domain().ascii());
        out.writeBoolean(same);
        if (!same) {
            out.writeUTF(address.domain().ascii());
        }
    }

    private static Address readAddress(DataInputStream in) throws IOException {
        String local = in.readUTF();
        String name = in.readUTF();
        return new Address(local, new Domain(name, in.readBoolean() ? name : in.readUTF()));
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static byte[] write(int size, Writing writing) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(size);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeByte(FORMAT);
            writing.to(out);
        } catch (IOException e) {
            // Memory does not fail; a text of more than 64 KiB does (UTFDataFormatException).
            throw new IllegalArgumentException("a queue row cannot hold this: " + e.getMessage(), e);
        }
        return octets.toByteArray();
    }

    private static <T> T read(String what, byte[] value, Reading<T> reading) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IllegalStateException(
                        "queue " + what + " has format " + format + "; this release reads " + FORMAT);
            }
            return reading.from(in);
        } catch (IOException e) {
            throw new IllegalStateException("queue " + what + " is cut short", e);
        }
    }
}
