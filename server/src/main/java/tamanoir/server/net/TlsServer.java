package tamanoir.server.net;

/// The server side of TLS: certificates by name, protocols, session cache. One for all doors; certificates are swapped
/// in place.
public class TlsServer {}
