package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;

/// RFC 9404 and RFC 9425.
class BlobAndQuotaTest {
    @TempDir
    private Path home;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(home);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private String blob(String sources) {
        return text(desk.call("Blob/upload", "{'create':{'b':{'data':[" + sources + "]}}}"), "/created/b/id");
    }

    @Test
    void aBlobIsPutTogetherFromPieces() {
        String first = blob("{'data:asText':'Hello, '},{'data:asBase64':'d29ybGQ='}");
        Json.Obj made = desk.call(
                "Blob/upload",
                "{'create':{'b':{'type':'text/plain','data':[{'blobId':'" + first
                        + "','offset':7,'length':5},{'data:asText':'!'}]}}}");
        assertThat(text(made, "/created/b/type")).isEqualTo("text/plain");
        assertThat(at(made, "/created/b/size")).isEqualTo(Json.of(6));
        String id = text(made, "/created/b/id");
        Json.Obj got = desk.call(
                "Blob/get", "{'ids':['" + id + "','unosuch'],'properties':['data:asText','digest:sha','size']}");
        assertThat(text(got, "/list/0/data:asText")).isEqualTo("world!");
        assertThat(at(got, "/list/0/size")).isEqualTo(Json.of(6));
        // SHA-1 of "world!".
        assertThat(text(got, "/list/0/digest:sha")).isEqualTo(sha1("world!"));
        assertThat(texts(got, "/notFound")).containsExactly("unosuch");
    }

