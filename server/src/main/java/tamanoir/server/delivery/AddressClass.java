package tamanoir.server.delivery;

/// Postfix's address classes: what a domain is to us.
public enum AddressClass {
    /// `mydestination`: names are accounts, `alias_maps` apply.
    LOCAL,
    /// `virtual_alias_domains`: every recipient is an alias.
    VIRTUAL_ALIAS,
    /// `virtual_mailbox_domains` and the domains of the directory: whole addresses are accounts.
    VIRTUAL_MAILBOX,
    /// `relay_domains`: taken and passed on.
    RELAY,
    /// Everybody else.
    DEFAULT;

    /// True for domains that we take mail for without asking who sends it.
    public boolean isOurs() {
        return this != DEFAULT;
    }
}
