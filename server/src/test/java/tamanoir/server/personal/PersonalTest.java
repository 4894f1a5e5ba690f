package tamanoir.server.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.personal.PersonalRefused.Reason;
import tamanoir.server.store.Batch;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

class PersonalTest {
    private static final PersonalSettings SMALL = new PersonalSettings(100, 50, Duration.ofDays(30));

    private final MemoryStore store = new MemoryStore();
    private final Directory directory = new Directory(
            store, new TurnableClock(), DirectorySettings.defaults(), () -> List.of(Domain.of("example.com")));
    private final Account alice = directory.addAccount(Address.of("alice@example.com"), "", "", 0);
    private final Personal personal = new Personal(store, directory, SMALL);
    private final PersonalAccount account = personal.open(alice.id());

    @AfterEach
    void everythingAgrees() {
        assertThat(personal.verify(alice.id())).isEmpty();
        directory.close();
        store.close();
    }

    private static Json.Obj named(String name) {
        return Json.object().put("name", name).build();
    }

    private java.util.Optional<Changes> changesSince(Kind kind, long since) {
        return account.read(reading -> reading.changesSince(kind, since, 10));
    }

    private String create(String name) {
        return account.change(edit -> edit.create(Kind.TEMPLATE, named(name)));
    }

    @Test
    void whatIsCreatedIsFoundAndHasAState() {
        assertThat(account.state(Kind.TEMPLATE)).isZero();
        String first = create("first");
        String second = create("second");
        assertThat(first).isNotEqualTo(second);
        assertThat(account.find(Kind.TEMPLATE, first).orElseThrow().value()).isEqualTo(named("first"));
        assertThat(account.all(Kind.TEMPLATE)).hasSize(2);
        assertThat(account.all(Kind.SAVED_SEARCH)).isEmpty();
        assertThat(account.state(Kind.TEMPLATE)).isEqualTo(2);
        assertThat(account.state(Kind.SAVED_SEARCH)).isZero();
    }

    @Test
    void anIdIsNeverUsedAgain() {
        String first = create("first");
        account.change(edit -> {
            edit.destroy(Kind.TEMPLATE, first);
            return edit;
        });
        assertThat(create("second")).isNotEqualTo(first);
    }

    @Test
    void aLargeObjectIsKeptInPiecesThatGoWithIt() {
        account.change(edit -> {
            edit.create(Kind.CONTACT_CARD, "card", named(""));
            return edit;
        });
        for (int size : List.of(100, 4_000, 5_000, 61_440, 200_000, 300_000, 3_000, 250_000)) {
            String text = "ä".repeat(size / 2);
            account.change(edit -> {
                edit.update(Kind.CONTACT_CARD, "card", named(text));
                return edit;
            });
            assertThat(account.find(Kind.CONTACT_CARD, "card").orElseThrow().value())
                    .isEqualTo(named(text));
            assertThat(personal.verify(alice.id())).isEmpty();
        }
        account.change(edit -> {
            edit.destroy(Kind.CONTACT_CARD, "card");
            return edit;
        });
    }

    @Test
    void tooLargeAndTooManyAreRefused() {
        assertThatThrownBy(() -> account.change(edit -> edit.create(Kind.SAVED_SEARCH, named("x".repeat(20_000)))))
                .isInstanceOf(PersonalRefused.class)
                .extracting(e -> ((PersonalRefused) e).reason())
                .isEqualTo(Reason.TOO_LARGE);
        for (int i = 0; i < 100; i++) {
            create("n" + i);
        }
        assertThatThrownBy(() -> create("one too many"))
                .extracting(e -> ((PersonalRefused) e).reason())
                .isEqualTo(Reason.TOO_MANY);
        account.change(edit -> edit.create(Kind.SAVED_SEARCH, named("another kind")));
    }

    @Test
    void anEditSeesItsOwnChanges() {
        String old = create("old");
        account.change(edit -> {
            String made = edit.create(Kind.TEMPLATE, named("new"));
            edit.update(Kind.TEMPLATE, old, named("changed"));
            assertThat(edit.find(Kind.TEMPLATE, made)).isPresent();
            assertThat(edit.all(Kind.TEMPLATE)).hasSize(2);
            assertThat(edit.count(Kind.TEMPLATE)).isEqualTo(2);
            edit.destroy(Kind.TEMPLATE, made);
            assertThat(edit.all(Kind.TEMPLATE)).extracting(Stored::value).containsExactly(named("changed"));
            return made;
        });
        assertThat(account.all(Kind.TEMPLATE)).hasSize(1);
    }

