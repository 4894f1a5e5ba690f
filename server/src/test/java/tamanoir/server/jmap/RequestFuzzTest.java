package tamanoir.server.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.jmap.Json;

/// Whatever a client sends is answered or refused, and never with a failure of ours.
class RequestFuzzTest {
    private static final List<String> SEEDS =
            List.of("""
            ["Email/get",{"accountId":"$a","ids":["$e"],"properties":["bodyStructure","textBody","header:From:asAddresses:all","bodyValues"],
              "bodyProperties":["partId","header:X"],"fetchAllBodyValues":true,"maxBodyValueBytes":10},"0"]""", """
            ["Email/get",{"accountId":"$a","#ids":{"resultOf":"0","name":"Core/echo","path":"/list/*/id"}},"0"]""", """
            ["Email/set",{"accountId":"$a","ifInState":null,"update":{"$e":{"keywords/$seen":true,"mailboxIds/$m":true},"e2":{"keywords":{"a":true},"mailboxIds":{"$m":true}}},
              "destroy":["e3"]},"0"]""", """
            ["Email/set",{"accountId":"$a","create":{"k":{"mailboxIds":{"$m":true},"keywords":{"$draft":true},"from":[{"name":"a","email":"a@b"}],"subject":"x","sentAt":"2020-01-01T00:00:00Z",
              "references":["a@b"],"header:X-Y:asURLs":["http://x"],"header:To:asGroupedAddresses":[{"name":"g","addresses":[{"email":"a@b"}]}],
              "textBody":[{"partId":"1","type":"text/plain"}],"htmlBody":[{"partId":"1"}],"attachments":[{"blobId":"$b","name":"x","type":"a/b","cid":"c","disposition":"inline","language":["de"],"location":"x"}],
              "bodyValues":{"1":{"value":"v","isTruncated":false}}}}},"0"]""", """
            ["Email/set",{"accountId":"$a","create":{"k":{"mailboxIds":{"$m":true},"bodyStructure":{"type":"multipart/mixed","subParts":[{"partId":"1","header:Content-Type":"text/plain; a=b"},
              {"type":"message/rfc822","blobId":"$b"}]},"bodyValues":{"1":{"value":"v"}}}}},"0"]""", """
            ["Email/import",{"accountId":"$a","emails":{"a":{"blobId":"$b","mailboxIds":{"$m":true},"keywords":{"x":true},"receivedAt":"2020-01-01T00:00:00Z"}}},"0"]""", """
            ["Email/parse",{"accountId":"$a","blobIds":["$b","$b-0","$b-1-2"],"properties":["subject","bodyValues"],"fetchTextBodyValues":true},"0"]""", """
            ["Email/changes",{"accountId":"$a","sinceState":"1-1-3-77","maxChanges":1},"0"]""", """
            ["Thread/changes",{"accountId":"$a","sinceState":"1","maxChanges":1},"0"]""", """
            ["Thread/get",{"accountId":"$a","ids":["t1"],"properties":["emailIds"]},"0"]""", """
            ["Mailbox/set",{"accountId":"$a","create":{"a":{"name":"n","parentId":"#b","role":"all","sortOrder":1,"isSubscribed":true},"b":{"name":"m"}},
              "update":{"$m":{"sortOrder":5}},"destroy":["#a"],"onDestroyRemoveEmails":true},"0"]""", """
            ["Mailbox/query",{"accountId":"$a","filter":{"operator":"AND","conditions":[{"name":"a"},{"parentId":null}]},"sort":[{"property":"name","isAscending":false}],
              "position":-1,"anchor":"$m","anchorOffset":-3,"limit":4,"calculateTotal":true,"sortAsTree":true,"filterAsTree":true},"0"]""", """
            ["Mailbox/queryChanges",{"accountId":"$a","sinceQueryState":"3","maxChanges":5,"upToId":"$m","calculateTotal":true},"0"]""", """
            ["Blob/copy",{"accountId":"$a","fromAccountId":"$a","blobIds":["$b"]},"0"]""");

    private static final List<Json> ODD = List.of(
            Json.NULL,
            Json.of(true),
            Json.of(false),
            Json.of(0),
            Json.of(-1),
            Json.of(Long.MAX_VALUE),
            new Json.Real(1e300),
            Json.of(""),
            Json.of("#a"),
            Json.of("multipart/"),
            Json.of("\u0000\r\n\ud800<>@,"),
            Json.of("header:X:asText"),
            Json.of("9999999-9-9"),
            Json.Arr.EMPTY,
            new Json.Arr(List.of(Json.NULL)),
            Json.Obj.EMPTY);

