package tamanoir.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;

/// Random mailboxes and random queries, answered by the room and by an oracle that looks at every message; and every
/// difference between two states, applied to the old answer, gives the new one.
class QueryModelTest {
    private static final List<String> BOXES = List.of("INBOX", "Work", "Work/Old", "Archive");
    private static final List<String> WORDS =
            List.of("invoice", "holiday", "budget", "zebra", "meeting", "garden", "coffee");
    private static final List<String> PEOPLE = List.of("ann", "bert", "carla", "dora");
    private static final List<String> KEYWORDS = List.of("$seen", "$flagged", "red", "green", "never");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Post post = new Post();
    private final Search search = new Search(post.mailboxes, post.search());

    /// What the oracle knows of messages, by id.
    private final Map<Long, Sent> sent = new HashMap<>();

    private final List<String> ids = new ArrayList<>();

    private record Sent(
            String from, String to, String subject, String body, Instant received, Optional<Instant> date) {}

    /// A message as it is now.
    private record Email(long id, Sent sent, Set<MailboxId> in, Set<String> keywords, long thread, long octets) {}

    @Test
    void everyQueryIsAnsweredAsTheOracleDoes() {
        try (post;
                search) {
            for (int round = 0; round < 40; round++) {
                change();
                for (int i = 0; i < 25; i++) {
                    Query query = query();
                    List<Long> expected = oracle(query);
                    Found found = search.find(post.alice.id(), query);
                    assertThat(found.messages())
                            .as("seed %d round %d %s", seed, round, query)
                            .containsExactly(
                                    expected.stream().mapToLong(Long::longValue).toArray());
                    assertThat(found.complete()).isTrue();
                }
            }
        }
    }

    @Test
    void everyDifferenceLeadsFromTheOldAnswerToTheNewOne() {
        try (post;
                search) {
            change();
            Map<Query, List<Found>> known = new LinkedHashMap<>();
            for (int i = 0; i < 30; i++) {
                Query query = query();
                known.put(query, new ArrayList<>(List.of(search.find(post.alice.id(), query))));
            }
            int told = 0;
            Search forgetful = new Search(post.mailboxes, post.search());
            for (int round = 0; round < 30; round++) {
                change();
                // A search that remembers and one that has only the log.
                Search other = random.nextBoolean() ? search : forgetful;
                for (Map.Entry<Query, List<Found>> entry : known.entrySet()) {
                    Query query = entry.getKey();
                    Found before =
                            entry.getValue().get(random.nextInt(entry.getValue().size()));
                    Optional<Difference> difference = other.differenceSince(post.alice.id(), query, before.version());
                    if (difference.isEmpty()) {
                        continue;
                    }
                    told++;
                    Found now = difference.get().now();
                    assertThat(apply(before, difference.get()))
                            .as("seed %d round %d %s", seed, round, query)
                            .isEqualTo(oracle(query));
                    if (query.isImmutable()) {
                        assertThat(now.version()).isGreaterThanOrEqualTo(before.version());
                    }
                    entry.getValue().add(now);
                }
                if (other == forgetful) {
                    forgetful.close();
                    forgetful = new Search(post.mailboxes, post.search());
                }
            }
            forgetful.close();
            assertThat(told).as("seed %d: most differences are known", seed).isGreaterThan(100);
        }
    }

    /// As RFC 8620 §5.6 tells a client to do it.
    private static List<Long> apply(Found before, Difference difference) {
        List<Long> list = new ArrayList<>();
        Set<Long> removed = new HashSet<>();
        for (long message : difference.removed()) {
            removed.add(message);
        }
        for (long message : before.messages()) {
            if (!removed.contains(message)) {
                list.add(message);
            }
        }
        for (int place : difference.added()) {
            list.add(place, difference.now().messages()[place]);
        }
        return list;
    }

    // ---- what happens ------------------------------------------------------------------------------------------

