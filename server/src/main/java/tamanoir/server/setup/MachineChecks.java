package tamanoir.server.setup;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tamanoir.server.setup.Finding.Grade;

/// Memory, disk, open files.
final class MachineChecks {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    /// Below, the first busy hour ends in the kernel's killer.
    private static final long LEAST_MEMORY = 450 * MIB;

    private static final long GOOD_MEMORY = 900 * MIB;
    private static final long LEAST_DISK = GIB;
    private static final long GOOD_DISK = 10 * GIB;

    /// A connection has one, a mailbox index some; the usual limit of a shell is 1024.
    private static final long LEAST_FILES = 1024;

    private static final long GOOD_FILES = 8192;

    /// Where a flush does not reach a disk in time, or locks are not the machine's own.
    private static final Set<String> FAR = Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph");

    private static final Set<String> FLEETING = Set.of("tmpfs", "ramfs");

    private MachineChecks() {}

    static List<Check> all(Machine machine) {
        return List.of(
                Check.of("memory", () -> memory(machine)),
                Check.of("disk", () -> disk(machine)),
                Check.of("files", () -> files(machine)));
    }

    private static Finding memory(Machine machine) {
        if (machine.memory() < 0) {
            return Finding.of("memory", Grade.UNKNOWN, "unknown");
        }
        Map<String, String> values = Map.of("memory", size(machine.memory()), "heap", size(machine.heap()));
        return machine.memory() < LEAST_MEMORY
                ? Finding.of("memory", Grade.FAIL, "short", values)
                : machine.memory() < GOOD_MEMORY
                        ? Finding.of("memory", Grade.WARN, "tight", values)
                        : Finding.of("memory", Grade.OK, "ok", values);
    }

    private static Finding disk(Machine machine) {
        if (machine.diskFree() < 0) {
            return Finding.of("disk", Grade.UNKNOWN, "unknown", Map.of("folder", machine.diskFolder()));
        }
        Map<String, String> values =
                Map.of("free", size(machine.diskFree()), "kind", machine.diskKind(), "folder", machine.diskFolder());
        if (machine.diskFree() < LEAST_DISK) {
            return Finding.of("disk", Grade.FAIL, "full", values);
        }
        if (FLEETING.contains(machine.diskKind())) {
            return Finding.of("disk", Grade.FAIL, "fleeting", values);
        }
        if (FAR.contains(machine.diskKind()) || machine.diskKind().startsWith("fuse")) {
            return Finding.of("disk", Grade.WARN, "far", values);
        }
        if (machine.diskKind().equals("overlay")) {
            return Finding.of("disk", Grade.WARN, "container", values);
        }
        return machine.diskFree() < GOOD_DISK
                ? Finding.of("disk", Grade.WARN, "tight", values)
                : Finding.of("disk", Grade.OK, "ok", values);
    }

    private static Finding files(Machine machine) {
        if (machine.openFiles() < 0) {
            return Finding.of("files", Grade.UNKNOWN, "unknown");
        }
        Map<String, String> values = Map.of("files", Long.toString(machine.openFiles()));
        return machine.openFiles() < LEAST_FILES
                ? Finding.of("files", Grade.FAIL, "few", values)
                : machine.openFiles() < GOOD_FILES
                        ? Finding.of("files", Grade.WARN, "few", values)
                        : Finding.of("files", Grade.OK, "ok", values);
    }

    static String size(long octets) {
        return octets >= GIB ? String.format(Locale.ROOT, "%.1f GiB", octets / (double) GIB) : octets / MIB + " MiB";
    }
}
