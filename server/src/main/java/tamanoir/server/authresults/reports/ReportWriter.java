package tamanoir.server.authresults.reports;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.reports.AggregateReport.Published;
import tamanoir.server.authresults.reports.AggregateReport.Row;
import tamanoir.server.authresults.reports.AggregateReport.Signature;

/// Writes a report as XML (RFC 9990 appendix A; readers of RFC 7489 appendix C understand it too). Used by one thread.
final class ReportWriter {
    private static final String NAMESPACE = "urn:ietf:params:xml:ns:dmarc-2.0";

    private final XMLStreamWriter xml;

    private ReportWriter(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static Octets write(AggregateReport report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
            new ReportWriter(xml).report(report);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML into memory cannot fail", e);
        }
        return Octets.of(out.toByteArray());
    }

    private void report(AggregateReport report) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("feedback");
        xml.writeDefaultNamespace(NAMESPACE);
        element("version", "1.0");
        xml.writeStartElement("report_metadata");
        element("org_name", report.organization());
        element("email", report.email());
        element("report_id", report.id());
        xml.writeStartElement("date_range");
        element("begin", Long.toString(report.begin().getEpochSecond()));
        element("end", Long.toString(report.end().getEpochSecond()));
        xml.writeEndElement();
        xml.writeEndElement();
        published(report.published());
        for (Row row : report.rows()) {
            record(row);
        }
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void published(Published published) throws XMLStreamException {
        xml.writeStartElement("policy_published");
        element("domain", published.domain());
        element("adkim", published.adkim());
        element("aspf", published.aspf());
        element("p", published.p());
        element("sp", published.sp());
        element("np", published.np());
        element("testing", published.testing() ? "y" : "n");
        element("discovery_method", "treewalk");
        xml.writeEndElement();
    }

    private void record(Row row) throws XMLStreamException {
        xml.writeStartElement("record");
        xml.writeStartElement("row");
        element("source_ip", row.source());
        element("count", Long.toString(row.count()));
        xml.writeStartElement("policy_evaluated");
        element("disposition", row.disposition());
        element("dkim", row.dkim() ? "pass" : "fail");
        element("spf", row.spf() ? "pass" : "fail");
        if (!row.override().isEmpty()) {
            xml.writeStartElement("reason");
            element("type", row.override());
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeStartElement("identifiers");
        element("envelope_from", row.envelopeFrom());
        element("header_from", row.headerFrom());
        xml.writeEndElement();
        xml.writeStartElement("auth_results");
        for (Signature signature : row.signatures()) {
            xml.writeStartElement("dkim");
            element("domain", signature.domain());
            element("selector", signature.selector());
            element("result", signature.result());
            xml.writeEndElement();
        }
        xml.writeStartElement("spf");
        element("domain", row.spfDomain());
        element("scope", row.spfScope());
        element("result", row.spfResult());
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private void element(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(c < ' ' || c > 0xFFFD || Character.isSurrogate(c) ? '?' : c); // XML 1.0 §2.2
        }
        xml.writeCharacters(clean.toString());
        xml.writeEndElement();
    }
}
