package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// A parameter that is called implemented is read by somebody: nothing is announced that does not work.
class ParametersAreReadTest {
    /// Read by their names: in the defaults of others, by the reader of main.cf, or by the program around the server.
    private static final Set<String> READ_BY_NAME = Set.of(
            "SMTPD_USE_TLS",
            "SMTPD_ENFORCE_TLS",
            "SMTP_USE_TLS",
            "SMTP_ENFORCE_TLS",
            "LMTP_USE_TLS",
            "LMTP_ENFORCE_TLS",
            "COMPATIBILITY_LEVEL",
            "CONFIG_DIRECTORY",
            "MAIL_VERSION",
            "SERVICE_NAME",
            "STRESS",
            "MYNETWORKS_STYLE",
            "DEFAULT_DATABASE_TYPE",
            "SMTPD_SASL_TYPE",
            "MAILBOX_COMMAND",
            "MAILBOX_TRANSPORT",
            "FALLBACK_TRANSPORT",
            "VIRTUAL_MAPS",
            "FALLBACK_RELAY",
            "SMTPD_CLIENT_CONNECTION_LIMIT_EXCEPTIONS",
            "SMTP_DNS_SUPPORT_LEVEL",
            // app
            "STORE_DIRECTORY",
            "STORE_BLOB_DIRECTORY",
            "STORE_CACHE_SIZE",
            "STORE_WRITE_BUFFER_SIZE",
            "STORE_DELETED_RETENTION",
            "QUOTA_DEFAULT",
            "METRICS_PORT",
            "METRICS_ENABLE",
            "SHUTDOWN_TIME_LIMIT",
            "SMTPD_PORT",
            "SUBMISSION_PORT",
            "SUBMISSIONS_PORT",
            "LMTPD_PORT",
            "IMAP_PORT",
            "IMAPS_PORT",
            "POP3_PORT",
            "POP3S_PORT",
            "DATA_DIRECTORY",
            "PROXY_INTERFACES",
            "SMTP_SASL_PASSWORD_MAPS");

    @Test
    void whatIsCalledImplementedIsRead() throws IllegalAccessException {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("tamanoir.server");
        Set<String> idle = new TreeSet<>();
        for (Class<?> room : List.of(
                NetParameters.class,
                TlsParameters.class,
                SmtpdParameters.class,
                CleanupParameters.class,
                LocalParameters.class,
                QueueParameters.class,
                SmtpParameters.class,
                ImapParameters.class,
                Pop3Parameters.class,
                StoreParameters.class,
                PostscreenParameters.class)) {
            for (Field field : room.getFields()) {
                Parameter<?> parameter = (Parameter<?>) field.get(null);
                JavaField seen = classes.get(room).getField(field.getName());
                boolean read = seen.getAccessesToSelf().stream()
                        .anyMatch(access -> !access.getOriginOwner()
                                .getSimpleName()
                                .endsWith("Parameters"));
                if (parameter.isImplemented() && !read && !READ_BY_NAME.contains(field.getName())) {
                    idle.add(field.getName().toLowerCase(Locale.ROOT));
                }
            }
        }
        assertThat(idle).as("parameters that nobody reads").isEmpty();
    }
}
