package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Whose mail is kept here, and how it gets into a mailbox.
public final class LocalParameters {
    private LocalParameters() {}

    // Recipients

    public static final Parameter<List<String>> ALIAS_MAPS =
            Parameter.tables("alias_maps", "", "Local names replaced by other addresses, in the format of aliases(5).");
    public static final Parameter<List<String>> ALIAS_DATABASE = Parameter.tables(
            "alias_database", "", "The alias tables the newaliases command works on; here files are read as they are.");
    public static final Parameter<List<String>> LOCAL_RECIPIENT_MAPS = Parameter.tables(
            "local_recipient_maps",
            "$alias_maps",
            "Valid users of mydestination beside the accounts of this server; set and empty, every name is taken for "
                    + "which another transport or luser_relay cares.");
    public static final Parameter<List<String>> VIRTUAL_MAILBOX_DOMAINS = Parameter.list(
            "virtual_mailbox_domains",
            "$virtual_mailbox_maps",
            "Domains whose whole addresses are accounts of this server.");
    public static final Parameter<List<String>> VIRTUAL_MAILBOX_MAPS = Parameter.tables(
            "virtual_mailbox_maps",
            "",
            "Valid addresses of virtual_mailbox_domains beside the accounts of this server.");
    public static final Parameter<List<String>> RELAY_DOMAINS = Parameter.list(
            "relay_domains",
            "${{$compatibility_level} <level {2} ? {$mydestination} : {}}",
            "Domains whose mail is taken and passed on.");
    public static final Parameter<List<String>> RELAY_RECIPIENT_MAPS =
            Parameter.tables("relay_recipient_maps", "", "Valid addresses of relay_domains; empty means all.");
    public static final Parameter<List<String>> RELOCATED_MAPS =
            Parameter.tables("relocated_maps", "", "Addresses of people who moved, with the new one.");
    public static final Parameter<String> LUSER_RELAY =
            Parameter.text("luser_relay", "", "The address that gets mail for unknown users of mydestination.");
    public static final Parameter<Boolean> EXPAND_OWNER_ALIAS = Parameter.flag(
            "expand_owner_alias",
            false,
            "Whether the owner of a list is followed to the person before it becomes the sender.");
    public static final Parameter<Boolean> RESET_OWNER_ALIAS = Parameter.flag(
            "reset_owner_alias", false, "Whether the owner of an outer list goes on for lists inside it.");

    // Forwards to other servers

    public static final Parameter<String> SRS_DOMAIN = Parameter.text(
            "srs_domain",
            "",
            "The domain under which senders are rewritten when their mail is forwarded to another server; empty for not.");
    public static final Parameter<Duration> SRS_LIFETIME = Parameter.time(
            "srs_lifetime",
            "21d",
            ChronoUnit.DAYS,
            "How long a rewritten sender takes back bounces; 1000 days at most.");

    // Delivery

