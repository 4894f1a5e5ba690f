package tamanoir.server.personal;

import tamanoir.mail.jmap.Json;

/// One object as it is kept.
///
/// @param changed the version that wrote it
public record Stored(Kind kind, String id, Json.Obj value, long changed) {}
