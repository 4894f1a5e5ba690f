/// The command line: one class per command, each with a `--help` that shows examples.
///
/// [Words] takes `--home` and `-o` out of the line wherever they stand; picocli does the rest. A command that needs
/// the store is an [OfficeCommand]: it runs in the server when one is running (over the control socket, same class,
/// same words) and otherwise opens the store itself. Exit codes are those of `sysexits.h` ([Exit]).
@NullMarked
package tamanoir.app.command;

import org.jspecify.annotations.NullMarked;
