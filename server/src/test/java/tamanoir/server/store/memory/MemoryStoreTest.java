package tamanoir.server.store.memory;

import tamanoir.server.store.Store;
import tamanoir.server.store.StoreContract;

class MemoryStoreTest extends StoreContract {
    @Override
    protected Store open() {
        return new MemoryStore();
    }

    @Override
    protected Store reopen(Store store) {
        return store;
    }
}
