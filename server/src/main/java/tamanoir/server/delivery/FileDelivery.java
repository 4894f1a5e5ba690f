package tamanoir.server.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import tamanoir.mail.smtp.Reply;

/// Appends a message to a file in mbox form (`/file/name` in an alias), as local(8) does. Used by many threads; two
/// deliveries to one file wait for each other.
///
/// The file is locked (fcntl), written, synced, and cut back to what it was when writing fails. Nothing on its path may
/// be a symbolic link or a folder into which anybody but root and the server's user may write; so nobody can put
/// another
/// file into its place. An existing file must be a plain one of the server's user, without a second name and not
/// writable for others.
final class FileDelivery {
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /// Within one program a file lock of the system fails instead of waiting.
    private final java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();

    /// `message` is in mbox form: From_ line, lines ended by LF.
    ///
    /// @return 250 after the sync, 4yz when it is to be tried again, 5yz for good
    Reply append(Path file, InputStream message) throws IOException {
        if (!file.isAbsolute() || !file.equals(file.normalize()) || file.getFileName() == null) {
            return Reply.of(554, "5.3.5", "mail system set-up: no absolute file name");
        }
        if (!isSafe(file)) {
            return Reply.of(
                    451, "4.2.0", "mail system set-up: the file or a folder above it is open to others, or a link");
        }
        lock.lock();
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            FileLock held = channel.tryLock();
            if (held == null) {
                return Reply.of(451, "4.2.0", "the file is locked");
            }
            long before = channel.size();
            try {
                write(channel, before, message);
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
            return Reply.of(250, "2.0.0", "delivered to file");
        } finally {
            lock.unlock();
        }
    }

    private static void write(FileChannel channel, long before, InputStream message) throws IOException {
        channel.position(before);
        byte[] chunk = new byte[16 * 1024];
        for (int n = message.read(chunk); n >= 0; n = message.read(chunk)) {
            ByteBuffer octets = ByteBuffer.wrap(chunk, 0, n);
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        }
        channel.force(true);
    }

    private static boolean isSafe(Path file) throws IOException {
        long own = UnixUser.ownId();
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            long owner = UnixUser.ownerOf(folder);
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || (owner != 0 && owner != own)
                    || (isOpen(folder) && !isSticky(folder))) {
                return false;
            }
        }
        return !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                || (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && UnixUser.ownerOf(file) == own
                        && !isOpen(file)
                        && ((Number) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)).longValue()
                                == 1);
    }

    private static boolean isOpen(Path path) throws IOException {
        return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).stream()
                .anyMatch(OTHERS::contains);
    }

    /// In `/tmp` and its kind nobody may rename or remove what is another's.
    private static boolean isSticky(Path folder) throws IOException {
        int mode = ((Number) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS)).intValue();
        return (mode & 01000) != 0;
    }
}
