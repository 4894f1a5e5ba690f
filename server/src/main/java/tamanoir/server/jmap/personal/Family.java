package tamanoir.server.jmap.personal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.Capability;
import tamanoir.server.jmap.Method;
import tamanoir.server.store.Notices;

/// A capability made of types of objects. Immutable.
///
/// @param accounts its object in `accountCapabilities`
/// @param shelves the types whose states it tells
/// @param watches whether it tells of changes; one capability does so for all, as they share one log
record Family(
        String uri,
        Json.Obj ofServer,
        Function<Account, Json.Obj> accounts,
        Map<String, Method> methods,
        List<Shelf> shelves,
        boolean watches)
        implements Capability {
    Family {
        methods = Map.copyOf(methods);
        shelves = List.copyOf(shelves);
    }

    @Override
    public Json.Obj ofAccount(Account account) {
        return accounts.apply(account);
    }

    @Override
    public Map<String, String> states(Account account) {
        Map<String, String> states = new LinkedHashMap<>();
        for (Shelf shelf : shelves) {
            states.put(
                    shelf.type().name(),
                    Long.toString(shelf.open(account).state(shelf.type().kind())));
        }
        return states;
    }

    @Override
    public Optional<Watch> watch(Account account, Runnable onChange) {
        if (!watches || shelves.isEmpty()) {
            return Optional.empty();
        }
        Notices.Subscription subscription = shelves.getFirst().open(account).watch(onChange);
        return Optional.of(subscription::close);
    }
}
