package tamanoir.mail.sieve.extension;

import java.util.Optional;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Run;

/// Which part of an address is compared (RFC 5228 §2.7.4, RFC 5233).
enum AddressPart {
    ALL,
    LOCALPART,
    DOMAIN,
    USER,
    DETAIL;

    /// The tags that [#of(Arguments)] reads.
    static void tags(Language.Word word) {
        word.tag("localpart", Kind.NONE, "address part", "")
                .tag("domain", Kind.NONE, "address part", "")
                .tag("all", Kind.NONE, "address part", "")
                .tag("user", Kind.NONE, "address part", "subaddress")
                .tag("detail", Kind.NONE, "address part", "subaddress");
    }

    static AddressPart of(Arguments arguments) {
        return switch (arguments.chosen("address part").orElse("all")) {
            case "localpart" -> LOCALPART;
            case "domain" -> DOMAIN;
            case "user" -> USER;
            case "detail" -> DETAIL;
            default -> ALL;
        };
    }

    Optional<String> of(Run run, AddressList.Mailbox address) {
        return of(run, address.localPart(), address.domain());
    }

    /// Empty for a detail that is not there (RFC 5233 §4).
    Optional<String> of(Run run, String localPart, String domain) {
        String delimiter =
                run.host().environment("vnd.tamanoir.recipient-delimiter").orElse("+");
        int cut = -1;
        for (int i = 1; i < localPart.length() && cut < 0; i++) {
            cut = delimiter.indexOf(localPart.charAt(i)) >= 0 ? i : -1;
        }
        return switch (this) {
            case ALL -> Optional.of(domain.isEmpty() ? localPart : localPart + "@" + domain);
            case LOCALPART -> Optional.of(localPart);
            case DOMAIN -> domain.isEmpty() ? Optional.empty() : Optional.of(domain);
            case USER -> Optional.of(cut < 0 ? localPart : localPart.substring(0, cut));
            case DETAIL -> cut < 0 ? Optional.empty() : Optional.of(localPart.substring(cut + 1));
        };
    }
}
