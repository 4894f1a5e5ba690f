package tamanoir.mail.sieve.extension;

import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Step;
import tamanoir.mail.text.BadSyntax;

/// `debug_log` and `report`, which scripts made for Pigeonhole use (vnd.dovecot.debug, vnd.dovecot.report).
public final class Vendor implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("vnd.dovecot.debug");
        language.capability("vnd.dovecot.report");
        language.command("debug_log", "vnd.dovecot.debug")
                .positional("message", Kind.TEXT)
                .does((arguments, compiler) -> {
                    Phrase message = arguments.text(0);
                    return run -> {
                        run.trace(arguments.place(), "debug: " + message.in(run));
                        return Step.Flow.ON;
                    };
                });
        language.command("report", "vnd.dovecot.report")
                .positional("feedback-type", Kind.TEXT)
                .positional("message", Kind.TEXT)
                .positional("address", Kind.TEXT)
                .tag("headers_only", Kind.NONE)
                .does((arguments, compiler) -> {
                    Phrase type = arguments.text(0);
                    type.constant()
                            .filter(text -> !text.matches("[A-Za-z0-9._-]+"))
                            .ifPresent(text -> {
                                throw arguments.wrong("specified feedback type '" + text + "' is invalid");
                            });
                    Phrase message = arguments.text(1);
                    Phrase address = arguments.text(2);
                    address.constant().ifPresent(text -> {
                        try {
                            Base.address(text);
                        } catch (BadSyntax e) {
                            throw arguments.wrong("specified report address '" + text + "' is invalid");
                        }
                    });
                    boolean headersOnly = arguments.has("headers_only");
                    return run -> {
                        run.act(new Action.Report(
                                arguments.place(),
                                type.in(run),
                                message.in(run),
                                address.in(run),
                                headersOnly,
                                run.message()));
                        return Step.Flow.ON;
                    };
                });
    }
}
