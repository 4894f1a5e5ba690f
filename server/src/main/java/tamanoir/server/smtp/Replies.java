package tamanoir.server.smtp;

import tamanoir.mail.smtp.Reply;

/// Replies that say the same every time, in Postfix's words so that log readers and people know them.
final class Replies {
    static final Reply OK = Reply.of(250, "2.0.0", "Ok");
    static final Reply SENDER_OK = Reply.of(250, "2.1.0", "Ok");
    static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "Ok");
    static final Reply BYE = Reply.of(221, "2.0.0", "Bye");
    static final Reply GO_AHEAD = Reply.of(354, "", "End data with <CR><LF>.<CR><LF>");
    static final Reply READY_FOR_TLS = Reply.of(220, "2.0.0", "Ready to start TLS");

    static final Reply GREET_FIRST = Reply.of(503, "5.5.1", "Error: send HELO/EHLO first");
    static final Reply LHLO_FIRST = Reply.of(503, "5.5.1", "Error: send LHLO first");
    static final Reply NESTED_MAIL = Reply.of(503, "5.5.1", "Error: nested MAIL command");
    static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "Error: need MAIL command");
    static final Reply RECIPIENT_FIRST = Reply.of(503, "5.5.1", "Error: need RCPT command");
    static final Reply NO_RECIPIENTS = Reply.of(554, "5.5.1", "Error: no valid recipients");
    static final Reply IN_TRANSACTION = Reply.of(503, "5.5.1", "Error: MAIL transaction in progress");
    static final Reply IN_CHUNKS = Reply.of(503, "5.5.1", "Error: BDAT transfer in progress");
    static final Reply BINARY_NEEDS_BDAT = Reply.of(503, "5.5.1", "Error: BODY=BINARYMIME needs BDAT");
    static final Reply TOO_MANY_RECIPIENTS = Reply.of(452, "4.5.3", "Error: too many recipients");
    static final Reply TOO_LARGE_ANNOUNCED = Reply.of(552, "5.3.4", "Message size exceeds fixed limit");
    static final Reply TOO_LARGE = Reply.of(552, "5.3.4", "Error: message file too big");
    static final Reply NO_ROOM = Reply.of(452, "4.3.1", "Insufficient system storage");
    static final Reply TLS_FIRST = Reply.of(530, "5.7.0", "Must issue a STARTTLS command first");
    static final Reply LOGIN_FIRST = Reply.of(530, "5.7.0", "Authentication required");
    static final Reply TLS_ALREADY = Reply.of(554, "5.5.1", "Error: TLS already active");
    static final Reply NO_TLS = Reply.of(502, "5.5.1", "Error: command not implemented");
    static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1", "Error: command not implemented");
    static final Reply UNKNOWN = Reply.of(500, "5.5.2", "Error: command not recognized");
    static final Reply VRFY_DISABLED = Reply.of(502, "5.5.1", "VRFY command is disabled");
    static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2", "Error: line too long");
    static final Reply BARE_NEWLINE = Reply.of(550, "5.5.2", "Error: bare <LF> received");
    static final Reply RULE_BREAKER = Reply.of(221, "2.7.0", "Error: I can break rules, too. Goodbye.");
    static final Reply OUT_OF_STEP = Reply.of(554, "5.5.0", "Error: SMTP protocol synchronization");
    static final Reply APOLOGY = Reply.of(451, "4.3.0", "Error: queue file write error");

    private Replies() {}
}
