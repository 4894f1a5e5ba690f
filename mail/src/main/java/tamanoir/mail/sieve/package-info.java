/// Sieve: what a person wants done with a message, as a script (RFC 5228 and its extensions).
///
/// The road: [Lexer] and [Parser] make [Statement]s of the text, [Compiler] makes a [Script] of them with what the
/// [Language] knows, [Script#run] gives an [Outcome]: a list of [Action]s. Nothing is done here; whoever runs a script
/// carries the actions out, and answers its questions about the world through [Host].
///
/// One file an extension: each of the classes in `tamanoir.mail.sieve.extension` adds its commands, tests and tags to
/// a [Language]. Errors of a script are [Problem]s with line and column.
@NullMarked
package tamanoir.mail.sieve;

import org.jspecify.annotations.NullMarked;
