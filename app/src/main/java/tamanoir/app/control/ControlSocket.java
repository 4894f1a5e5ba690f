package tamanoir.app.control;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import tamanoir.mail.text.Sha256;

/// Where the control socket of a home folder is.
public final class ControlSocket {
    /// The kernel's `sun_path` holds 108 octets, 104 on some systems, one of them the end.
    private static final int LONGEST_PATH = 100;

    private ControlSocket() {}

    /// Beside the socket, the process that listens on it.
    public static Path pidFile(Path home) {
        return of(home).resolveSibling("pid");
    }

    /// `run/control` under the home folder; where that is too long for the kernel, a name made from it in the
    /// folder for temporary files, the same for every caller.
    public static Path of(Path home) {
        Path natural = home.toAbsolutePath().normalize().resolve("run").resolve("control");
        if (natural.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH) {
            return natural;
        }
        byte[] digest = Sha256.of(natural.toString());
        String name = "tamanoir-" + HexFormat.of().formatHex(digest, 0, 12);
        return Path.of(System.getProperty("java.io.tmpdir"), name, "control");
    }
}
