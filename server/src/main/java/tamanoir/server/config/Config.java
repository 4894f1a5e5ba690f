package tamanoir.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Setting.Place;

/// A snapshot of all parameters, evaluated once. Immutable; a reload makes a new one and swaps it in.
///
/// [#load] reads `main.cf` of the home folder. Whoever belongs to a service asks `config.service("submission")`
/// first: there `submission/name = value` wins over `name = value`.
public final class Config {
    private final Path home;
    private final String serviceName;
    private final Map<String, Setting> settings;
    private final Map<Parameter<?>, Object> values;
    private final Map<String, Config> services;
    private final List<Setting> written;

    private Config(
            Path home,
            String serviceName,
            Map<String, Setting> settings,
            Map<Parameter<?>, Object> values,
            Map<String, Config> services,
            List<Setting> written) {
        this.home = home;
        this.serviceName = serviceName;
        this.settings = settings;
        this.values = values;
        this.services = services;
        this.written = written;
    }

    /// Reads `home/main.cf`, when there is one, with `overrides` (`name` or `service/name` to text) on top.
    public static Loaded load(Path home, Map<String, String> overrides) {
        List<Problem> problems = new ArrayList<>();
        List<Setting> settings = new ArrayList<>();
        Path file = home.resolve("main.cf");
        if (Files.exists(file)) {
            try {
                settings.addAll(
                        MainCf.settings(file.toString(), Files.readString(file, StandardCharsets.UTF_8), problems));
            } catch (IOException e) {
                problems.add(
                        Problem.error(new Place(file.toString(), 0), "the file cannot be read: " + Reading.reason(e)));
            }
        }
        overrides.forEach((name, text) -> settings.add(override(name, text)));
        return new Loaded(assemble(home, settings, problems), problems);
    }

    /// A configuration from values alone, for tests; the home folder is `home`.
    ///
    /// @throws IllegalArgumentException when a value is wrong
    public static Config of(Path home, Map<String, String> values) {
        List<Problem> problems = new ArrayList<>();
        List<Setting> settings = new ArrayList<>();
        values.forEach((name, text) -> settings.add(override(name, text)));
        Loaded loaded = new Loaded(assemble(home, settings, problems), problems);
        if (!loaded.isUsable()) {
            throw new IllegalArgumentException(loaded.errors().toString());
        }
        return loaded.config();
    }

    /// A configuration from values alone, with the working folder as its home.
    public static Config of(Map<String, String> values) {
        return of(Path.of("").toAbsolutePath(), values);
    }

    private static Setting override(String name, String text) {
        int slash = name.indexOf('/');
        return new Setting(
                slash < 0 ? "" : name.substring(0, slash),
                name.substring(slash + 1),
                text,
                Place.COMMAND_LINE,
                List.of());
    }

    /// The value of a parameter.
    @SuppressWarnings("unchecked") // Each value was made by the reader of its own parameter.
    public <T> T get(Parameter<T> parameter) {
        Object value = values.get(parameter);
        if (value == null) {
            throw new IllegalArgumentException(parameter.name() + " is missing in Parameters.all()");
        }
        return (T) value;
    }

    /// The port to listen on, `port_offset` added; empty when the service is off. Port 0 stays 0: any free one.
    public OptionalInt port(Parameter<OptionalInt> parameter) {
        OptionalInt port = get(parameter);
        return port.isEmpty() || port.getAsInt() == 0
                ? port
                : OptionalInt.of(port.getAsInt() + get(NetParameters.PORT_OFFSET));
    }

    /// The expanded text of any name, also one that only the administrator's own file defines.
    public Optional<String> text(String name) {
        Environment environment = new Environment(home, serviceName, settings);
        return environment.raw(name).map(raw -> environment.expansion().value(name));
    }

    /// The steps of a class of `smtpd_restriction_classes`, as words that [Restriction#of] reads.
    public List<String> restrictionClass(String name) {
        Environment environment = new Environment(home, serviceName, settings);
        return Restriction.words(
                environment.expansion().value(name), environment.reading(Place.NOWHERE, new ArrayList<>()));
    }

    /// The steps of a list of restrictions, each with the place where it is written.
    public List<Restriction> restrictions(Parameter<List<String>> parameter) {
        return placed(parameter.name(), Restriction.of(get(parameter)));
    }

