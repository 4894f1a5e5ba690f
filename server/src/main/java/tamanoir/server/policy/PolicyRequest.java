package tamanoir.server.policy;

import java.net.InetSocketAddress;
import java.util.Optional;
import tamanoir.mail.smtp.Path;
import tamanoir.mail.smtp.Xtext;
import tamanoir.server.net.ClientCertificate;
import tamanoir.server.net.TlsDetails;

/// What a policy service is told about a question: all attributes of SMTPD_POLICY_README, in its order.
final class PolicyRequest {
    private final StringBuilder text = new StringBuilder(800);

    private PolicyRequest() {}

    /// The request with the empty line that ends it.
    static String of(Question q, Carry.Where where, PolicyServiceSettings settings, String digest) {
        PolicyRequest request = new PolicyRequest();
        request.session(q, where);
        request.security(q, digest);
        request.add("policy_context", settings.context());
        request.add("stress", settings.stress());
        return request.text.append('\n').toString();
    }

    private void session(Question q, Carry.Where where) {
        boolean whole = where == Carry.Where.DATA || where == Carry.Where.END_OF_MESSAGE;
        Optional<InetSocketAddress> server = q.link().server();
        add("request", "smtpd_access_policy");
        add("protocol_state", where.text);
        add("protocol_name", q.protocol());
        add("client_address", q.client().addressText());
        add("client_name", q.client().name());
        add("client_port", Integer.toString(q.client().port()));
        add("reverse_client_name", q.client().reverseName());
        add("server_address", server.map(s -> Client.text(s.getAddress())).orElse(""));
        add("server_port", server.map(s -> Integer.toString(s.getPort())).orElse(""));
        add("helo_name", q.helo());
        add("sender", q.sender().toString());
        add("recipient", q.recipient().map(Path::toString).orElse(""));
        add("recipient_count", Integer.toString(whole ? q.recipients() : 0));
        add("queue_id", "");
        add("instance", q.link().instance());
        add("size", Long.toString(q.size()));
        add("etrn_domain", "");
        add("sasl_method", q.authenticated() ? q.link().mechanism() : "");
        add("sasl_username", q.login());
        add("sasl_sender", "");
    }

    private void security(Question q, String digest) {
        Optional<TlsDetails> tls = q.link().tls();
        Optional<ClientCertificate> certificate = tls.flatMap(TlsDetails::clientCertificate);
        // A name counts only where somebody vouches for it; a fingerprint speaks for itself.
        boolean trusted = tls.isPresent()
                && (tls.get().trust() == TlsDetails.Trust.TRUSTED || tls.get().trust() == TlsDetails.Trust.VERIFIED);
        add("ccert_subject", trusted ? Xtext.encode(q.link().certificateName()) : "");
        add(
                "ccert_issuer",
                trusted
                        ? certificate
                                .flatMap(ClientCertificate::issuerCommonName)
                                .map(Xtext::encode)
                                .orElse("")
                        : "");
        add("ccert_fingerprint", certificate.map(c -> c.fingerprint(digest)).orElse(""));
        add(
                "ccert_pubkey_fingerprint",
                certificate.map(c -> c.keyFingerprint(digest)).orElse(""));
        add("encryption_protocol", tls.map(TlsDetails::protocol).orElse(""));
        add("encryption_cipher", tls.map(TlsDetails::cipher).orElse(""));
        add("encryption_keysize", tls.map(t -> Integer.toString(t.bits())).orElse("0"));
    }

    /// A value must not hold what ends a line, or a client could add attributes of its own.
    private void add(String name, String value) {
        text.append(name).append('=');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            text.append(Character.isISOControl(c) ? '?' : c);
        }
        text.append('\n');
    }
}
