package tamanoir.server.filter.milter;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.milter.Negotiation;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Cidr;
import tamanoir.server.config.Config;
import tamanoir.server.config.FilterParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.Words;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Blobs;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// The milters of one service as main.cf has them. Immutable; used by many sessions.
public final class Milters {
    private final Config config;
    private final List<MilterSettings> milters;
    private final List<LookupTable> byClient;
    private final Macros macros;
    private final Map<String, String> values;
    private final Blobs blobs;

    /// `list` is `smtpd_milters` or `non_smtpd_milters`.
    ///
    /// @throws BadSyntax when a milter or a setting of one cannot be
    public Milters(Config config, Parameter<List<String>> list, Tables tables, Blobs blobs) {
        this.config = config;
        this.blobs = blobs;
        this.milters = settings(config, config.get(list));
        this.byClient = list.equals(FilterParameters.SMTPD_MILTERS)
                ? tables.open(config.get(FilterParameters.SMTPD_MILTER_MAPS))
                : List.of();
        this.macros = macros(config);
        this.values = Map.of(
                "j", config.get(NetParameters.MYHOSTNAME),
                "daemon_name", config.get(FilterParameters.MILTER_MACRO_DAEMON_NAME),
                "v", config.get(FilterParameters.MILTER_MACRO_V));
    }

    private static List<MilterSettings> settings(Config config, List<String> words) {
        MilterSettings general = new MilterSettings(
                new tamanoir.server.filter.draft.Endpoint("", "", 0, config.home()),
                config.get(FilterParameters.MILTER_CONNECT_TIMEOUT),
                config.get(FilterParameters.MILTER_COMMAND_TIMEOUT),
                config.get(FilterParameters.MILTER_CONTENT_TIMEOUT),
                MilterSettings.action(config.get(FilterParameters.MILTER_DEFAULT_ACTION)),
                MilterSettings.version(config.get(FilterParameters.MILTER_PROTOCOL)));
        return words.stream()
                .map(word -> MilterSettings.of(word, general, config.home()))
                .toList();
    }

    private static Macros macros(Config config) {
        Map<Integer, List<String>> lists = new HashMap<>();
        lists.put(Negotiation.CONNECT_MACROS, config.get(FilterParameters.MILTER_CONNECT_MACROS));
        lists.put(Negotiation.HELO_MACROS, config.get(FilterParameters.MILTER_HELO_MACROS));
        lists.put(Negotiation.MAIL_MACROS, config.get(FilterParameters.MILTER_MAIL_MACROS));
        lists.put(Negotiation.RECIPIENT_MACROS, config.get(FilterParameters.MILTER_RCPT_MACROS));
        lists.put(Negotiation.DATA_MACROS, config.get(FilterParameters.MILTER_DATA_MACROS));
        lists.put(Negotiation.END_OF_HEADER_MACROS, config.get(FilterParameters.MILTER_END_OF_HEADER_MACROS));
        lists.put(Negotiation.END_OF_DATA_MACROS, config.get(FilterParameters.MILTER_END_OF_DATA_MACROS));
        Map<String, String> defaults = new HashMap<>();
        for (String pair : config.get(FilterParameters.MILTER_MACRO_DEFAULTS)) {
            boolean whole = pair.startsWith("{") && pair.endsWith("}") && pair.indexOf('=') > 0;
            String plain = whole ? pair.substring(1, pair.length() - 1) : pair;
            int equals = plain.indexOf('=');
            if (equals <= 0) {
                throw new BadSyntax("milter_macro_defaults: \"" + pair + "\" is not name=value");
            }
            defaults.put(
                    Macros.plain(plain.substring(0, equals).strip()),
                    plain.substring(equals + 1).strip());
        }
        return new Macros(lists, config.get(FilterParameters.MILTER_UNKNOWN_COMMAND_MACROS), defaults);
    }

    /// True when no session can have a milter.
    public boolean isEmpty() {
        return milters.isEmpty() && byClient.isEmpty();
    }

    /// A conversation with no milter at all.
    public MilterTalk nobody() {
        return new MilterTalk(List.of(), values, blobs);
    }

    /// The conversation for a client. `smtpd_milter_maps` may give it other milters, or `DISABLE` them.
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    public MilterTalk talk(Trace trace, InetAddress client) {
        List<MilterSettings> chosen = milters;
        if (!byClient.isEmpty()) {
            Optional<String> other = LookupTable.first(byClient, Cidr.text(client));
            if (other.isPresent()) {
                chosen =
                        other.get().strip().toUpperCase(Locale.ROOT).equals("DISABLE") ? List.of() : other(other.get());
            }
        }
        List<Milter> talking = new ArrayList<>();
        chosen.forEach(one -> talking.add(new Milter(one, macros, trace)));
        return new MilterTalk(talking, values, blobs);
    }

    private List<MilterSettings> other(String words) {
        try {
            return settings(config, Words.of(words));
        } catch (BadSyntax e) {
            throw new tamanoir.server.observe.Unavailable(
                    "mail system configuration error", "smtpd_milter_maps: " + e.getMessage());
        }
    }
}
