package tamanoir.mail.message;

/// How much structure of one message is looked at. Beyond a limit nothing fails: the rest is taken as it stands.
///
/// @param parts parts at most; the last one keeps all octets that follow it
/// @param depth how deep parts may nest; a multipart or message below that is one opaque leaf
/// @param fields header fields of one header that can be looked up; those after them still belong to the header
/// @param headerOctets octets of one header in which fields are looked up
/// @param parameters parameters of one field
public record Limits(int parts, int depth, int fields, int headerOctets, int parameters) {
    /// Far above anything a person sends. The depth is Postfix's `mime_nesting_limit`.
    public static final Limits DEFAULT = new Limits(10_000, 100, 20_000, 4 << 20, 200);

    /// Trees of parts are walked by recursion in places, which is safe as long as the depth is ours to choose.
    static final int DEEPEST = 500;

    public Limits {
        if (parts < 1 || depth < 0 || depth > DEEPEST || fields < 0 || headerOctets < 0 || parameters < 0) {
            throw new IllegalArgumentException("limits out of range; depth is at most " + DEEPEST);
        }
    }
}
