package tamanoir.server.authresults.reports;

import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.AuthresultsParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;

/// What main.cf says about reports to other domains. Immutable.
public record ReportSettings(
        boolean send, String organization, Address sender, String hostname, int mostRows, long mostOctets) {

    /// @throws BadSyntax when the sender is no address
    public static ReportSettings of(Config config) {
        try {
            return new ReportSettings(
                    config.get(AuthresultsParameters.DMARC_REPORT_SEND),
                    config.get(AuthresultsParameters.DMARC_REPORT_ORGANIZATION),
                    Address.of(config.get(AuthresultsParameters.DMARC_REPORT_SENDER)),
                    config.get(NetParameters.MYHOSTNAME),
                    config.get(AuthresultsParameters.DMARC_REPORT_ROW_LIMIT),
                    config.get(AuthresultsParameters.DMARC_REPORT_SIZE_LIMIT));
        } catch (BadSyntax e) {
            throw new BadSyntax(AuthresultsParameters.DMARC_REPORT_SENDER.name() + ": " + e.getMessage());
        }
    }
}
