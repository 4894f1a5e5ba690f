package tamanoir.server.store.rocks;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import tamanoir.server.observe.Trace;

/// Decides when deleted bodies are worth the work of getting their room back.
///
/// RocksDB reclaims a blob file by writing what still lives in it into a new one, whenever a compaction comes across
/// its keys, whether there is garbage or not: left on, every fourth flush would rewrite half of all mail (measured: 40
/// of 127 µs of each delivery with an empty store, and growing with it). So it stays off until a good part of the
/// files is garbage, and is on until little is.
///
/// Used by one thread at a time.
final class Reclaim {
    private static final long WORTH_IT = 64L << 20;
    private static final double BEGIN = 0.30;
    private static final double END = 0.15;

    private final Trace trace;
    private final long worthIt;
    private @Nullable Engine working;

    Reclaim(Trace trace) {
        this(trace, WORTH_IT);
    }

    /// @param worthIt octets of garbage below which nothing is done
    Reclaim(Trace trace, long worthIt) {
        this.trace = trace;
        this.worthIt = worthIt;
    }

    /// Looks at the garbage of now and begins or ends the work. Called inside the engine's gate, by a platform thread.
    void look(Engine engine) throws RocksDBException {
        long all = engine.body("rocksdb.total-blob-file-size");
        long garbage = engine.body("rocksdb.live-blob-file-garbage-size");
        // An engine that was opened anew begins without.
        boolean on = working == engine;
        if (!on && garbage >= worthIt && garbage >= all * BEGIN) {
            engine.collectBodies(true);
            working = engine;
            trace.info("store-reclaim", "garbage", garbage, "of", all);
        } else if (on && (garbage < worthIt || garbage < all * END)) {
            engine.collectBodies(false);
            working = null;
            trace.info("store-reclaimed", "left", garbage, "of", all);
        }
    }
}
