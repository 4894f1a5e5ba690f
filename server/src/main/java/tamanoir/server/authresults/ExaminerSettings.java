package tamanoir.server.authresults;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.authresults.spf.SpfLimits;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.AuthresultsParameters;
import tamanoir.server.config.AuthresultsParameters.DmarcAction;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.tables.DomainList;
import tamanoir.server.tables.NetworkList;
import tamanoir.server.tables.Tables;

/// What main.cf says about checking where mail comes from. Immutable.
///
/// Mail of `exempt` and `relays` is not checked; what `relays` say in Authentication-Results is left alone.
public record ExaminerSettings(
        String server,
        String hostname,
        boolean spf,
        boolean dkim,
        boolean arc,
        boolean dmarc,
        SpfLimits spfLimits,
        Duration spfTime,
        boolean receivedSpf,
        Predicate<InetAddress> exempt,
        Predicate<InetAddress> relays,
        Predicate<Domain> sealers,
        DmarcAction action) {

    /// What a service's configuration says.
    ///
    /// @throws BadSyntax when a list of networks or domains is written wrongly
    public static ExaminerSettings of(Config own, Tables tables) {
        return new ExaminerSettings(
                own.get(AuthresultsParameters.AUTHSERV_ID),
                own.get(NetParameters.MYHOSTNAME),
                own.get(AuthresultsParameters.SPF_CHECK),
                own.get(AuthresultsParameters.DKIM_CHECK),
                own.get(AuthresultsParameters.ARC_CHECK),
                own.get(AuthresultsParameters.DMARC_CHECK),
                new SpfLimits(
                        SpfLimits.DEFAULT.terms(),
                        SpfLimits.DEFAULT.names(),
                        own.get(AuthresultsParameters.SPF_VOID_LOOKUP_LIMIT)),
                own.get(AuthresultsParameters.SPF_TIME_LIMIT),
                own.get(AuthresultsParameters.RECEIVED_SPF_HEADER),
                networks(own, tables, AuthresultsParameters.AUTHENTICATION_EXEMPT_CLIENTS),
                networks(own, tables, AuthresultsParameters.AUTHENTICATION_TRUSTED_RELAYS),
                DomainList.of(own.get(AuthresultsParameters.ARC_TRUSTED_SEALERS), tables, false)::contains,
                own.get(AuthresultsParameters.DMARC_POLICY_ACTION));
    }

    /// What becomes of mail by its domain's policy and ours.
    String disposition(DmarcResult dmarc) {
        boolean spared = dmarc.result() != Result.FAIL
                || dmarc.requested() == DmarcResult.Request.NONE
                || action == DmarcAction.NONE;
        boolean refused = action == DmarcAction.REJECT && dmarc.requested() == DmarcResult.Request.REJECT;
        return spared ? "none" : refused ? "reject" : "quarantine";
    }

    private static Predicate<InetAddress> networks(Config own, Tables tables, Parameter<java.util.List<String>> list) {
        try {
            return NetworkList.of(own.get(list), tables, false)::matches;
        } catch (BadSyntax e) {
            throw new BadSyntax(list.name() + ": " + e.getMessage());
        }
    }
}
