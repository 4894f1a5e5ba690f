package tamanoir.server.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;

/// One list in the DNS, `domain` or `domain=filter`, where each of the filter's four parts is a number or a
/// choice: `zen.example=127.0.0.[2..11;14]` (postconf(5), reject_rbl_client). Immutable.
public record DnsList(String text, String domain, List<List<int[]>> filter) {
    public DnsList {
        filter = List.copyOf(filter);
    }

    /// @throws BadSyntax when the filter is none
    public static DnsList of(String text) {
        int equals = text.indexOf('=');
        String domain = equals < 0 ? text : text.substring(0, equals);
        try {
            Domain.of(domain);
        } catch (BadSyntax e) {
            throw new BadSyntax("\"" + text + "\": \"" + domain + "\" is no domain of a DNS list");
        }
        return new DnsList(text, domain, equals < 0 ? List.of() : filter(text, text.substring(equals + 1)));
    }

    private static List<List<int[]>> filter(String text, String filter) {
        List<List<int[]>> parts = new ArrayList<>();
        int at = 0;
        while (at < filter.length()) {
            int end;
            String part;
            if (filter.charAt(at) == '[') {
                end = filter.indexOf(']', at);
                if (end < 0) {
                    throw wrong(text);
                }
                part = filter.substring(at + 1, end);
                end++;
            } else {
                end = filter.indexOf('.', at);
                end = end < 0 ? filter.length() : end;
                part = filter.substring(at, end);
            }
            if (end < filter.length() && (filter.charAt(end) != '.' || end + 1 == filter.length())) {
                throw wrong(text);
            }
            at = end + 1;
            List<int[]> ranges = new ArrayList<>();
            for (String range : part.split(";", -1)) {
                int dots = range.indexOf("..");
                int from = number(text, dots < 0 ? range : range.substring(0, dots));
                int to = dots < 0 ? from : number(text, range.substring(dots + 2));
                if (to < from) {
                    throw wrong(text);
                }
                ranges.add(new int[] {from, to});
            }
            parts.add(List.copyOf(ranges));
        }
        if (parts.size() != 4) {
            throw wrong(text);
        }
        return parts;
    }

    private static int number(String text, String digits) {
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > 255) {
            throw wrong(text);
        }
        return Integer.parseInt(digits);
    }

    private static BadSyntax wrong(String text) {
        return new BadSyntax("\"" + text + "\": behind = four numbers are expected, each may be [1;5..9]");
    }

    /// The name to ask for an address: its parts backwards (RFC 5782 §2.1, §2.4).
    public String query(InetAddress address) {
        byte[] octets = address.getAddress();
        StringBuilder query = new StringBuilder();
        for (int i = octets.length - 1; i >= 0; i--) {
            if (octets.length == 4) {
                query.append(octets[i] & 0xFF).append('.');
            } else {
                query.append(Integer.toHexString(octets[i] & 0x0F)).append('.');
                query.append(Integer.toHexString(octets[i] >> 4 & 0x0F)).append('.');
            }
        }
        return query.append(domain).toString();
    }

    public String query(String name) {
        return name + "." + domain;
    }

    /// Whether an answer is among those that are meant.
    public boolean matches(InetAddress answer) {
        byte[] octets = answer.getAddress();
        for (int i = 0; i < filter.size(); i++) {
            int octet = octets[i] & 0xFF;
            if (filter.get(i).stream().noneMatch(range -> octet >= range[0] && octet <= range[1])) {
                return false;
            }
        }
        return true;
    }

    /// False for answers by which a list says that it does not answer (too many questions, a public
    /// resolver). False too for those that are no listing at all (RFC 5782 §2.1: 127.0.0.0/8), as of a
    /// domain that was sold, unless a filter asks for them.
    public boolean isListing(InetAddress answer) {
        byte[] octets = answer.getAddress();
        if (octets.length != 4) {
            return false;
        }
        if (octets[0] != 127) {
            return !filter.isEmpty();
        }
        boolean refuses = (octets[1] & 0xFF) == 255 && (octets[2] & 0xFF) == 255;
        boolean mistyped = octets[1] == 0 && octets[2] == 1 && (octets[3] & 0xFF) == 255;
        return !refuses && !mistyped;
    }
}
