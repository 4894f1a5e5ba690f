package tamanoir.server.search;

import tamanoir.server.directory.AccountId;

/// Which index: of whom, for what.
record IndexName(AccountId account, Kind kind) {
    @Override
    public String toString() {
        return account + "/" + kind.folder();
    }
}
