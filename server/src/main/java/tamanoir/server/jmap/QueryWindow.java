package tamanoir.server.jmap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tamanoir.mail.jmap.Json;

/// Which stretch of the results a `/query` asks for (RFC 8620 §5.5).
///
/// @param limit empty for no limit of the client's
record QueryWindow(
        long position, Optional<String> anchor, long anchorOffset, OptionalLong limit, boolean calculateTotal) {
    static QueryWindow from(Arguments arguments) {
        OptionalLong limit = arguments.integer("limit");
        if (limit.isPresent() && limit.getAsLong() < 0) {
            throw MethodError.invalidArguments("limit is not negative");
        }
        return new QueryWindow(
                arguments.integer("position").orElse(0),
                arguments.optionalText("anchor"),
                arguments.integer("anchorOffset").orElse(0),
                limit,
                arguments.flag("calculateTotal", false));
    }

    /// The answer with the stretch of `ids`; of a window without limit, everything from its start.
    Json.Obj answer(Call call, String queryState, boolean canCalculateChanges, List<String> ids) {
        long from = from(ids);
        long to = limit.isPresent() ? Math.min(ids.size(), from + limit.getAsLong()) : ids.size();
        List<String> stretch = from >= ids.size() ? List.of() : ids.subList((int) from, (int) Math.max(from, to));
        Json.Building answer = Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("queryState", queryState)
                .put("canCalculateChanges", canCalculateChanges)
                .put("position", from)
                .put("ids", Json.Arr.ofTexts(stretch));
        if (calculateTotal) {
            answer.put("total", ids.size());
        }
        return answer.build();
    }

    private long from(List<String> ids) {
        if (anchor.isPresent()) {
            int at = ids.indexOf(anchor.get());
            if (at < 0) {
                throw new MethodError("anchorNotFound", "the anchor is not among the results");
            }
            return Math.max(0, at + anchorOffset);
        }
        return position < 0 ? Math.max(0, ids.size() + position) : position;
    }
}
