package tamanoir.server.authresults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.AuthenticationResults;
import tamanoir.mail.authresults.AuthenticationResults.Method;
import tamanoir.mail.authresults.AuthenticationResults.Property;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.server.authresults.Examiner.Subject;

/// The fields that tell readers and their programs what was found (RFC 8601 §2.7).
final class ResultsField {
    private final ExaminerSettings settings;

    ResultsField(ExaminerSettings settings) {
        this.settings = settings;
    }

    /// Ended by CRLF; empty when nothing is checked at all.
    String of(Subject subject, SpfResult spf, Signatures.Found signed, DmarcResult dmarc) {
        List<Method> methods = new ArrayList<>();
        if (settings.spf()) {
            methods.add(spf(subject, spf));
        }
        if (settings.dkim()) {
            if (signed.dkim().isEmpty()) {
                methods.add(new Method("dkim", Result.NONE));
            }
            signed.dkim().forEach(one -> methods.add(dkim(one)));
        }
        if (settings.arc() && signed.arc().result() != Result.NONE) {
            methods.add(arc(subject, signed.arc()));
        }
        if (settings.dmarc()) {
            methods.add(dmarc(dmarc));
        }
        if (methods.isEmpty()) {
            return "";
        }
        String received = settings.spf() && settings.receivedSpf() ? receivedSpf(subject, spf) : "";
        return new AuthenticationResults(settings.server(), methods).toField() + received;
    }

    private static Method spf(Subject subject, SpfResult spf) {
        Property about = spf.helo()
                ? new Property("smtp", "helo", subject.helo())
                : new Property("smtp", "mailfrom", sender(subject));
        Method method = new Method("spf", spf.result(), about);
        return spf.explanation().isEmpty() || spf.result() == Result.FAIL
                ? method
                : method.because(spf.explanation()); // after a fail they are a stranger's words
    }

    private static String sender(Subject subject) {
        return switch (subject.sender()) {
            case ReversePath.Null _ -> "";
            case ReversePath.Sender(var address) -> address.toString();
        };
    }

    private static Method dkim(Verified one) {
        List<Property> properties = new ArrayList<>();
        add(properties, "d", one.domain());
        add(properties, "s", one.selector());
        add(properties, "i", one.identity());
        add(properties, "a", one.algorithm());
        String key = one.keyBits() > 0 ? one.keyBits() + "-bit key" : "";
        String part = one.whole() ? "" : "only part of the body";
        String comment = key.isEmpty() || part.isEmpty() ? key + part : key + ", " + part;
        return new Method("dkim", one.result().word(), one.reason(), comment, properties);
    }

    private static void add(List<Property> properties, String name, String value) {
        if (!value.isEmpty()) {
            properties.add(new Property("header", name, value));
        }
    }

    private static Method arc(Subject subject, ArcResult arc) {
        Method method = new Method(
                "arc",
                arc.result(),
                new Property("smtp", "remote-ip", subject.client().getHostAddress()));
        return arc.reason().isEmpty() ? method : method.because(arc.reason());
    }

    private static Method dmarc(DmarcResult dmarc) {
        Method method = dmarc.domain().isEmpty()
                ? new Method("dmarc", dmarc.result())
                : new Method("dmarc", dmarc.result(), new Property("header", "from", dmarc.domain()));
        method = dmarc.reason().isEmpty() ? method : method.because(dmarc.reason());
        return dmarc.result() == Result.FAIL
                ? method.remarking("p=" + dmarc.requested().name().toLowerCase(Locale.ROOT))
                : method;
    }

    /// RFC 7208 §9.1, for programs that know nothing newer.
    private String receivedSpf(Subject subject, SpfResult spf) {
        String word = spf.result().word();
        return "Received-SPF: " + word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + "\r\n\tclient-ip="
                + subject.client().getHostAddress() + "; envelope-from=" + quoted(sender(subject)) + ";\r\n\thelo="
                + quoted(subject.helo()) + "; receiver=" + quoted(settings.hostname()) + "; identity="
                + (spf.helo() ? "helo" : "mailfrom") + "\r\n";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c < ' ' || c == 127 ? ' ' : c);
        }
        return quoted.append('"').toString();
    }
}
