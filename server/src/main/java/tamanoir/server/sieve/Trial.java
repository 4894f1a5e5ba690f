package tamanoir.server.sieve;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Compiler;
import tamanoir.mail.sieve.Host;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Outcome;
import tamanoir.mail.sieve.Place;
import tamanoir.mail.sieve.Problem;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.text.Octets;

/// A script tried on a message, to see why it decides what it decides; nothing is done.
///
/// The world around is a plain one: every mailbox is there, nothing is a duplicate, no list has anybody, and no filter
/// has looked.
///
/// @param problems why it does not compile; nothing has run then
/// @param steps what each test came to, in the order of time
public record Trial(List<Problem> problems, List<Seen> steps, Optional<Outcome> outcome) {
    /// `what` is as the engine says it, such as `header: true`.
    public record Seen(Place place, String what) {}

    public Trial {
        problems = List.copyOf(problems);
        steps = List.copyOf(steps);
    }

    public static Trial of(
            Dialect dialect, Compiler.Library library, String text, Octets message, Sent sent, ZonedDateTime now) {
        Compiler.Result result = dialect.compile(text, library);
        if (result.script().isEmpty()) {
            return new Trial(result.problems(), List.of(), Optional.empty());
        }
        List<Seen> steps = new ArrayList<>();
        Run run = new Run(
                new Plain(dialect.settings(), now),
                dialect.settings().limits(),
                new Letter(message),
                sent,
                (place, what) -> steps.add(new Seen(place, what)));
        Outcome outcome = result.script().get().run(run);
        return new Trial(List.of(), steps, Optional.of(outcome));
    }

    private record Plain(SieveSettings settings, ZonedDateTime now) implements Host {
        @Override
        public Optional<String> environment(String item) {
            return switch (item) {
                case "domain" -> Optional.of(settings.domain());
                case "host" -> Optional.of(settings.hostname());
                case "location" -> Optional.of("MDA");
                case "phase" -> Optional.of("during");
                case "name" -> Optional.of("Tamanoir");
                default -> Optional.empty();
            };
        }

        @Override
        public boolean hasMailbox(String name) {
            return true;
        }

        @Override
        public boolean isMailboxName(String name) {
            return true;
        }

        @Override
        public Optional<String> mailboxOf(String id) {
            return Optional.empty();
        }

        @Override
        public boolean hasSpecialUse(String mailbox, String use) {
            return false;
        }

        @Override
        public Optional<String> metadata(String mailbox, String annotation) {
            return Optional.empty();
        }

        @Override
        public boolean isListed(String list, String value) {
            return false;
        }

        @Override
        public boolean hasList(String list) {
            return false;
        }

        @Override
        public boolean duplicate(String id, Duration within, boolean last) {
            return false;
        }

        @Override
        public Optional<Double> score(String kind) {
            return Optional.empty();
        }

        @Override
        public boolean isNotifyMethod(String uri) {
            return uri.startsWith("mailto:");
        }
    }
}
