package tamanoir.mail.dns;

/// Where a service of a domain runs (RFC 2782). `host` is in lower case without a dot at the end; the root, which says
/// that there is no such service, is the empty text.
public record Srv(int priority, int weight, int port, String host) {}
