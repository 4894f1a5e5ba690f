package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;
import tamanoir.server.config.Config;
import tamanoir.server.directory.source.Sources;

/// RFC 9610.
class ContactsTest {
    @TempDir
    private Path home;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(home);
    }

    @AfterEach
    void close() {
        assertThat(desk.personal.verify(desk.alice.id())).isEmpty();
        desk.close();
    }

    private String card(String properties) {
        Json.Obj made = desk.call("ContactCard/set", "{'create':{'c':{" + properties + "}}}");
        assertThat(at(made, "/notCreated")).as(made.toString()).isEqualTo(Json.NULL);
        return text(made, "/created/c/id");
    }

    private String named(String given, String surname, String email) {
        return card("'name':{'full':'" + given + " " + surname + "','components':[{'kind':'given','value':'" + given
                + "'},{'kind':'surname','value':'" + surname + "'}]},'emails':{'e':{'address':'" + email + "'}}");
    }

    private String book(String name) {
        return text(desk.call("AddressBook/set", "{'create':{'b':{'name':'" + name + "'}}}"), "/created/b/id");
    }

    private Json.Obj get(String id) {
        return at(desk.call("ContactCard/get", "{'ids':['" + id + "']}"), "/list/0") instanceof Json.Obj card
                ? card
                : Json.Obj.EMPTY;
    }

    // ---- address books ---------------------------------------------------------------------------------------

    @Test
    void everybodyBeginsWithOneAddressBookThatIsTheDefault() {
        Json.Obj got = desk.call("AddressBook/get", "{}");
        assertThat(at(got, "/list/0/isDefault")).isEqualTo(Json.of(true));
        assertThat(at(got, "/list/0/myRights/mayWrite")).isEqualTo(Json.of(true));
        assertThat(at(got, "/list/1")).isEqualTo(Json.NULL);
        String id = text(got, "/list/0/id");
        assertThat(text(desk.call("AddressBook/set", "{'destroy':['" + id + "']}"), "/notDestroyed/" + id + "/type"))
                .isEqualTo("forbidden");
        assertThat(at(get(card("'name':{'full':'X'}")), "/addressBookIds/" + id))
                .isEqualTo(Json.of(true));
    }

    @Test
    void anotherCanBecomeTheDefault() {
        Json.Obj made = desk.call(
                "AddressBook/set", "{'create':{'b':{'name':'Work','sortOrder':3}},'onSuccessSetIsDefault':'#b'}");
        String work = text(made, "/created/b/id");
        Json.Obj got = desk.call("AddressBook/get", "{'ids':['" + work + "','default']}");
        assertThat(at(got, "/list/0/isDefault")).isEqualTo(Json.of(true));
        assertThat(at(got, "/list/1/isDefault")).isEqualTo(Json.of(false));
        assertThat(text(got, "/state")).isEqualTo(text(made, "/newState"));
        desk.call("AddressBook/set", "{'destroy':['" + work + "']}");
        assertThat(at(desk.call("AddressBook/get", "{'ids':['default']}"), "/list/0/isDefault"))
                .isEqualTo(Json.of(true));
        assertThat(text(
                        desk.call("AddressBook/set", "{'create':{'b':{'name':'x','isDefault':true}}}"),
                        "/notCreated/b/type"))
                .isEqualTo("invalidProperties");
        Json.Obj failed = desk.call("AddressBook/set", "{'create':{'b':{'name':''}},'onSuccessSetIsDefault':'nosuch'}");
        assertThat(text(failed, "/notCreated/b/type")).isEqualTo("invalidProperties");
    }

    @Test
    void anAddressBookGoesWithItsContentsOnlyWhenThatIsSaid() {
        String work = book("Work");
        String inBoth = card("'name':{'full':'Both'},'addressBookIds':{'" + work + "':true,'default':true}");
        String inOne = card("'name':{'full':'One'},'addressBookIds':{'" + work + "':true}");
        for (int i = 0; i < 20; i++) {
            card("'name':{'full':'n" + i + "'},'addressBookIds':{'" + work + "':true}");
        }
        assertThat(text(
                        desk.call("AddressBook/set", "{'destroy':['" + work + "']}"),
                        "/notDestroyed/" + work + "/type"))
                .isEqualTo("addressBookHasContents");
        Json.Obj gone = desk.call("AddressBook/set", "{'destroy':['" + work + "'],'onDestroyRemoveContents':true}");
        assertThat(texts(gone, "/destroyed")).containsExactly(work);
        assertThat(at(get(inBoth), "/addressBookIds"))
                .isEqualTo(Json.object().put("default", true).build());
        assertThat(get(inOne)).isEqualTo(Json.Obj.EMPTY);
        assertThat(texts(desk.call("ContactCard/query", "{}"), "/ids")).containsExactly(inBoth);
    }

    // ---- cards -----------------------------------------------------------------------------------------------

    @Test
    void aCardIsKeptWhole() {
        String id = card("'name':{'full':'Zoë'},'phones':{'p':{'number':'+1','features':{'mobile':true}}},"
                + "'example.com:colour':{'deep':[1,2.5,null,'x']}");
        Json.Obj card = get(id);
        assertThat(at(card, "/example.com:colour/deep/1")).isEqualTo(new Json.Real(2.5));
        assertThat(text(card, "/uid")).startsWith("urn:uuid:");
        assertThat(text(card, "/version")).isEqualTo("1.0");
        assertThat(text(card, "/kind")).isEqualTo("individual");
        assertThat(text(card, "/created")).isEqualTo(desk.clock.instant().toString());
        desk.clock.advance(Duration.ofHours(1));
        Json.Obj updated = desk.call(
                "ContactCard/set",
                "{'update':{'" + id + "':{'phones/p/number':'+2','phones/q':{'number':'+3'},'uid':null}}}");
        assertThat(text(updated, "/updated/" + id + "/updated"))
                .isEqualTo(desk.clock.instant().toString());
        assertThat(text(get(id), "/uid")).isEqualTo(text(card, "/uid"));
        assertThat(text(get(id), "/phones/p/number")).isEqualTo("+2");
        assertThat(at(get(id), "/phones/p/features/mobile")).isEqualTo(Json.of(true));
        assertThat(at(desk.call("ContactCard/get", "{'ids':['" + id + "'],'properties':['uid']}"), "/list/0"))
                .isEqualTo(Json.object()
                        .put("id", id)
                        .put("uid", text(card, "/uid"))
                        .build());
    }

    @Test
    void whatWouldMisleadEverybodyIsRefused() {
        for (String bad : new String[] {
            "'emails':['a@b.example']",
            "'emails':{'e':'a@b.example'}",
            "'addressBookIds':{'nosuch':true}",
            "'addressBookIds':{}",
            "'addressBookIds':{'default':false}",
            "'@type':'Event'",
            "'uid':7",
            "'name':'Bob'",
            "'members':{'x':1}",
            "'media':{'m':{'kind':'photo','blobId':'unosuch'}}"
        }) {
            assertThat(text(desk.call("ContactCard/set", "{'create':{'c':{" + bad + "}}}"), "/notCreated/c/type"))
                    .as(bad)
                    .isEqualTo("invalidProperties");
        }
        assertThat(text(
                        desk.call(
                                "ContactCard/set",
                                "{'create':{'c':{'notes':{'n':{'note':'" + "x".repeat(1_100_000) + "'}}}}}"),
                        "/notCreated/c/type"))
                .isEqualTo("tooLarge");
    }

    @Test
    void anUploadedPictureBecomesPartOfItsCard() {
        String blob = text(
                desk.call(
                        "Blob/upload",
                        "{'create':{'b':{'type':'image/png','data':[{'data:asBase64':'iVBORw0KGgo='}]}}}"),
                "/created/b/id");
        String id = card("'name':{'full':'X'},'media':{'m':{'kind':'photo','blobId':'" + blob + "'}}");
        assertThat(at(get(id), "/media/m"))
                .isEqualTo(desk.json(
                        "{'kind':'photo','mediaType':'image/png','uri':'data:image/png;base64,iVBORw0KGgo='}"));
    }

    @Test
    void cardsAreFoundAndSorted() {
        String bea = named("Béatrice", "Zola", "bea@example.net");
        desk.clock.advance(Duration.ofDays(1));
        String adam = named("Adam", "Émile", "adam@work.example");
        String work = book("Work");
        String group = card("'kind':'group','name':{'full':'Tea'},'addressBookIds':{'" + work + "':true},'members':{'"
                + text(get(adam), "/uid") + "':true},'phones':{'p':{'number':'+49 (30) 12-34'}},"
                + "'notes':{'n':{'note':'Every Friday'}}");
        assertThat(found("{'inAddressBook':'" + work + "'}")).containsExactly(group);
        assertThat(found("{'uid':'" + text(get(bea), "/uid") + "'}")).containsExactly(bea);
        assertThat(found("{'kind':'group'}")).containsExactly(group);
        assertThat(found("{'hasMember':'" + text(get(adam), "/uid") + "'}")).containsExactly(group);
        assertThat(found("{'text':'beat zol'}")).containsExactly(bea);
        assertThat(found("{'name':'ADAM'}")).containsExactly(adam);
        assertThat(found("{'name/surname':'emi'}")).containsExactly(adam);
        assertThat(found("{'email':'work'}")).containsExactly(adam);
        assertThat(found("{'phone':'3012'}")).containsExactly(group);
        assertThat(found("{'note':'friday'}")).containsExactly(group);
        assertThat(found("{'createdBefore':'" + desk.clock.instant() + "'}")).containsExactly(bea);
        assertThat(found("{'operator':'AND','conditions':[{'createdAfter':'" + desk.clock.instant()
                        + "'},{'operator':'NOT','conditions':[{'kind':'group'}]}]}"))
                .containsExactly(adam);
        assertThat(texts(
                        desk.call(
                                "ContactCard/query",
                                "{'filter':{'kind':'individual'},'sort':[{'property':'name/surname'}]}"),
                        "/ids"))
                .containsExactly(adam, bea);
        assertThat(texts(
                        desk.call(
                                "ContactCard/query",
                                "{'sort':[{'property':'created','isAscending':false},{'property':'name/given'}],'position':1,'limit':1}"),
                        "/ids"))
                .hasSize(1);
        assertThat(text(desk.call("ContactCard/query", "{'anchor':'nosuch'}"), "/type"))
                .isEqualTo("anchorNotFound");
        assertThat(text(desk.call("ContactCard/query", "{'filter':{'text':7}}"), "/type"))
                .isEqualTo("invalidArguments");
    }

    private java.util.List<String> found(String filter) {
        return texts(desk.call("ContactCard/query", "{'filter':" + filter + "}"), "/ids");
    }

    @Test
    void queryChangesLeadToTheNewList() {
        String bea = named("Bea", "Z", "b@x.example");
        Json.Obj before = desk.call("ContactCard/query", "{'sort':[{'property':'name/given'}]}");
        String adam = named("Adam", "Y", "a@x.example");
        desk.call("ContactCard/set", "{'update':{'" + bea + "':{'kind':'org'}}}");
        Json.Obj changes = desk.call(
                "ContactCard/queryChanges",
                "{'sort':[{'property':'name/given'}],'sinceQueryState':'" + text(before, "/queryState") + "'}");
        assertThat(texts(changes, "/removed")).containsExactly(bea);
        assertThat(at(changes, "/added"))
                .isEqualTo(desk.json("{'a':[{'id':'" + adam + "','index':0},{'id':'" + bea + "','index':1}]}")
                        .get("a")
                        .orElseThrow());
        assertThat(text(
                        desk.call(
                                "ContactCard/queryChanges",
                                "{'maxChanges':1,'sinceQueryState':'" + text(before, "/queryState") + "'}"),
                        "/type"))
                .isEqualTo("tooManyChanges");
    }

    @Test
    void copyingNeedsTwoAccounts() {
        assertThat(text(desk.call("ContactCard/copy", "{'fromAccountId':'" + desk.alice.id() + "'}"), "/type"))
                .isEqualTo("invalidArguments");
        assertThat(text(desk.call("ContactCard/copy", "{'fromAccountId':'" + desk.bob.id() + "'}"), "/type"))
                .isEqualTo("fromAccountNotFound");
    }

    // ---- files -----------------------------------------------------------------------------------------------

    @Test
    void cardsGoOutAsAFileAndComeInAgain() {
        named("Zoë", "Bélanger", "zoe@example.net");
        named("Adam", "Émile", "adam@example.net");
        for (String version : new String[] {"3.0", "4.0"}) {
            Json.Obj exported = desk.call("ContactCard/export", "{'version':'" + version + "'}");
            assertThat(text(exported, "/type")).isEqualTo("text/vcard");
            String blob = text(exported, "/blobId");
            Json.Obj parsed = desk.call("ContactCard/parse", "{'blobIds':['" + blob + "','unosuch']}");
            assertThat(texts(parsed, "/notFound")).containsExactly("unosuch");
            assertThat(text(parsed, "/parsed/" + blob + "/0/name/full")).isEqualTo("Zoë Bélanger");
            assertThat(text(parsed, "/parsed/" + blob + "/1/name/full")).isEqualTo("Adam Émile");
            Json card = at(parsed, "/parsed/" + blob + "/0");
            Json.Obj made = desk.call(
                    desk.alice,
                    "ContactCard/set",
                    Json.object()
                            .put("create", Json.object().put("c", card).build())
                            .build());
            assertThat(text(made, "/created/c/id")).startsWith("c");
        }
        String other = text(
                desk.call("Blob/upload", "{'create':{'b':{'data':[{'data:asText':'no card'}]}}}"), "/created/b/id");
        assertThat(texts(desk.call("ContactCard/parse", "{'blobIds':['" + other + "']}"), "/notParsable"))
                .containsExactly(other);
        assertThat(texts(desk.call("ContactCard/export", "{'ids':['nosuch']}"), "/notFound"))
                .containsExactly("nosuch");
        assertThat(text(desk.call("ContactCard/export", "{'version':'2.1'}"), "/type"))
                .isEqualTo("invalidArguments");
    }

    @Test
    void contactsAreSuggestedBeforeStrangers() {
        String draft = desk.draft("From: alice@example.com\nTo: Zora Stranger <zora@example.net>", "x");
        desk.call("EmailSubmission/set", "{'create':{'s':{'identityId':'default','emailId':'" + draft + "'}}}");
        named("Zoë", "Bélanger", "zoe@example.net");
        Json.Obj got = desk.call("Suggestion/get", "{'text':'zo'}");
        assertThat(text(got, "/list/0/email")).isEqualTo("zoe@example.net");
        assertThat(text(got, "/list/0/source")).isEqualTo("contact");
        assertThat(text(got, "/list/1/source")).isEqualTo("history");
        String id = texts(desk.call("ContactCard/query", "{}"), "/ids").getFirst();
        desk.call("ContactCard/set", "{'destroy':['" + id + "']}");
        assertThat(text(desk.call("Suggestion/get", "{'text':'zo'}"), "/list/0/email"))
                .isEqualTo("zora@example.net");
    }

    @Test
    void peopleOfAnLdapDirectoryAreSuggestedBehindOnesOwn() throws Exception {
        InMemoryDirectoryServerConfig ldap = new InMemoryDirectoryServerConfig("dc=example");
        ldap.setSchema(null);
        ldap.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("test", InetAddress.getLoopbackAddress(), 0, null));
        InMemoryDirectoryServer server = new InMemoryDirectoryServer(ldap);
        server.add("dn: dc=example", "objectClass: domain", "dc: example");
        for (String name : new String[] {"Zoltan", "Zoe", "Yves"}) {
            server.add(
                    "dn: cn=" + name + ",dc=example",
                    "objectClass: person",
                    "cn: " + name,
                    "mail: " + name + "@example.com");
        }
        server.startListening();
        try {
            Path file = Files.writeString(
                    home.resolve("ldap.conf"),
                    "uris = ldap://127.0.0.1:" + server.getListenPort()
                            + "\nbase = dc=example\nuser_filter = (mail=%u)\n");
            Config config = Config.of(
                    home, Map.of("directory_sources", "internal, { ldap:" + file + ", domains=example.com }"));
            desk.directory.sources(Sources.of(config, desk.clock, List::of));
            named("Zoë", "Example", "zoe@example.com");
            Json.Obj got = desk.call("Suggestion/get", "{'text':'zo'}");
            assertThat(text(got, "/list/0/source")).isEqualTo("contact");
            assertThat(text(got, "/list/1/email")).isEqualTo("zoltan@example.com");
            assertThat(text(got, "/list/1/source")).isEqualTo("directory");
            assertThat(got.toString()).doesNotContain("yves").containsOnlyOnce("zoe@example.com");
            assertThat(desk.call("Suggestion/get", "{'text':'*)(cn=*'}").toString())
                    .doesNotContain("@example.com");
            server.shutDown(true);
            got = desk.call("Suggestion/get", "{'text':'zo'}");
            assertThat(text(got, "/list/0/email")).isEqualTo("zoe@example.com");
            assertThat(got.toString()).doesNotContain("zoltan");
        } finally {
            server.shutDown(true);
        }
    }
}
