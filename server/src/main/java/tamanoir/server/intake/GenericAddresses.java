package tamanoir.server.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.Limits;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.SmtpParameters;
import tamanoir.server.delivery.AddressMaps;
import tamanoir.server.delivery.Completion;
import tamanoir.server.delivery.Mapping;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.PassingChecks;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.DomainList;
import tamanoir.server.tables.RecipientDelimiter;
import tamanoir.server.tables.Tables;

/// `smtp_generic_maps`: addresses that mean something here only become others when mail leaves by SMTP, in envelope and
/// header (generic(5)). A field that the patterns of `checks` changed stays as they made it. Immutable.
public record GenericAddresses(Mapping mapping, PassingChecks checks) implements PassingChecks {
    /// `checks` alone where the parameter is empty.
    public static PassingChecks of(Config config, Tables tables, PassingChecks checks) {
        List<String> names = config.get(SmtpParameters.SMTP_GENERIC_MAPS);
        if (names.isEmpty()) {
            return checks;
        }
        Domain origin = Domain.of(config.get(CleanupParameters.MYORIGIN));
        DomainList own = DomainList.of(
                config.get(CleanupParameters.MYDESTINATION),
                tables,
                config.get(NetParameters.PARENT_DOMAIN_MATCHES_SUBDOMAINS).contains("mydestination"));
        AddressLookup lookup = new AddressLookup(
                RecipientDelimiter.of(config), domain -> domain.equals(origin) || own.contains(domain));
        Completion completion = new Completion(
                origin, config.get(NetParameters.MYDOMAIN), config.get(CleanupParameters.APPEND_DOT_MYDOMAIN));
        boolean keep =
                config.get(CleanupParameters.PROPAGATE_UNMATCHED_EXTENSIONS).contains("generic");
        return new GenericAddresses(new Mapping(new AddressMaps(tables.open(names), lookup), completion, keep), checks);
    }

    @Override
    public Address address(Address address) {
        return mapping.one(address);
    }

    @Override
    public List<Change> changes(InputStream message, Trace trace, String id) {
        Octets start;
        try {
            start = Octets.of(message.readNBytes(Limits.DEFAULT.headerOctets()));
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
        InputStream again = new ByteArrayInputStream(start.array(), start.arrayOffset(), start.length());
        List<Change> changes = new ArrayList<>(checks.changes(new SequenceInputStream(again, message), trace, id));
        List<Change> before = List.copyOf(changes);
        for (HeaderField field : HeaderFields.of(start)) {
            String name = field.name().toLowerCase(Locale.ROOT);
            long from = field.start();
            long to = from + field.octets().length();
            if (!Intake.holdsAddresses(name) || before.stream().anyMatch(c -> c.from() < to && c.to() > from)) {
                continue;
            }
            Octets changed = AddressField.rewrite(field.octets(), mapping.completion(), this::address);
            if (!changed.equals(field.octets())) {
                changes.add(new Change(from, to, changed));
            }
        }
        changes.sort(Comparator.comparingLong(Change::from).thenComparingLong(Change::to));
        return List.copyOf(changes);
    }
}
