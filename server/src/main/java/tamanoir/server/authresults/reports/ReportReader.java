package tamanoir.server.authresults.reports;

import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.authresults.reports.AggregateReport.Published;
import tamanoir.server.authresults.reports.AggregateReport.Row;
import tamanoir.server.authresults.reports.AggregateReport.Signature;

/// Reads a report of another receiver, of either RFC, with or without a namespace. Everybody may send one: no document
/// type, no entities, and an end to everything. Used by one thread.
public final class ReportReader {
    private static final int MOST_ROWS = 100_000;
    private static final int MOST_ELEMENTS = 4_000_000;
    private static final int LONGEST_TEXT = 1_000;
    private static final int DEEPEST = 20;

    private final XMLStreamReader xml;
    private final Map<String, String> head = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private Map<String, String> row = new HashMap<>();
    private List<Signature> signatures = new ArrayList<>();
    private int elements;

    private ReportReader(XMLStreamReader xml) {
        this.xml = xml;
    }

    /// @throws BadSyntax when it is none, or larger than any honest one
    public static AggregateReport read(InputStream in) {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        try {
            return new ReportReader(factory.createXMLStreamReader(in)).report();
        } catch (XMLStreamException e) {
            throw new BadSyntax("the report is not well-formed XML");
        } catch (BadSyntax e) {
            throw e;
        } catch (RuntimeException e) {
            // The parser of the JDK throws what it likes at what it does not expect.
            throw new BadSyntax("the report is not readable XML");
        }
    }

    private AggregateReport report() throws XMLStreamException {
        List<String> path = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean feedback = false;
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++elements > MOST_ELEMENTS || path.size() >= DEEPEST) {
                        throw new BadSyntax("the report is larger than any honest one");
                    }
                    path.add(xml.getLocalName());
                    feedback |= path.size() == 1 && xml.getLocalName().equals("feedback");
                    text.setLength(0);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    int room = LONGEST_TEXT - text.length();
                    text.append(xml.getText(), 0, Math.min(room, xml.getTextLength()));
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    ended(String.join("/", path), clean(text));
                    path.removeLast();
                    text.setLength(0);
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new BadSyntax("the report has a document type");
                default -> {}
            }
        }
        if (!feedback) {
            throw new BadSyntax("the XML is no DMARC report");
        }
        return new AggregateReport(
                at("report_metadata/org_name"),
                at("report_metadata/email"),
                at("report_metadata/report_id"),
                time("report_metadata/date_range/begin"),
                time("report_metadata/date_range/end"),
                new Published(
                        at("policy_published/domain"),
                        at("policy_published/adkim"),
                        at("policy_published/aspf"),
                        at("policy_published/p"),
                        at("policy_published/sp"),
                        at("policy_published/np"),
                        at("policy_published/testing").equals("y")),
                rows);
    }

    private static String clean(StringBuilder text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return clean.toString().strip();
    }

    private void ended(String path, String text) {
        String inside = path.startsWith("feedback/") ? path.substring("feedback/".length()) : "";
        if (inside.equals("record")) {
            if (rows.size() >= MOST_ROWS) {
                throw new BadSyntax("the report has more rows than any honest one");
            }
            rows.add(row());
            row = new HashMap<>();
            signatures = new ArrayList<>();
        } else if (inside.equals("record/auth_results/dkim")) {
            if (signatures.size() < 100) {
                signatures.add(new Signature(
                        row.getOrDefault("auth_results/dkim/domain", ""),
                        row.getOrDefault("auth_results/dkim/selector", ""),
                        row.getOrDefault("auth_results/dkim/result", "")));
            }
            row.keySet().removeIf(key -> key.startsWith("auth_results/dkim/"));
        } else if (inside.startsWith("record/")) {
            row.putIfAbsent(inside.substring("record/".length()), text);
        } else {
            head.putIfAbsent(inside, text);
        }
    }

    private Row row() {
        return new Row(
                row.getOrDefault("row/source_ip", ""),
                number(row.getOrDefault("row/count", "0")),
                row.getOrDefault("row/policy_evaluated/disposition", ""),
                row.getOrDefault("row/policy_evaluated/dkim", "").equals("pass"),
                row.getOrDefault("row/policy_evaluated/spf", "").equals("pass"),
                row.getOrDefault("row/policy_evaluated/reason/type", ""),
                row.getOrDefault("identifiers/header_from", ""),
                row.getOrDefault("identifiers/envelope_from", ""),
                signatures,
                row.getOrDefault("auth_results/spf/domain", ""),
                row.getOrDefault("auth_results/spf/scope", ""),
                row.getOrDefault("auth_results/spf/result", ""));
    }

    private String at(String path) {
        return head.getOrDefault(path, "");
    }

    private Instant time(String path) {
        return Instant.ofEpochSecond(Math.min(number(at(path)), 253_402_300_799L));
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }
}
