package tamanoir.server.policy;

/// One thing that was asked on the way to a verdict, for `tamanoir explain`.
///
/// `list` is the parameter whose list it stands in, empty for what the server does by itself; `depth`
/// counts lists within lists. `place` is `file:line` of the restriction, `why` what was found and where,
/// `reply` what the client would hear; any may be empty.
public record Step(int depth, String list, String rule, String place, String outcome, String why, String reply) {}