    /// The steps of a class of `smtpd_restriction_classes`, each with the place where it is written.
    public List<Restriction> classRestrictions(String name) {
        return placed(name, Restriction.of(restrictionClass(name)));
    }

    private List<Restriction> placed(String name, List<Restriction> steps) {
        Setting setting = settings.get(name);
        if (setting == null) {
            return steps;
        }
        return steps.stream()
                .map(step -> step.at(setting.placeOfWord(step.argument().isEmpty() ? step.name() : step.argument())
                        .toString()))
                .toList();
    }

    /// Where a value is set, `file:line`; `default` where nobody set it.
    public String where(Parameter<?> parameter) {
        Setting setting = settings.get(parameter.name());
        return setting == null ? "default" : setting.place().toString();
    }

    /// A table that a parameter or restriction names.
    public record TableUse(Parameter<?> parameter, String table) {}

    /// Every table that is in use, in the order of the parameters' names, with restriction classes and lists
    /// whose entries are tables.
    public List<TableUse> tables() {
        List<TableUse> uses = new ArrayList<>();
        for (Parameter<?> parameter : Parameters.all()) {
            if (parameter.standing() == Parameter.Standing.IMPLEMENTED && get(parameter) instanceof List<?> words) {
                for (Object word : words) {
                    String plain = String.valueOf(word);
                    String table = plain.startsWith("!") ? plain.substring(1) : plain;
                    if (TableNames.isTable(table)) {
                        uses.add(new TableUse(parameter, table));
                    }
                }
            }
        }
        for (String name : Words.of(get(SmtpdParameters.SMTPD_RESTRICTION_CLASSES))) {
            for (String word : restrictionClass(name)) {
                if (TableNames.isTable(word)) {
                    uses.add(new TableUse(SmtpdParameters.SMTPD_RESTRICTION_CLASSES, word));
                }
            }
        }
        return uses;
    }

    /// Something wrong with a value, at the place where it is set.
    public Problem error(Parameter<?> parameter, String message) {
        return Problem.error(place(parameter, message), said(parameter, message));
    }

    /// Something doubtful about a value, at the place where it is set.
    public Problem warning(Parameter<?> parameter, String message) {
        return Problem.warning(place(parameter, message), said(parameter, message));
    }

    /// Something to know about a value, at the place where it is set.
    public Problem note(Parameter<?> parameter, String message) {
        return Problem.note(place(parameter, message), said(parameter, message));
    }

    private String said(Parameter<?> parameter, String message) {
        return (serviceName.isEmpty() ? "" : serviceName + "/") + parameter.name() + ": " + message;
    }

    private Place place(Parameter<?> parameter, String message) {
        Setting setting = settings.get(parameter.name());
        return setting == null ? Place.NOWHERE : setting.placeOf(message);
    }

    /// Where the value is set; nowhere for a default.
    Place place(Parameter<?> parameter) {
        Setting setting = settings.get(parameter.name());
        return setting == null ? Place.NOWHERE : setting.place();
    }

    /// Everything that somebody wrote, in order, later lines after the ones they replace.
    List<Setting> written() {
        return written;
    }

    Map<String, Setting> settings() {
        return settings;
    }

    /// Which service this is the configuration of; empty for the common one.
    public String serviceName() {
        return serviceName;
    }

    /// Services that have values of their own.
    public Set<String> services() {
        return Collections.unmodifiableSet(services.keySet());
    }

    /// The configuration as this service sees it.
    public Config service(String service) {
        return services.getOrDefault(service, this);
    }

    /// The same with `stress = yes`, for the limits that name a shorter value then (STRESS_README).
    public Config underStress() {
        List<Setting> stressed = new ArrayList<>(written);
        stressed.add(override("stress", "yes"));
        return assemble(home, stressed, new ArrayList<>()).service(serviceName);
    }

    /// The folder that holds `main.cf`, tables, `tls/` and `data/`.
    public Path home() {
        return home;
    }

    /// True when the value does not come from the default.
    public boolean isSet(Parameter<?> parameter) {
        return settings.containsKey(parameter.name());
    }

