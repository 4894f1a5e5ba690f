package tamanoir.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.function.ToIntFunction;
import tamanoir.mail.message.BodyStructure;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// What reading one message costs: the tree of its parts, its facts, their row. `MimeBench [SECONDS]` prints
/// microseconds of processor time a message, the median and the best of many short turns.
public final class MimeBench {
    private static final int WARM_UP = 400_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long turns;

    private MimeBench(int seconds) {
        this.turns = seconds * 10L;
    }

    public static void main(String[] arguments) {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        MimeBench bench = new MimeBench(seconds);
        Octets plain = plain(2 * 1024);
        Octets multipart = multipart();
        Octets large = plain(1 << 20);
        System.out.printf(
                "multipart %,d octets, plain %,d, large %,d%n", multipart.length(), plain.length(), large.length());
        bench.run(
                "structure, multipart 10 KB",
                multipart,
                mail -> MessageParser.parse(mail).lines());
        bench.run(
                "structure, plain 2 KB",
                plain,
                mail -> MessageParser.parse(mail).lines());
        bench.run(
                "structure, plain 1 MB",
                large,
                mail -> MessageParser.parse(mail).lines());
        Part parsed = MessageParser.parse(multipart);
        bench.run("body structure, multipart 10 KB", multipart, mail -> {
            Part root = MessageParser.parse(mail);
            return BodyStructure.of(root).lines();
        });
        bench.run(
                "facts, multipart 10 KB",
                multipart,
                mail -> MessageFacts.of(mail).preview().length());
        bench.run(
                "facts, plain 2 KB",
                plain,
                mail -> MessageFacts.of(mail).preview().length());
        MessageFacts facts = MessageFacts.of(parsed);
        byte[] row = facts.encode();
        System.out.printf("the row has %,d octets%n", row.length);
        bench.run("write the row", multipart, mail -> facts.encode().length);
        bench.run(
                "read the row",
                multipart,
                mail -> MessageFacts.decode(row).orElseThrow().preview().length());
    }

    private void run(String what, Octets mail, ToIntFunction<Octets> work) {
        int batch = 1;
        long sink = 0;
        long calls = 0;
        // Until the compiler has had its say, and so many in a turn that it lasts about two milliseconds.
        long until = System.nanoTime() + 15_000_000_000L;
        while (calls < WARM_UP && System.nanoTime() < until) {
            long before = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < batch; i++) {
                sink += work.applyAsInt(mail);
            }
            calls += batch;
            long spent = THREADS.getCurrentThreadCpuTime() - before;
            batch = spent < 2_000_000 ? batch * 2 : spent > 8_000_000 ? Math.max(1, batch / 2) : batch;
        }
        long[] nanos = new long[(int) Math.max(20, turns)];
        for (int turn = 0; turn < nanos.length; turn++) {
            long before = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < batch; i++) {
                sink += work.applyAsInt(mail);
            }
            nanos[turn] = (THREADS.getCurrentThreadCpuTime() - before) / batch;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-34s median %8.2f us, best %8.2f us%s%n",
                what, nanos[nanos.length / 2] / 1000.0, nanos[0] / 1000.0, sink == 42 ? "." : "");
    }

    // ---- messages --------------------------------------------------------------------------------------------

    private static final String HEADER = """
            Return-Path: <ann@example.net>
            Received: from mail.example.net (mail.example.net [192.0.2.25])
             by mx.example.com (Postfix) with ESMTPS id 4XyZ1234abc
             for <bob@example.com>; Wed, 25 Nov 2026 10:00:02 +0100 (CET)
            Received: from [192.0.2.77] (unknown [192.0.2.77])
             by mail.example.net (Postfix) with ESMTPSA id 4XyZ1234abd;
             Wed, 25 Nov 2026 10:00:01 +0100 (CET)
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=2026;
             h=from:to:subject:date:message-id:mime-version:content-type;
             bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=
            From: =?utf-8?Q?Ann_M=C3=BCller?= <ann@example.net>
            To: "Bob" <bob@example.com>, carol@example.org
            Cc: The List <list@example.com>
            Subject: Re: =?utf-8?B?R3LDvMOfZSBhdXMgUm9t?= (2nd part)
            Date: Wed, 25 Nov 2026 10:00:00 +0100
            Message-ID: <20261125100000.4711@example.net>
            In-Reply-To: <20261124090000.1@example.com>
            References: <20261123080000.7@example.com> <20261124090000.1@example.com>
            User-Agent: An Agent 1.0
            MIME-Version: 1.0
            """;

    private static Octets plain(int size) {
        StringBuilder text = new StringBuilder(HEADER).append("Content-Type: text/plain; charset=utf-8\n\n");
        while (text.length() < size) {
            text.append("This is a line of an ordinary message, of ordinary length.\n");
        }
        return mail(text);
    }

    /// Mixed of alternative and a picture, as most mail of that size.
    private static Octets multipart() {
        StringBuilder text = new StringBuilder(HEADER);
        text.append("Content-Type: multipart/mixed; boundary=\"----=_Part_1_1234567890\"\n\n");
        text.append("This is a multi-part message in MIME format.\n------=_Part_1_1234567890\n");
        text.append("Content-Type: multipart/alternative; boundary=\"----=_Part_2_1234567890\"\n\n");
        text.append("------=_Part_2_1234567890\nContent-Type: text/plain; charset=utf-8\n");
        text.append("Content-Transfer-Encoding: quoted-printable\n\n");
        text.append("Gr=C3=BC=C3=9Fe from Rome, where the weather is fine and the food is better.\n".repeat(20));
        text.append("------=_Part_2_1234567890\nContent-Type: text/html; charset=utf-8\n");
        text.append("Content-Transfer-Encoding: quoted-printable\n\n<html><body>\n");
        text.append(
                "<p>Gr=C3=BC=C3=9Fe from <b>Rome</b>, where the weather is fine and the food better.</p>\n".repeat(25));
        text.append("</body></html>\n------=_Part_2_1234567890--\n\n------=_Part_1_1234567890\n");
        text.append("Content-Type: image/png; name=\"rome.png\"\nContent-Transfer-Encoding: base64\n");
        text.append("Content-Disposition: attachment; filename=\"rome.png\"\n\n");
        byte[] picture = new byte[3400];
        new Random(1).nextBytes(picture);
        text.append(Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(picture));
        text.append("\n------=_Part_1_1234567890--\n");
        return mail(text);
    }

    private static Octets mail(CharSequence text) {
        return Octets.of(text.toString().replace("\n", "\r\n"));
    }
}
