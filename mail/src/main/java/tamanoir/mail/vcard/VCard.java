package tamanoir.mail.vcard;

import java.util.List;
import java.util.Optional;

/// One vCard: its properties in order, without BEGIN, END and VERSION.
///
/// @param version such as `4.0`; empty when it said none
public record VCard(String version, List<Property> properties) {
    public VCard {
        properties = List.copyOf(properties);
    }

    public Optional<Property> first(String name) {
        return properties.stream()
                .filter(property -> property.name().equals(name))
                .findFirst();
    }

    public List<Property> all(String name) {
        return properties.stream()
                .filter(property -> property.name().equals(name))
                .toList();
    }
}
