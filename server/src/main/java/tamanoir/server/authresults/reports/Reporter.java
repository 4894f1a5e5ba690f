package tamanoir.server.authresults.reports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import tamanoir.mail.address.Address;
import tamanoir.mail.authresults.dmarc.DmarcRecord;
import tamanoir.mail.authresults.dmarc.Organization;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.ContentType;
import tamanoir.mail.message.Entity;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.MessageWriter;
import tamanoir.mail.message.Parameter;
import tamanoir.mail.message.Parameters;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.reports.AggregateReport.Published;
import tamanoir.server.authresults.reports.AggregateReport.Row;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// Tells domains each night what was seen in their name on the day before (RFC 9990 §3.2).
///
/// A day is forgotten when its reports are on their way; one that cannot be sent then is not sent at all, for its
/// domain gets another one tomorrow. One thread.
public final class Reporter implements AutoCloseable {
    /// Hands a finished message over; the envelope sender is null, so that nobody answers a report.
    public interface Outbox {
        void send(Address recipient, Octets message);
    }

    private static final Trace TRACE = new Trace("dmarc", "");
    private static final Duration FLUSH = Duration.ofMinutes(1);

    /// Addresses of one domain that get a report; RFC 9990 §3.2 wants two at least.
    private static final int MOST_ADDRESSES = 5;

    private final Ledger ledger;
    private final Dns dns;
    private final Supplier<ReportSettings> settings;
    private final Outbox outbox;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;
    private final Thread thread = Thread.ofVirtual().name("dmarc reports").unstarted(this::run);

    public Reporter(Ledger ledger, Dns dns, Supplier<ReportSettings> settings, Outbox outbox, InstantSource clock) {
        this.ledger = ledger;
        this.dns = dns;
        this.settings = settings;
        this.outbox = outbox;
        this.clock = clock;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (pause()) {
            try {
                ledger.flush();
                sendDue();
            } catch (Unavailable e) {
                TRACE.warn("reports wait", "reason", e.detail());
            } catch (RuntimeException bug) {
                TRACE.bug(bug);
            }
        }
        ledger.flush();
    }

