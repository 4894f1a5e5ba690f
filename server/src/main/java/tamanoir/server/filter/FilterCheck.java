package tamanoir.server.filter;

import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.FilterParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.Problem;
import tamanoir.server.config.SmtpParameters;
import tamanoir.server.filter.milter.Milters;
import tamanoir.server.filter.scan.Scanners;
import tamanoir.server.tables.CheckReport;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// What is wrong with the filters of a configuration: actions of content checks, each with the line of its table;
/// addresses and settings of milters and scanners.
public record FilterCheck(tamanoir.server.store.Blobs blobs) implements CheckReport.Part {
    @Override
    public List<Problem> check(Config config, Tables tables) {
        List<Problem> problems = new ArrayList<>();
        for (Parameter<List<String>> checks : List.of(
                CleanupParameters.HEADER_CHECKS,
                CleanupParameters.MIME_HEADER_CHECKS,
                CleanupParameters.NESTED_HEADER_CHECKS,
                CleanupParameters.BODY_CHECKS,
                FilterParameters.MILTER_HEADER_CHECKS)) {
            actions(config, checks, tables, false, problems);
        }
        for (Parameter<List<String>> checks : List.of(
                SmtpParameters.SMTP_HEADER_CHECKS,
                SmtpParameters.SMTP_MIME_HEADER_CHECKS,
                SmtpParameters.SMTP_NESTED_HEADER_CHECKS,
                SmtpParameters.SMTP_BODY_CHECKS)) {
            actions(config, checks, tables, true, problems);
        }
        List<Config> services = new ArrayList<>(List.of(config));
        config.services().forEach(service -> services.add(config.service(service)));
        for (Config own : services) {
            for (Parameter<List<String>> milters :
                    List.of(FilterParameters.SMTPD_MILTERS, FilterParameters.NON_SMTPD_MILTERS)) {
                attempt(own, milters, () -> new Milters(own, milters, tables, blobs), problems);
            }
        }
        attempt(config, FilterParameters.RSPAMD_URL, () -> Scanners.of(config), problems);
        attempt(
                config,
                CleanupParameters.MESSAGE_REJECT_CHARACTERS,
                () -> Characters.of(
                        config.get(CleanupParameters.MESSAGE_REJECT_CHARACTERS),
                        config.get(CleanupParameters.MESSAGE_STRIP_CHARACTERS)),
                problems);
        return problems.stream().distinct().toList();
    }

    private static void actions(
            Config config, Parameter<List<String>> checks, Tables tables, boolean leaving, List<Problem> problems) {
        for (String name : config.get(checks)) {
            try {
                for (LookupTable.Hit hit : tables.open(name).answers()) {
                    wrong(hit.text(), checks.name(), leaving, hit.place(), config, checks, problems);
                }
            } catch (BadSyntax e) {
                problems.add(config.error(checks, String.valueOf(e.getMessage())));
            }
        }
    }

    private static void wrong(
            String text,
            String checks,
            boolean leaving,
            String place,
            Config config,
            Parameter<?> parameter,
            List<Problem> problems) {
        String message;
        Problem.Severity severity = Problem.Severity.ERROR;
        try {
            if (!leaving || !CheckAction.of(text).decides()) {
                CheckAction.of(text);
                return;
            }
            severity = Problem.Severity.WARNING;
            message = "\"" + text + "\" has no effect in " + checks
                    + ", where mail is on its way out; use header_checks or body_checks for it";
        } catch (BadSyntax e) {
            message = e.getMessage() + "; mail that it matches would be deferred";
        }
        int colon = place.lastIndexOf(':');
        problems.add(
                colon < 0
                        ? config.error(parameter, message)
                        : new Problem(
                                severity,
                                place.substring(0, colon),
                                Integer.parseInt(place.substring(colon + 1)),
                                message));
    }

    private static void attempt(Config config, Parameter<?> parameter, Runnable made, List<Problem> problems) {
        try {
            made.run();
        } catch (BadSyntax e) {
            problems.add(config.error(parameter, String.valueOf(e.getMessage())));
        }
    }
}
