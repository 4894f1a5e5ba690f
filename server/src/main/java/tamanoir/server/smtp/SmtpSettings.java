package tamanoir.server.smtp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import tamanoir.server.delivery.OldRoutes;
import tamanoir.server.tables.WordList;

/// What one SMTP or LMTP service was told to be. Immutable; a reload makes another.
///
/// `hostname` is `myhostname`, `origin` completes addresses without a domain, `with` is the name of the
/// software.
public record SmtpSettings(
        String service,
        Kind kind,
        String hostname,
        String banner,
        String with,
        OldRoutes routes,
        Tls tls,
        SignIn signIn,
        Limits limits,
        Rules rules) {

    /// Which conversation it is.
    public enum Kind {
        /// Mail from other servers.
        MX,
        /// Mail from users (RFC 6409): nothing without a login.
        SUBMISSION,
        /// Mail from a server that keeps the queue (RFC 2033).
        LMTP
    }

    /// `offered`: STARTTLS in clear sessions. `required`: no mail and no AUTH before it. `receivedField`:
    /// say in Received what was agreed. `asksCertificate`: clients are asked for one.
    public record Tls(boolean offered, boolean required, boolean receivedField, boolean asksCertificate) {}

    /// `onlyUnderTls` hides AUTH before TLS; `oldLine` adds the `AUTH=` line for clients of the nineties.
    /// `plainTextInClear`: PLAIN and LOGIN may be used without TLS where AUTH is offered at all.
    public record SignIn(
            boolean offered,
            boolean required,
            boolean onlyUnderTls,
            boolean plainTextInClear,
            boolean oldLine,
            boolean receivedField) {}

    /// 0 is no limit for `messageSize`, `softErrors` and the rates of [Rates].
    public record Limits(
            Duration timeout,
            long messageSize,
            int recipients,
            int softErrors,
            int hardErrors,
            Duration errorSleep,
            int junkCommands,
            long leastFreeOctets,
            Duration futureRelease) {}

    /// What to do with a line feed that stands alone (RFC 5321 §2.3.8).
    public enum BareNewline {
        NO,
        NOTE,
        NORMALIZE,
        REJECT
    }

    /// `noPipelining` ends the session of a client that sends ahead where it may not. `hidden` are EHLO
    /// keywords that are not announced, in capitals. `forbidden` are words that end the session.
    public record Rules(
            BareNewline bareNewline,
            int bareNewlineCode,
            Predicate<InetAddress> bareNewlineExempt,
            boolean noPipelining,
            RefusalText refusals,
            boolean vrfyDisabled,
            boolean heloRequired,
            boolean strictEnvelopes,
            boolean smtpUtf8,
            Set<String> hidden,
            WordList forbidden,
            Predicate<InetAddress> xclient) {
        public Rules {
            hidden = Set.copyOf(hidden);
        }
    }

    public boolean isLmtp() {
        return kind == Kind.LMTP;
    }
}
