package tamanoir.server.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What can be said of names before any value is read: unknown ones, ones without effect, unknown services.
final class Checks {
    /// Services that may stand before `/name`.
    static final List<String> SERVICES = List.of(
            "smtp",
            "submission",
            "submissions",
            "lmtp",
            "reinject",
            "imap",
            "imaps",
            "pop3",
            "pop3s",
            "managesieve",
            "http",
            "https");

    private static final Pattern REFERENCE = Pattern.compile("\\$[{(]?\\s*([A-Za-z0-9_]+)");

    /// A table whose settings stand in main.cf under this name and `_`.
    private static final Pattern INLINE_TABLE = Pattern.compile("(?:ldap|mysql|pgsql|sqlite):([A-Za-z0-9_]+)");

    /// Delivery agents that exist here.
    private static final Set<String> TRANSPORTS = Set.of("smtp", "lmtp", "relay", "local", "virtual", "error", "retry");

    /// Tuning of one delivery agent, whose name is free: `slow_destination_rate_delay`.
    private static final Pattern PER_TRANSPORT = Pattern.compile(
            "([A-Za-z0-9.-]+(?:_[A-Za-z0-9.-]+)*?)_(destination_concurrency_limit|destination_recipient_limit|destination_rate_delay"
                    + "|initial_destination_concurrency|destination_concurrency_(positive|negative)_feedback"
                    + "|destination_concurrency_failed_cohort_limit|transport_rate_delay|recipient_limit"
                    + "|extra_recipient_limit|recipient_refill_(limit|delay)|minimum_delivery_slots"
                    + "|delivery_slot_(cost|loan|discount)|time_limit)");

    private Checks() {}

    static void names(List<Setting> settings, List<Problem> problems) {
        Set<String> used = new HashSet<>();
        Set<String> inlineTables = new HashSet<>();
        for (Setting setting : settings) {
            Matcher m = REFERENCE.matcher(setting.text());
            while (m.find()) {
                used.add(m.group(1));
            }
            Matcher table = INLINE_TABLE.matcher(setting.text());
            while (table.find()) {
                inlineTables.add(table.group(1) + "_");
            }
            if (setting.name().equals("smtpd_restriction_classes")) {
                used.addAll(List.of(setting.text().split("[,\\s]+")));
            }
        }
        Set<String> known = new HashSet<>();
        Parameters.all().forEach(p -> known.add(p.name()));
        for (Setting setting : settings) {
            if (!setting.service().isEmpty() && !SERVICES.contains(setting.service())) {
                problems.add(Problem.warning(
                        setting.place(),
                        "\"" + setting.service() + "\" in " + setting.fullName() + " is no service"
                                + Words.meant(setting.service(), SERVICES) + " (services: "
                                + String.join(", ", SERVICES) + ")"));
            }
            Parameters.named(setting.name())
                    .ifPresentOrElse(parameter -> standing(setting, parameter, problems), () -> {
                        if (used.contains(setting.name())
                                || inlineTables.stream().anyMatch(setting.name()::startsWith)) {
                            return; // The administrator's own name.
                        }
                        problems.add(unknown(setting, known));
                    });
        }
    }

    private static Problem unknown(Setting setting, Set<String> known) {
        Matcher agent = PER_TRANSPORT.matcher(setting.name());
        boolean slip = Words.nearest(setting.name(), known)
                .filter(near -> Words.distance(near, setting.name()) <= 2)
                .isPresent();
        if (slip || !agent.matches()) {
            return Problem.warning(
                    setting.place(), "unknown parameter " + setting.fullName() + Words.meant(setting.name(), known));
        }
        if (TRANSPORTS.contains(agent.group(1))) {
            return Problem.warning(
                    setting.place(),
                    setting.fullName()
                            + " is not supported yet and has no effect: the value for all transports counts");
        }
        return Problem.note(
                setting.place(),
                setting.fullName() + " is accepted without effect: no delivery agent or service is called "
                        + agent.group(1));
    }

    private static void standing(Setting setting, Parameter<?> parameter, List<Problem> problems) {
        switch (parameter.standing()) {
            case IMPLEMENTED -> {}
            case WITHOUT_EFFECT ->
                problems.add(Problem.note(
                        setting.place(), setting.fullName() + " is accepted without effect: " + parameter.doc()));
            case NOT_YET -> {
                if (!setting.text().equals(parameter.defaultText())) {
                    problems.add(Problem.warning(
                            setting.place(),
                            setting.fullName() + " is not supported yet and has no effect: " + parameter.doc()));
                }
            }
        }
    }
}
