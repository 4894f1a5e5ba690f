package tamanoir.server.filter.draft;

import tamanoir.mail.text.Octets;

/// Octets `from` (inclusive) to `to` (exclusive) of a message become `instead`.
public record Edit(long from, long to, Octets instead) {}
