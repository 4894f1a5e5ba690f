package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A parameter that is announced does something: some room reads it. One that is said not to be supported
/// yet is read by nobody. The proof is in the sources: the name of the constant stands there, or a value
/// that is read refers to it.
class StandingTest {
    private static final List<Class<?>> CLASSES = List.of(
            NetParameters.class,
            SmtpdParameters.class,
            TlsParameters.class,
            PostscreenParameters.class,
            CleanupParameters.class,
            FilterParameters.class,
            LocalParameters.class,
            QueueParameters.class,
            SmtpParameters.class,
            ImapParameters.class,
            Pop3Parameters.class,
            JmapParameters.class,
            PolicyParameters.class,
            PersonalParameters.class,
            SetupParameters.class,
            StoreParameters.class);

    /// Read by the configuration itself, by name.
    private static final Set<String> BY_NAME = Set.of(
            "compatibility_level",
            "config_directory",
            "default_database_type",
            "fallback_transport",
            "mail_version",
            "mailbox_command",
            "mailbox_transport",
            "mynetworks_style",
            "service_name",
            "maps_rbl_domains",
            "smtpd_restriction_classes",
            "smtpd_sasl_type");

    private static final Pattern REFERENCE = Pattern.compile("\\$[{(]?\\s*([A-Za-z0-9_]+)");

    @Test
    void whatIsAnnouncedIsRead() throws Exception {
        Map<Parameter<?>, String> constants = constants();
        Set<String> words = wordsOfTheSources();
        Set<String> read = new HashSet<>(BY_NAME);
        constants.forEach((parameter, constant) -> {
            if (words.contains(constant)) {
                read.add(parameter.name());
            }
        });
        followReferences(read);
        Set<String> announcedInVain = new TreeSet<>();
        Set<String> hidden = new TreeSet<>();
        constants.forEach((parameter, constant) -> {
            switch (parameter.standing()) {
                case IMPLEMENTED -> {
                    if (!read.contains(parameter.name())) {
                        announcedInVain.add(constant);
                    }
                }
                case NOT_YET, WITHOUT_EFFECT -> {
                    if (words.contains(constant)) {
                        hidden.add(constant);
                    }
                }
            }
        });
        assertThat(announcedInVain)
                .as("no room reads these: put .notYet() behind their definition, or read them")
                .isEmpty();
        assertThat(hidden)
                .as("a room reads these: take .notYet() away from their definition")
                .isEmpty();
    }

    private static Map<Parameter<?>, String> constants() throws IllegalAccessException {
        Map<Parameter<?>, String> constants = new HashMap<>();
        for (Class<?> type : CLASSES) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isPublic(field.getModifiers()) && field.getType() == Parameter.class) {
                    constants.put((Parameter<?>) Objects.requireNonNull(field.get(null)), field.getName());
                }
            }
        }
        return constants;
    }

    private static void followReferences(Set<String> read) {
        Deque<String> open = new ArrayDeque<>(read);
        while (!open.isEmpty()) {
            Parameters.named(open.pop()).ifPresent(parameter -> {
                Matcher reference = REFERENCE.matcher(parameter.defaultText());
                while (reference.find()) {
                    if (read.add(reference.group(1))) {
                        open.push(reference.group(1));
                    }
                }
            });
        }
    }

    /// The words of all sources but those of the definitions.
    private static Set<String> wordsOfTheSources() throws IOException {
        Path root = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve("docs/decisions.md")))
                .findFirst()
                .orElseThrow();
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("server", "app", "scaleout")) {
            Path folder = root.resolve(module).resolve("src/main/java");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(f -> f.toString().endsWith(".java"))
                            .filter(f -> !f.toString().endsWith("Parameters.java"))
                            .forEach(sources::add);
                }
            }
        }
        Set<String> words = new HashSet<>();
        for (Path source : sources) {
            words.addAll(List.of(Files.readString(source).split("[^A-Za-z0-9_]+")));
        }
        return words;
    }
}
