package tamanoir.server.setup;

import java.util.List;
import tamanoir.server.setup.Finding.Grade;

/// A record that the domain name system must have, and what is there.
///
/// @param kind what it is for: the sentence `record.` + kind of [Wording] says why
/// @param name whole, without a dot at the end
/// @param value as it stands in a zone file; empty when it cannot be known here
/// @param found what is there now, as values of the same form
public record DnsRecord(String kind, String name, String type, String value, Grade grade, List<String> found) {
    public DnsRecord {
        found = List.copyOf(found);
    }
}
