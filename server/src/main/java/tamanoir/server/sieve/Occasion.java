package tamanoir.server.sieve;

import java.util.Optional;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.observe.Trace;

/// One message for one account. `message` is all of it as it will be kept. `junk` is the mailbox for junk when the
/// filter thinks that it is some; `spam` what it thinks, from 0 to 1, 0.5 from the threshold on. `id` names the
/// acceptance; `again` tells that it may have been tried before.
public record Occasion(
        Trace trace,
        String id,
        boolean again,
        Account account,
        Sent sent,
        Octets message,
        Optional<String> junk,
        Optional<Double> spam) {}
