package tamanoir.server.jmap;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tamanoir.server.directory.AccountId;

/// How many of something an account has under way. Used by all threads; accounts that have none take no room.
final class Counted {
    private final int most;
    private final ConcurrentMap<AccountId, Integer> underWay = new ConcurrentHashMap<>();

    Counted(int most) {
        this.most = most;
    }

    /// Whether there was room for one more; then [#leave] must follow.
    boolean enter(AccountId account) {
        boolean[] entered = {false};
        underWay.compute(account, (_, before) -> {
            int count = before == null ? 0 : before;
            entered[0] = count < most;
            return entered[0] ? count + 1 : count;
        });
        return entered[0];
    }

    void leave(AccountId account) {
        underWay.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }
}
