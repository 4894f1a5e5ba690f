package tamanoir.server.sieve;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Compiler;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Outcome;
import tamanoir.mail.sieve.Place;
import tamanoir.mail.sieve.PlainHost;
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
                new Here(dialect.settings(), now),
                dialect.settings().limits(),
                new Letter(message),
                sent,
                (place, what) -> steps.add(new Seen(place, what)));
        Outcome outcome = result.script().get().run(run);
        return new Trial(List.of(), steps, Optional.of(outcome));
    }

    /// Of this server, as far as a script can tell.
    private static final class Here extends PlainHost {
        private final SieveSettings settings;

        Here(SieveSettings settings, ZonedDateTime now) {
            super(now);
            this.settings = settings;
        }

        @Override
        public Optional<String> environment(String item) {
            return settings.environment(item);
        }

        @Override
        public boolean isNotifyMethod(String uri) {
            return uri.startsWith("mailto:");
        }
    }
}
