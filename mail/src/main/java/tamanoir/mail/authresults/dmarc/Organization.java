package tamanoir.mail.authresults.dmarc;

import tamanoir.mail.dns.Dns;

/// Whose domain a domain is (RFC 9989 §4.10.2).
public final class Organization {
    private Organization() {}

    /// The organizational domain; the domain itself where nobody says otherwise.
    public static String of(String domain, Dns dns) {
        return new TreeWalk(dns).from(domain).organizational();
    }
}
