package tamanoir.server.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Domain;
import tamanoir.server.config.Config;
import tamanoir.server.config.Explanation;
import tamanoir.server.observe.Unavailable;

/// The main.cf that the set-up writes: only what differs from the defaults, each line with its reason.
///
/// What the administrator wrote before stays, below the names; the file as it was stays beside the new one.
final class FirstConfiguration {
    private static final Set<String> OURS = Set.of("myhostname", "mydomain", "myorigin");

    /// Why one sets it, where there is more to say than what it is.
    private static final Map<String, String> REASONS = Map.of(
            "mynetworks",
            "Which clients may send mail anywhere without signing in. Only this machine: anybody else is a stranger.",
            "recipient_delimiter",
            "joe+anything@ goes to joe, so that people can give every shop an address of its own.",
            "smtpd_sasl_auth_enable",
            "People may sign in on port 25 too, for old programs; the submission ports offer it always.",
            "port_offset",
            "Ports below 1024 need root. With an offset the server runs as anybody: SMTP on 25 + the offset, ...",
            "inet_interfaces",
            "Where the server listens.");

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);

    private final Path file;
    private final InstantSource clock;

    FirstConfiguration(Path home, InstantSource clock) {
        this.file = home.resolve("main.cf");
        this.clock = clock;
    }

    /// The text for a domain and a host, with what `home` says besides.
    String text(Domain domain, String host) {
        StringBuilder text = new StringBuilder();
        text.append("# Tamanoir: the configuration, written by the set-up on ")
                .append(DAY.format(clock.instant()))
                .append(". Names and meanings are Postfix's;\n")
                .append(
                        "# docs/parameters.md lists every parameter. Change it as you like: 'tamanoir check' looks at all"
                                + " of it,\n")
                .append(
                        "# 'tamanoir reload' takes it into use, all or nothing. What is not set here has its default.\n\n")
                .append(
                        "# Who this machine is in the mail world: its full name, as its address must lead back to it.\n")
                .append("myhostname = ")
                .append(host)
                .append("\n\n");
        if (!host.substring(host.indexOf('.') + 1).equals(domain.ascii())) {
            text.append("# The domain that bare names belong to; by default it would be what follows the first dot"
                    + " of myhostname.\n");
            text.append("mydomain = ").append(domain.ascii()).append("\n\n");
        }
        if (!host.equals(domain.ascii())) {
            text.append("# Mail of programs on this machine is from somebody@")
                    .append(domain.ascii())
                    .append(", not from somebody@")
                    .append(host)
                    .append(".\nmyorigin = $mydomain\n\n");
        }
        text.append("# The domain ")
                .append(domain.name())
                .append(" and its people are kept in the store, not here:\n")
                .append("#   tamanoir domain list, tamanoir account add ann@")
                .append(domain.ascii())
                .append("\n");
        for (Explanation one : kept()) {
            text.append('\n');
            String reason = Optional.ofNullable(REASONS.get(one.name())).orElse(one.doc());
            if (!reason.isEmpty()) {
                text.append("# ").append(reason).append('\n');
            }
            text.append(one.asWritten()).append('\n');
        }
        return text.toString();
    }

    /// What main.cf sets besides, where it is not the default anyway. The command line is not main.cf.
    private List<Explanation> kept() {
        Config written = Config.load(folder(), Map.of()).config();
        return Explanation.set(written).stream()
                .filter(one -> !OURS.contains(one.fullName()))
                .filter(one -> one.type().isEmpty() // the administrator's own name
                        || !one.service().isEmpty()
                        || !one.value().equals(one.defaultValue()))
                .toList();
    }

    private Path folder() {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IllegalStateException("main.cf has no folder");
        }
        return folder;
    }

    /// What was there, to be put back when the new file is refused; `backup` is where it is kept for good.
    record Before(Optional<String> text, Optional<Path> backup) {}

    /// Puts the text in place, all or nothing.
    ///
    /// @throws Unavailable when the folder cannot be written
    Before write(String text) {
        try {
            Optional<String> before =
                    Files.exists(file) ? Optional.of(Files.readString(file, StandardCharsets.UTF_8)) : Optional.empty();
            if (before.isPresent() && before.get().equals(text)) {
                return new Before(before, Optional.empty());
            }
            Optional<Path> backup = Optional.empty();
            if (before.isPresent()) {
                Path beside = file.resolveSibling("main.cf." + STAMP.format(clock.instant()));
                Files.copy(file, beside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                backup = Optional.of(beside);
            }
            replace(text);
            return new Before(before, backup);
        } catch (IOException e) {
            throw new Unavailable(
                    "the configuration cannot be written: " + e.getMessage()
                            + ". Check who owns the home folder and whether its disk is full",
                    e.toString(),
                    e);
        }
    }

    /// Takes the new file back.
    void restore(Before before) {
        try {
            if (before.text().isPresent()) {
                replace(before.text().get());
            } else {
                Files.deleteIfExists(file);
            }
            if (before.backup().isPresent()) {
                Files.deleteIfExists(before.backup().get());
            }
        } catch (IOException e) {
            throw new Unavailable("the earlier configuration cannot be put back: " + e.getMessage(), e.toString(), e);
        }
    }

    private void replace(String text) throws IOException {
        Path fresh = file.resolveSibling("main.cf.new");
        Files.writeString(fresh, text, StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
