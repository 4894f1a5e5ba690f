package tamanoir.server.imap;

import java.io.IOException;
import java.util.List;
import tamanoir.mail.imap.Wire;
import tamanoir.server.mailbox.View;

/// Flags as IMAP writes them, and the FETCH response that tells of changed ones.
final class FlagsLine {
    /// The 32 combinations of system flags, each followed by a blank between two.
    private static final String[] SYSTEM = systemFlags();

    static final List<String> SYSTEM_NAMES = List.of("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft");

    private FlagsLine() {}

    private static String[] systemFlags() {
        String[] names = {"\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"};
        String[] texts = new String[32];
        for (int bits = 0; bits < 32; bits++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                if ((bits & 1 << i) != 0) {
                    text.append(text.isEmpty() ? "" : " ").append(names[i]);
                }
            }
            texts[bits] = text.toString();
        }
        return texts;
    }

    /// `(\Seen $Junk \Recent)`.
    static void writeFlags(Wire wire, View view, int index, boolean recent) throws IOException {
        wire.character('(');
        String system = SYSTEM[view.systemFlags(index)];
        wire.text(system);
        boolean first = system.isEmpty();
        for (long bits = view.keywordBits(index); bits != 0; bits &= bits - 1) {
            wire.text(first ? "" : " ").text(view.keywords().get(Long.numberOfTrailingZeros(bits)));
            first = false;
        }
        if (recent) {
            wire.text(first ? "\\Recent" : " \\Recent");
        }
        wire.character(')');
    }

    /// A FETCH response that nobody asked for (RFC 9051 §7.5.2; MODSEQ and UID as RFC 7162 §3.2.4 wants them).
    static void write(Wire wire, SelectedMailbox box, int index, SelectedMailbox.Telling telling) throws IOException {
        View view = box.view();
        wire.text("* ").number(box.sequenceAt(index)).text(" FETCH (");
        if (telling.uid()) {
            wire.text("UID ").number(view.uid(index)).character(' ');
        }
        wire.text("FLAGS ");
        writeFlags(wire, view, index, telling.recent() && box.isRecent(view.uid(index)));
        if (telling.modseq()) {
            wire.text(" MODSEQ (").number(view.modseq(index)).character(')');
        }
        wire.character(')').crlf();
    }
}
