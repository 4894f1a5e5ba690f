package tamanoir.server.smtp;

import java.util.Locale;
import java.util.Set;
import tamanoir.mail.smtp.Command;

/// Where a client may send commands ahead (RFC 2920 §3.1), for `smtpd_forbid_unauth_pipelining`: who talks
/// ahead where he may not is no mail server, or is used by somebody to talk to us without knowing it.
final class Pipelining {
    /// Words that begin a line of SMTP.
    private static final Set<String> COMMANDS =
            Set.of("MAIL", "RCPT", "DATA", "BDAT", "RSET", "QUIT", "NOOP", "EHLO", "HELO", "VRFY");

    private Pipelining() {}

    /// Commands that may only be the last of a group that is sent at once.
    static boolean endsGroup(Command command) {
        return switch (command) {
            case Command.Ehlo _, Command.Helo _, Command.Lhlo _, Command.Data _, Command.Vrfy _, Command.Noop _ -> true;
            case Command.Mail _,
                    Command.Rcpt _,
                    Command.Rset _,
                    Command.Expn _,
                    Command.Help _,
                    Command.Quit _,
                    Command.Bdat _,
                    Command.StartTls _,
                    Command.Auth _,
                    Command.Etrn _,
                    Command.XClient _,
                    Command.Unknown _ -> false;
        };
    }

    /// A DATA that is going to be refused may be followed by what a client does next, for some send the
    /// next transaction with it; but never by a message, whose lines would be taken for commands.
    static boolean isTrouble(Command command, String ahead, boolean mayTakeData) {
        if (!(command instanceof Command.Data) || mayTakeData) {
            return true;
        }
        int end = 0;
        while (end < ahead.length() && Character.isLetter(ahead.charAt(end))) {
            end++;
        }
        // The rest of the word may still be on its way.
        String word = ahead.substring(0, end).toUpperCase(Locale.ROOT);
        return COMMANDS.stream().noneMatch(one -> one.startsWith(word));
    }
}
