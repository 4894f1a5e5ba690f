package tamanoir.server.policy;

import tamanoir.mail.smtp.Path;

/// What a restriction speaks about: the words of its reply. A bare `reject` speaks about what its list is
/// for.
enum About {
    CLIENT("Client host"),
    REVERSE_CLIENT("Unverified Client host"),
    CERTIFICATE("Client certificate"),
    LOGIN("SASL login name"),
    HELO("Helo command"),
    SENDER("Sender address"),
    RECIPIENT("Recipient address"),
    DATA("Data command"),
    END_OF_DATA("End-of-data");

    final String what;

    About(String what) {
        this.what = what;
    }

    /// Who is meant, as written by the client.
    String subject(Question q) {
        return switch (this) {
            case CLIENT -> q.client().toString();
            case REVERSE_CLIENT -> q.client().reverseName();
            case CERTIFICATE -> q.link().certificateName();
            case LOGIN -> q.login();
            case HELO -> q.helo();
            case SENDER -> q.sender().toString();
            case RECIPIENT -> q.recipient().map(Path::toString).orElse("");
            case DATA -> "DATA";
            case END_OF_DATA -> "END-OF-MESSAGE";
        };
    }
}
