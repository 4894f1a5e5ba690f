package tamanoir.server.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Setting.Place;

/// The names that a value may refer to: settings, defaults, and the few that the machine decides.
final class Environment {
    private final Path home;
    private final String service;
    private final Map<String, Setting> settings;
    private final Expansion expansion;

    Environment(Path home, String service, Map<String, Setting> settings) {
        this.home = home;
        this.service = service;
        this.settings = settings;
        this.expansion = new Expansion(this::raw);
    }

    String service() {
        return service;
    }

    Expansion expansion() {
        return expansion;
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

    Reading reading(Place place, List<Problem> problems) {
        Set<String> classes = new HashSet<>(Words.of(expansion.value("smtpd_restriction_classes")));
        return new Reading(home, expansion, place, problems, classes);
    }

    /// The value; when it is wrong an error is said and the default stands in.
    <T> T evaluate(Parameter<T> parameter, List<Problem> problems) {
        Setting setting = settings.get(parameter.name());
        Place place = setting == null ? Place.NOWHERE : setting.place();
        try {
            String text = DovecotRoles.builtIn(parameter, expansion.value(parameter.name()), place, problems);
            return parameter.reader().read(text, reading(place, problems));
        } catch (BadSyntax e) {
            String name = service.isEmpty() ? parameter.name() : service + "/" + parameter.name();
            String message = String.valueOf(e.getMessage());
            Place at = setting == null ? place : setting.placeOf(message);
            problems.add(Problem.error(at, name + ": " + message));
            return fallback(parameter);
        }
    }

    private <T> T fallback(Parameter<T> parameter) {
        Environment pristine = new Environment(home, "", Map.of());
        String text = pristine.expansion.value(parameter.name());
        return parameter.reader().read(text, pristine.reading(Place.NOWHERE, new java.util.ArrayList<>()));
    }
}
