package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Caller;
import tamanoir.server.observe.Trace;

/// RFC 8621 §8. What is sent is in AwayTest of room sieve.
class VacationResponseTest {
    @TempDir
    private Path home;

    private static Json.Obj update(Desk desk, String properties) {
        return desk.call("VacationResponse/set", "{'update':{'singleton':{" + properties + "}}}");
    }

    @Test
    void thereIsAlwaysOneAndItIsOffAtFirst() {
        try (Desk desk = new Desk(home)) {
            Json.Obj got = desk.call("VacationResponse/get", "{}");
            assertThat(at(got, "/list/0"))
                    .isEqualTo(Json.object()
                            .put("id", "singleton")
                            .put("isEnabled", false)
                            .put("fromDate", Json.NULL)
                            .put("toDate", Json.NULL)
                            .put("subject", Json.NULL)
                            .put("textBody", Json.NULL)
                            .put("htmlBody", Json.NULL)
                            .build());
            assertThat(at(got, "/list/1")).isEqualTo(Json.NULL);
            assertThat(text(
                            desk.call("VacationResponse/set", "{'create':{'x':{'isEnabled':true}}}"),
                            "/notCreated/x/type"))
                    .isEqualTo("singleton");
            assertThat(text(
                            desk.call("VacationResponse/set", "{'destroy':['singleton']}"),
                            "/notDestroyed/singleton/type"))
                    .isEqualTo("singleton");
            assertThat(desk.scripts.active(desk.alice.id())).isEmpty();
            assertThat(desk.personal.verify(desk.alice.id())).isEmpty();
        }
    }

    @Test
    void whatIsSetIsKeptAndTold() {
        try (Desk desk = new Desk(home)) {
            Caller alice = new Caller(desk.alice, new Trace("test", ""));
            String before = desk.jmap.states(alice).get("VacationResponse");
            Json.Obj set = update(
                    desk,
                    "'isEnabled':true,'fromDate':'2026-12-01T00:00:00Z','toDate':'2026-12-24T12:00:00.5Z',"
                            + "'subject':'Away','textBody':'Back soon','htmlBody':'<p>Back <b>soon</b></p>'");
            assertThat(at(set, "/notUpdated")).isEqualTo(Json.NULL);
            assertThat(text(set, "/updated/singleton/toDate")).isEqualTo("2026-12-24T12:00:00Z");
            Json got = at(desk.call("VacationResponse/get", "{'ids':['singleton']}"), "/list/0");
            assertThat(text(got, "/fromDate")).isEqualTo("2026-12-01T00:00:00Z");
            assertThat(text(got, "/htmlBody")).isEqualTo("<p>Back <b>soon</b></p>");
            assertThat(desk.jmap.states(alice).get("VacationResponse")).isNotEqualTo(before);
            // It runs without being a script of the account.
            assertThat(desk.scripts.active(desk.alice.id())).isPresent();
            assertThat(desk.scripts.list(desk.alice.id())).isEmpty();
            update(desk, "'isEnabled':false");
            assertThat(desk.scripts.active(desk.alice.id())).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        try (Desk desk = new Desk(home)) {
            for (String bad : new String[] {
                "'fromDate':'2026-12-01'",
                "'toDate':'2026-12-01T00:00:00+01:00'",
                "'subject':'two\\nlines'",
                "'isEnabled':'yes'",
                "'textBody':7",
                "'colour':'red'"
            }) {
                Json.Obj set = update(desk, bad);
                assertThat(text(set, "/notUpdated/singleton/type")).as(bad).isEqualTo("invalidProperties");
                assertThat(texts(set, "/notUpdated/singleton/properties")).hasSize(1);
            }
            assertThat(text(
                            desk.call("VacationResponse/set", "{'update':{'other':{'isEnabled':true}}}"),
                            "/notUpdated/other/type"))
                    .isEqualTo("notFound");
        }
    }

    @Test
    void whereTheAdministratorAllowsNoAnswersItCannotBeEnabled() {
        try (Desk desk = new Desk(home, Map.of("sieve_extensions", "-vacation"))) {
            assertThat(text(update(desk, "'isEnabled':true"), "/notUpdated/singleton/type"))
                    .isEqualTo("forbidden");
            assertThat(at(update(desk, "'textBody':'x'"), "/notUpdated")).isEqualTo(Json.NULL);
        }
    }
}