    public static final Parameter<Long> MAILBOX_SIZE_LIMIT = Parameter.octets(
            "mailbox_size_limit",
            51200000,
            "Size of a mailbox at most, where the account has no quota of its own; 0 for no limit.");
    public static final Parameter<Long> VIRTUAL_MAILBOX_LIMIT =
            Parameter.octets("virtual_mailbox_limit", 51200000, "The same for accounts of virtual_mailbox_domains.");
    public static final Parameter<String> LOCAL_TRANSPORT =
            Parameter.text("local_transport", "local:$myhostname", "How mail for mydestination is delivered.");
    public static final Parameter<String> VIRTUAL_TRANSPORT =
            Parameter.text("virtual_transport", "virtual", "How mail for virtual_mailbox_domains is delivered.");
    public static final Parameter<String> MAILBOX_TRANSPORT =
            Parameter.text("mailbox_transport", "", "How mail for local users is delivered instead of locally.");
    public static final Parameter<List<String>> MAILBOX_TRANSPORT_MAPS =
            Parameter.tables("mailbox_transport_maps", "", "The same by user.");
    public static final Parameter<String> FALLBACK_TRANSPORT =
            Parameter.text("fallback_transport", "", "How mail for unknown users of mydestination is delivered.");
    public static final Parameter<List<String>> FALLBACK_TRANSPORT_MAPS =
            Parameter.tables("fallback_transport_maps", "", "The same by user.");
    public static final Parameter<String> MAILBOX_COMMAND = Parameter.text(
            "mailbox_command",
            "",
            "A command that delivers to mailboxes; only the Dovecot delivery command, which is built in, is taken.");
    public static final Parameter<List<String>> MAILBOX_COMMAND_MAPS =
            Parameter.tables("mailbox_command_maps", "", "The same by user.").notYet();
    public static final Parameter<String> HOME_MAILBOX =
            Parameter.withoutEffect("home_mailbox", "", "Mail is kept in the store of this server.");
    public static final Parameter<List<String>> ALLOW_MAIL_TO_COMMANDS = Parameter.list(
            "allow_mail_to_commands",
            "",
            "Where \"|command\" is obeyed: alias, include. Postfix allows alias unless told otherwise; here nothing runs "
                    + "before somebody says so.");
    public static final Parameter<List<String>> ALLOW_MAIL_TO_FILES = Parameter.list(
            "allow_mail_to_files", "", "Where /file/name is obeyed: alias, include; off like allow_mail_to_commands.");
    public static final Parameter<String> DEFAULT_PRIVS = Parameter.text(
            "default_privs",
            "nobody",
            "The user that commands of aliases run as; a server that is not root can be its own user only.");
    public static final Parameter<Duration> COMMAND_TIME_LIMIT = Parameter.time(
            "command_time_limit", "1000s", ChronoUnit.SECONDS, "After which a command of an alias is ended.");
    public static final Parameter<String> COMMAND_EXECUTION_DIRECTORY = Parameter.text(
            "command_execution_directory", "", "The folder in which commands of aliases run; / when empty.");
    public static final Parameter<String> COMMAND_EXPANSION_FILTER = Parameter.text(
            "command_expansion_filter",
            "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "Characters of addresses that commands see in their environment; any other becomes _.");
    public static final Parameter<List<String>> EXPORT_ENVIRONMENT = Parameter.list(
            "export_environment",
            "TZ MAIL_CONFIG LANG",
            "Variables of the server, or name=value, that commands of aliases get beside PATH.");
    public static final Parameter<Integer> LMTPD_RECIPIENT_LIMIT = Parameter.count(
            "lmtpd_recipient_limit", 1000, 1, Integer.MAX_VALUE, "Recipients of one message over LMTP.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                ALIAS_MAPS,
                ALIAS_DATABASE,
                LOCAL_RECIPIENT_MAPS,
                VIRTUAL_MAILBOX_DOMAINS,
                VIRTUAL_MAILBOX_MAPS,
                RELAY_DOMAINS,
                RELAY_RECIPIENT_MAPS,
                RELOCATED_MAPS,
                LUSER_RELAY,
                EXPAND_OWNER_ALIAS,
                RESET_OWNER_ALIAS,
                SRS_DOMAIN,
                SRS_LIFETIME,
                MAILBOX_SIZE_LIMIT,
                VIRTUAL_MAILBOX_LIMIT,
                LOCAL_TRANSPORT,
                VIRTUAL_TRANSPORT,
                MAILBOX_TRANSPORT,
                MAILBOX_TRANSPORT_MAPS,
                FALLBACK_TRANSPORT,
                FALLBACK_TRANSPORT_MAPS,
                MAILBOX_COMMAND,
                MAILBOX_COMMAND_MAPS,
                HOME_MAILBOX,
                ALLOW_MAIL_TO_COMMANDS,
                ALLOW_MAIL_TO_FILES,
                DEFAULT_PRIVS,
                COMMAND_TIME_LIMIT,
                COMMAND_EXECUTION_DIRECTORY,
                COMMAND_EXPANSION_FILTER,
                EXPORT_ENVIRONMENT,
                LMTPD_RECIPIENT_LIMIT);
    }
}