    @FuzzTest
    void anyOctetsAreAnsweredOrRefused(byte[] data) {
        try (JmapServer server = new JmapServer()) {
            server.jmap.answer(server.caller(), new ByteArrayInputStream(data));
        } catch (RequestError e) {
            assertThat(e.status()).isEqualTo(400);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void anyArgumentsAreAnsweredOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try (JmapServer server = new JmapServer()) {
            for (String seed : SEEDS) {
                String method = seed.strip().substring(2, seed.strip().indexOf('"', 2));
                Json.Obj answer =
                        server.answer("{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],"
                                + "\"methodCalls\":[[\"" + method + "\"," + text + ",\"0\"]]}");
                assertThat(server.write(answer)).doesNotContain("serverFail");
            }
        } catch (RequestError e) {
            assertThat(e.status()).isEqualTo(400);
        }
    }

    @Test
    void mutatedRequestsAreAnsweredOrRefused() {
        long seed = Long.getLong("tamanoir.seed", System.nanoTime());
        Random random = new Random(seed);
        try (JmapServer server = new JmapServer()) {
            String email = Ids.of(server.append(
                    "INBOX", "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n"));
            String inbox = Ids.of(server.mailbox("INBOX"));
            List<Json> calls = new ArrayList<>();
            for (String call : SEEDS) {
                calls.add(server.json(call.replace("$a", Ids.of(server.alice.id()))
                        .replace("$e", email)
                        .replace("$m", inbox)
                        .replace("$b", "b" + email.substring(1))));
            }
            for (int i = 0; i < 6_000; i++) {
                Json call = calls.get(random.nextInt(calls.size()));
                for (int change = random.nextInt(3); change >= 0; change--) {
                    call = mutated(call, random);
                }
                Json request = Json.object()
                        .put("using", Json.Arr.ofTexts(JmapServer.USING))
                        .put("methodCalls", List.of(call))
                        .build();
                try {
                    Json.Obj answer = server.jmap.answer(server.caller(), request);
                    assertThat(server.write(answer))
                            .as("seed %d: %s", seed, server.write(request))
                            .doesNotContain("serverFail");
                } catch (RequestError e) {
                    assertThat(e.status()).isEqualTo(400);
                }
            }
            assertThat(server.mailboxes.verify(server.alice.id()))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    /// One value somewhere in it is another, or gone, or stands there under another name.
    private static Json mutated(Json value, Random random) {
        return switch (value) {
            case Json.Arr array
            when !array.items().isEmpty() && random.nextInt(8) != 0 -> {
                List<Json> items = new ArrayList<>(array.items());
                int at = random.nextInt(items.size());
                switch (random.nextInt(8)) {
                    case 0 -> items.remove(at);
                    case 1 -> items.add(items.get(at));
                    default -> items.set(at, mutated(items.get(at), random));
                }
                yield new Json.Arr(items);
            }
            case Json.Obj object
            when !object.members().isEmpty() && random.nextInt(8) != 0 -> {
                Map<String, Json> members = new LinkedHashMap<>(object.members());
                List<String> names = List.copyOf(members.keySet());
                String name = names.get(random.nextInt(names.size()));
                Json member = object.get(name).orElseThrow();
                switch (random.nextInt(9)) {
                    case 0 -> members.remove(name);
                    case 1 -> {
                        members.remove(name);
                        members.put(names.get(random.nextInt(names.size())), member);
                    }
                    case 2 -> members.put(name + "/x", member);
                    default -> members.put(name, mutated(member, random));
                }
                yield new Json.Obj(members);
            }
            case Json.Text(String text) when random.nextBoolean() -> Json.of(mutated(text, random));
            case Json.Arr _, Json.Obj _, Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Text _ ->
                ODD.get(random.nextInt(ODD.size()));
        };
    }

    private static String mutated(String text, Random random) {
        String signs = "/~#$:@<>,;\"\\\r\n\0\u00e9a0*-";
        StringBuilder other = new StringBuilder(text);
        int at = random.nextInt(text.length() + 1);
        if (random.nextBoolean() || text.isEmpty()) {
            other.insert(at, signs.charAt(random.nextInt(signs.length())));
        } else {
            other.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
        }
        return other.toString();
    }
}
