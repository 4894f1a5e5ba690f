package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tamanoir.mail.message.Located.Kind;
import tamanoir.mail.text.Octets;

/// What must be true of every tree of parts, whatever the message was.
final class TreeCheck {
    private TreeCheck() {}

    static void check(Octets whole, Part root) {
        that(root.start() == 0 && root.end() == whole.length(), "the root is not the whole message", root);
        for (Part part : root.all()) {
            that(part.start() <= part.bodyStart() && part.bodyStart() <= part.end(), "offsets out of order", part);
            that(part.lines() == lineFeeds(part.body()), "lines are not the line feeds of the body", part);
            switch (part.kind()) {
                case LEAF -> that(part.children().isEmpty(), "a leaf with parts", part);
                case MULTIPART -> multipart(part);
                case MESSAGE -> {
                    that(part.children().size() == 1, "a message without the message inside", part);
                    Part inner = part.children().getFirst();
                    that(inner.start() == part.bodyStart() && inner.end() == part.end(), "not the same octets", part);
                }
            }
            that(
                    part.kind() == Kind.MULTIPART == part.contentType().isMultipart(),
                    "multipart by type but not by parts, or the other way round",
                    part);
            that(
                    part.kind() != Kind.MESSAGE || part.contentType().isMessage(),
                    "a message by its parts but not by its type",
                    part);
        }
        recomposes(whole, root);
    }

    private static void multipart(Part part) {
        that(!part.children().isEmpty(), "a multipart without parts", part);
        int at = part.bodyStart();
        for (Part child : part.children()) {
            that(child.start() >= at, "parts overlap", part);
            that(child.end() <= part.end(), "a part sticks out", part);
            at = child.end();
        }
    }

    /// The headers, the leaves and what lies between them, in order, are the message again.
    private static void recomposes(Octets whole, Part root) {
        List<int[]> runs = new ArrayList<>();
        for (Part part : root.all()) {
            runs.add(new int[] {part.start(), part.bodyStart()});
            if (part.kind() == Kind.LEAF) {
                runs.add(new int[] {part.bodyStart(), part.end()});
            }
        }
        byte[] copy = new byte[whole.length()];
        boolean[] taken = new boolean[whole.length()];
        for (int[] run : runs) {
            for (int i = run[0]; i < run[1]; i++) {
                that(!taken[i], "an octet is in two places: " + i, root);
                taken[i] = true;
                copy[i] = (byte) whole.at(i);
            }
        }
        for (int i = 0; i < copy.length; i++) {
            if (!taken[i]) {
                // Preamble, delimiters, epilogue: only inside a multipart.
                copy[i] = (byte) whole.at(i);
                int at = i;
                that(
                        root.all().stream()
                                .anyMatch(p -> p.kind() == Kind.MULTIPART && p.bodyStart() <= at && at < p.end()),
                        "an octet outside every part: " + i,
                        root);
                while (i + 1 < copy.length && !taken[i + 1]) {
                    i++;
                    copy[i] = (byte) whole.at(i);
                }
            }
        }
        that(Arrays.equals(copy, whole.toByteArray()), "the parts do not make the message", root);
    }

    static int lineFeeds(Octets octets) {
        int count = 0;
        for (int at = octets.indexOf('\n', 0); at >= 0; at = octets.indexOf('\n', at + 1)) {
            count++;
        }
        return count;
    }

    private static void that(boolean holds, String what, Part part) {
        if (!holds) {
            throw new AssertionError(what + " in " + part);
        }
    }
}
