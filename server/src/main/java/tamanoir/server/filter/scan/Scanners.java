package tamanoir.server.filter.scan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.FilterParameters;
import tamanoir.server.filter.draft.Draft;
import tamanoir.server.filter.draft.Endpoint;
import tamanoir.server.filter.draft.SpamVerdict;
import tamanoir.server.observe.Together;

/// All scanners of main.cf. They look at a message side by side, each within its own time; the strictest opinion
/// counts: a refusal for good, one for now, throwing away, holding, passing. Immutable; used by many threads.
public final class Scanners {
    private final List<Scanner> scanners;

    Scanners(List<Scanner> scanners) {
        this.scanners = List.copyOf(scanners);
    }

    /// @throws BadSyntax when an endpoint or URL cannot be
    public static Scanners of(Config config) {
        List<Scanner> scanners = new ArrayList<>();
        Path home = config.home();
        if (!config.get(FilterParameters.RSPAMD_URL).isEmpty()) {
            scanners.add(new Rspamd(
                    config.get(FilterParameters.RSPAMD_URL),
                    config.get(FilterParameters.RSPAMD_TIMEOUT),
                    new Rule(
                            config.get(FilterParameters.RSPAMD_SIZE_LIMIT),
                            config.get(FilterParameters.RSPAMD_CHECK_AUTHENTICATED),
                            config.get(FilterParameters.RSPAMD_DEFAULT_ACTION))));
        }
        if (!config.get(FilterParameters.SPAMD_ENDPOINT).isEmpty()) {
            scanners.add(new Spamd(
                    Endpoint.of(config.get(FilterParameters.SPAMD_ENDPOINT), home),
                    config.get(FilterParameters.SPAMD_TIMEOUT),
                    config.get(FilterParameters.SPAMD_USER),
                    score(config.get(FilterParameters.SPAMD_REJECT_SCORE)),
                    new Rule(
                            config.get(FilterParameters.SPAMD_SIZE_LIMIT),
                            config.get(FilterParameters.SPAMD_CHECK_AUTHENTICATED),
                            config.get(FilterParameters.SPAMD_DEFAULT_ACTION))));
        }
        if (!config.get(FilterParameters.CLAMD_ENDPOINT).isEmpty()) {
            scanners.add(new Clamd(
                    Endpoint.of(config.get(FilterParameters.CLAMD_ENDPOINT), home),
                    config.get(FilterParameters.CLAMD_TIMEOUT),
                    config.get(FilterParameters.CLAMD_VIRUS_ACTION),
                    new Rule(
                            config.get(FilterParameters.CLAMD_SIZE_LIMIT),
                            config.get(FilterParameters.CLAMD_CHECK_AUTHENTICATED),
                            config.get(FilterParameters.CLAMD_DEFAULT_ACTION))));
        }
        return new Scanners(scanners);
    }

    private static double score(String text) {
        try {
            return text.isEmpty() ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new BadSyntax("spamd_reject_score: \"" + text + "\" is no number");
        }
    }

    /// Which messages a scanner gets, and what becomes of them when it does not answer. `longest` 0 is no limit.
    record Rule(long longest, boolean authenticated, FilterParameters.WithoutAnswer without) {
        boolean wants(Letter letter) {
            return (authenticated || !letter.authenticated())
                    && (longest == 0 || letter.draft().size() <= longest);
        }

        boolean defers() {
            return without == FilterParameters.WithoutAnswer.DEFER;
        }
    }

    public boolean isEmpty() {
        return scanners.isEmpty();
    }

    /// What all of them say. What they add and take away is done to the draft of the letter.
    public Opinion scan(Letter letter) {
        List<Scanner> asked =
                scanners.stream().filter(scanner -> scanner.wants(letter)).toList();
        if (asked.isEmpty()) {
            return Opinion.NOTHING;
        }
        List<Opinion> opinions = asked.size() == 1
                ? List.of(ask(asked.getFirst(), letter))
                : Together.all(
                        "scanner",
                        asked.stream()
                                .map(scanner -> (java.util.function.Supplier<Opinion>) () -> ask(scanner, letter))
                                .toList());
        opinions.forEach(opinion -> apply(opinion, letter.draft()));
        return opinions.stream().reduce(Opinion.NOTHING, Scanners::stricter);
    }

    /// A scanner that errs is no reason to bounce: the message waits, or passes, as the parameter says.
    private static Opinion ask(Scanner scanner, Letter letter) {
        try {
            Opinion opinion = scanner.scan(letter);
            tell(scanner, opinion, letter);
            return opinion;
        } catch (IOException | BadSyntax | tamanoir.server.observe.Unavailable e) {
            boolean defers = scanner.defersWithoutAnswer();
            letter.trace()
                    .warn(
                            scanner.name() + " cannot be asked",
                            "id",
                            letter.id(),
                            "reason",
                            e,
                            "action",
                            defers ? "defer" : "accept");
            return defers
                    ? new Opinion.Refuse(
                            Reply.of(451, "4.7.1", "Error: this message cannot be checked now, try again later"),
                            scanner.name() + " cannot be asked")
                    : Opinion.NOTHING;
        }
    }

    private static void tell(Scanner scanner, Opinion opinion, Letter letter) {
        String what = switch (opinion) {
            case Opinion.Pass pass ->
                pass.verdict()
                        .map(v -> (v.junk() ? "junk" : "no junk") + " " + v.score() + "/" + v.threshold() + " "
                                + v.reasons())
                        .orElse("clean");
            case Opinion.Refuse refuse -> "refuse: " + refuse.reply() + " (" + refuse.reason() + ")";
            case Opinion.Hold hold -> "hold: " + hold.reason();
            case Opinion.Discard discard -> "discard: " + discard.reason();
        };
        letter.trace().info(scanner.name(), "id", letter.id(), "says", what);
    }

    private static void apply(Opinion opinion, Draft draft) {
        if (!(opinion instanceof Opinion.Pass pass)) {
            return;
        }
        pass.remove().forEach(draft::removeAll);
        for (Opinion.Field field : pass.add()) {
            if (field.place() < 0) {
                draft.add(field.name(), " " + field.value());
            } else {
                draft.insert(field.place() + 1, field.name(), " " + field.value());
            }
        }
        pass.subject().ifPresent(subject -> draft.change(1, "Subject", " " + subject));
    }

    private static Opinion stricter(Opinion a, Opinion b) {
        if (rank(a) == 0 && rank(b) == 0) {
            Optional<SpamVerdict> first = ((Opinion.Pass) a).verdict();
            Optional<SpamVerdict> second = ((Opinion.Pass) b).verdict();
            return first.isEmpty() || second.map(SpamVerdict::junk).orElse(false) ? b : a;
        }
        return rank(b) > rank(a) ? b : a;
    }

    private static int rank(Opinion opinion) {
        return switch (opinion) {
            case Opinion.Pass _ -> 0;
            case Opinion.Hold _ -> 1;
            case Opinion.Discard _ -> 2;
            case Opinion.Refuse refuse -> refuse.reply().isTransient() ? 3 : 4;
        };
    }
}
