package tamanoir.server.sieve;

/// One script of an account. `id` never changes and is never used again (JMAP); `name` is what ManageSieve calls it,
/// unique in the account; `changed` is the state that wrote it.
public record StoredScript(String id, String name, String text, boolean active, long changed) {}
