package tamanoir.server.delivery;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.outbound.Routes.Way;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.AliasTarget;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// What main.cf says about local delivery beside its tables of names (local(8)). Immutable.
///
/// `keepAliasDetail` and `keepIncludeDetail` put the detail of user+detail on again behind the members of the alias
/// `user` (`propagate_unmatched_extensions`).
public record LocalRules(
        Names names,
        String luserRelay,
        HandOver mailbox,
        HandOver fallback,
        boolean keepAliasDetail,
        boolean keepIncludeDetail,
        boolean expandOwner,
        boolean resetOwner,
        List<String> toCommands,
        List<String> toFiles) {

    /// Names of `mydestination` that `local_recipient_maps` lists beside the directory. `all` when the
    /// parameter is set and empty: then every name is taken that some way can have. `people` are the tables
    /// without `unix:`: whom they name waits for a mailbox, while `/etc/passwd` names every service.
    public record Names(AddressMaps maps, AddressMaps people, boolean all) {
        boolean list(Address address) {
            return maps.find(address).isPresent();
        }

        boolean waits(Address address) {
            return people.find(address).isPresent();
        }
    }

    /// A transport that local delivery passes mail to: by user, else for everybody; empty for nobody.
    public record HandOver(List<LookupTable> tables, String all, String parameter) {
        Optional<Way> of(AddressLookup lookup, String name) {
            Optional<Found> found = lookup.alias(tables, name.toLowerCase(Locale.ROOT));
            if (found.isPresent()) {
                return Optional.of(Way.of(found.get().text(), found.get().place()));
            }
            return all.isEmpty() ? Optional.empty() : Optional.of(Way.of(all, parameter));
        }
    }

    public static LocalRules of(Config config, Tables tables, AddressLookup lookup) {
        List<String> kept = config.get(CleanupParameters.PROPAGATE_UNMATCHED_EXTENSIONS);
        List<String> listed = config.get(LocalParameters.LOCAL_RECIPIENT_MAPS);
        return new LocalRules(
                new Names(
                        new AddressMaps(tables.open(listed), lookup),
                        new AddressMaps(
                                tables.open(listed).stream()
                                        .filter(table -> !table.name().startsWith("unix:"))
                                        .toList(),
                                lookup),
                        listed.isEmpty() && config.isSet(LocalParameters.LOCAL_RECIPIENT_MAPS)),
                config.get(LocalParameters.LUSER_RELAY),
                new HandOver(
                        tables.open(config.get(LocalParameters.MAILBOX_TRANSPORT_MAPS)),
                        config.get(LocalParameters.MAILBOX_TRANSPORT),
                        "mailbox_transport"),
                new HandOver(
                        tables.open(config.get(LocalParameters.FALLBACK_TRANSPORT_MAPS)),
                        config.get(LocalParameters.FALLBACK_TRANSPORT),
                        "fallback_transport"),
                kept.contains("alias"),
                kept.contains("include"),
                config.get(LocalParameters.EXPAND_OWNER_ALIAS),
                config.get(LocalParameters.RESET_OWNER_ALIAS),
                config.get(LocalParameters.ALLOW_MAIL_TO_COMMANDS),
                config.get(LocalParameters.ALLOW_MAIL_TO_FILES));
    }

    /// Whether mail may go to the command or file that a member of an alias names.
    boolean allows(Aliases.Member member) {
        String where = member.included() ? "include" : "alias";
        return switch (member.target()) {
            case AliasTarget.Command _ -> toCommands.contains(where);
            case AliasTarget.File _ -> toFiles.contains(where);
            case AliasTarget.Mail _, AliasTarget.Include _ -> false;
        };
    }

    /// The text of `luser_relay` for an address, with `$user` and its kind replaced.
    String relayFor(Address address, String user, String detail) {
        return luserRelay
                .replace("$user", user)
                .replace("$local", address.localPart())
                .replace("$extension", detail)
                .replace("$domain", address.domain().name())
                .replace("$recipient", address.toString());
    }
}
