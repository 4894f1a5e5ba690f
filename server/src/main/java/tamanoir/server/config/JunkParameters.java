package tamanoir.server.config;

import java.util.List;

/// The built-in junk filter.
public final class JunkParameters {
    private JunkParameters() {}

    public static final Parameter<Boolean> JUNK_FILTER = Parameter.flag(
            "junk_filter",
            true,
            "Judge mail of strangers for local mailboxes; what is junk goes to the mailbox with the use \\Junk.");
    public static final Parameter<String> JUNK_THRESHOLD =
            Parameter.text("junk_threshold", "5.0", "Points from which a message is junk.");
    public static final Parameter<String> JUNK_REJECT_THRESHOLD = Parameter.text(
            "junk_reject_threshold",
            "",
            "Points from which a message is refused at the door, by what the site knows alone; empty: never.");
    public static final Parameter<List<String>> JUNK_CLIENT_LISTS = Parameter.list(
            "junk_client_lists", "", "DNS lists (domain or domain=filter) of clients whose mail is likely to be junk.");
    public static final Parameter<List<String>> JUNK_URI_LISTS = Parameter.list(
            "junk_uri_lists", "", "DNS lists (domain or domain=filter) of domains that links of junk lead to.");
    public static final Parameter<Boolean> JUNK_AUTOLEARN = Parameter.flag(
            "junk_autolearn",
            false,
            "Learn without being told from mail that is junk or ham beyond doubt; a wrong belief then feeds itself.");
    public static final Parameter<Boolean> JUNK_LEARN_SITE = Parameter.flag(
            "junk_learn_site",
            true,
            "What people teach counts for the whole site, less than for themselves; no: for themselves only.");
    public static final Parameter<Integer> JUNK_SITE_TOKEN_LIMIT = Parameter.count(
            "junk_site_token_limit",
            200_000,
            1_000,
            10_000_000,
            "Tokens of the site that are remembered at most; rare old ones go first.");
    public static final Parameter<Integer> JUNK_ACCOUNT_TOKEN_LIMIT = Parameter.count(
            "junk_account_token_limit",
            50_000,
            1_000,
            1_000_000,
            "Tokens of one account that are remembered at most; rare old ones go first.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                JUNK_FILTER,
                JUNK_THRESHOLD,
                JUNK_REJECT_THRESHOLD,
                JUNK_CLIENT_LISTS,
                JUNK_URI_LISTS,
                JUNK_AUTOLEARN,
                JUNK_LEARN_SITE,
                JUNK_SITE_TOKEN_LIMIT,
                JUNK_ACCOUNT_TOKEN_LIMIT);
    }
}
