package tamanoir.server.imap;

import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail;

/// Where the conversation is (RFC 9051 §3).
sealed interface State {
    record NotAuthenticated(int failures) implements State {}

    record Authenticated(Account account, AccountMail mail) implements State {}

    record Selected(Account account, AccountMail mail, SelectedMailbox box) implements State {}

    record Ended() implements State {}
}
