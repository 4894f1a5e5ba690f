package tamanoir.server.authresults.reports;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Finds the reports in a message (RFC 9990 §3.2.1). What is packed may be a bomb: it is unpacked while it is read, and
/// reading ends at a limit.
public final class ReportMail {
    /// Octets of one report unpacked; the largest honest ones have some millions.
    static final long MOST_OCTETS = 64L * 1024 * 1024;

    private static final int MOST_PARTS = 20;

    private ReportMail() {}

    /// The reports in a message; none where there is none that can be read.
    public static List<AggregateReport> in(Octets message) {
        List<AggregateReport> reports = new ArrayList<>();
        for (Part part : MessageParser.parse(message).all()) {
            String name = part.fileName().orElse("").toLowerCase(Locale.ROOT);
            String type = part.contentType().mediaType().toLowerCase(Locale.ROOT);
            boolean maybe = part.kind() == Part.Kind.LEAF
                    && (name.endsWith(".xml") || name.endsWith(".gz") || name.endsWith(".zip") || packed(type));
            if (maybe && reports.size() < MOST_PARTS) {
                try {
                    reports.add(read(part.decoded().octets()));
                } catch (BadSyntax somethingElse) {
                    // Attached as well, or instead.
                }
            }
        }
        return reports;
    }

    private static boolean packed(String type) {
        return switch (type) {
            case "application/gzip",
                    "application/x-gzip",
                    "application/zip",
                    "application/x-zip-compressed",
                    "text/xml",
                    "application/xml" -> true;
            default -> false;
        };
    }

    /// A report, packed or not: its first octets tell.
    ///
    /// @throws BadSyntax when it is none
    static AggregateReport read(Octets octets) {
        InputStream raw = new ByteArrayInputStream(octets.array(), octets.arrayOffset(), octets.length());
        try (InputStream in = unpacked(octets, raw)) {
            return ReportReader.read(new Limited(in));
        } catch (IOException e) {
            throw new BadSyntax("the report cannot be unpacked");
        }
    }

    private static InputStream unpacked(Octets octets, InputStream raw) throws IOException {
        if (octets.length() > 2 && octets.at(0) == 0x1F && octets.at(1) == 0x8B) {
            return new GZIPInputStream(raw);
        }
        if (octets.length() > 4 && octets.at(0) == 'P' && octets.at(1) == 'K') {
            ZipInputStream zip = new ZipInputStream(raw);
            ZipEntry entry = zip.getNextEntry();
            if (entry == null) {
                throw new IOException("an empty archive");
            }
            return zip;
        }
        return raw;
    }

    private static final class Limited extends FilterInputStream {
        private long left = MOST_OCTETS;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] array, int offset, int length) throws IOException {
            int count = super.read(array, offset, length);
            left -= Math.max(count, 0);
            if (left < 0) {
                throw new IOException("larger than any honest report");
            }
            return count;
        }
    }
}
