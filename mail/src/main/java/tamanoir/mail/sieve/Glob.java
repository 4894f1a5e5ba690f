package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// `:matches`: `*` is any number of characters, as few as possible, `?` is one (RFC 5228 §2.7.1). Time grows with the
/// product of the lengths at worst.
final class Glob {
    private Glob() {}

    /// The whole and what each wildcard stands for (RFC 5229 §3.2), taken from `text`; `folded` is `text` in the form
    /// in which it is compared and of the same length, or else `text` itself.
    static Optional<List<String>> match(String pattern, String folded, String text) {
        String source = folded.length() == text.length() ? text : folded;
        List<Piece> pieces = pieces(pattern);
        int n = folded.length();
        // From the end: may pieces[i..] match folded[j..]?
        List<BitSet> can = new ArrayList<>(Collections.nCopies(pieces.size() + 1, new BitSet()));
        BitSet after = new BitSet(n + 1);
        after.set(n);
        can.set(pieces.size(), after);
        for (int i = pieces.size() - 1; i >= 0; i--) {
            BitSet here = new BitSet(n + 1);
            switch (pieces.get(i)) {
                case Piece.Any _ -> {
                    here.set(0, after.length());
                }
                case Piece.One _ -> {
                    for (int j = 0; j < n; j++) {
                        int next = folded.offsetByCodePoints(j, 1);
                        here.set(j, after.get(next));
                    }
                }
                case Piece.Plain(String plain) -> {
                    for (int j = 0; j + plain.length() <= n; j++) {
                        here.set(j, after.get(j + plain.length()) && folded.startsWith(plain, j));
                    }
                }
            }
            can.set(i, here);
            after = here;
        }
        if (!can.getFirst().get(0)) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        found.add(source);
        int at = 0;
        for (int i = 0; i < pieces.size(); i++) {
            int end = at;
            switch (pieces.get(i)) {
                case Piece.Any _ -> {
                    while (!can.get(i + 1).get(end)) {
                        end++;
                    }
                    found.add(source.substring(at, end));
                }
                case Piece.One _ -> {
                    end = folded.offsetByCodePoints(at, 1);
                    found.add(source.substring(at, end));
                }
                case Piece.Plain(String plain) -> end = at + plain.length();
            }
            at = end;
        }
        return Optional.of(found);
    }

    private sealed interface Piece {
        record Any() implements Piece {}

        record One() implements Piece {}

        record Plain(String text) implements Piece {}
    }

    private static List<Piece> pieces(String pattern) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '*' || c == '?') {
                flush(plain, pieces);
                pieces.add(c == '*' ? new Piece.Any() : new Piece.One());
            } else if (c == '\\' && i + 1 < pattern.length()) {
                plain.append(pattern.charAt(++i));
            } else {
                plain.append(c);
            }
        }
        flush(plain, pieces);
        return pieces;
    }

    private static void flush(StringBuilder plain, List<Piece> pieces) {
        if (!plain.isEmpty()) {
            pieces.add(new Piece.Plain(plain.toString()));
            plain.setLength(0);
        }
    }
}
