package tamanoir.app.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tamanoir.app.Serving;

/// Runs the server in this process until it is told to stop.
@Command(
        name = "serve",
        description = {
            "Runs the server until 'tamanoir stop', Ctrl-C or SIGTERM.",
            "The first start writes a commented main.cf and a self-signed certificate into the home folder."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir serve --home /srv/mail",
            "  tamanoir serve --home /srv/mail -o port_offset=8000     (ports that need no root)"
        })
final class ServeCommand implements Callable<Integer> {
    private final Invocation call;

    ServeCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        if (call.office().isPresent()) {
            call.err().println("tamanoir: the server is running already");
            return Exit.USAGE;
        }
        return Serving.serve(call.home(), call.overrides(), call.out(), call.err());
    }
}
