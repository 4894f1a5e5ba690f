package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Caller;
import tamanoir.server.observe.Trace;

/// RFC 9661.
class SieveScriptsTest {
    @TempDir
    private Path home;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(home, Map.of("sieve_quota_max_scripts", "4", "sieve_max_script_size", "2000"));
    }

    @AfterEach
    void close() {
        assertThat(desk.personal.verify(desk.alice.id())).isEmpty();
        desk.close();
    }

    private Caller alice() {
        return new Caller(desk.alice, new Trace("test", ""));
    }

    private String upload(byte[] octets) {
        try {
            return text(
                    desk.jmap.upload(
                            alice(), desk.alice.id().toString(), "application/sieve", new ByteArrayInputStream(octets)),
                    "/blobId");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String upload(String script) {
        return upload(script.getBytes(StandardCharsets.UTF_8));
    }

    private Json.Obj set(String arguments) {
        return desk.call("SieveScript/set", "{" + arguments + "}");
    }

    private Json.Obj create(String name, String script) {
        return set("'create':{'c':{'name':'" + name + "','blobId':'" + upload(script) + "'}}");
    }

    private String created(String name, String script) {
        Json.Obj made = create(name, script);
        assertThat(at(made, "/notCreated")).isEqualTo(Json.NULL);
        return text(made, "/created/c/id");
    }

    private Json get(String id) {
        return at(desk.call("SieveScript/get", "{'ids':['" + id + "']}"), "/list/0");
    }

    private String content(String blobId) throws IOException {
        try (var in =
                desk.blobs.find(desk.alice.id(), blobId).orElseThrow().content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Json active(boolean active) {
        return Json.object().put("isActive", active).build();
    }

    // ---- the session -----------------------------------------------------------------------------------------

    @Test
    void theSessionSaysWhatScriptsMayBe() {
        Json.Obj session = desk.jmap.session(alice(), "http://localhost");
        assertThat(text(session, "/capabilities/urn:ietf:params:jmap:sieve/implementation"))
                .isEqualTo("Tamanoir");
        Json account = at(session, "/accounts/" + desk.alice.id() + "/accountCapabilities/urn:ietf:params:jmap:sieve");
        assertThat(at(account, "/maxSizeScriptName")).isEqualTo(Json.of(512));
        assertThat(at(account, "/maxSizeScript")).isEqualTo(Json.of(2000));
        assertThat(at(account, "/maxNumberScripts")).isEqualTo(Json.of(4));
        assertThat(at(account, "/maxNumberRedirects")).isInstanceOf(Json.Int.class);
        assertThat(texts(account, "/sieveExtensions")).contains("fileinto", "vacation", "include");
        assertThat(texts(account, "/notificationMethods")).containsExactly("mailto");
        assertThat(at(account, "/externalLists")).isEqualTo(Json.NULL);
    }

    // ---- get and set -----------------------------------------------------------------------------------------

    @Test
    void aScriptIsMadeOfABlobAndIsOneItself() throws IOException {
        String script = "require \"fileinto\";\r\nfileinto \"Bücher\";\r\n";
        Json.Obj made = create("books", script);
        String id = text(made, "/created/c/id");
        String blobId = text(made, "/created/c/blobId");
        assertThat(at(made, "/created/c/isActive")).isEqualTo(Json.of(false));
        assertThat(get(id))
                .isEqualTo(Json.object()
                        .put("id", id)
                        .put("name", "books")
                        .put("blobId", blobId)
                        .put("isActive", false)
                        .build());
        assertThat(content(blobId)).isEqualTo(script);
        assertThat(desk.blobs.find(desk.bob.id(), blobId)).isEmpty();
        assertThat(desk.blobs.find(desk.alice.id(), id + "_00")).isEmpty();
        // A stored script is as good as an upload.
        assertThat(text(set("'create':{'d':{'name':'copy','blobId':'" + blobId + "'}}"), "/created/d/id"))
                .startsWith("v");
        assertThat(desk.scripts.named(desk.alice.id(), "copy"))
                .hasValueSatisfying(one -> assertThat(one.text()).isEqualTo(script));
    }

    @Test
    void aNewTextIsANewBlobAndKeepsIdAndActivity() throws IOException {
        String id = created("a", "keep;");
        String old = text(get(id), "/blobId");
        set("'onSuccessActivateScript':'" + id + "'");
        assertThat(text(get(id), "/blobId")).isEqualTo(old);
        Json.Obj changed =
                set("'update':{'" + id + "':{'name':'b','blobId':'" + upload("discard;") + "','isActive':true}}");
        assertThat(at(changed, "/notUpdated")).isEqualTo(Json.NULL);
        String now = text(changed, "/updated/" + id + "/blobId");
        assertThat(now).isNotEqualTo(old).isEqualTo(text(get(id), "/blobId"));
        assertThat(content(now)).isEqualTo("discard;");
        assertThat(desk.blobs.find(desk.alice.id(), old)).isEmpty();
        assertThat(text(get(id), "/name")).isEqualTo("b");
        assertThat(at(get(id), "/isActive")).isEqualTo(Json.of(true));
    }

    @Test
    void whoGivesNoNameGetsOne() {
        String blob = upload("keep;");
        assertThat(text(set("'create':{'c':{'blobId':'" + blob + "'}}"), "/created/c/name"))
                .isEqualTo("script 1");
        assertThat(text(set("'create':{'c':{'name':null,'blobId':'" + blob + "'}}"), "/created/c/name"))
                .isEqualTo("script 2");
    }

    @Test
    void everyRefusalHasItsName() {
        Json.Obj bad = create("a", "keep;\r\nfrob;\r\n");
        assertThat(text(bad, "/notCreated/c/type")).isEqualTo("invalidSieve");
        assertThat(text(bad, "/notCreated/c/description")).contains("line 2, column 1");
        assertThat(text(
                        set("'create':{'c':{'name':'a','blobId':'" + upload(new byte[] {'#', (byte) 0xFF, '\n'})
                                + "'}}"),
                        "/notCreated/c/type"))
                .isEqualTo("invalidSieve");
        assertThat(text(create("a", "#" + "x".repeat(2000)), "/notCreated/c/type"))
                .isEqualTo("tooLarge");
        Json.Obj none = set("'create':{'c':{'name':'a','blobId':'u123'}}");
        assertThat(text(none, "/notCreated/c/type")).isEqualTo("blobNotFound");
        assertThat(texts(none, "/notCreated/c/notFound")).containsExactly("u123");
        assertThat(texts(create("a\\u0001", "keep;"), "/notCreated/c/properties"))
                .containsExactly("name");
        assertThat(texts(set("'create':{'c':{'name':'a'}}"), "/notCreated/c/properties"))
                .containsExactly("blobId");
        assertThat(texts(
                        set("'create':{'c':{'isActive':true,'blobId':'" + upload("keep;") + "'}}"),
                        "/notCreated/c/properties"))
                .containsExactly("isActive");
        String a = created("a", "keep;");
        Json.Obj twice = create("a", "stop;");
        assertThat(text(twice, "/notCreated/c/type")).isEqualTo("alreadyExists");
        assertThat(text(twice, "/notCreated/c/existingId")).isEqualTo(a);
        String b = created("b", "keep;");
        assertThat(text(set("'update':{'" + b + "':{'name':'a'}}"), "/notUpdated/" + b + "/existingId"))
                .isEqualTo(a);
        assertThat(text(set("'update':{'" + b + "':{'isActive':true}}"), "/notUpdated/" + b + "/type"))
                .isEqualTo("invalidProperties");
        assertThat(text(set("'update':{'" + b + "':{'colour':'red'}}"), "/notUpdated/" + b + "/type"))
                .isEqualTo("invalidProperties");
        assertThat(text(set("'update':{'v999':{'name':'a'}}"), "/notUpdated/v999/type"))
                .isEqualTo("notFound");
        assertThat(text(set("'destroy':['v999']"), "/notDestroyed/v999/type")).isEqualTo("notFound");
        created("c", "keep;");
        created("d", "keep;");
        assertThat(text(create("e", "keep;"), "/notCreated/c/type")).isEqualTo("overQuota");
    }

    // ---- which one is active ---------------------------------------------------------------------------------

    @Test
    void aScriptBecomesActiveWithTheCallThatMakesIt() {
        Json.Obj first =
                set("'create':{'c':{'name':'a','blobId':'" + upload("keep;") + "'}},'onSuccessActivateScript':'#c'");
        String a = text(first, "/created/c/id");
        assertThat(at(first, "/created/c/isActive")).isEqualTo(Json.of(true));
        assertThat(at(first, "/updated")).isEqualTo(Json.NULL);
        String b = created("b", "stop;");
        Json.Obj second = set("'onSuccessActivateScript':'" + b + "'");
        assertThat(at(second, "/updated/" + b)).isEqualTo(active(true));
        assertThat(at(second, "/updated/" + a)).isEqualTo(active(false));
        assertThat(text(second, "/newState")).isEqualTo(text(desk.call("SieveScript/get", "{}"), "/state"));
        // Nothing happens twice.
        Json.Obj again = set("'onSuccessActivateScript':'" + b + "'");
        assertThat(at(again, "/updated")).isEqualTo(Json.NULL);
        assertThat(text(again, "/oldState")).isEqualTo(text(again, "/newState"));
    }

    @Test
    void noneIsActiveWhenThatIsSaidAndTheActiveOneIsNotDestroyed() {
        String a = created("a", "keep;");
        set("'onSuccessActivateScript':'" + a + "'");
        assertThat(text(set("'destroy':['" + a + "']"), "/notDestroyed/" + a + "/type"))
                .isEqualTo("sieveIsActive");
        // Deactivation comes after the success of all else.
        assertThat(text(
                        set("'destroy':['" + a + "'],'onSuccessDeactivateScript':true"),
                        "/notDestroyed/" + a + "/type"))
                .isEqualTo("sieveIsActive");
        assertThat(at(get(a), "/isActive")).isEqualTo(Json.of(true));
        assertThat(at(set("'onSuccessDeactivateScript':true"), "/updated/" + a)).isEqualTo(active(false));
        assertThat(texts(set("'destroy':['" + a + "']"), "/destroyed")).containsExactly(a);
    }

    @Test
    void nothingIsActivatedWhenSomethingFailsOrTheIdIsNone() {
        String a = created("a", "keep;");
        String b = created("b", "keep;");
        set("'onSuccessActivateScript':'" + a + "'");
        set("'destroy':['v999'],'onSuccessActivateScript':'" + b + "'");
        assertThat(at(get(a), "/isActive")).isEqualTo(Json.of(true));
        assertThat(at(set("'onSuccessActivateScript':'v999'"), "/updated")).isEqualTo(Json.NULL);
        assertThat(at(get(a), "/isActive")).isEqualTo(Json.of(true));
        // Both: deactivated first, then activated.
        Json.Obj both = set("'onSuccessDeactivateScript':true,'onSuccessActivateScript':'" + b + "'");
        assertThat(at(both, "/updated/" + a)).isEqualTo(active(false));
        assertThat(at(both, "/updated/" + b)).isEqualTo(active(true));
    }

    // ---- validate, query, changes ----------------------------------------------------------------------------

    @Test
    void validateKeepsNothing() {
        Json.Obj good = desk.call("SieveScript/validate", "{'blobId':'" + upload("keep;") + "'}");
        assertThat(good.has("error")).isTrue();
        assertThat(at(good, "/error")).isEqualTo(Json.NULL);
        Json.Obj bad = desk.call("SieveScript/validate", "{'blobId':'" + upload("keep") + "'}");
        assertThat(text(bad, "/error/type")).isEqualTo("invalidSieve");
        assertThat(text(bad, "/error/description")).contains("line 1, column ");
        assertThat(text(desk.call("SieveScript/validate", "{'blobId':'u999'}"), "/error/type"))
                .isEqualTo("blobNotFound");
        assertThat(text(desk.call("SieveScript/validate", "{}"), "/type")).isEqualTo("invalidArguments");
        assertThat(desk.scripts.list(desk.alice.id())).isEmpty();
    }

    @Test
    void scriptsAreFoundByNameAndActivity() {
        String b = created("beta rules", "keep;");
        String a = created("alpha", "keep;");
        set("'onSuccessActivateScript':'" + a + "'");
        assertThat(texts(desk.call("SieveScript/query", "{'sort':[{'property':'name'}]}"), "/ids"))
                .containsExactly(a, b);
        assertThat(texts(
                        desk.call("SieveScript/query", "{'sort':[{'property':'isActive','isAscending':false}]}"),
                        "/ids"))
                .containsExactly(a, b);
        assertThat(texts(desk.call("SieveScript/query", "{'filter':{'isActive':true}}"), "/ids"))
                .containsExactly(a);
        assertThat(texts(desk.call("SieveScript/query", "{'filter':{'name':'rules'}}"), "/ids"))
                .containsExactly(b);
        assertThat(text(desk.call("SieveScript/query", "{'filter':{'blobId':'x'}}"), "/type"))
                .isEqualTo("unsupportedFilter");
        assertThat(text(desk.call("SieveScript/query", "{'filter':{'isActive':1}}"), "/type"))
                .isEqualTo("invalidArguments");
        assertThat(text(desk.call("SieveScript/query", "{'sort':[{'property':'blobId'}]}"), "/type"))
                .isEqualTo("unsupportedSort");
    }

    @Test
    void whatManageSieveDoesIsToldToo() {
        String before = desk.jmap.states(alice()).get("SieveScript");
        desk.scripts.put(desk.alice.id(), "a", "keep;");
        String after = desk.jmap.states(alice()).get("SieveScript");
        assertThat(after).isNotEqualTo(before);
        Json.Obj changes = desk.call("SieveScript/changes", "{'sinceState':'" + before + "'}");
        String id = desk.scripts.named(desk.alice.id(), "a").orElseThrow().id();
        assertThat(texts(changes, "/created")).containsExactly(id);
        assertThat(text(changes, "/newState")).isEqualTo(after);
        desk.scripts.activate(desk.alice.id(), "a");
        assertThat(texts(desk.call("SieveScript/changes", "{'sinceState':'" + after + "'}"), "/updated"))
                .containsExactly(id);
    }
}
