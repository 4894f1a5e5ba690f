package tamanoir.server.filter.scan;

import java.io.IOException;

/// One program that looks at messages. Used by many threads.
interface Scanner {
    /// How the log calls it.
    String name();

    /// Whether this message is for it at all: its size, and who sent it.
    boolean wants(Letter letter);

    /// Whether a message waits (or passes) when it does not answer.
    boolean defersWithoutAnswer();

    /// @throws IOException when it does not answer in time
    /// @throws tamanoir.mail.text.BadSyntax when its answer cannot be understood
    Opinion scan(Letter letter) throws IOException;
}