    /// True when the value is set for this service alone (`name/parameter`), not for the server.
    public boolean isOwn(Parameter<?> parameter) {
        Setting setting = settings.get(parameter.name());
        return setting != null && !setting.service().isEmpty();
    }

    private static Config assemble(Path home, List<Setting> settings, List<Problem> problems) {
        Map<String, Setting> plain = new LinkedHashMap<>();
        Map<String, Map<String, Setting>> own = new LinkedHashMap<>();
        for (Setting setting : settings) {
            Map<String, Setting> to =
                    setting.service().isEmpty() ? plain : own.computeIfAbsent(setting.service(), s -> new HashMap<>());
            Setting before = to.put(setting.name(), setting);
            if (before != null && !setting.place().equals(Place.COMMAND_LINE)) {
                problems.add(Problem.warning(
                        setting.place(),
                        setting.fullName() + " is set a second time; this line wins over the one at "
                                + before.place()));
            }
        }
        Checks.names(settings, problems);
        List<Setting> written = List.copyOf(settings);
        Map<String, Config> services = new LinkedHashMap<>();
        Environment common = new Environment(home, "", plain);
        Config base = new Config(home, "", plain, evaluate(common, Set.of(), problems), services, written);
        base.checkRestrictionClasses(problems);
        own.forEach((service, wins) -> {
            Map<String, Setting> effective = new LinkedHashMap<>(plain);
            effective.putAll(wins);
            Environment environment = new Environment(home, service, effective);
            Map<Parameter<?>, Object> values = evaluate(environment, wins.keySet(), problems);
            services.put(service, new Config(home, service, effective, values, Map.of(), written));
        });
        return base;
    }

    /// Every class that is named has a value, and every step of it is a restriction.
    private void checkRestrictionClasses(List<Problem> problems) {
        Place named = place(SmtpdParameters.SMTPD_RESTRICTION_CLASSES);
        for (String name : Words.of(get(SmtpdParameters.SMTPD_RESTRICTION_CLASSES))) {
            Setting setting = settings.get(name);
            try {
                if (setting == null) {
                    throw new BadSyntax("the class is named in smtpd_restriction_classes but has no value");
                }
                restrictionClass(name);
            } catch (BadSyntax e) {
                String message = String.valueOf(e.getMessage());
                problems.add(Problem.error(setting == null ? named : setting.placeOf(message), name + ": " + message));
            }
        }
    }

    /// Reads all values. For a service only what it sets itself is complained about: the rest was said already.
    private static Map<Parameter<?>, Object> evaluate(
            Environment environment, Set<String> own, List<Problem> problems) {
        Map<Parameter<?>, Object> values = new HashMap<>();
        Set<String> wrong = new HashSet<>();
        boolean service = !environment.service().isEmpty();
        // What somebody wrote comes first, so that the fault of a value is said at its own line.
        List<Parameter<?>> order = Parameters.all().stream()
                .sorted(Comparator.comparing(p -> !environment.isSet(p.name())))
                .toList();
        for (Parameter<?> parameter : order) {
            List<Problem> said = service && !own.contains(parameter.name()) ? new ArrayList<>() : problems;
            values.put(parameter, environment.evaluate(parameter, wrong, said));
        }
        return values;
    }

    /// What differs between two configurations.
    public record Change(String service, Parameter<?> parameter, String before, String after, boolean needsRestart) {}

    /// Every parameter whose value differs, with services, and whether it takes effect only at the next start.
    public static List<Change> changes(Config before, Config after) {
        List<Change> changes = new ArrayList<>();
        Set<String> services = new LinkedHashSet<>();
        services.add("");
        services.addAll(before.services.keySet());
        services.addAll(after.services.keySet());
        for (String service : services) {
            Config one = before.service(service);
            Config other = after.service(service);
            for (Parameter<?> parameter : Parameters.all()) {
                // The name of a service is nobody's setting: it comes with the first value that is its own.
                if (!parameter.equals(NetParameters.SERVICE_NAME)
                        && !one.get(parameter).equals(other.get(parameter))) {
                    changes.add(new Change(
                            service,
                            parameter,
                            one.text(parameter.name()).orElse(""),
                            other.text(parameter.name()).orElse(""),
                            Parameters.needRestart().contains(parameter)));
                }
            }
        }
        return changes;
    }
}
