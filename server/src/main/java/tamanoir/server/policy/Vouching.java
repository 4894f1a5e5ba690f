package tamanoir.server.policy;

import java.util.Optional;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.authresults.dmarc.DmarcResult.Request;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.AuthresultsParameters;
import tamanoir.server.config.AuthresultsParameters.DmarcAction;
import tamanoir.server.config.AuthresultsParameters.SpfFailAction;
import tamanoir.server.config.AuthresultsParameters.TemperrorAction;
import tamanoir.server.config.Config;
import tamanoir.server.policy.Verdict.Refuse;

/// What follows from [tamanoir.server.authresults.Evidence]: the restrictions `reject_spf_fail` and
/// `reject_dmarc_fail`, and the parameters that do the same without a list. The status codes are those of RFC 7372.
/// Immutable.
///
/// What could not be found out never refuses for good: a DNS that is down is no proof.
record Vouching(
        SpfFailAction spfFail, TemperrorAction spfTrouble, DmarcAction dmarcFail, TemperrorAction dmarcTrouble) {

    static Vouching of(Config own) {
        return new Vouching(
                own.get(AuthresultsParameters.SPF_FAIL_ACTION),
                own.get(AuthresultsParameters.SPF_TEMPERROR_ACTION),
                own.get(AuthresultsParameters.DMARC_POLICY_ACTION),
                own.get(AuthresultsParameters.DMARC_TEMPERROR_ACTION));
    }

    /// `reject_spf_fail`
    static Ruling spf(Question question) {
        SpfResult spf = question.evidence().spf();
        if (spf.result() != Result.FAIL) {
            return new Ruling.Dunno("SPF " + spf.result().word());
        }
        String why = spf.explanation().isEmpty() ? "" : "; " + spf.domain() + " explains: " + spf.explanation();
        return new Ruling.Refuse(
                Refusals.plain(
                        550,
                        "5.7.23",
                        "SPF: " + spf.domain() + " does not permit "
                                + question.client().address().getHostAddress() + " to send its mail" + why),
                "SPF fail of " + spf.domain());
    }

    /// `reject_dmarc_fail`: only where the domain itself asks for it.
    static Ruling dmarc(Question question) {
        DmarcResult dmarc = question.evidence().dmarc();
        boolean no = dmarc.result() == Result.FAIL && dmarc.requested() == Request.REJECT;
        return no
                ? new Ruling.Refuse(
                        Refusals.plain(
                                550,
                                "5.7.26",
                                "DMARC: mail from " + dmarc.domain()
                                        + " must pass SPF or DKIM by the policy of its domain: " + dmarc.reason()),
                        "DMARC fail of " + dmarc.domain())
                : new Ruling.Dunno("DMARC " + dmarc.result().word());
    }

    /// Mail that arrives, but not like any other: `dmarc_policy_action` allows a quarantine, and the domain asks for
    /// that or more.
    boolean quarantines(Question question) {
        return dmarcFail != DmarcAction.NONE && question.evidence().isUnwanted();
    }

    /// What the parameters say, after the lists; with the name of the parameter as the reason.
    Optional<Refuse> refusal(Question question) {
        if (spfFail == SpfFailAction.REJECT && spf(question) instanceof Ruling.Refuse no) {
            return Optional.of(new Refuse(no.reply(), "spf_fail_action: " + no.why()));
        }
        if (dmarcFail == DmarcAction.REJECT && dmarc(question) instanceof Ruling.Refuse no) {
            return Optional.of(new Refuse(no.reply(), "dmarc_policy_action: " + no.why()));
        }
        SpfResult spf = question.evidence().spf();
        if (spfTrouble == TemperrorAction.DEFER && spf.result() == Result.TEMPERROR) {
            return Optional.of(new Refuse(
                    Reply.of(451, "4.7.24", "SPF of " + spf.domain() + " cannot be checked now, try again later"),
                    "spf_temperror_action: " + spf.explanation()));
        }
        DmarcResult dmarc = question.evidence().dmarc();
        if (dmarcTrouble == TemperrorAction.DEFER && dmarc.result() == Result.TEMPERROR) {
            return Optional.of(new Refuse(
                    Reply.of(451, "4.7.26", "DMARC of " + dmarc.domain() + " cannot be checked now, try again later"),
                    "dmarc_temperror_action: " + dmarc.reason()));
        }
        return Optional.empty();
    }
}
