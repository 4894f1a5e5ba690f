package tamanoir.mail.sasl;

import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// SCRAM (RFC 5802, RFC 7677), with and without channel binding (-PLUS; RFC 5929, RFC 9266).
///
/// Three responses: first message, proof, and an empty one that acknowledges our signature, since SMTP, IMAP and POP3
/// have no place for it beside the success.
public final class ScramServer implements ServerMechanism {
    private static final int LONGEST = 4096;

    private final ScramHash hash;
    private final boolean plus;
    /// Binding type to value; empty without TLS. When it is not, the -PLUS variant was offered.
    private final Map<String, Octets> bindings;
    private final ScramSecrets secrets;
    private final ActingAs actingAs;
    private final String nonce;
    private State state = new State.First();

    private sealed interface State {
        record First() implements State {}

        record Proof(
                Gs2 gs2, String clientFirstBare, String serverFirst, String nonce, String name, ScramSecrets.Keys keys)
                implements State {}

        record Acknowledgement(Step outcome) implements State {}

        record Over() implements State {}
    }

    /// RFC 5802 §7: the header `p=type,a=name,` as it came, the value that binds the channel, the authorization
    /// identity.
    private record Gs2(String header, Octets binding, String authzid) {}

    public ScramServer(
            ScramHash hash, boolean plus, Map<String, Octets> bindings, ScramSecrets secrets, ActingAs actingAs) {
        this(hash, plus, bindings, secrets, actingAs, ScramText.freshNonce());
    }

    ScramServer(
            ScramHash hash,
            boolean plus,
            Map<String, Octets> bindings,
            ScramSecrets secrets,
            ActingAs actingAs,
            String nonce) {
        this.hash = hash;
        this.plus = plus;
        this.bindings = Map.copyOf(bindings);
        this.secrets = secrets;
        this.actingAs = actingAs;
        this.nonce = nonce;
    }

    @Override
    public String name() {
        return hash.mechanism() + (plus ? "-PLUS" : "");
    }

    @Override
    public Step start() {
        return new Step.Challenge(Octets.EMPTY);
    }

    @Override
    public Step respond(Octets response) {
        try {
            if (response.length() > LONGEST) {
                throw new BadSyntax("a SCRAM message is too long");
            }
            String message = Text.of(response);
            State was = state;
            state = new State.Over();
            return switch (was) {
                case State.First _ -> first(message);
                case State.Proof proof -> proof(proof, message);
                case State.Acknowledgement acknowledgement ->
                    message.isEmpty()
                            ? acknowledgement.outcome()
                            : ServerMechanism.malformed("SCRAM ends with an empty response");
                case State.Over _ -> ServerMechanism.malformed("this SCRAM conversation is over");
            };
        } catch (BadSyntax e) {
            return ServerMechanism.malformed(String.valueOf(e.getMessage()));
        }
    }

    private Step first(String message) {
        int flagEnd = message.indexOf(',');
        int headerEnd = flagEnd < 0 ? -1 : message.indexOf(',', flagEnd + 1);
        if (headerEnd < 0) {
            throw new BadSyntax("a SCRAM message has no GS2 header");
        }
        String flag = message.substring(0, flagEnd);
        String authorize = message.substring(flagEnd + 1, headerEnd);
        if (!authorize.isEmpty() && !authorize.startsWith("a=")) {
            throw new BadSyntax("a SCRAM message has a bad authorization identity");
        }
        String bare = message.substring(headerEnd + 1);
        List<String> attributes = ScramText.attributes(bare);
        if (attributes.getFirst().charAt(0) == 'm') {
            throw new BadSyntax("a SCRAM extension that is mandatory is not known"); // RFC 5802 §5.1
        }
        String name = Saslprep.prepare(ScramText.decodeName(ScramText.value(attributes, 0, 'n')));
        String clientNonce = ScramText.value(attributes, 1, 'r');
        if (name.isEmpty() || !ScramText.isNonce(clientNonce)) {
            throw new BadSyntax("a SCRAM message has a bad name or nonce");
        }
        Octets binding = Octets.EMPTY;
        if (flag.startsWith("p=")) {
            Octets ours = bindings.get(flag.substring(2));
            if (!plus || ours == null) {
                return channel(name, "channel binding " + flag.substring(2) + " is not offered");
            }
            binding = ours;
        } else if (flag.equals("y")) {
            // RFC 5802 §6: it can bind and believes that we cannot. If we said that we can, someone in between lied.
            if (plus || !bindings.isEmpty()) {
                return channel(name, "the client did not see that channel binding is offered");
            }
        } else if (!flag.equals("n")) {
            throw new BadSyntax("a SCRAM message has a bad GS2 flag");
        } else if (plus) {
            return channel(name, "-PLUS without channel binding");
        }
        String authzid = authorize.isEmpty() ? "" : Saslprep.prepare(ScramText.decodeName(authorize.substring(2)));
        ScramSecrets.Keys keys = secrets.of(name);
        String joint = clientNonce + nonce;
        String serverFirst = "r=" + joint + ",s=" + ScramText.base64(keys.salt()) + ",i=" + keys.iterations();
        state = new State.Proof(
                new Gs2(message.substring(0, headerEnd + 1), binding, authzid), bare, serverFirst, joint, name, keys);
        return new Step.Challenge(Octets.of(serverFirst));
    }

    private static Step channel(String name, String detail) {
        return new Step.Failed(Step.Reason.CHANNEL_BINDING, name, detail);
    }

    private Step proof(State.Proof first, String message) {
        int proofAt = message.lastIndexOf(",p=");
        if (proofAt < 0) {
            throw new BadSyntax("a SCRAM message lacks the proof");
        }
        String withoutProof = message.substring(0, proofAt);
        List<String> attributes = ScramText.attributes(withoutProof);
        byte[] channel = ScramText.base64(ScramText.value(attributes, 0, 'c'));
        String theirNonce = ScramText.value(attributes, 1, 'r');
        byte[] proof = ScramText.base64(message.substring(proofAt + 3));
        byte[] wanted = Octets.join(Octets.of(first.gs2().header()), first.gs2().binding())
                .toByteArray();
        if (!MessageDigest.isEqual(channel, wanted)) {
            return channel(first.name(), "the client's channel is another one");
        }
        String authMessage = first.clientFirstBare() + "," + first.serverFirst() + "," + withoutProof;
        ScramSecrets.Keys keys = first.keys();
        byte[] signature = hash.hmac(keys.storedKey(), authMessage);
        boolean right = theirNonce.equals(first.nonce())
                && proof.length == signature.length
                && MessageDigest.isEqual(hash.hash(ScramHash.xor(signature, proof)), keys.storedKey());
        boolean passes = right && !keys.identity().isEmpty();
        secrets.proved(first.name(), passes);
        if (!passes) {
            return new Step.Failed(
                    Step.Reason.WRONG_CREDENTIALS,
                    first.name(),
                    keys.identity().isEmpty() ? "unknown name" : "wrong password");
        }
        Step outcome = ServerMechanism.authorized(
                keys.identity(), first.name(), first.gs2().authzid(), actingAs);
        if (outcome instanceof Step.Failed) {
            return outcome;
        }
        state = new State.Acknowledgement(outcome);
        return new Step.Challenge(Octets.of("v=" + ScramText.base64(hash.hmac(keys.serverKey(), authMessage))));
    }
}
