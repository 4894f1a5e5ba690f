/// What the RFCs say about mail: values, parsers, writers and small state machines.
///
/// No socket, no clock, no disk: this module requires only `java.base`, and the compiler keeps it so.
module tamanoir.mail {
    requires static org.jspecify;

    exports tamanoir.mail.address;
    exports tamanoir.mail.authresults;
    exports tamanoir.mail.authresults.arc;
    exports tamanoir.mail.authresults.dkim;
    exports tamanoir.mail.authresults.dmarc;
    exports tamanoir.mail.authresults.spf;
    exports tamanoir.mail.dns;
    exports tamanoir.mail.dsn;
    exports tamanoir.mail.imap;
    exports tamanoir.mail.jmap;
    exports tamanoir.mail.managesieve;
    exports tamanoir.mail.message;
    exports tamanoir.mail.milter;
    exports tamanoir.mail.pop3;
    exports tamanoir.mail.sasl;
    exports tamanoir.mail.sieve;
    exports tamanoir.mail.smtp;
    exports tamanoir.mail.text;
    exports tamanoir.mail.vcard;
}
