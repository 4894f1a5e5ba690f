package tamanoir.server.sieve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Compiler;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Mailing;
import tamanoir.mail.sieve.Outcome;
import tamanoir.mail.sieve.Owner;
import tamanoir.mail.sieve.PlainHost;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.sieve.VacationReply;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// RFC 8621 §8: what is sent when somebody is away.
class AwayTest {
    private static final String DURING = "2026-12-10T12:00:00Z";
    private static final Octets MESSAGE = Octets.of(
            "From: bob@example.org\r\nTo: ann@example.com\r\nSubject: hello\r\nMessage-ID: <1@example.org>\r\n\r\nhi\r\n");
    private static final Sent SENT = new Sent("bob@example.org", "ann@example.com", "", "", Map.of());

    @TempDir
    Path home;

    private final MemoryStore store = new MemoryStore();
    private final Directory directory = new Directory(
            store, new TurnableClock(), DirectorySettings.defaults(), () -> List.of(Domain.of("example.com")));
    private final Account ann = directory.addAccount(Address.of("ann@example.com"), "", "", 0);
    private final Personal personal = new Personal(store, directory, PersonalSettings.defaults());
    private final Map<String, String> mainCf = new HashMap<>();

    @AfterEach
    void close() {
        directory.close();
        store.close();
    }

    private Scripts scripts() {
        return Scripts.of(Config.of(home, mainCf), personal);
    }

    private void away(String from, String to, String subject, String text, String html) {
        Json.Obj value = Json.object()
                .put("isEnabled", true)
                .put("fromDate", from.isEmpty() ? Json.NULL : Json.of(from))
                .put("toDate", to.isEmpty() ? Json.NULL : Json.of(to))
                .put("subject", subject.isEmpty() ? Json.NULL : Json.of(subject))
                .put("textBody", text.isEmpty() ? Json.NULL : Json.of(text))
                .put("htmlBody", html.isEmpty() ? Json.NULL : Json.of(html))
                .build();
        personal.open(ann.id()).change(edit -> {
            edit.create(Kind.VACATION_RESPONSE, Away.ID, value);
            return edit;
        });
    }

    private void active(String script) {
        scripts().put(ann.id(), "rules", script);
        scripts().activate(ann.id(), "rules");
    }

    /// What the active script makes of a message at a time.
    private Outcome at(String time) {
        Scripts scripts = scripts();
        Compiler.Result result =
                scripts.dialect().compile(scripts.active(ann.id()).orElseThrow().text(), scripts.library(ann.id()));
        assertThat(result.problems()).isEmpty();
        Run run = new Run(
                new PlainHost(Instant.parse(time).atZone(ZoneOffset.ofHours(9))),
                scripts.dialect().settings().limits(),
                new Letter(MESSAGE),
                SENT,
                Run.Trace.NONE);
        Outcome outcome = result.script().orElseThrow().run(run);
        assertThat(outcome.failure()).isEmpty();
        return outcome;
    }

    private static Optional<Action.Vacation> answer(Outcome outcome) {
        return outcome.actions().stream()
                .filter(Action.Vacation.class::isInstance)
                .map(Action.Vacation.class::cast)
                .findFirst();
    }

    private Part sent(Outcome outcome) {
        VacationReply.Decision decision = VacationReply.to(
                new Letter(MESSAGE),
                SENT,
                answer(outcome).orElseThrow(),
                new Owner("ann@example.com", List.of(), "Auto: %$", false),
                new Mailing.Stamp(Instant.parse(DURING).atOffset(ZoneOffset.UTC), "mail.example.com", "2@example.com"));
        assertThat(decision).isInstanceOf(VacationReply.Decision.Answer.class);
        return MessageParser.parse(
                decision instanceof VacationReply.Decision.Answer(Mailing mailing) ? mailing.message() : Octets.EMPTY);
    }

    @Test
    void anAnswerGoesFromTheFirstInstantToBeforeTheLast() {
        away("2026-12-01T00:00:00Z", "2026-12-24T12:00:00Z", "", "back soon", "");
        assertThat(answer(at("2026-11-30T23:59:59Z"))).isEmpty();
        assertThat(answer(at("2026-12-01T00:00:00Z"))).isPresent();
        assertThat(answer(at("2026-12-24T11:59:59Z"))).isPresent();
        assertThat(answer(at("2026-12-24T12:00:00Z"))).isEmpty();
        assertThat(at(DURING).implicitKeep()).isTrue();
    }

