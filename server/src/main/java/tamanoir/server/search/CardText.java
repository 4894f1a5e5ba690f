package tamanoir.server.search;

import java.util.Locale;

/// The readable lines of a calendar entry (RFC 5545) or a card (RFC 6350): what, where, who.
final class CardText {
    private CardText() {}

    static String of(String card) {
        // RFC 5545 §3.1, RFC 6350 §3.2: a line that begins with a blank goes on with the one before.
        String unfolded = card.replace("\r\n ", "")
                .replace("\r\n\t", "")
                .replace("\n ", "")
                .replace("\n\t", "");
        StringBuilder text = new StringBuilder();
        for (String line : unfolded.split("\r?\n")) {
            int colon = colon(line);
            if (colon < 0) {
                continue;
            }
            String head = line.substring(0, colon);
            String value = line.substring(colon + 1);
            int dot = head.indexOf('.');
            int semicolon = head.indexOf(';');
            int end = semicolon < 0 ? head.length() : semicolon;
            String name =
                    head.substring(dot >= 0 && dot < end ? dot + 1 : 0, end).toUpperCase(Locale.ROOT);
            switch (name) {
                case "SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CATEGORIES" -> add(text, value);
                case "FN", "N", "ORG", "TITLE", "ROLE", "NICKNAME", "EMAIL", "TEL", "ADR", "NOTE" -> add(text, value);
                case "ATTENDEE", "ORGANIZER" -> {
                    int common = head.toUpperCase(Locale.ROOT).indexOf(";CN=");
                    if (common >= 0) {
                        int stop = head.indexOf(';', common + 4);
                        add(text, head.substring(common + 4, stop < 0 ? head.length() : stop));
                    }
                    add(text, value.replaceFirst("(?i)^mailto:", ""));
                }
                default -> {}
            }
        }
        return text.toString();
    }

    /// The colon that ends the name and its parameters: those may hold others within quotes.
    private static int colon(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ':' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static void add(StringBuilder text, String value) {
        text.append(value.replace("\\n", "\n")
                        .replace("\\N", "\n")
                        .replace("\\,", ",")
                        .replace("\\;", ";"))
                .append('\n');
    }
}
