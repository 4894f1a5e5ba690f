package tamanoir.server.jmap;

import tamanoir.server.directory.Account;
import tamanoir.server.observe.Trace;

/// Who asks: the account that signed in, and the trace of its connection. The account's id in JMAP is
/// `account.id().toString()`.
public record Caller(Account account, Trace trace) {}
