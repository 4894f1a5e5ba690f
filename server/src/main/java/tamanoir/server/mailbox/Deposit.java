package tamanoir.server.mailbox;

import tamanoir.server.directory.AccountId;

/// One copy to put into one mailbox. `mailbox` is a full name; a missing one falls back to INBOX unless `create`.
/// `once` names the acceptance and recipient: a second deposit with the same name is not stored again; empty for none.
public record Deposit(AccountId account, String mailbox, boolean create, NewMessage message, String once) {}
