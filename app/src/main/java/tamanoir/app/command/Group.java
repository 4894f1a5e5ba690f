package tamanoir.app.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that only gathers others: alone it shows its help.
abstract class Group implements Runnable {
    private final List<Object> commands;

    @Spec
    CommandSpec spec = CommandSpec.create();

    Group(List<? extends Object> commands) {
        this.commands = List.copyOf(commands);
    }

    CommandLine commandLine() {
        CommandLine line = new CommandLine(this);
        commands.forEach(line::addSubcommand);
        return line;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "a command is missing after '" + spec.name() + "'");
    }
}
