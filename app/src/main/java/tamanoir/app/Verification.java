package tamanoir.app;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AccountId;

/// Checks everything that is stored: each mailbox is recounted, each row and body looked at. It should find nothing.
public final class Verification {
    private Verification() {}

    /// What was found, each finding one sentence; and what was looked at.
    public record Result(List<String> findings, String summary) {
        public Result {
            findings = List.copyOf(findings);
        }
    }

    /// `bodies`: read every large body and compare its hash, too.
    public static Result run(Office office, boolean bodies) {
        List<String> findings = new ArrayList<>();
        Set<AccountId> known = new HashSet<>();
        long messages = 0;
        String after = "";
        List<Account> page;
        do {
            page = office.directory().accounts(Optional.empty(), after, 500);
            for (Account account : page) {
                known.add(account.id());
                office.mailboxes()
                        .verify(account.id())
                        .forEach(finding -> findings.add(account.address() + ": " + finding));
                office.personal()
                        .verify(account.id())
                        .forEach(finding -> findings.add(account.address() + ": " + finding));
                messages += office.mailboxes().open(account.id()).quota().messages();
                after = account.address().toString();
            }
        } while (page.size() == 500);
        office.store().verify(bodies).findings().forEach(finding -> findings.add("store: " + finding));
        long erasing = office.mailboxes().stored().stream()
                .filter(id -> !known.contains(id))
                .count();
        return new Result(
                findings,
                known.size() + " accounts with " + messages + " messages checked, " + findings.size() + " findings"
                        + (erasing > 0 ? "; " + erasing + " removed accounts are still being erased" : ""));
    }
}
