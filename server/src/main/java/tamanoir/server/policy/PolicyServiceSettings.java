package tamanoir.server.policy;

import java.time.Duration;
import java.util.List;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Words;

/// Where a policy service is and how patiently it is asked (`smtpd_policy_service_*`). Immutable.
///
/// `context` is passed to the service; `requestLimit` 0 is no limit.
public record PolicyServiceSettings(
        String endpoint,
        Duration timeout,
        String defaultAction,
        int tries,
        Duration retryDelay,
        Duration maxIdle,
        Duration maxTtl,
        int requestLimit,
        String context,
        String stress) {

    /// The argument of `check_policy_service`: an endpoint, or `{ endpoint, name = value, … }`, where each
    /// name is that of a parameter without `smtpd_policy_service_`.
    ///
    /// @throws BadSyntax when a name or value is wrong
    PolicyServiceSettings of(String argument) {
        if (!argument.startsWith("{")) {
            return at(argument);
        }
        List<String> words = Words.of(argument.substring(1, argument.length() - (argument.endsWith("}") ? 1 : 0)));
        PolicyServiceSettings settings = at(words.isEmpty() ? "" : words.getFirst());
        int i = 1;
        while (i < words.size()) {
            String word = words.get(i);
            String pair =
                    word.startsWith("{") ? word.substring(1, word.length() - 1).strip() : word;
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals).strip();
            StringBuilder value = new StringBuilder(
                    equals < 0 ? "" : pair.substring(equals + 1).strip());
            i++;
            if (!word.startsWith("{")) {
                // `name = value` is three words, `name =value` two.
                while (i < words.size() && (value.isEmpty() || value.toString().equals("="))) {
                    String next = words.get(i++);
                    value.setLength(0);
                    value.append(next.startsWith("=") ? next.substring(1) : next);
                }
            }
            settings = settings.with(name, value.toString());
        }
        return settings;
    }

    private PolicyServiceSettings with(String name, String value) {
        try {
            return switch (name) {
                case "timeout" ->
                    copy(time(value), defaultAction, tries, retryDelay, maxIdle, maxTtl, requestLimit, context);
                case "default_action" ->
                    copy(timeout, value, tries, retryDelay, maxIdle, maxTtl, requestLimit, context);
                case "try_limit" ->
                    copy(
                            timeout,
                            defaultAction,
                            Integer.parseInt(value),
                            retryDelay,
                            maxIdle,
                            maxTtl,
                            requestLimit,
                            context);
                case "retry_delay" ->
                    copy(timeout, defaultAction, tries, time(value), maxIdle, maxTtl, requestLimit, context);
                case "max_idle" ->
                    copy(timeout, defaultAction, tries, retryDelay, time(value), maxTtl, requestLimit, context);
                case "max_ttl" ->
                    copy(timeout, defaultAction, tries, retryDelay, maxIdle, time(value), requestLimit, context);
                case "request_limit" ->
                    copy(timeout, defaultAction, tries, retryDelay, maxIdle, maxTtl, Integer.parseInt(value), context);
                case "policy_context" ->
                    copy(timeout, defaultAction, tries, retryDelay, maxIdle, maxTtl, requestLimit, value);
                default ->
                    throw new BadSyntax(
                            "check_policy_service: \"" + name + "\" is no setting; allowed are timeout,"
                                    + " default_action, try_limit, retry_delay, max_idle, max_ttl, request_limit, policy_context");
            };
        } catch (NumberFormatException e) {
            throw new BadSyntax("check_policy_service: \"" + name + " = " + value + "\" is no number");
        }
    }

    private static Duration time(String value) {
        String digits = value.replaceAll("[a-zA-Z]+$", "");
        long number = Long.parseLong(digits);
        return switch (value.substring(digits.length())) {
            case "", "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            case "w" -> Duration.ofDays(7 * number);
            default -> throw new NumberFormatException(value);
        };
    }

    private PolicyServiceSettings at(String newEndpoint) {
        return new PolicyServiceSettings(
                newEndpoint, timeout, defaultAction, tries, retryDelay, maxIdle, maxTtl, requestLimit, context, stress);
    }

    private PolicyServiceSettings copy(
            Duration newTimeout,
            String newDefault,
            int newTries,
            Duration newDelay,
            Duration newIdle,
            Duration newTtl,
            int newLimit,
            String newContext) {
        return new PolicyServiceSettings(
                endpoint, newTimeout, newDefault, newTries, newDelay, newIdle, newTtl, newLimit, newContext, stress);
    }
}
