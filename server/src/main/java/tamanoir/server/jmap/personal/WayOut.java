package tamanoir.server.jmap.personal;

import java.time.Duration;
import java.util.Set;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.intake.Intake;
import tamanoir.server.policy.Policy;

/// How mail of signed-in people leaves, as one configuration says: what the submission service does, for
/// those who do not speak SMTP. A reload makes another. Immutable.
///
/// @param authservIds the names under which this server tells Authentication-Results (RFC 8601 §2.5)
/// @param policy of the submission service
/// @param messageSizeLimit 0 for none
/// @param longestDelay how long a sender may ask that a message be kept, zero for not at all
public record WayOut(
        String hostname,
        String mailName,
        Set<String> authservIds,
        Policy policy,
        Recipients recipients,
        Intake intake,
        long messageSizeLimit,
        int recipientLimit,
        Duration longestDelay) {
    SendingRights rights() {
        return new SendingRights(recipients);
    }
}
