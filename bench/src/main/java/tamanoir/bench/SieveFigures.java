package tamanoir.bench;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import tamanoir.mail.sieve.Compiler;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Limits;
import tamanoir.mail.sieve.PlainHost;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.sieve.Script;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.sieve.extension.All;
import tamanoir.mail.text.Octets;

/// What a script of 200 rules costs for one message of 10 KiB: to compile, and to run with the message read anew.
/// Prints microseconds, the best of five rounds.
public final class SieveFigures {
    private static final int RULES = 200;
    private static final int RUNS = 5_000;

    private SieveFigures() {}

    public static void main(String[] arguments) {
        Language language = new Language().with(new All());
        String text = rules();
        Octets message = message();
        Script script = compile(text, language);
        long compile = Long.MAX_VALUE;
        long run = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < RUNS / 10; i++) {
                compile(text, language);
            }
            compile = Math.min(compile, (System.nanoTime() - start) / (RUNS / 10));
            start = System.nanoTime();
            for (int i = 0; i < RUNS; i++) {
                script.run(new Run(
                        new PlainHost(ZonedDateTime.now(ZoneOffset.UTC)),
                        Limits.DEFAULT,
                        new Letter(message),
                        Sent.NOBODY,
                        Run.Trace.NONE));
            }
            run = Math.min(run, (System.nanoTime() - start) / RUNS);
        }
        System.out.printf(
                "sieve: %d rules, %d octets: compile %d us, run %d us a message%n",
                RULES, message.length(), compile / 1_000, run / 1_000);
    }

    private static Script compile(String text, Language language) {
        return Compiler.compile(text, language, Limits.DEFAULT, Compiler.Library.EMPTY)
                .script()
                .orElseThrow();
    }

    /// As rules made in a form: a field or an address, then a mailbox.
    private static String rules() {
        StringBuilder text = new StringBuilder("require [\"fileinto\", \"imap4flags\"];\n");
        for (int i = 0; i < RULES; i++) {
            text.append(i == 0 ? "if" : "elsif");
            switch (i % 4) {
                case 0 ->
                    text.append(" header :contains \"Subject\" \"[project-")
                            .append(i)
                            .append("]\"");
                case 1 ->
                    text.append(" address :is \"From\" \"someone").append(i).append("@example.net\"");
                case 2 ->
                    text.append(" header :matches \"List-Id\" \"*list-")
                            .append(i)
                            .append(".example.net*\"");
                default ->
                    text.append(" anyof (address :domain \"To\" \"d")
                            .append(i)
                            .append(".example\", header :contains \"Cc\" \"d")
                            .append(i)
                            .append(".example\")");
            }
            text.append(" { addflag \"$f\"; fileinto \"Box").append(i).append("\"; }\n");
        }
        return text.toString();
    }

    private static Octets message() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            text.append("Received: from host")
                    .append(i)
                    .append(".example.net by mx")
                    .append(i);
            text.append(".example.org with ESMTPS id abcdef; Mon, 1 Jan 2024 00:00:00 +0000\r\n");
        }
        text.append("From: Somebody <somebody@example.net>\r\nTo: ann@example.com, ben@example.com\r\n");
        text.append("Cc: carl@example.com\r\nSubject: Re: what we talked about\r\nList-Id: <other.example.org>\r\n");
        text.append("Message-ID: <1@example.net>\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\n");
        while (text.length() < 10_240) {
            text.append("It is a line of text like any other line of text in a message.\r\n");
        }
        return Octets.of(text.toString());
    }
}