    private void change() {
        int steps = 1 + random.nextInt(12);
        for (int i = 0; i < steps; i++) {
            MailboxId box = post.mailbox(pick(BOXES));
            View view = post.mail().view(box);
            Uids some = some(view);
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> deliver(box);
                case 4, 5 -> {
                    var _ = post.mail()
                            .store(box, some, pick(List.of(FlagOperation.values())), flags(), Long.MAX_VALUE);
                }
                case 6 -> {
                    var _ = post.mail().copy(box, some, post.mailbox(pick(BOXES)));
                }
                case 7 -> {
                    MailboxId to = post.mailbox(pick(BOXES));
                    if (!to.equals(box)) {
                        var _ = post.mail().move(box, some, to);
                    }
                }
                case 8 -> {
                    var _ = post.mail().remove(box, some);
                    if (random.nextBoolean()) {
                        post.mailboxes.tidy(post.alice.id());
                    }
                }
                default -> {
                    if (random.nextInt(40) == 0 && post.mail().find("Archive").isPresent()) {
                        post.mail().delete("Archive");
                    }
                }
            }
        }
    }

    private Uids some(View view) {
        Uids.Builder uids = new Uids.Builder();
        for (int i = 0; i < view.size(); i++) {
            if (random.nextInt(Math.max(1, view.size())) < 2) {
                uids.add(view.uid(i));
            }
        }
        return uids.build();
    }

    private Flags flags() {
        List<String> names = new ArrayList<>();
        for (String name : List.of("\\Seen", "\\Flagged", "\\Deleted", "red", "Green")) {
            if (random.nextInt(3) == 0) {
                names.add(name);
            }
        }
        return Flags.of(names);
    }

    private void deliver(MailboxId box) {
        String subject = pick(WORDS) + " " + pick(WORDS);
        String reply = ids.isEmpty() || random.nextInt(3) > 0 ? "" : pick(ids);
        String id = "<" + ids.size() + "." + seed + "@example.com>";
        String from = pick(PEOPLE);
        String to = pick(PEOPLE);
        Instant received = START.plusSeconds(random.nextInt(5_000) * (random.nextBoolean() ? 1L : 86_400L));
        Optional<Instant> date =
                random.nextBoolean() ? Optional.of(received.minusSeconds(random.nextInt(10_000))) : Optional.empty();
        String body = pick(WORDS) + " " + "x".repeat(random.nextInt(300));
        StringBuilder message = new StringBuilder()
                .append("From: ")
                .append(from.toUpperCase(Locale.ROOT))
                .append(" <")
                .append(from)
                .append("@example.org>\n")
                .append("To: ")
                .append(to)
                .append("@example.net\n")
                .append("Subject: ")
                .append(reply.isEmpty() ? subject : "Re: " + subjectOf(reply))
                .append('\n')
                .append("Message-ID: ")
                .append(id)
                .append('\n');
        date.ifPresent(when -> message.append("Date: ")
                .append(java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        when.atOffset(java.time.ZoneOffset.UTC)))
                .append('\n'));
        if (!reply.isEmpty()) {
            message.append("In-Reply-To: ").append(reply).append('\n');
        }
        message.append('\n').append(body).append('\n');
        long number = post.deliver(box, message.toString(), received, random.nextBoolean() ? "\\Seen" : "red")
                .message()
                .number();
        String shown = reply.isEmpty() ? subject : subjectOf(reply);
        subjects.put(id, shown);
        ids.add(id);
        sent.put(number, new Sent(from, to, shown, body, received, date));
    }

    private final Map<String, String> subjects = new HashMap<>();

    private String subjectOf(String id) {
        return java.util.Objects.requireNonNull(subjects.get(id));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    // ---- what is asked -----------------------------------------------------------------------------------------

    private Query query() {
        List<Order> sort = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            sort.add(new Order(by(), random.nextBoolean()));
        }
        return new Query(condition(random.nextInt(4)), sort, random.nextInt(3) == 0);
    }

    private Order.By by() {
        return switch (random.nextInt(9)) {
            case 0, 1 -> new Order.ReceivedAt();
            case 2 -> new Order.Size();
            case 3 -> new Order.From();
            case 4 -> new Order.To();
            case 5 -> new Order.Subject();
            case 6 -> new Order.SentAt();
            case 7 -> new Order.HasKeyword(pick(KEYWORDS));
            default ->
                random.nextBoolean()
                        ? new Order.AllInThreadHaveKeyword(pick(KEYWORDS))
                        : new Order.SomeInThreadHaveKeyword(pick(KEYWORDS));
        };
    }

    private Condition condition(int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            List<Condition> inner = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                inner.add(condition(depth - 1));
            }
            return switch (random.nextInt(3)) {
                case 0 -> new Condition.And(inner);
                case 1 -> new Condition.Or(inner);
                default -> new Condition.Not(inner);
            };
        }
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> new Condition.InMailbox(anyBox());
            case 3 -> new Condition.InMailboxOtherThan(Set.of(anyBox()));
            case 4 -> new Condition.Before(START.plusSeconds(random.nextInt(5_000)));
            case 5 -> new Condition.After(START.plusSeconds(random.nextInt(5_000)));
            case 6 -> new Condition.MinSize(random.nextInt(600));
            case 7 -> new Condition.MaxSize(random.nextInt(600));
            case 8 -> new Condition.HasKeyword(pick(KEYWORDS));
            case 9 -> new Condition.AllInThreadHaveKeyword(pick(KEYWORDS));
            case 10 -> new Condition.SomeInThreadHaveKeyword(pick(KEYWORDS));
            case 11 -> new Condition.NoneInThreadHaveKeyword(pick(KEYWORDS));
            case 12 -> new Condition.Text(Condition.Field.SUBJECT, pick(WORDS));
            default ->
                random.nextBoolean()
                        ? new Condition.Text(Condition.Field.FROM, pick(PEOPLE))
                        : new Condition.Header("To", pick(PEOPLE));
        };
    }

    private MailboxId anyBox() {
        return random.nextInt(10) == 0 ? new MailboxId(999) : post.mailbox(pick(BOXES));
    }

    // ---- the oracle --------------------------------------------------------------------------------------------

    private List<Long> oracle(Query query) {
        List<Email> all = emails();
        Map<Long, List<Email>> threads = new HashMap<>();
        all.forEach(email ->
                threads.computeIfAbsent(email.thread(), _ -> new ArrayList<>()).add(email));
        List<Email> found = new ArrayList<>(
                all.stream().filter(email -> is(email, query.filter(), threads)).toList());
        Comparator<Email> comparator = (_, _) -> 0;
        for (Order order : query.sort()) {
            Comparator<Email> next = comparator(order.by(), threads);
            comparator = comparator.thenComparing(order.ascending() ? next : next.reversed());
        }
        Comparator<Email> byId = Comparator.comparingLong(Email::id);
        found.sort(comparator.thenComparing(query.sort().getFirst().ascending() ? byId : byId.reversed()));
        List<Long> messages = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Email email : found) {
            if (!query.collapseThreads() || seen.add(email.thread())) {
                messages.add(email.id());
            }
        }
        return messages;
    }

    private List<Email> emails() {
        Map<Long, Email> emails = new LinkedHashMap<>();
        for (MailboxInfo info : post.mail().list()) {
            View view = post.mail().view(info.id());
            for (int i = 0; i < view.size(); i++) {
                if (view.flags(i).has(Flags.DELETED)) {
                    continue;
                }
                MessageId id = view.message(i);
                Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
                keywords.addAll(view.flags(i).keywords());
                boolean seen = view.flags(i).has(Flags.SEEN);
                if (seen && !emails.containsKey(id.number())) {
                    keywords.add("$seen");
                }
                if (view.flags(i).has(Flags.FLAGGED)) {
                    keywords.add("$flagged");
                }
                long octets = view.octets(i);
                Email email = emails.computeIfAbsent(
                        id.number(),
                        number -> new Email(
                                number,
                                java.util.Objects.requireNonNull(sent.get(number)),
                                new HashSet<>(),
                                new TreeSet<>(String.CASE_INSENSITIVE_ORDER),
                                post.mail().threadOf(id).number(),
                                octets));
                email.in().add(info.id());
                email.keywords().addAll(keywords);
                if (!seen) {
                    email.keywords().remove("$seen");
                }
            }
        }
        List<Email> all = new ArrayList<>(emails.values());
        Collections.shuffle(all, random);
        return all;
    }

    private static boolean is(Email email, Condition condition, Map<Long, List<Email>> threads) {
        List<Email> thread = java.util.Objects.requireNonNull(threads.get(email.thread()));
        return switch (condition) {
            case Condition.And and -> and.all().stream().allMatch(inner -> is(email, inner, threads));
            case Condition.Or or -> or.any().stream().anyMatch(inner -> is(email, inner, threads));
            case Condition.Not not -> not.none().stream().noneMatch(inner -> is(email, inner, threads));
            case Condition.InMailbox in -> email.in().contains(in.mailbox());
            case Condition.InMailboxOtherThan other ->
                email.in().stream().anyMatch(box -> !other.mailboxes().contains(box));
            case Condition.Before before -> email.sent().received().isBefore(before.instant());
            case Condition.After after -> !email.sent().received().isBefore(after.instant());
            case Condition.MinSize min -> email.octets() >= min.octets();
            case Condition.MaxSize max -> email.octets() < max.octets();
            case Condition.HasKeyword has -> email.keywords().contains(has.keyword());
            case Condition.AllInThreadHaveKeyword all ->
                thread.stream().allMatch(other -> other.keywords().contains(all.keyword()));
            case Condition.SomeInThreadHaveKeyword some ->
                thread.stream().anyMatch(other -> other.keywords().contains(some.keyword()));
            case Condition.NoneInThreadHaveKeyword none ->
                thread.stream().noneMatch(other -> other.keywords().contains(none.keyword()));
            case Condition.HasAttachment has -> !has.yes();
            case Condition.Text text ->
                text.field() == Condition.Field.SUBJECT
                        ? email.sent().subject().contains(text.words())
                        : email.sent().from().equals(text.words());
            case Condition.Header header -> email.sent().to().equals(header.text());
        };
    }

    private static Comparator<Email> comparator(Order.By by, Map<Long, List<Email>> threads) {
        return switch (by) {
            case Order.ReceivedAt _ ->
                Comparator.comparing(email -> email.sent().received());
            case Order.Size _ -> Comparator.comparingLong(Email::octets);
            case Order.From _ -> Comparator.comparing(email -> email.sent().from());
            case Order.To _ -> Comparator.comparing(email -> email.sent().to());
            case Order.Subject _ -> Comparator.comparing(email -> email.sent().subject());
            case Order.SentAt _ ->
                Comparator.comparing(
                        email -> email.sent().date().orElse(email.sent().received()));
            case Order.HasKeyword has ->
                Comparator.comparing(email -> email.keywords().contains(has.name()));
            case Order.AllInThreadHaveKeyword all ->
                Comparator.comparing(email -> java.util.Objects.requireNonNull(threads.get(email.thread())).stream()
                        .allMatch(other -> other.keywords().contains(all.name())));
            case Order.SomeInThreadHaveKeyword some ->
                Comparator.comparing(email -> java.util.Objects.requireNonNull(threads.get(email.thread())).stream()
                        .anyMatch(other -> other.keywords().contains(some.name())));
            case Order.Relevance _ -> throw new IllegalArgumentException("not asked here");
        };
    }
}
