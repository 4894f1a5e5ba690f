package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.soon;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.jmap.Ids;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MessageChange;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.personal.Kind;
import tamanoir.server.queue.Deliverer.Outcome;

/// EmailSubmission (RFC 8621 §7).
class SubmissionTest {
    private static final String HEADER =
            "From: Alice <alice@example.com>\nTo: Bob <bob@example.com>\nCc: carl@example.net\n"
                    + "Bcc: Secret <dora@example.net>\nSubject: tea";

    @TempDir
    private Path home;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(home, Map.of("message_size_limit", "50000"));
    }

    @AfterEach
    void close() {
        assertThat(desk.personal.verify(desk.alice.id())).isEmpty();
        desk.close();
    }

    private Json.Obj send(String email, String more) {
        return desk.call(
                "EmailSubmission/set",
                "{'create':{'s':{'identityId':'default','emailId':'" + email + "'" + more + "}}}");
    }

    private static String envelope(String from, String parameters, String... to) {
        StringBuilder envelope = new StringBuilder(
                ",'envelope':{'mailFrom':{'email':'" + from + "','parameters':" + parameters + "},'rcptTo':[");
        for (int i = 0; i < to.length; i++) {
            envelope.append(i == 0 ? "" : ",")
                    .append("{'email':'")
                    .append(to[i])
                    .append("','parameters':null}");
        }
        return envelope.append("]}").toString();
    }

    private Json.Obj submission(String id) {
        Json got = at(desk.call("EmailSubmission/get", "{'ids':['" + id + "']}"), "/list/0");
        return got instanceof Json.Obj object ? object : Json.Obj.EMPTY;
    }

    private String delivered(String id, String address) {
        return text(submission(id), "/deliveryStatus/" + address + "/delivered");
    }

    @Test
    void aDraftIsSentToAllItNamesAndBccStaysSecret() {
        Json.Obj made = send(desk.draft(HEADER, "Four o'clock?"), "");
        String id = text(made, "/created/s/id");
        assertThat(id).as(made.toString()).startsWith("s");
        assertThat(text(made, "/created/s/undoStatus")).isEqualTo("final");
        assertThat(text(made, "/created/s/envelope/mailFrom/email")).isEqualTo("alice@example.com");
        assertThat(text(made, "/created/s/threadId")).startsWith("t");
        soon(() -> delivered(id, "dora@example.net").equals("unknown")
                && delivered(id, "carl@example.net").equals("unknown"));
        assertThat(delivered(id, "bob@example.com")).isEqualTo("yes");
        assertThat(text(submission(id), "/deliveryStatus/carl@example.net/smtpReply"))
                .isEqualTo("250 2.0.0 taken");
        assertThat(desk.outside)
                .containsExactlyInAnyOrder(
                        "alice@example.com -> carl@example.net", "alice@example.com -> dora@example.net");
        assertThat(desk.inbox(desk.bob)).hasSize(1);
        String message = desk.inbox(desk.bob).getFirst();
        assertThat(message)
                .contains("Four o'clock?")
                .contains("Received: by mail.example.com")
                .contains("Message-ID: <")
                .contains("Date: ")
                .doesNotContain("dora")
                .doesNotContain("Bcc");
        assertThat(desk.queue.progress(SubmissionType.queueId(id))).isEmpty();
    }

    @Test
    void aTemporaryAndAFinalRefusalAreTold() {
        desk.answers.put("carl@example.net", new Outcome.Deferred("mx", Reply.of(450, "4.2.0", "greylisted")));
        desk.answers.put("dora@example.net", new Outcome.Failed("mx", Reply.of(550, "5.1.1", "no such user")));
        String id = text(send(desk.draft(HEADER, "x"), ""), "/created/s/id");
        soon(() -> delivered(id, "dora@example.net").equals("no"));
        soon(() -> text(submission(id), "/deliveryStatus/carl@example.net/smtpReply")
                .equals("450 4.2.0 greylisted"));
        assertThat(delivered(id, "carl@example.net")).isEqualTo("queued");
        desk.restart();
        desk.answers.clear();
        desk.turn(Duration.ofHours(1));
        soon(() -> delivered(id, "carl@example.net").equals("unknown"));
        assertThat(text(submission(id), "/deliveryStatus/dora@example.net/smtpReply"))
                .isEqualTo("550 5.1.1 no such user");
    }

    @Test
    void eachReasonNotToSendHasItsName() {
        String draft = desk.draft(HEADER, "x");
        assertThat(texts(send("enosuch", ""), "/notCreated/s/properties")).containsExactly("emailId");
        assertThat(texts(
                        desk.call(
                                "EmailSubmission/set",
                                "{'create':{'s':{'identityId':'nosuch','emailId':'" + draft + "'}}}"),
                        "/notCreated/s/properties"))
                .containsExactly("identityId");
        assertThat(texts(send(draft, ",'sendAt':'2027-01-01T00:00:00Z'"), "/notCreated/s/properties"))
                .containsExactly("sendAt");
        assertThat(error(desk.draft("To: bob@example.com\nSubject: nobody", "x"), ""))
                .isEqualTo("invalidEmail");
        assertThat(error(desk.draft("From: bob@example.com\nTo: bob@example.com", "x"), ""))
                .isEqualTo("forbiddenFrom");
        assertThat(error(draft, envelope("bob@example.com", "null", "carl@example.net")))
                .isEqualTo("forbiddenMailFrom");
        assertThat(error(draft, envelope("", "null", "carl@example.net"))).isEqualTo("forbiddenMailFrom");
        assertThat(error(draft, envelope("alice@example.com", "null"))).isEqualTo("noRecipients");
        assertThat(error(desk.draft("From: alice@example.com\nSubject: alone", "x"), ""))
                .isEqualTo("noRecipients");
        Json.Obj wrong = send(draft, envelope("alice@example.com", "null", "bob@example.com", "no address"));
        assertThat(text(wrong, "/notCreated/s/type")).isEqualTo("invalidRecipients");
        assertThat(texts(wrong, "/notCreated/s/invalidRecipients")).containsExactly("no address");
        Json.Obj unknown = send(draft, envelope("alice@example.com", "null", "nosuch@example.com"));
        assertThat(text(unknown, "/notCreated/s/type")).isEqualTo("invalidRecipients");
        assertThat(text(unknown, "/notCreated/s/description")).contains("nosuch@example.com");
        Json.Obj large = send(desk.draft(HEADER, "x".repeat(60_000)), "");
        assertThat(text(large, "/notCreated/s/type")).isEqualTo("tooLarge");
        assertThat(at(large, "/notCreated/s/maxSize")).isEqualTo(Json.of(50_000));
        assertThat(error(draft, envelope("alice@example.com", "{'XYZZY':'1'}", "carl@example.net")))
                .isEqualTo("invalidProperties");
        assertThat(error(draft, envelope("alice@example.com", "{'HOLDFOR':'99999999'}", "carl@example.net")))
                .isEqualTo("invalidProperties");
        String[] many = new String[1_001];
        for (int i = 0; i < many.length; i++) {
            many[i] = "r" + i + "@example.net";
        }
        assertThat(error(draft, envelope("alice@example.com", "null", many))).isEqualTo("tooManyRecipients");
        assertThat(desk.outside).isEmpty();
        assertThat(desk.inbox(desk.bob)).isEmpty();
        assertThat(at(desk.call("EmailSubmission/get", "{}"), "/list")).isEqualTo(Json.Arr.EMPTY);
    }

    private String error(String email, String more) {
        return text(send(email, more), "/notCreated/s/type");
    }

    @Test
    void aFullMailboxIsARefusalThatLeavesNothing() {
        desk.directory.setQuota(desk.bob.id(), 10);
        Json.Obj refused = send(desk.draft(HEADER, "x"), envelope("alice@example.com", "null", "bob@example.com"));
        assertThat(text(refused, "/notCreated/s/type")).isEqualTo("forbiddenToSend");
        assertThat(at(desk.call("EmailSubmission/get", "{}"), "/list")).isEqualTo(Json.Arr.EMPTY);
    }

    @Test
    void theRestrictionListsOfTheSubmissionServiceDecideHereToo() {
        desk.close();
        desk = new Desk(
                home,
                Map.of(
                        "submission/smtpd_recipient_restrictions",
                        "check_recipient_access inline:{ {carl@example.net = REJECT not him} }, permit"));
        Json.Obj refused = send(desk.draft(HEADER, "x"), "");
        assertThat(text(refused, "/notCreated/s/type")).as(refused.toString()).isEqualTo("invalidRecipients");
        assertThat(texts(refused, "/notCreated/s/invalidRecipients")).containsExactly("carl@example.net");
        assertThat(text(refused, "/notCreated/s/description")).contains("not him");
    }

    // ---- later, and undo -------------------------------------------------------------------------------------

    @Test
    void aMessageWaitsAndCanBeCalledBackUntilItsTimeComes() {
        String draft = desk.draft(HEADER, "x");
        Json.Obj made = send(draft, envelope("alice@example.com", "{'HOLDFOR':'10'}", "bob@example.com"));
        String id = text(made, "/created/s/id");
        assertThat(text(made, "/created/s/undoStatus")).as(made.toString()).isEqualTo("pending");
        assertThat(text(made, "/created/s/sendAt"))
                .isEqualTo(desk.clock.instant().plusSeconds(10).toString());
        desk.restart();
        desk.turn(Duration.ofSeconds(9));
        assertThat(desk.inbox(desk.bob)).isEmpty();
        Json.Obj undone = desk.call("EmailSubmission/set", "{'update':{'" + id + "':{'undoStatus':'canceled'}}}");
        assertThat(at(undone, "/notUpdated")).isEqualTo(Json.NULL);
        assertThat(text(submission(id), "/undoStatus")).isEqualTo("canceled");
        desk.turn(Duration.ofDays(1));
        assertThat(desk.inbox(desk.bob)).isEmpty();
        assertThat(text(submission(id), "/undoStatus")).isEqualTo("canceled");

        String late = text(
                send(
                        draft,
                        envelope(
                                "alice@example.com",
                                "{'holduntil':'" + desk.clock.instant().plusSeconds(60) + "'}",
                                "bob@example.com",
                                "carl@example.net")),
                "/created/s/id");
        desk.turn(Duration.ofSeconds(60));
        soon(() -> text(submission(late), "/undoStatus").equals("final"));
        soon(() -> delivered(late, "bob@example.com").equals("yes")
                && delivered(late, "carl@example.net").equals("unknown"));
        assertThat(desk.inbox(desk.bob)).hasSize(1);
        Json.Obj tooLate = desk.call("EmailSubmission/set", "{'update':{'" + late + "':{'undoStatus':'canceled'}}}");
        assertThat(text(tooLate, "/notUpdated/" + late + "/type")).isEqualTo("cannotUnsend");
    }

    @Test
    void scheduledMailLiesInSentOnlyAfterItsTimeHasCome() {
        String draft = desk.draft(HEADER, "x");
        AccountMail mail = desk.mailboxes.open(desk.alice.id());
        MailboxId scheduled =
                mail.create("Later", Optional.of(MailboxInfo.Role.SCHEDULED)).id();
        MessageId message = Ids.message(draft).orElseThrow();
        mail.change(List.of(new MessageChange(message, flags -> flags, _ -> Set.of(scheduled))));
        String id = text(
                send(draft, envelope("alice@example.com", "{'HOLDFOR':'600'}", "bob@example.com")), "/created/s/id");
        desk.restart();
        desk.turn(Duration.ofSeconds(599));
        assertThat(desk.mailboxes.open(desk.alice.id()).mailboxesOf(message)).containsExactly(scheduled);
        desk.turn(Duration.ofSeconds(1));
        soon(() -> text(submission(id), "/undoStatus").equals("final"));
        AccountMail after = desk.mailboxes.open(desk.alice.id());
        assertThat(after.mailboxesOf(message))
                .containsExactly(after.find("Sent").orElseThrow().id());
        assertThat(desk.inbox(desk.bob)).hasSize(1);
    }

    @Test
    void nothingButTheUndoStatusCanBeChanged() {
        String id = text(
                send(desk.draft(HEADER, "x"), envelope("alice@example.com", "{'HOLDFOR':'10'}", "bob@example.com")),
                "/created/s/id");
        assertThat(text(
                        desk.call("EmailSubmission/set", "{'update':{'" + id + "':{'identityId':'x'}}}"),
                        "/notUpdated/" + id + "/type"))
                .isEqualTo("invalidProperties");
        assertThat(text(
                        desk.call("EmailSubmission/set", "{'update':{'" + id + "':{'undoStatus':'final'}}}"),
                        "/notUpdated/" + id + "/type"))
                .isEqualTo("invalidProperties");
        assertThat(at(
                        desk.call("EmailSubmission/set", "{'update':{'" + id + "':{'undoStatus':'pending'}}}"),
                        "/updated/" + id))
                .isEqualTo(Json.NULL);
    }

    @Test
    void undoAndReleaseExcludeEachOther() throws InterruptedException {
        String draft = desk.draft(HEADER, "x");
        int undone = 0;
        for (int round = 0; round < 60; round++) {
            int before = desk.inbox(desk.bob).size();
            String id = text(
                    send(draft, envelope("alice@example.com", "{'HOLDFOR':'5'}", "bob@example.com")), "/created/s/id");
            int lead = round % 20;
            Thread time = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < lead * 2_000; i++) {
                    Thread.onSpinWait();
                }
                desk.clock.advance(Duration.ofSeconds(5));
                desk.queue.wake();
            });
            Json.Obj answer = desk.call("EmailSubmission/set", "{'update':{'" + id + "':{'undoStatus':'canceled'}}}");
            time.join();
            desk.turn(Duration.ZERO);
            boolean canceled = at(answer, "/notUpdated").equals(Json.NULL);
            undone += canceled ? 1 : 0;
            assertThat(desk.inbox(desk.bob)).as("round " + round).hasSize(canceled ? before : before + 1);
            String wanted = canceled ? "canceled" : "final";
            soon(() -> text(submission(id), "/undoStatus").equals(wanted));
        }
        System.out.println("undone " + undone + " of 60");
    }

    // ---- what follows ----------------------------------------------------------------------------------------

    @Test
    void whatIsToHappenToTheEmailHappensInOneCall() {
        String draft = desk.draft(HEADER, "x");
        Json.Obj answer = desk.exchange(
                desk.alice,
                "EmailSubmission/set",
                desk.json("{'create':{'s':{'identityId':'default','emailId':'" + draft + "'},"
                        + "'bad':{'identityId':'default','emailId':'enosuch'}},"
                        + "'onSuccessUpdateEmail':{'#s':{'keywords/$draft':null},'#bad':{'keywords/$x':true}},"
                        + "'onSuccessDestroyEmail':['#bad']}"));
        assertThat(desk.emailSets).hasSize(1);
        assertThat(at(desk.emailSets.getFirst(), "/update"))
                .isEqualTo(desk.json("{'" + draft + "':{'keywords/$draft':null}}"));
        assertThat(desk.emailSets.getFirst().has("destroy")).isFalse();
        assertThat(text(answer, "/methodResponses/1/0")).isEqualTo("Email/set");
        assertThat(text(answer, "/methodResponses/1/2")).isEqualTo("c");
    }

    @Test
    void submissionsAreFoundAndTheirChangesTold() {
        String draft = desk.draft(HEADER, "x");
        String first = text(send(draft, envelope("alice@example.com", "null", "bob@example.com")), "/created/s/id");
        desk.clock.advance(Duration.ofMinutes(1));
        String held = text(
                send(draft, envelope("alice@example.com", "{'HOLDFOR':'600'}", "bob@example.com")), "/created/s/id");
        soon(() -> delivered(first, "bob@example.com").equals("yes"));
        Json.Obj pending = desk.call("EmailSubmission/query", "{'filter':{'undoStatus':'pending'}}");
        assertThat(texts(pending, "/ids")).containsExactly(held);
        assertThat(texts(
                        desk.call(
                                "EmailSubmission/query",
                                "{'filter':{'emailIds':['" + draft
                                        + "']},'sort':[{'property':'sentAt','isAscending':false}]}"),
                        "/ids"))
                .containsExactly(held, first);
        assertThat(texts(
                        desk.call(
                                "EmailSubmission/query",
                                "{'filter':{'operator':'NOT','conditions':[{'before':'" + desk.clock.instant()
                                        + "'}]}}"),
                        "/ids"))
                .containsExactly(held);
        assertThat(text(desk.call("EmailSubmission/query", "{'filter':{'colour':1}}"), "/type"))
                .isEqualTo("unsupportedFilter");
        assertThat(text(desk.call("EmailSubmission/query", "{'sort':[{'property':'colour'}]}"), "/type"))
                .isEqualTo("unsupportedSort");
        desk.call("EmailSubmission/set", "{'update':{'" + held + "':{'undoStatus':'canceled'}}}");
        Json.Obj changes = desk.call(
                "EmailSubmission/queryChanges",
                "{'filter':{'undoStatus':'pending'},'calculateTotal':true,'sinceQueryState':'"
                        + text(pending, "/queryState") + "'}");
        assertThat(texts(changes, "/removed")).containsExactly(held);
        assertThat(at(changes, "/total")).isEqualTo(Json.of(0));
        assertThat(texts(desk.call("EmailSubmission/set", "{'destroy':['" + held + "']}"), "/destroyed"))
                .containsExactly(held);
    }

    @Test
    void oldOnesAreForgotten() {
        String draft = desk.draft(HEADER, "x");
        String id = text(send(draft, ""), "/created/s/id");
        soon(() -> !delivered(id, "carl@example.net").equals("queued")
                && !delivered(id, "dora@example.net").equals("queued"));
        soon(() -> desk.personal
                .open(desk.alice.id())
                .find(Kind.SUBMISSION, id)
                .orElseThrow()
                .value()
                .has(SubmissionType.SETTLED));
        desk.clock.advance(Duration.ofDays(29));
        desk.submissions.forgetOld();
        assertThat(submission(id)).isNotEqualTo(Json.Obj.EMPTY);
        desk.clock.advance(Duration.ofDays(2));
        desk.submissions.forgetOld();
        assertThat(submission(id)).isEqualTo(Json.Obj.EMPTY);
    }

    @Test
    void theSessionSaysHowLongAMessageMayWait() {
        Json session = desk.jmap.session(
                new tamanoir.server.jmap.Caller(desk.alice, new tamanoir.server.observe.Trace("test", "")),
                "https://mail.example.com");
        Json account =
                at(session, "/accounts/" + desk.alice.id() + "/accountCapabilities/urn:ietf:params:jmap:submission");
        assertThat(at(account, "/maxDelayedSend"))
                .isEqualTo(Json.of(Duration.ofDays(366).toSeconds()));
        assertThat(List.of("FUTURERELEASE", "DSN"))
                .allMatch(name -> !at(account, "/submissionExtensions/" + name).equals(Json.NULL));
    }
}