    /// Changes replayed from any earlier state lead to the present, in steps of any size.
    @Test
    void changesFromAnyStateLeadToThePresent() {
        long seed = 20261125;
        Random random = new Random(seed);
        Map<Long, Map<String, Json.Obj>> history = new HashMap<>();
        history.put(0L, Map.of());
        for (int i = 0; i < 60; i++) {
            account.change(edit -> {
                for (int n = random.nextInt(3); n >= 0; n--) {
                    List<Stored> all = edit.all(Kind.TEMPLATE);
                    int what = random.nextInt(3);
                    if (what == 0 || all.isEmpty()) {
                        edit.create(Kind.TEMPLATE, named("n" + random.nextInt(1000)));
                    } else if (what == 1) {
                        edit.update(
                                Kind.TEMPLATE,
                                all.get(random.nextInt(all.size())).id(),
                                named("u" + random.nextInt(1000)));
                    } else {
                        edit.destroy(
                                Kind.TEMPLATE,
                                all.get(random.nextInt(all.size())).id());
                    }
                }
                return edit;
            });
            history.put(account.state(Kind.TEMPLATE), present());
        }
        for (Map.Entry<Long, Map<String, Json.Obj>> then : history.entrySet()) {
            long state = then.getKey();
            Map<String, Json.Obj> replayed = new TreeMap<>(then.getValue());
            boolean reachable = true;
            for (boolean more = true; more && reachable; ) {
                long since = state;
                int most = 5 + random.nextInt(6);
                var changes = account.read(reading -> reading.changesSince(Kind.TEMPLATE, since, most));
                reachable = changes.isPresent();
                if (reachable) {
                    Changes step = changes.get();
                    step.destroyed().forEach(replayed::remove);
                    List<String> written = new ArrayList<>(step.created());
                    written.addAll(step.updated());
                    for (String id : written) {
                        account.find(Kind.TEMPLATE, id)
                                .ifPresentOrElse(now -> replayed.put(id, now.value()), () -> replayed.remove(id));
                    }
                    state = step.upTo();
                    more = step.more();
                }
            }
            assertThat(reachable).as("seed " + seed + " from " + then.getKey()).isTrue();
            assertThat(replayed).as("seed " + seed + " from " + then.getKey()).isEqualTo(present());
            assertThat(state).isEqualTo(account.state(Kind.TEMPLATE));
        }
    }

    private Map<String, Json.Obj> present() {
        Map<String, Json.Obj> present = new TreeMap<>();
        account.all(Kind.TEMPLATE).forEach(stored -> present.put(stored.id(), stored.value()));
        return present;
    }

    @Test
    void theLogReachesBackAsFarAsItSays() {
        String id = create("first");
        create("other");
        for (int i = 0; i < 300; i++) {
            Json.Obj value = named("n" + i);
            account.change(edit -> {
                edit.update(Kind.TEMPLATE, id, value);
                return edit;
            });
        }
        assertThat(changesSince(Kind.TEMPLATE, 1)).isEmpty();
        assertThat(changesSince(Kind.TEMPLATE, 252).orElseThrow().updated()).containsExactly(id);
        assertThat(changesSince(Kind.TEMPLATE, 303)).isEmpty();
        // Nothing has happened to another kind, however long ago one asks.
        assertThat(changesSince(Kind.SETTINGS, 0)).isPresent();
    }

    @Test
    void manyThreadsLoseNoChange() throws InterruptedException {
        String id = account.change(
                edit -> edit.create(Kind.SETTINGS, Json.object().put("n", 0).build()));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 50; i++) {
                    account.change(edit -> {
                        Json n = edit.find(Kind.SETTINGS, id)
                                .orElseThrow()
                                .value()
                                .get("n")
                                .orElseThrow();
                        edit.update(
                                Kind.SETTINGS,
                                id,
                                Json.object()
                                        .put("n", ((Json.Int) n).value() + 1)
                                        .build());
                        return edit;
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(account.find(Kind.SETTINGS, id).orElseThrow().value().get("n"))
                .contains(Json.of(200));
    }

    @Test
    void whoWatchesIsTold() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        try (var _ = account.watch(told::countDown)) {
            create("first");
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPreparedChangeIsCommittedByAnother() {
        PersonalAccount.Prepared<String> prepared = account.prepare(edit -> edit.create(Kind.TEMPLATE, named("first")));
        List<Batch> batches = prepared.batches();
        assertThat(account.find(Kind.TEMPLATE, prepared.answer())).isEmpty();
        store.commit(batches);
        assertThat(account.find(Kind.TEMPLATE, prepared.answer())).isPresent();
    }

    @Test
    void anErasedAccountLeavesNothingAndTakesNothing() {
        for (int i = 0; i < 40; i++) {
            create("x".repeat(10_000));
        }
        directory.removeAccount(alice.id());
        assertThatThrownBy(() -> create("late"))
                .extracting(e -> ((PersonalRefused) e).reason())
                .isEqualTo(Reason.NO_ACCOUNT);
        personal.eraseLeftovers();
        TreeSet<String> left = new TreeSet<>();
        try (var snapshot = store.snapshot()) {
            for (var space : Keys.ALL) {
                snapshot.scan(Keys.partition(alice.id()), space, new byte[0], new byte[0], (key, value) -> {
                    left.add(space + " " + Keys.id(key));
                    return true;
                });
            }
        }
        assertThat(left).isEmpty();
    }
}
