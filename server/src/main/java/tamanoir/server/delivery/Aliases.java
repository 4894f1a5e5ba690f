package tamanoir.server.delivery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.tables.AliasTarget;
import tamanoir.server.tables.AliasTargets;
import tamanoir.server.tables.LookupTable;

/// aliases(5): a local name and the members it stands for. Immutable; the tables notice changes of their files.
public final class Aliases {
    /// Files within files at most.
    private static final int DEEPEST_INCLUDE = 10;

    private final List<LookupTable> tables;
    private final Path home;

    /// A member of an alias, and whether it stands in a file that the alias includes.
    public record Member(AliasTarget target, boolean included) {}

    /// `home` is what `$config_directory` stands for, and where relative `:include:` files are.
    public Aliases(List<LookupTable> tables, Path home) {
        this.tables = List.copyOf(tables);
        this.home = home;
    }

    public boolean isEmpty() {
        return tables.isEmpty();
    }

    public boolean has(String name) {
        return value(name).isPresent();
    }

    /// The members of an alias, include files opened; empty when there is no such alias.
    ///
    /// @throws Unavailable when a table or file cannot be read: mail waits
    public Optional<List<Member>> members(String name) {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<Member> members = new ArrayList<>();
        try {
            collect(AliasTargets.parse(value.get(), home), members, 0);
        } catch (BadSyntax e) {
            throw trouble("the alias " + name + ": " + e.getMessage());
        }
        return Optional.of(members);
    }

    /// Where the alias stands: `file:line`; empty when there is none.
    public Optional<String> place(String name) {
        for (LookupTable table : tables) {
            Optional<LookupTable.Hit> hit = table.find(name);
            if (hit.isPresent()) {
                return Optional.of(
                        hit.get().place().isEmpty() ? table.name() : hit.get().place());
            }
        }
        return Optional.empty();
    }

    private Optional<String> value(String name) {
        for (LookupTable table : tables) {
            Optional<String> value = table.lookup(name);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    private void collect(List<AliasTarget> targets, List<Member> members, int depth) {
        for (AliasTarget target : targets) {
            if (target instanceof AliasTarget.Include include) {
                if (depth >= DEEPEST_INCLUDE) {
                    throw trouble(":include: files name each other in a circle: " + include.file());
                }
                collect(AliasTargets.include(include.file(), home), members, depth + 1);
            } else {
                members.add(new Member(target, depth > 0));
            }
        }
    }

    private static Unavailable trouble(String detail) {
        return new Unavailable("mail system configuration error", detail);
    }
}
