package tamanoir.mail.sieve.extension;

import tamanoir.mail.sieve.Language;

/// Names of extensions that only open tags of other commands: `relational` (RFC 5231), `subaddress` (RFC 5233),
/// `regex`, `encoded-character` (RFC 5228 §2.4.2.4), `redirect-dsn` (RFC 6009).
public final class Relational implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("relational");
        language.capability("subaddress");
        language.capability("regex");
        language.capability("encoded-character");
        language.capability("redirect-dsn");
    }
}
