package tamanoir.bench.sample;

import java.time.Instant;
import java.util.List;

/// One letter, ready to be put into a mailbox. Flags as IMAP writes them.
record Letter(String folder, List<String> flags, Instant date, byte[] octets) {}
