package tamanoir.server.directory;

import tamanoir.mail.address.Address;
import tamanoir.server.directory.Account.State;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 03: an account, without its secrets.
final class AccountRow {
    private static final int FORMAT = 1;

    private AccountRow() {}

    static byte[] encode(Account account) {
        int state = switch (account.state()) {
            case ACTIVE -> 1;
            case SUSPENDED -> 2;
        };
        return new RowWriter(FORMAT, 96)
                .text(account.address().toString())
                .text(account.displayName())
                .octet(state)
                .number(account.quotaOctets())
                .row();
    }

    static Account decode(AccountId id, byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        Address address = Address.of(in.text());
        String displayName = in.text();
        int state = in.octet();
        return new Account(id, address, displayName, state == 2 ? State.SUSPENDED : State.ACTIVE, in.number());
    }
}
