package tamanoir.server.personal;

import java.time.Duration;
import tamanoir.server.config.Config;
import tamanoir.server.config.PersonalParameters;

/// What an administrator decides about personal objects.
///
/// @param mostObjects of one kind in one account
/// @param logCommits the change log reaches back this far at least
/// @param keepSubmissions how long it is told what became of sent mail
public record PersonalSettings(int mostObjects, int logCommits, Duration keepSubmissions) {
    private static final int LOG_COMMITS = 20_000;

    public static PersonalSettings defaults() {
        return new PersonalSettings(20_000, LOG_COMMITS, Duration.ofDays(30));
    }

    public static PersonalSettings from(Config config) {
        return new PersonalSettings(
                config.get(PersonalParameters.PERSONAL_OBJECT_LIMIT),
                LOG_COMMITS,
                config.get(PersonalParameters.SUBMISSION_RECORD_RETENTION_TIME));
    }
}
