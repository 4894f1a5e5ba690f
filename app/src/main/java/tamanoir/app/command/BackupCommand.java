package tamanoir.app.command;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tamanoir.server.store.FolderBlobs;

/// A copy of everything that is stored, made while the server runs.
@Command(
        name = "backup",
        description = {
            "Copies mail, accounts and queue into a new folder, as they are at this moment, while the server goes on.",
            "Configuration, tables and keys are files: copy them as files."
        },
        footer = {
            "",
            "Example:",
            "  tamanoir backup /backup/mail-$(date +%F)",
            "",
            "To restore: stop the server, put the folder in the place of data/, start, and run 'tamanoir verify'."
        })
final class BackupCommand implements Callable<Integer> {
    private final Invocation call;

    @Parameters(paramLabel = "FOLDER", description = "Must not exist yet; best on another disk.")
    Path folder = Path.of("");

    BackupCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        Path target = folder.toAbsolutePath().normalize();
        // The server has another working folder than the caller.
        List<String> forServer = List.of("backup", target.toString());
        return call.inOffice(
                office -> {
                    FolderBlobs.Copied copied = office.store().checkpoint(target);
                    call.out()
                            .println("Backed up into " + target + ": all rows, and " + copied.blobs()
                                    + " large bodies of together " + Sizes.print(copied.octets()) + ".");
                    return Exit.OK;
                },
                InputStream.nullInputStream(),
                forServer);
    }
}
