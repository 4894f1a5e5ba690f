package tamanoir.server.tables;

import java.nio.file.Path;

/// One thing on the right side of an alias (aliases(5)).
public sealed interface AliasTarget {
    /// An address, or a bare name: a local user or another alias. As written, quotes included.
    record Mail(String address) implements AliasTarget {}

    /// `:include:/file`: everything that the file lists.
    record Include(Path file) implements AliasTarget {}

    /// `"|command"`: a program that would read the message.
    record Command(String command) implements AliasTarget {}

    /// `/file`, or `/folder/`: a mailbox of the file system.
    record File(String path) implements AliasTarget {}
}
