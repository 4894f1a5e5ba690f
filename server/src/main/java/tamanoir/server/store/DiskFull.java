package tamanoir.server.store;

import tamanoir.server.observe.Unavailable;

/// The disk has too little room left: `452` (RFC 5321 §4.2.3), `NO [OVERQUOTA]` would be wrong, it is ours to solve.
public final class DiskFull extends Unavailable {
    private static final long serialVersionUID = 1L;

    public DiskFull(String detail) {
        super("insufficient system storage", detail);
    }
}