    private static String sha1(String text) {
        try {
            return java.util.Base64.getEncoder()
                    .encodeToString(java.security.MessageDigest.getInstance("SHA-1")
                            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rangesAndEncodingProblemsAreTold() {
        String text = blob("{'data:asText':'The quick brown fox'}");
        Json.Obj range = desk.call("Blob/get", "{'ids':['" + text + "'],'offset':4,'length':5}");
        assertThat(text(range, "/list/0/data:asText")).isEqualTo("quick");
        assertThat(at(range, "/list/0/isTruncated")).isEqualTo(Json.NULL);
        Json.Obj beyond = desk.call("Blob/get", "{'ids':['" + text + "'],'offset':16,'length':50}");
        assertThat(text(beyond, "/list/0/data:asText")).isEqualTo("fox");
        assertThat(at(beyond, "/list/0/isTruncated")).isEqualTo(Json.of(true));
        String binary = blob("{'data:asBase64':'/////w=='}");
        Json.Obj got = desk.call("Blob/get", "{'ids':['" + binary + "']}");
        assertThat(text(got, "/list/0/data:asBase64")).isEqualTo("/////w==");
        assertThat(at(got, "/list/0/isEncodingProblem")).isEqualTo(Json.of(true));
        Json.Obj asText = desk.call("Blob/get", "{'ids':['" + binary + "'],'properties':['data:asText']}");
        assertThat(at(asText, "/list/0/data:asText")).isEqualTo(Json.NULL);
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertThat(text(
                        desk.call("Blob/upload", "{'create':{'b':{'data':[{'blobId':'unosuch'}]}}}"),
                        "/notCreated/b/type"))
                .isEqualTo("blobNotFound");
        assertThat(text(
                        desk.call("Blob/upload", "{'create':{'b':{'data':[{'data:asBase64':'*'}]}}}"),
                        "/notCreated/b/type"))
                .isEqualTo("invalidProperties");
        String blob = blob("{'data:asText':'x'}");
        assertThat(text(
                        desk.call(
                                "Blob/upload",
                                "{'create':{'b':{'data':[{'blobId':'" + blob + "','offset':0,'length':2}]}}}"),
                        "/notCreated/b/type"))
                .isEqualTo("invalidProperties");
        assertThat(text(desk.call("Blob/get", "{'ids':['" + blob + "'],'properties':['digest:md5']}"), "/type"))
                .isEqualTo("invalidArguments");
        assertThat(text(desk.call("Blob/lookup", "{'ids':['" + blob + "'],'typeNames':['Moon']}"), "/type"))
                .isEqualTo("unknownDataType");
    }

    @Test
    void aBlobOfAMessageLeadsToIt() {
        String email = desk.draft("From: alice@example.com\nSubject: x", "x");
        String blob = "b" + email.substring(1);
        Json.Obj found =
                desk.call("Blob/lookup", "{'ids':['" + blob + "','unosuch'],'typeNames':['Email','Thread','Mailbox']}");
        assertThat(texts(found, "/list/0/matchedIds/Email")).containsExactly(email);
        assertThat(text(found, "/list/0/matchedIds/Thread/0")).startsWith("t");
        assertThat(text(found, "/list/0/matchedIds/Mailbox/0")).startsWith("m");
        assertThat(texts(found, "/notFound")).containsExactly("unosuch");
        String upload = blob("{'data:asText':'x'}");
        assertThat(texts(
                        desk.call("Blob/lookup", "{'ids':['" + upload + "'],'typeNames':['Email']}"),
                        "/list/0/matchedIds/Email"))
                .isEmpty();
    }

    @Test
    void anAccountWithALimitHasAQuota() {
        assertThat(at(desk.call("Quota/get", "{}"), "/list")).isEqualTo(Json.Arr.EMPTY);
        String none = text(desk.call("Quota/get", "{}"), "/state");
        desk.directory.setQuota(desk.alice.id(), 10_000);
        assertThat(texts(desk.call("Quota/changes", "{'sinceState':'" + none + "'}"), "/created"))
                .containsExactly("mail");
        String empty = text(desk.call("Quota/get", "{}"), "/state");
        desk.draft("From: alice@example.com\nSubject: x", "x");
        Json.Obj got = desk.call("Quota/get", "{'ids':['mail','other']}");
        assertThat(at(got, "/list/0/hardLimit")).isEqualTo(Json.of(10_000));
        assertThat(at(got, "/list/0/used")).isNotEqualTo(Json.of(0));
        assertThat(texts(got, "/notFound")).containsExactly("other");
        Json.Obj changes = desk.call("Quota/changes", "{'sinceState':'" + empty + "'}");
        assertThat(texts(changes, "/updated")).containsExactly("mail");
        assertThat(texts(changes, "/updatedProperties")).containsExactly("used");
        assertThat(texts(desk.call("Quota/query", "{'filter':{'resourceType':'octets'}}"), "/ids"))
                .containsExactly("mail");
        assertThat(texts(desk.call("Quota/query", "{'filter':{'resourceType':'count'}}"), "/ids"))
                .isEmpty();
        assertThat(text(desk.call("Quota/changes", "{'sinceState':'x'}"), "/type"))
                .isEqualTo("cannotCalculateChanges");
        assertThat(text(desk.call("Quota/query", "{'filter':{'colour':'x'}}"), "/type"))
                .isEqualTo("unsupportedFilter");
        assertThat(text(desk.call("Quota/queryChanges", "{'sinceQueryState':'" + empty + "'}"), "/added/0/id"))
                .isEqualTo("mail");
    }

    @Test
    void whoWasWrittenToIsSuggested() {
        for (String to :
                new String[] {"Zoë Bélanger <zoe@paris.example>", "zoe@paris.example", "Bo <bo@zoo.example>"}) {
            String draft = desk.draft("From: alice@example.com\nTo: " + to, "x");
            desk.call("EmailSubmission/set", "{'create':{'s':{'identityId':'default','emailId':'" + draft + "'}}}");
        }
        assertThat(text(desk.call("Suggestion/get", "{'text':'zo'}"), "/list/0/email"))
                .isEqualTo("zoe@paris.example");
        assertThat(text(desk.call("Suggestion/get", "{'text':'zo'}"), "/list/1/email"))
                .isEqualTo("bo@zoo.example");
        assertThat(at(desk.call("Suggestion/get", "{'text':'BELAN zoe@'}"), "/list"))
                .isEqualTo(desk.json("{'l':[{'name':'Zoë Bélanger','email':'zoe@paris.example','source':'history'}]}")
                        .get("l")
                        .orElseThrow());
        assertThat(at(desk.call("Suggestion/get", "{'text':'oe'}"), "/list")).isEqualTo(Json.Arr.EMPTY);
        assertThat(at(desk.call("Suggestion/get", "{'text':' '}"), "/list")).isEqualTo(Json.Arr.EMPTY);
        assertThat(texts(desk.call("Suggestion/get", "{'text':'example','limit':1}"), "/list"))
                .hasSize(1);
        desk.clock.advance(java.time.Duration.ofDays(60));
        String draft = desk.draft("From: alice@example.com\nTo: bo@zoo.example", "x");
        desk.call("EmailSubmission/set", "{'create':{'s':{'identityId':'default','emailId':'" + draft + "'}}}");
        assertThat(text(desk.call("Suggestion/get", "{'text':'zo'}"), "/list/0/email"))
                .as("who was written to lately comes first")
                .isEqualTo("bo@zoo.example");
        assertThat(text(desk.call(desk.bob, "Suggestion/get", desk.json("{'text':'zo'}")), "/list"))
                .doesNotContain("zoe");
    }
}
