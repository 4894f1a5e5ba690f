package tamanoir.server.filter.junk;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.JunkParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.dns.DnsList;

/// How main.cf wants the filter. `reject` is empty where nothing is ever refused.
public record JunkSettings(
        boolean on,
        String hostname,
        double threshold,
        OptionalDouble reject,
        List<DnsList> clientLists,
        List<DnsList> uriLists,
        boolean autolearn) {
    public JunkSettings {
        clientLists = List.copyOf(clientLists);
        uriLists = List.copyOf(uriLists);
    }

    /// @throws BadSyntax when a score or a list is none
    public static JunkSettings of(Config config) {
        String reject = config.get(JunkParameters.JUNK_REJECT_THRESHOLD);
        return new JunkSettings(
                config.get(JunkParameters.JUNK_FILTER),
                config.get(NetParameters.MYHOSTNAME).toLowerCase(Locale.ROOT),
                score("junk_threshold", config.get(JunkParameters.JUNK_THRESHOLD)),
                reject.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(score("junk_reject_threshold", reject)),
                config.get(JunkParameters.JUNK_CLIENT_LISTS).stream()
                        .map(DnsList::of)
                        .toList(),
                config.get(JunkParameters.JUNK_URI_LISTS).stream()
                        .map(DnsList::of)
                        .toList(),
                config.get(JunkParameters.JUNK_AUTOLEARN));
    }

    private static double score(String name, String text) {
        try {
            double score = Double.parseDouble(text);
            if (score > 0 && score <= 1000) {
                return score;
            }
        } catch (NumberFormatException e) {
            throw new BadSyntax(name + " = " + text + ": a number of points is expected, as 5 or 7.5");
        }
        throw new BadSyntax(name + " = " + text + ": a number of points above 0 and up to 1000 is expected");
    }
}
