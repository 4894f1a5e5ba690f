package tamanoir.server.sieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.personal.Changes;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.sieve.ScriptRefused.Reason;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

class ScriptsTest {
    @TempDir
    Path home;

    private final MemoryStore store = new MemoryStore();
    private final Directory directory = new Directory(
            store, new TurnableClock(), DirectorySettings.defaults(), () -> List.of(Domain.of("example.com")));
    private final Account ann = directory.addAccount(Address.of("ann@example.com"), "", "", 0);
    private final Account ben = directory.addAccount(Address.of("ben@example.com"), "", "", 0);
    private final Personal personal = new Personal(store, directory, PersonalSettings.defaults());

    private Scripts scripts(Map<String, String> mainCf) {
        Dialect dialect = new Dialect(SieveSettings.from(Config.of(home, mainCf)));
        return new Scripts(personal, () -> dialect);
    }

    @AfterEach
    void everythingAgrees() {
        assertThat(personal.verify(ann.id())).isEmpty();
        directory.close();
        store.close();
    }

    private static void refused(Reason reason, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        ScriptRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aScriptKeepsItsIdWhileNameAndTextChange() {
        Scripts scripts = scripts(Map.of());
        StoredScript first = scripts.put(ann.id(), "rules", "keep;");
        assertThat(first.active()).isFalse();
        assertThat(scripts.put(ann.id(), "rules", "stop;").id()).isEqualTo(first.id());
        assertThat(scripts.rename(ann.id(), "rules", "Regeln ä").id()).isEqualTo(first.id());
        assertThat(scripts.byId(ann.id(), first.id()))
                .hasValueSatisfying(one -> assertThat(one.name()).isEqualTo("Regeln ä"))
                .hasValueSatisfying(one -> assertThat(one.text()).isEqualTo("stop;"));
        assertThat(scripts.named(ann.id(), "rules")).isEmpty();
        assertThat(scripts.list(ben.id())).isEmpty();
    }

    @Test
    void oneScriptIsActiveAtMostAndIsNotDeleted() {
        Scripts scripts = scripts(Map.of());
        scripts.put(ann.id(), "a", "keep;");
        scripts.put(ann.id(), "b", "discard;");
        scripts.activate(ann.id(), "a");
        scripts.activate(ann.id(), "b");
        assertThat(scripts.list(ann.id()).stream().filter(StoredScript::active).map(StoredScript::name))
                .containsExactly("b");
        refused(Reason.ACTIVE, () -> scripts.delete(ann.id(), "b"));
        scripts.put(ann.id(), "b", "stop;");
        assertThat(scripts.active(ann.id()).map(StoredScript::text)).contains("stop;");
        scripts.activate(ann.id(), "");
        scripts.delete(ann.id(), "b");
        assertThat(scripts.active(ann.id())).isEmpty();
        refused(Reason.NONEXISTENT, () -> scripts.activate(ann.id(), "b"));
        refused(Reason.NONEXISTENT, () -> scripts.delete(ann.id(), "b"));
    }

    @Test
    void everyChangeIsInTheChangeLog() {
        Scripts scripts = scripts(Map.of());
        long since = scripts.state(ann.id());
        StoredScript a = scripts.create(ann.id(), "a", "keep;");
        StoredScript b = scripts.create(ann.id(), "b", "keep;");
        long between = scripts.state(ann.id());
        scripts.activate(ann.id(), "a");
        scripts.delete(ann.id(), "b");
        Changes all = scripts.changesSince(ann.id(), since, 10).orElseThrow();
        assertThat(all.created()).containsExactly(a.id());
        Changes late = scripts.changesSince(ann.id(), between, 10).orElseThrow();
        assertThat(late.updated()).containsExactly(a.id());
        assertThat(late.destroyed()).containsExactly(b.id());
    }

    @Test
    void aTextIsRefusedWithAllThatIsWrongWithIt() {
        Scripts scripts = scripts(Map.of());
        String text = "require \"fileintoo\";\r\nkeeep;\r\nif header :is \"Subject\" \"x\" { discrad; }\r\n";
        assertThatThrownBy(() -> scripts.put(ann.id(), "rules", text))
                .isInstanceOfSatisfying(ScriptRefused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
                    assertThat(refused.problems()).hasSize(3);
                    assertThat(refused.getMessage())
                            .contains("line 1, column 9")
                            .contains("line 2, column 1: unknown command 'keeep'; did you mean 'keep'?")
                            .contains("line 3");
                });
        assertThat(scripts.list(ann.id())).isEmpty();
        assertThat(scripts.check(ann.id(), "require \"include\"; include \"later\";"))
                .satisfies(verdict -> assertThat(verdict.isGood()).isTrue())
                .satisfies(verdict -> assertThat(verdict.warnings()).hasSize(1));
    }

    @Test
    void sizesAndNumbersHaveLimits() {
        Scripts scripts = scripts(Map.of("sieve_max_script_size", "40", "sieve_quota_max_scripts", "2"));
        refused(Reason.TOO_LARGE, () -> scripts.put(ann.id(), "a", "keep; # " + "ä".repeat(20)));
        refused(Reason.TOO_LARGE, () -> scripts.haveSpace(ann.id(), "a", 41));
        scripts.put(ann.id(), "a", "keep; # ääääääääääääääää");
        scripts.put(ann.id(), "b", "keep;");
        refused(Reason.TOO_MANY, () -> scripts.put(ann.id(), "c", "keep;"));
        refused(Reason.TOO_MANY, () -> scripts.haveSpace(ann.id(), "c", 5));
        scripts.haveSpace(ann.id(), "b", 5);
        scripts.put(ann.id(), "b", "stop;");
        refused(Reason.ALREADY_EXISTS, () -> scripts.rename(ann.id(), "a", "b"));
        refused(Reason.NAME, () -> scripts.put(ann.id(), "", "keep;"));
        refused(Reason.NAME, () -> scripts.put(ann.id(), "a\nb", "keep;"));
        refused(Reason.NAME, () -> scripts.put(ann.id(), "n".repeat(513), "keep;"));
    }

    @Test
    void mainCfSaysWhatScriptsMayUse() throws Exception {
        Files.writeString(Files.createDirectory(home.resolve("shared")).resolve("all.sieve"), "keep;");
        Scripts scripts = scripts(Map.of(
                "sieve_extensions", "-redirect-dsn -body",
                "sieve_global_extensions", "vnd.dovecot.report body",
                "sieve_global", "shared"));
        assertThat(scripts.dialect().capabilities())
                .contains("fileinto", "vacation")
                .doesNotContain("body", "vnd.dovecot.report");
        refused(Reason.INVALID, () -> scripts.put(ann.id(), "a", "require \"body\"; keep;"));
        assertThat(scripts.library(ann.id()).script("all", true)).contains("keep;");
        assertThat(scripts.library(ann.id()).script("../main.cf", true)).isEmpty();
        assertThat(scripts.library(ann.id()).script("all", false)).isEmpty();
        assertThat(scripts(Map.of("sieve_extensions", "fileinto")).dialect().capabilities())
                .containsExactly("fileinto");
        assertThat(Optional.of(scripts.check(ann.id(), "keep;").isGood())).contains(true);
    }
}
