package tamanoir.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Setting.Place;

/// The names that a value may refer to: settings, defaults, and the few that the machine decides.
final class Environment {
    /// `$name`, `${name…`, `$(name…`; not `$$name`.
    private static final Pattern REFERENCE = Pattern.compile("(?<!\\$)\\$[{(]?\\s*([A-Za-z0-9_]+)");

    private final Path home;
    private final String service;
    private final Map<String, Setting> settings;
    private final Expansion expansion;

    Environment(Path home, String service, Map<String, Setting> settings) {
        this.home = home;
        this.service = service;
        this.settings = settings;
        this.expansion = new Expansion(this::expandable);
    }

    String service() {
        return service;
    }

    Expansion expansion() {
        return expansion;
    }

    boolean isSet(String name) {
        return settings.containsKey(name);
    }

    /// The unexpanded text of a name: what is set, else its default.
    Optional<String> raw(String name) {
        Setting setting = settings.get(name);
        return setting != null ? Optional.of(setting.text()) : defaultText(name);
    }

    /// The default of a name, the machine's own names worked out.
    Optional<String> defaultText(String name) {
        return switch (name) {
            case "config_directory" -> Optional.of(dollars(home.toString()));
            case "service_name" -> Optional.of(service);
            case "myhostname" -> Optional.of(hostName());
            case "mydomain" -> Optional.of(domain());
            case "mynetworks" -> Optional.of(LocalNetworks.of(expansion.value("mynetworks_style")));
            default -> Parameters.named(name).map(Parameter::defaultText);
        };
    }

    /// What there is to expand: nothing in a text that is filled in later.
    private Optional<String> expandable(String name) {
        boolean template = Parameters.named(name).filter(Parameter::isTemplate).isPresent();
        return template ? raw(name).map(Environment::dollars) : raw(name);
    }

    private static String dollars(String text) {
        return text.replace("$", "$$");
    }

    private static String hostName() {
        String host = LocalNetworks.hostName();
        return host.indexOf('.') > 0 ? host : host + ".$mydomain";
    }

    /// What follows the first dot of the host name; `localdomain` when there is none.
    private String domain() {
        boolean set = settings.containsKey("myhostname");
        String host = set ? expansion.value("myhostname") : LocalNetworks.hostName();
        int dot = host.indexOf('.');
        return dot < 0 || dot + 1 == host.length() ? "localdomain" : dollars(host.substring(dot + 1));
    }

    /// The names that the text of `name` refers to, and those that they refer to, nearest first.
    List<String> references(String name) {
        List<String> found = new ArrayList<>(List.of(name));
        for (int i = 0; i < found.size(); i++) {
            String text = raw(found.get(i)).orElse("");
            Matcher reference = REFERENCE.matcher(text);
            while (reference.find()) {
                if (!found.contains(reference.group(1))) {
                    found.add(reference.group(1));
                }
            }
        }
        return List.copyOf(found.subList(1, found.size()));
    }

    Reading reading(Place place, List<Problem> problems) {
        Set<String> classes = new HashSet<>(Words.of(expansion.value("smtpd_restriction_classes")));
        return new Reading(home, expansion, place, problems, classes);
    }

    /// The value; when it is wrong an error is said and the default stands in. `wrong` are the names that were found
    /// wrong before: a default that only passes on one of those is not complained about again.
    <T> T evaluate(Parameter<T> parameter, Set<String> wrong, List<Problem> problems) {
        Setting setting = settings.get(parameter.name());
        Place place = setting == null ? Place.NOWHERE : setting.place();
        try {
            String text = DovecotRoles.builtIn(parameter, expansion.value(parameter.name()), place, problems);
            return parameter.reader().read(text, reading(place, problems));
        } catch (BadSyntax e) {
            complain(parameter, String.valueOf(e.getMessage()), setting, wrong, problems);
            wrong.add(parameter.name());
            return fallback(parameter);
        }
    }

    private void complain(
            Parameter<?> parameter,
            String message,
            @Nullable Setting setting,
            Set<String> wrong,
            List<Problem> problems) {
        String name = service.isEmpty() ? parameter.name() : service + "/" + parameter.name();
        Place place = Place.NOWHERE;
        if (setting != null) {
            place = setting.placeOf(message);
        } else {
            for (String reference : references(parameter.name())) {
                if (wrong.contains(reference)) {
                    return;
                }
                Setting origin = settings.get(reference);
                if (origin != null && place.equals(Place.NOWHERE)) {
                    place = origin.placeOf(message);
                }
            }
        }
        problems.add(Problem.error(place, name + ": " + message));
    }

    private <T> T fallback(Parameter<T> parameter) {
        Environment pristine = new Environment(home, "", Map.of());
        String text = pristine.expansion.value(parameter.name());
        return parameter.reader().read(text, pristine.reading(Place.NOWHERE, new java.util.ArrayList<>()));
    }
}
