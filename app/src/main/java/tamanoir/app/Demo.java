package tamanoir.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.store.Body;

/// The content of a demo: example.com, alice and bob, a dozen messages. Made once; a second start keeps everything.
final class Demo {
    static final String PASSWORD = "secret";

    static final String MAIN_CF = """
            # The demo of Tamanoir. Change it as you like; 'tamanoir check' and 'tamanoir reload' work here too.
            mydomain = example.com
            myhostname = mail.example.com
            myorigin = $mydomain
            mynetworks = 127.0.0.0/8, [::1]/128
            inet_interfaces = loopback-only
            port_offset = 8000
            recipient_delimiter = +
            smtpd_sasl_auth_enable = yes
            """;

    /// RFC 5322 §3.3.
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Domain DOMAIN = Domain.of("example.com");

    private Demo() {}

    /// Adds what is missing; nothing that is there is touched.
    static void fill(Office office, Instant now) {
        if (!office.directory().hasDomain(DOMAIN)) {
            office.directory().addDomain(DOMAIN);
        }
        boolean alice = add(office, "alice", "Alice Martin");
        boolean bob = add(office, "bob", "Bob Durand");
        for (String line : text("index").lines().toList()) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            List<String> fields = Arrays.asList(line.split("\\|", -1));
            if (fields.get(1).equals("alice") ? alice : bob) {
                append(office, fields, now);
            }
        }
    }

    /// True when its mailboxes are as new: also when an earlier start came no further.
    private static boolean add(Office office, String name, String displayName) {
        Address address = new Address(name, DOMAIN);
        Account account = office.directory()
                .account(address)
                .orElseGet(() -> office.directory().addAccount(address, displayName, PASSWORD, 0));
        return office.mailboxes().open(account.id()).list().stream().allMatch(box -> box.uidNext() == 1);
    }

    private static void append(Office office, List<String> fields, Instant now) {
        Account account =
                office.directory().account(new Address(fields.get(1), DOMAIN)).orElseThrow();
        AccountMail mail = office.mailboxes().open(account.id());
        Instant date =
                now.minus(Duration.ofHours(Long.parseLong(fields.get(3)))).truncatedTo(ChronoUnit.SECONDS);
        String message = text(fields.get(0) + ".eml").replace("{date}", DATE.format(date));
        mail.append(
                mail.find(fields.get(2))
                        .orElseGet(() -> mail.create(fields.get(2), Optional.empty()))
                        .id(),
                List.of(new NewMessage(
                        Octets.EMPTY,
                        new Body.Small(Octets.of(message)),
                        Flags.of(Arrays.stream(fields.get(4).split(" "))
                                .filter(name -> !name.isEmpty())
                                .toList()),
                        date)));
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Demo.class.getResourceAsStream("demo/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
