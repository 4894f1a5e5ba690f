package tamanoir.app.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tamanoir.app.Verification;

/// Recounts and checks everything that is stored.
@Command(
        name = "verify",
        description = "Recounts every mailbox and checks every row, body and blob. It should find nothing.",
        footer = {
            "",
            "Examples:",
            "  tamanoir verify --home /srv/mail",
            "  tamanoir verify --bodies          (reads every large body and compares its hash; slow)",
            "",
            "Exit codes: 0 nothing found, 1 something found."
        })
final class VerifyCommand implements Callable<Integer> {
    private final Invocation call;

    @Option(names = "--bodies", description = "Also read every large body and compare its hash.")
    boolean bodies;

    VerifyCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        return call.inOffice(office -> {
            Verification.Result result = Verification.run(office, bodies);
            result.findings().forEach(call.out()::println);
            call.out().println(result.summary());
            return result.findings().isEmpty() ? Exit.OK : Exit.FOUND;
        });
    }
}
