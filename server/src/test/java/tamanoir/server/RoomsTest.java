package tamanoir.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The rooms of the server and who may use whom. This table is the documentation.
class RoomsTest {
    /// From the doors down; a room uses rooms that stand after it, never one before. Rooms on one line do not know
    /// each other.
    private static final List<List<String>> FLOORS = List.of(
            List.of("smtp", "imap", "pop3", "managesieve", "web"), // doors: conversations with clients
            List.of("jmap", "setup"), // the methods behind the web's door; the first steps of a new server
            List.of("postscreen"), // may this client talk at all
            List.of("policy"), // may this client do that
            List.of("intake"), // the only way into queue and mailboxes
            List.of("filter"), // what do header and body say
            List.of("delivery"), // aliases, local recipients
            List.of("outbound"), // the way to other servers
            List.of("queue"), // what is owed to whom
            List.of("authresults"), // who vouches for a message, and how we vouch for ours
            List.of("sieve"), // whose scripts there are, and what they make of a message
            List.of("search", "personal"), // what is found; what a person has beside the mail
            List.of("mailbox"), // UID, MODSEQ, flags, quota, change log
            List.of("directory"), // domains, accounts, credentials
            List.of("tables"), // lookup tables
            List.of("store"), // ordered rows, blobs
            List.of("databases"), // LDAP and SQL servers of others
            List.of("dns", "net"), // names and sockets
            List.of("json"), // JSON text to values and back
            List.of("observe"), // log lines, counters, errors that cross rooms
            List.of("config")); // main.cf; every room takes its own settings from it

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("tamanoir.server");

    @Test
    void aRoomUsesOnlyRoomsBelowIt() {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (String room : FLOORS.get(floor)) {
                String[] forbidden = FLOORS.subList(0, floor + 1).stream()
                        .flatMap(List::stream)
                        .filter(other -> !other.equals(room))
                        .map(other -> "tamanoir.server." + other + "..")
                        .toArray(String[]::new);
                if (forbidden.length > 0) {
                    noClasses()
                            .that()
                            .resideInAPackage("tamanoir.server." + room + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden)
                            .allowEmptyShould(true)
                            .because("rooms are listed from the doors down and use only what stands below")
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void everyRoomStandsInTheTable() {
        Set<String> rooms = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String[] parts = type.getPackageName().split("\\.");
            if (parts.length > 2) {
                rooms.add(parts[2]);
            }
        }
        assertThat(FLOORS.stream().flatMap(List::stream)).containsAll(rooms);
    }

    @Test
    void packagesOfOneRoomFormNoCycle() {
        SlicesRuleDefinition.slices()
                .matching("tamanoir.server.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void nobodyPrintsToTheConsoleOrStartsAShell() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .because("the log is the voice of the server, and no input becomes a program or an object")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandsOfAliasesArePrograms() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("tamanoir.server.delivery.CommandDelivery")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .because("a program runs where an administrator allowed and wrote it, in alias_maps, and nowhere else")
                .check(CLASSES);
    }

    @Test
    void nobodyIsCalledManagerHelperUtilOrImpl() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Factory)$")
                .because("if that is the only name, the thing has not been found yet")
                .check(CLASSES);
    }
}
