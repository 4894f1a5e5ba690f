package tamanoir.server.imap;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import tamanoir.server.directory.AccountId;

/// How many connections each account has open. Used by all sessions; guarded by `lock`.
final class Seats {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<AccountId, Integer> taken = new HashMap<>();
    private final int most;

    /// `most` 0 is no limit.
    Seats(int most) {
        this.most = most;
    }

    boolean take(AccountId account) {
        lock.lock();
        try {
            int now = taken.getOrDefault(account, 0);
            if (most > 0 && now >= most) {
                return false;
            }
            taken.put(account, now + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(AccountId account) {
        lock.lock();
        try {
            int rest = taken.getOrDefault(account, 0) - 1;
            if (rest > 0) {
                taken.put(account, rest);
            } else {
                taken.remove(account);
            }
        } finally {
            lock.unlock();
        }
    }
}
