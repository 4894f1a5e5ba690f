package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;

/// What every type of object does (RFC 8620 §5), and the types that do no more.
class ObjectsTest {
    @TempDir
    private Path home;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(home, Map.of());
    }

    @AfterEach
    void close() {
        assertThat(desk.personal.verify(desk.alice.id())).isEmpty();
        desk.close();
    }

    private String template(String name) {
        return text(desk.call("Template/set", "{'create':{'t':{'name':'" + name + "'}}}"), "/created/t/id");
    }

    @Test
    void anObjectIsMadeReadChangedAndDestroyed() {
        Json.Obj made = desk.call(
                "Template/set", "{'create':{'t':{'name':'Holiday','subject':'Away','textBody':'Back on Monday.'}}}");
        String id = text(made, "/created/t/id");
        assertThat(text(made, "/created/t/htmlBody")).isEmpty();
        assertThat(text(made, "/oldState")).isNotEqualTo(text(made, "/newState"));
        Json.Obj got = desk.call("Template/get", "{'ids':['" + id + "','nosuch']}");
        assertThat(text(got, "/list/0/subject")).isEqualTo("Away");
        assertThat(texts(got, "/notFound")).containsExactly("nosuch");
        assertThat(text(got, "/state")).isEqualTo(text(made, "/newState"));
        Json.Obj changed = desk.call("Template/set", "{'update':{'" + id + "':{'subject':'Gone','htmlBody':null}}}");
        assertThat(at(changed, "/updated")).isEqualTo(desk.json("{'" + id + "':{'htmlBody':''}}"));
        assertThat(text(desk.call("Template/get", "{'properties':['subject']}"), "/list/0/subject"))
                .isEqualTo("Gone");
        Json.Obj gone = desk.call("Template/set", "{'destroy':['" + id + "','nosuch']}");
        assertThat(texts(gone, "/destroyed")).containsExactly(id);
        assertThat(text(gone, "/notDestroyed/nosuch/type")).isEqualTo("notFound");
        assertThat(at(desk.call("Template/get", "{'ids':null}"), "/list")).isEqualTo(Json.Arr.EMPTY);
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        String id = template("x");
        assertThat(texts(
                        desk.call("Template/set", "{'create':{'t':{'name':7,'colour':'red'}}}"),
                        "/notCreated/t/properties"))
                .containsExactly("colour");
        assertThat(text(desk.call("Template/set", "{'create':{'t':{'subject':'no name'}}}"), "/notCreated/t/type"))
                .isEqualTo("invalidProperties");
        assertThat(text(
                        desk.call("Template/set", "{'update':{'" + id + "':{'a/b':1}}}"),
                        "/notUpdated/" + id + "/type"))
                .isEqualTo("invalidPatch");
        assertThat(text(
                        desk.call("Template/set", "{'update':{'" + id + "':{'id':'other'}}}"),
                        "/notUpdated/" + id + "/type"))
                .isEqualTo("invalidProperties");
        assertThat(text(
                        desk.call("Template/set", "{'update':{'" + id + "':{}},'destroy':['" + id + "']}"),
                        "/notUpdated/" + id + "/type"))
                .isEqualTo("willDestroy");
        assertThat(text(desk.call("Template/set", "{'ifInState':'999'}"), "/type"))
                .isEqualTo("stateMismatch");
        assertThat(text(desk.call("Template/get", "{'properties':['colour']}"), "/type"))
                .isEqualTo("invalidArguments");
        assertThat(text(desk.call("Template/get", "{'colour':1}"), "/type")).isEqualTo("invalidArguments");
        assertThat(text(
                        desk.call(desk.bob, "Template/get", desk.json("{'accountId':'" + desk.alice.id() + "'}")),
                        "/type"))
                .isEqualTo("accountNotFound");
        assertThat(text(
                        desk.call(
                                "Template/set",
                                "{'create':{'t':{'name':'big','htmlBody':'" + "x".repeat(600_000) + "'}}}"),
                        "/notCreated/t/type"))
                .isEqualTo("tooLarge");
    }

    @Test
    void changesAreToldInSteps() {
        String first = template("first");
        String state = text(desk.call("Template/get", "{}"), "/state");
        String second = template("second");
        String third = template("third");
        desk.call("Template/set", "{'destroy':['" + first + "']}");
        desk.call("Template/set", "{'update':{'" + second + "':{'name':'2'}}}");
        Json.Obj all = desk.call("Template/changes", "{'sinceState':'" + state + "'}");
        assertThat(texts(all, "/created")).containsExactly(second, third);
        assertThat(texts(all, "/destroyed")).containsExactly(first);
        assertThat(at(all, "/hasMoreChanges")).isEqualTo(Json.of(false));
        Json.Obj step = desk.call("Template/changes", "{'sinceState':'" + state + "','maxChanges':2}");
        assertThat(texts(step, "/created")).containsExactly(second, third);
        assertThat(at(step, "/hasMoreChanges")).isEqualTo(Json.of(true));
        Json.Obj rest = desk.call("Template/changes", "{'sinceState':'" + text(step, "/newState") + "'}");
        assertThat(texts(rest, "/destroyed")).containsExactly(first);
        assertThat(texts(rest, "/updated")).containsExactly(second);
        assertThat(text(desk.call("Template/changes", "{'sinceState':'77777'}"), "/type"))
                .isEqualTo("cannotCalculateChanges");
        assertThat(text(desk.call("Template/changes", "{'sinceState':'x'}"), "/type"))
                .isEqualTo("cannotCalculateChanges");
        assertThat(text(desk.call("Template/changes", "{'sinceState':'0','maxChanges':0}"), "/type"))
                .isEqualTo("invalidArguments");
    }

    @Test
    void settingsAreOneObjectOfAnyShape() {
        Json.Obj got = desk.call("Settings/get", "{}");
        assertThat(text(got, "/list/0/id")).isEqualTo("singleton");
        desk.call("Settings/set", "{'update':{'singleton':{'density':'cosy','labels':{'work':'#f00'}}}}");
        desk.call("Settings/set", "{'update':{'singleton':{'labels/home':'#0f0'}}}");
        assertThat(at(desk.call("Settings/get", "{'ids':['singleton']}"), "/list/0"))
                .isEqualTo(desk.json("{'id':'singleton','density':'cosy','labels':{'work':'#f00','home':'#0f0'}}"));
        assertThat(text(desk.call("Settings/set", "{'create':{'x':{}}}"), "/notCreated/x/type"))
                .isEqualTo("singleton");
        assertThat(text(desk.call("Settings/set", "{'destroy':['singleton']}"), "/notDestroyed/singleton/type"))
                .isEqualTo("singleton");
        assertThat(text(
                        desk.call("Settings/set", "{'update':{'singleton':{'much':'" + "x".repeat(70_000) + "'}}}"),
                        "/notUpdated/singleton/type"))
                .isEqualTo("tooLarge");
        assertThat(at(desk.call(desk.bob, "Settings/get", Json.Obj.EMPTY), "/list/0"))
                .isEqualTo(desk.json("{'id':'singleton'}"));
    }

    @Test
    void aSavedSearchHasANameAndAQuery() {
        String id = text(
                desk.call("SavedSearch/set", "{'create':{'s':{'name':'Bills','query':'from:bank'}}}"), "/created/s/id");
        assertThat(text(desk.call("SavedSearch/get", "{}"), "/list/0/query")).isEqualTo("from:bank");
        assertThat(text(desk.call("SavedSearch/set", "{'create':{'s':{'name':'x'}}}"), "/notCreated/s/type"))
                .isEqualTo("invalidProperties");
        desk.restart();
        assertThat(text(desk.call("SavedSearch/get", "{}"), "/list/0/id")).isEqualTo(id);
    }

    // ---- Identity (RFC 8621 §6) ------------------------------------------------------------------------------

    @Test
    void everybodyHasAnIdentityThatStays() {
        Json.Obj got = desk.call("Identity/get", "{}");
        assertThat(text(got, "/list/0/email")).isEqualTo("alice@example.com");
        assertThat(text(got, "/list/0/name")).isEqualTo("Alice Liddell");
        assertThat(at(got, "/list/0/mayDelete")).isEqualTo(Json.of(false));
        String id = text(got, "/list/0/id");
        assertThat(text(desk.call("Identity/set", "{'destroy':['" + id + "']}"), "/notDestroyed/" + id + "/type"))
                .isEqualTo("forbidden");
        desk.call("Identity/set", "{'update':{'" + id + "':{'name':'A. L.','textSignature':'-- A'}}}");
        assertThat(text(desk.call("Identity/get", "{}"), "/list/0/name")).isEqualTo("A. L.");
        assertThat(text(
                        desk.call("Identity/set", "{'update':{'" + id + "':{'email':'x@example.com'}}}"),
                        "/notUpdated/" + id + "/type"))
                .isEqualTo("invalidProperties");
    }

    @Test
    void onlyOwnAddressesMakeAnIdentity() {
        desk.directory.addAlias("sales@example.com", java.util.List.of(desk.alice.address()));
        desk.directory.addAlias("others@example.com", java.util.List.of(desk.bob.address()));
        for (String mine : new String[] {"alice+shop@example.com", "ALICE@example.com", "sales@example.com"}) {
            Json.Obj made = desk.call("Identity/set", "{'create':{'i':{'email':'" + mine + "','name':'x'}}}");
            assertThat(text(made, "/created/i/id")).as(mine + " " + made).startsWith("i");
            assertThat(at(made, "/created/i/mayDelete")).isEqualTo(Json.of(true));
        }
        for (String foreign :
                new String[] {"bob@example.com", "others@example.com", "alice@example.net", "nobody@example.com"}) {
            assertThat(text(
                            desk.call("Identity/set", "{'create':{'i':{'email':'" + foreign + "'}}}"),
                            "/notCreated/i/type"))
                    .as(foreign)
                    .isEqualTo("forbiddenFrom");
        }
        assertThat(text(desk.call("Identity/set", "{'create':{'i':{'email':'no address'}}}"), "/notCreated/i/type"))
                .isEqualTo("invalidProperties");
        assertThat(text(
                        desk.call(
                                "Identity/set",
                                "{'create':{'i':{'email':'alice@example.com','replyTo':[{'mail':'x'}]}}}"),
                        "/notCreated/i/type"))
                .isEqualTo("invalidProperties");
    }
}
