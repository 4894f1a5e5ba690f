package tamanoir.mail.sasl;

/// Finds what a server keeps of a password for SCRAM.
@FunctionalInterface
public interface ScramSecrets {
    /// The keys of a name. For an unknown name (or one without such keys) they are made up, the same at each question,
    /// so that nobody learns who exists (RFC 5802 §9); [Keys#identity] is empty then.
    Keys of(String name);

    /// The proof for keys that [#of] gave was checked.
    default void proved(String name, boolean right) {}

    /// RFC 5802 §3. `identity` is the canonical name of whom they belong to, empty for made-up keys.
    record Keys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey, String identity) {
        /// The keys are as good as the password.
        @Override
        public String toString() {
            return "Keys[" + identity + "]";
        }
    }
}