    @Test
    void withoutDatesItAlwaysGoes() {
        away("", "", "", "", "");
        assertThat(sent(at(DURING)).decoded().octets().utf8()).contains("I am away");
    }

    @Test
    void subjectAndTextAreSentAsTheyWereWritten() {
        away("", "", "Ünterwegs \"bis\" \\ ${x}", "Zurück \"bald\" \\ ${x}\n.\n}", "");
        Part message = sent(at(DURING));
        assertThat(new Letter(message.octets()).first("subject").orElseThrow().value())
                .isEqualTo("Ünterwegs \"bis\" \\ ${x}");
        assertThat(message.decoded().octets().utf8()).contains("Zurück \"bald\" \\ ${x}\r\n.\r\n}");
        assertThat(message.contentType().mediaType()).isEqualTo("text/plain");
    }

    @Test
    void htmlGoesBesideTheTextOrTheTextIsMadeOfIt() {
        away("", "", "Away", "plain words", "<p>Grüße &amp; <b>more</b></p>");
        List<Part> both = sent(at(DURING)).all();
        assertThat(both)
                .extracting(part -> part.contentType().mediaType())
                .containsExactly("multipart/alternative", "text/plain", "text/html");
        assertThat(both.get(1).decoded().octets().utf8()).isEqualTo("plain words");
        assertThat(both.get(2).decoded().octets().utf8()).isEqualTo("<p>Grüße &amp; <b>more</b></p>");
        personal.open(ann.id()).change(edit -> {
            edit.destroy(Kind.VACATION_RESPONSE, Away.ID);
            return edit;
        });
        away("", "", "Away", "", "<p>Grüße &amp; <b>more</b></p>");
        assertThat(sent(at(DURING)).all().get(1).decoded().octets().utf8()).contains("Grüße & more");
    }

    @Test
    void theScriptOfThePersonDecidesWhatBecomesOfTheMessage() {
        away("", "", "", "back soon", "");
        active("require \"fileinto\"; fileinto \"Friends\"; stop;");
        Outcome filed = at(DURING);
        assertThat(filed.actions()).hasSize(2).first().isInstanceOf(Action.FileInto.class);
        assertThat(filed.implicitKeep()).isFalse();
        assertThat(answer(filed)).isPresent();
        assertThat(scripts().active(ann.id()).orElseThrow().name()).isEqualTo("rules");
    }

    @Test
    void noAnswerGoesWhereTheMessageIsThrownAwayRefusedOrAnsweredAlready() {
        away("", "", "", "back soon", "");
        active("discard;");
        assertThat(answer(at(DURING))).isEmpty();
        active("require \"reject\"; reject \"no\";");
        assertThat(answer(at(DURING))).isEmpty();
        active("require \"vacation\"; vacation \"my own words\";");
        assertThat(answer(at(DURING))).map(Action.Vacation::reason).contains("my own words");
    }

    @Test
    void theScriptOfMainCfRunsToo() throws IOException {
        Files.writeString(home.resolve("usual.sieve"), "require \"fileinto\"; fileinto \"Usual\";");
        mainCf.put("sieve_default", "usual.sieve");
        away("", "", "", "back soon", "");
        assertThat(at(DURING).actions()).hasSize(2).first().isInstanceOf(Action.FileInto.class);
        active("keep;");
        assertThat(at(DURING).actions()).hasSize(2).first().isInstanceOf(Action.Keep.class);
    }

    @Test
    void itNeedsNoIncludeForPeopleButTheLeaveToAnswer() {
        away("", "", "", "back soon", "");
        mainCf.put("sieve_extensions", "-include");
        active("keep;");
        assertThat(answer(at(DURING))).isPresent();
        mainCf.put("sieve_extensions", "-vacation");
        assertThat(answer(at(DURING))).isEmpty();
    }

    @Test
    void nobodyWritesItsLanguageByHand() {
        assertThat(scripts().dialect().capabilities()).doesNotContain("vnd.tamanoir.away");
        assertThat(scripts()
                        .check(ann.id(), Away.HEADER + "away \"\" \"\" \"\" \"\" { }")
                        .isGood())
                .isFalse();
    }
}
