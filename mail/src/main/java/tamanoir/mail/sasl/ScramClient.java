package tamanoir.mail.sasl;

import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// SCRAM (RFC 5802, RFC 7677) as a client: our proof out, the server's proof in.
public final class ScramClient implements ClientMechanism {
    /// Fewer turn the exchange into a gift for whoever records it (RFC 7677 §4); more are an attack on our CPU.
    private static final int FEWEST_ITERATIONS = 4096;

    private static final int MOST_ITERATIONS = 2_000_000;

    private final ScramHash hash;
    private final Binding binding;
    private final String name;
    private final String password;
    private final String nonce;
    private State state = new State.First();

    private sealed interface State {
        record First() implements State {}

        record Proven(String serverSignature) implements State {}

        record Verified() implements State {}
    }

    /// What we say about the channel (RFC 5802 §6).
    public sealed interface Binding {
        /// `n`: without TLS, or of a kind that cannot.
        record Unable() implements Binding {}

        /// `y`: we could, the server did not offer it.
        record NotOffered() implements Binding {}

        /// `p=type`
        record To(String type, Octets value) implements Binding {}

        /// The better of what the channel has: the exporter is of this very connection, the end point of its
        /// certificate.
        static Binding best(Map<String, Octets> bindings) {
            for (String type : List.of("tls-exporter", "tls-server-end-point")) {
                Octets value = bindings.get(type);
                if (value != null) {
                    return new To(type, value);
                }
            }
            return new Unable();
        }

        private String header() {
            return switch (this) {
                case Unable _ -> "n,,";
                case NotOffered _ -> "y,,";
                case To to -> "p=" + to.type() + ",,";
            };
        }

        private Octets channel() {
            Octets header = Octets.of(header());
            return this instanceof To to ? Octets.join(header, to.value()) : header;
        }
    }

    public ScramClient(ScramHash hash, Binding binding, String name, String password) {
        this(hash, binding, name, password, ScramText.freshNonce());
    }

    ScramClient(ScramHash hash, Binding binding, String name, String password, String nonce) {
        this.hash = hash;
        this.binding = binding;
        this.name = name;
        this.password = password;
        this.nonce = nonce;
    }

    @Override
    public String name() {
        return hash.mechanism() + (binding instanceof Binding.To ? "-PLUS" : "");
    }

    @Override
    public boolean sendsFirst() {
        return true;
    }

    @Override
    public Octets initial() {
        return Octets.of(binding.header() + bare());
    }

    private String bare() {
        return "n=" + ScramText.encodeName(Saslprep.prepare(name)) + ",r=" + nonce;
    }

    @Override
    public Octets respond(Octets challenge) {
        return switch (state) {
            case State.First _ -> challenge.isEmpty() ? initial() : prove(Text.of(challenge));
            case State.Proven proven -> {
                if (!MessageDigest.isEqual(
                        challenge.toByteArray(),
                        Octets.of(proven.serverSignature()).toByteArray())) {
                    throw new BadSyntax("the server does not know the password");
                }
                state = new State.Verified();
                yield Octets.EMPTY;
            }
            case State.Verified _ -> throw new BadSyntax("SCRAM is over");
        };
    }

    private Octets prove(String serverFirst) {
        List<String> attributes = ScramText.attributes(serverFirst);
        String joint = ScramText.value(attributes, 0, 'r');
        byte[] salt = ScramText.base64(ScramText.value(attributes, 1, 's'));
        int iterations = iterations(ScramText.value(attributes, 2, 'i'));
        if (!joint.startsWith(nonce) || joint.length() == nonce.length() || !ScramText.isNonce(joint)) {
            throw new BadSyntax("the server answers with another nonce");
        }
        String withoutProof = "c=" + ScramText.base64(binding.channel().toByteArray()) + ",r=" + joint;
        String authMessage = bare() + "," + serverFirst + "," + withoutProof;
        byte[] salted = hash.salted(password, salt, iterations);
        byte[] clientKey = hash.hmac(salted, "Client Key");
        byte[] signature = hash.hmac(hash.hash(clientKey), authMessage);
        state = new State.Proven("v=" + ScramText.base64(hash.hmac(hash.hmac(salted, "Server Key"), authMessage)));
        return Octets.of(withoutProof + ",p=" + ScramText.base64(ScramHash.xor(clientKey, signature)));
    }

    private static int iterations(String text) {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= FEWEST_ITERATIONS && iterations <= MOST_ITERATIONS) {
                return iterations;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new BadSyntax("the server wants " + FEWEST_ITERATIONS + " to " + MOST_ITERATIONS + " iterations only");
    }

    @Override
    public boolean mayBelieveSuccess() {
        return state instanceof State.Verified;
    }
}
