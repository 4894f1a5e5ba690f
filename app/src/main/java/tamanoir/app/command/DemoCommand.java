package tamanoir.app.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tamanoir.app.Serving;

/// Runs a server to try, with people and mail in it.
@Command(
        name = "demo",
        description = {
            "Runs a server to try: domain example.com, accounts alice and bob, password 'secret', a dozen messages.",
            "Everything stays in its home folder; a second start keeps what you did."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir demo",
            "  tamanoir demo --home /tmp/second -o port_offset=9000      (another one beside it)"
        })
final class DemoCommand implements Callable<Integer> {
    private final Invocation call;

    DemoCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        if (call.office().isPresent()) {
            call.err().println("tamanoir: the server is running already");
            return Exit.USAGE;
        }
        return Serving.demo(call.home(), call.overrides(), call.out(), call.err());
    }
}