    /// False when it is time to go.
    private boolean pause() {
        lock.lock();
        try {
            long left = FLUSH.toNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- a day ---------------------------------------------------------------------------------------------------

    /// Sends what is over and forgets it; answers how many reports went.
    public int sendDue() {
        ReportSettings now = settings.get();
        int sent = 0;
        for (LocalDate day : ledger.daysBefore(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))) {
            if (now.send()) {
                for (Map.Entry<String, List<Row>> entry :
                        ledger.of(day, now.mostRows()).entrySet()) {
                    sent += report(now, day, entry.getKey(), entry.getValue());
                }
            }
            ledger.forget(day);
        }
        return sent;
    }

    private int report(ReportSettings now, LocalDate day, String domain, List<Row> rows) {
        Optional<DmarcRecord> record = dns.txt("_dmarc." + domain).recordsOrNone().stream()
                .flatMap(text -> DmarcRecord.parse(text).stream())
                .findFirst();
        int sent = 0;
        if (record.isPresent()) {
            AggregateReport report = report(now, day, domain, record.get(), rows);
            Octets packed = packed(ReportWriter.write(report));
            for (String uri :
                    record.get().reports().stream().limit(MOST_ADDRESSES).toList()) {
                try {
                    Target target = Target.of(uri);
                    long most = Math.min(now.mostOctets(), target.mostOctets);
                    if (packed.length() > most) {
                        TRACE.info("report too large", "domain", domain, "to", target.address, "size", packed.length());
                    } else if (wants(domain, target.address)) {
                        outbox.send(target.address, message(now, report, target.address, packed));
                        TRACE.info("report sent", "domain", domain, "to", target.address, "rows", rows.size());
                        sent++;
                    } else {
                        TRACE.info("report not wanted there", "domain", domain, "to", target.address);
                    }
                } catch (BadSyntax e) {
                    TRACE.info("report not sent", "domain", domain, "reason", String.valueOf(e.getMessage()));
                } catch (Refused | Unavailable e) {
                    TRACE.warn("report not sent", "domain", domain, "reason", String.valueOf(e.getMessage()));
                }
            }
        }
        return sent;
    }

    /// `mailto:address` with perhaps `!10m` behind it (RFC 7489 §6.2).
    private record Target(Address address, long mostOctets) {
        static Target of(String uri) {
            String text = uri.substring("mailto:".length());
            int query = text.indexOf('?');
            text = query < 0 ? text : text.substring(0, query);
            long most = Long.MAX_VALUE;
            int mark = text.lastIndexOf('!');
            if (mark >= 0) {
                String limit = text.substring(mark + 1).toLowerCase(Locale.ROOT);
                if (!limit.matches("[0-9]{1,9}[kmgt]?")) {
                    throw new BadSyntax("the size limit in " + uri + " is none");
                }
                int unit = "kmgt".indexOf(limit.charAt(limit.length() - 1));
                String digits = unit < 0 ? limit : limit.substring(0, limit.length() - 1);
                most = Long.parseLong(digits) << (10 * (unit + 1));
                text = text.substring(0, mark);
            }
            try {
                return new Target(
                        Address.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8)), most);
            } catch (IllegalArgumentException e) {
                throw new BadSyntax("the address in " + uri + " is none");
            }
        }
    }

    /// RFC 9990 §4: a domain may not flood another one with reports, so an address elsewhere must say that it wants
    /// them.
    private boolean wants(String domain, Address address) {
        String host = address.domain().ascii();
        if (Organization.of(host, dns).equals(Organization.of(domain, dns))) {
            return true;
        }
        Answer<String> answer = dns.txt(domain + "._report._dmarc." + host);
        return answer.recordsOrNone().stream().anyMatch(text -> text.strip().startsWith("v=DMARC1"));
    }

    private static AggregateReport report(
            ReportSettings now, LocalDate day, String domain, DmarcRecord record, List<Row> rows) {
        Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusSeconds(1);
        return new AggregateReport(
                now.organization(),
                now.sender().toString(),
                day + "." + domain + "@" + now.hostname(),
                begin,
                end,
                new Published(
                        domain,
                        record.strictDkim() ? "s" : "r",
                        record.strictSpf() ? "s" : "r",
                        word(record.policy()),
                        word(record.subdomains()),
                        word(record.nonexistent()),
                        record.testing()),
                rows);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Octets packed(Octets xml) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(xml.length() / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            xml.writeTo(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return Octets.of(out.toByteArray());
    }

    /// RFC 9990 §3.2.1, §3.2.2: the names by which programs know a report.
    private Octets message(ReportSettings now, AggregateReport report, Address to, Octets packed) {
        String domain = report.published().domain();
        String file = now.hostname() + "!" + domain + "!" + report.begin().getEpochSecond() + "!"
                + report.end().getEpochSecond() + ".xml.gz";
        List<Field> fields = new ArrayList<>();
        fields.add(Field.date("Date", clock.instant().atOffset(ZoneOffset.UTC)));
        fields.add(Field.address("From", now.organization() + " DMARC reports", now.sender()));
        fields.add(Field.address("To", "", to));
        fields.add(Field.text(
                "Subject",
                "Report Domain: " + domain + " Submitter: " + now.hostname() + " Report-ID: <" + report.id() + ">"));
        fields.add(Field.ids(
                "Message-ID",
                List.of(report.begin().getEpochSecond() + "." + Integer.toHexString(to.hashCode()) + "."
                        + report.id())));
        fields.add(Field.structured("Auto-Submitted", "auto-generated"));
        Entity text = Entity.Text.plain("This is a DMARC aggregate report about mail that " + now.hostname()
                + " received on " + LocalDate.ofInstant(report.begin(), ZoneOffset.UTC) + " (UTC) in the name of "
                + domain + ": " + report.messages()
                + " messages.\r\nIt is sent because the DNS record _dmarc." + domain + " asks for it.\r\n");
        Entity data = new Entity.Data(
                List.of(Field.parameters(
                        "Content-Disposition", "attachment", List.of(new Parameter("filename", file)))),
                new ContentType("application", "gzip", Parameters.of(new Parameter("name", file))),
                packed);
        return MessageWriter.ASCII.write(new Entity.Multipart(fields, "mixed", List.of(), List.of(text, data)));
    }
}
