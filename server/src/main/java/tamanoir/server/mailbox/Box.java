package tamanoir.server.mailbox;

import org.jspecify.annotations.Nullable;

/// One mailbox in a [Picture]; `rows` is null until somebody looked into it.
record Box(MailboxRow row, @Nullable Rows rows) {
    int id() {
        return row.id();
    }

    Box with(MailboxRow newRow) {
        return new Box(newRow, rows);
    }
}
