package tamanoir.mail.sieve;

import java.util.List;

/// A command or a test as it is written, meaning nothing yet (RFC 5228 §8.2).
///
/// `tests` are what stands behind the arguments; `parenthesized` tells a list in parentheses. `block` is empty where
/// `hasBlock` is false.
record Statement(
        Place place,
        String name,
        List<Argument> arguments,
        List<Statement> tests,
        boolean parenthesized,
        boolean hasBlock,
        List<Statement> block) {
    Statement {
        arguments = List.copyOf(arguments);
        tests = List.copyOf(tests);
        block = List.copyOf(block);
    }
}
