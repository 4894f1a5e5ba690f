package tamanoir.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Setting.Place;

/// All there is to say about one parameter of one configuration: what `tamanoir config` prints.
///
/// `written` is the text as it stands in main.cf, or the default; `value` the same with everything replaced. `file` and
/// `line` tell where it is set, empty and 0 for a default. `steps` are the names that the text refers to, and those
/// that
/// they refer to, each with its value: how the value came about. `type`, `unit` and `doc` are empty for a name of the
/// administrator's own.
public record Explanation(
        String service,
        String name,
        String written,
        String value,
        String defaultText,
        String defaultValue,
        boolean isDefault,
        String file,
        int line,
        String type,
        String unit,
        String doc,
        String standing,
        List<Step> steps) {
    public Explanation {
        steps = List.copyOf(steps);
    }

    /// A name on the way to a value. `from` is `file:line`, or `default`.
    public record Step(String name, String value, String from) {}

    /// Every parameter, by name (postconf).
    public static List<Explanation> all(Config config) {
        return Parameters.all().stream()
                .map(p -> of(config, p.name()).orElseThrow())
                .toList();
    }

    /// What is set, in the order of the file, with values of services and the administrator's own names (postconf -n).
    public static List<Explanation> set(Config config) {
        Map<String, Explanation> last = new LinkedHashMap<>();
        for (Setting setting : config.written()) {
            Config from = setting.service().isEmpty() ? config : config.service(setting.service());
            of(from, setting.name()).ifPresent(e -> {
                last.remove(setting.fullName());
                last.put(setting.fullName(), e);
            });
        }
        return List.copyOf(last.values());
    }

    /// The defaults, by name (postconf -d).
    public static List<Explanation> defaults(Config config) {
        return all(Config.of(config.home(), Map.of()));
    }

    /// One name, perhaps with its service before it: `submission/smtpd_timeout`. Empty when there is no such parameter
    /// and nobody set one; [#nearest] may help.
    public static Optional<Explanation> named(Config config, String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? of(config, name) : of(config.service(name.substring(0, slash)), name.substring(slash + 1));
    }

    /// The parameter whose name is most like this one.
    public static Optional<String> nearest(String name) {
        return Words.nearest(
                name, Parameters.all().stream().map(Parameter::name).toList());
    }

    private static Optional<Explanation> of(Config config, String name) {
        Optional<Parameter<?>> parameter = Parameters.named(name);
        Setting setting = config.settings().get(name);
        if (parameter.isEmpty() && setting == null) {
            return Optional.empty();
        }
        Environment environment = new Environment(config.home(), config.serviceName(), config.settings());
        Environment pristine = new Environment(config.home(), config.serviceName(), Map.of());
        String defaultText = pristine.defaultText(name).orElse("");
        Place place = setting == null ? Place.NOWHERE : setting.place();
        String service = setting == null ? "" : setting.service();
        return Optional.of(new Explanation(
                service,
                name,
                folded(environment.raw(name).orElse("")),
                folded(value(environment, name)),
                defaultText,
                value(pristine, name),
                setting == null,
                place.file(),
                place.line(),
                parameter.map(Parameter::type).orElse(""),
                parameter.map(Parameter::unit).orElse(""),
                parameter.map(Parameter::doc).orElse(""),
                parameter.map(p -> standing(p.standing())).orElse("the administrator's own name"),
                steps(environment, config.settings(), name)));
    }

    /// A value over several lines, on one.
    private static String folded(String text) {
        return text.replaceAll("[ \t\r\n]+", " ");
    }

    private static String standing(Parameter.Standing standing) {
        return switch (standing) {
            case IMPLEMENTED -> "implemented";
            case WITHOUT_EFFECT -> "accepted without effect";
            case NOT_YET -> "not supported yet";
        };
    }

    /// A value that cannot be worked out is a problem that loading said already; here it is shown as it is.
    private static String value(Environment environment, String name) {
        try {
            return environment.expansion().value(name);
        } catch (BadSyntax e) {
            return environment.raw(name).orElse("");
        }
    }

    private static List<Step> steps(Environment environment, Map<String, Setting> settings, String name) {
        List<Step> steps = new ArrayList<>();
        for (String other : environment.references(name)) {
            Setting setting = settings.get(other);
            String from = setting == null ? "default" : setting.place().toString();
            steps.add(new Step(other, value(environment, other), from));
        }
        return steps;
    }

    /// The name with its service, as main.cf has it.
    public String fullName() {
        return service.isEmpty() ? name : service + "/" + name;
    }

    /// `name = text`, as main.cf has it.
    public String asWritten() {
        return (fullName() + " = " + written).stripTrailing();
    }

    /// What a person reads: everything above in a few lines.
    public String described() {
        StringBuilder text =
                new StringBuilder(fullName()).append(" = ").append(value).append('\n');
        if (!doc.isEmpty()) {
            text.append("  ").append(doc).append('\n');
        }
        if (!standing.equals("implemented")) {
            text.append("  ").append(standing).append('\n');
        }
        if (!type.isEmpty()) {
            text.append("  type: ").append(type);
            text.append(unit.isEmpty() ? "\n" : ", in " + unit + " where no unit follows\n");
        }
        text.append("  default: ").append(defaultText);
        text.append(defaultText.equals(defaultValue) ? "\n" : "\n           which is: " + defaultValue + "\n");
        if (!isDefault) {
            text.append("  set: ").append(written);
            text.append("\n       in ")
                    .append(file)
                    .append(line > 0 ? ":" + line : "")
                    .append('\n');
        }
        for (Step step : steps) {
            text.append("  $").append(step.name).append(" is ").append(step.value);
            text.append(" (").append(step.from).append(")\n");
        }
        return text.toString();
    }
}
