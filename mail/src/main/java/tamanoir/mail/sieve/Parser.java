package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Makes statements of the words of a script (RFC 5228 §8.2). After a mistake it goes on behind the next `;` or `}`, so
/// that one reading tells most of what is wrong.
final class Parser {
    private final Lexer lexer;
    private final List<Problem> problems;
    private final Limits limits;
    private Token token;

    Parser(String text, List<Problem> problems, Limits limits) {
        this.lexer = new Lexer(text, problems);
        this.problems = problems;
        this.limits = limits;
        this.token = lexer.next();
    }

    List<Statement> script() {
        List<Statement> all = commands(0);
        while (!(token instanceof Token.End)) {
            problem(token.place(), "a command is expected, but " + token.described() + " found");
            advance();
            all.addAll(commands(0));
        }
        return all;
    }

    private void advance() {
        token = lexer.next();
    }

    private void problem(Place place, String text) {
        problems.add(new Problem(place, text));
    }

    /// To the end of the block or of the script.
    private List<Statement> commands(int depth) {
        List<Statement> all = new ArrayList<>();
        while (true) {
            switch (token) {
                case Token.Identifier identifier -> {
                    try {
                        all.add(command(identifier, depth));
                    } catch (Lost _) {
                        recover();
                    }
                }
                case Token.Sign sign
                when sign.sign() == ';' -> {
                    problem(sign.place(), "a command is expected before ';'");
                    advance();
                }
                case Token.End _ -> {
                    return all;
                }
                case Token.Sign sign
                when sign.sign() == '}' -> {
                    return all;
                }
                case Token.Garbage _ -> recover();
                case Token.Tag _, Token.Count _, Token.Text _, Token.Sign _ -> {
                    problem(token.place(), "a command is expected, but " + token.described() + " found");
                    recover();
                }
            }
        }
    }

    /// The place is lost; told already.
    private static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost() {
            super(null, null, false, false);
        }
    }

    private Lost lost(Place place, String text) {
        problem(place, text);
        return new Lost();
    }

    /// Behind the next `;`, or the block that is begun, but not out of this one.
    private void recover() {
        int open = 0;
        while (!(token instanceof Token.End)) {
            if (token.is('{')) {
                open++;
            } else if (token.is('}')) {
                if (open == 0) {
                    return;
                }
                open--;
                if (open == 0) {
                    advance();
                    return;
                }
            } else if (token.is(';') && open == 0) {
                advance();
                return;
            }
            advance();
        }
    }

    private Statement command(Token.Identifier name, int depth) {
        advance();
        Parts parts = parts(name, depth);
        if (token.is(';')) {
            advance();
            return statement(name, parts, false, List.of());
        }
        if (token.is('{')) {
            Place open = token.place();
            if (depth >= limits.nesting()) {
                throw lost(open, "blocks are nested too deeply: " + limits.nesting() + " levels are the most");
            }
            advance();
            List<Statement> block = commands(depth + 1);
            if (!token.is('}')) {
                problem(open, "this block has no end: '}' is missing");
            } else {
                advance();
            }
            return statement(name, parts, true, block);
        }
        if (token instanceof Token.Garbage) {
            throw new Lost();
        }
        throw lost(
                token.place(),
                "';' or '{' is expected behind the command '" + name.text() + "', but " + token.described() + " found");
    }

    private static Statement statement(Token.Identifier name, Parts parts, boolean hasBlock, List<Statement> block) {
        return new Statement(
                name.place(),
                name.text().toLowerCase(Locale.ROOT),
                parts.arguments,
                parts.tests,
                parts.parenthesized,
                hasBlock,
                block);
    }

    private record Parts(List<Argument> arguments, List<Statement> tests, boolean parenthesized) {}

    /// Arguments, then perhaps one test or a list of them.
    private Parts parts(Token.Identifier name, int depth) {
        List<Argument> arguments = new ArrayList<>();
        while (true) {
            if (arguments.size() > limits.arguments()) {
                throw lost(name.place(), "'" + name.text() + "' has more than " + limits.arguments() + " arguments");
            }
            switch (token) {
                case Token.Tag tag -> {
                    arguments.add(new Argument.Tag(tag.place(), tag.name()));
                    advance();
                }
                case Token.Count number -> {
                    arguments.add(new Argument.Count(number.place(), number.value()));
                    advance();
                }
                case Token.Text text -> {
                    arguments.add(new Argument.Text(text.place(), text.value()));
                    advance();
                }
                case Token.Sign sign when sign.sign() == '[' -> arguments.add(texts(sign.place()));
                case Token.Identifier test -> {
                    advance();
                    return new Parts(arguments, List.of(test(test, depth + 1)), false);
                }
                case Token.Sign sign
                when sign.sign() == '(' -> {
                    return new Parts(arguments, tests(depth + 1), true);
                }
                case Token.Garbage _ -> throw new Lost();
                case Token.Sign _, Token.End _ -> {
                    return new Parts(arguments, List.of(), false);
                }
            }
        }
    }

    private Statement test(Token.Identifier name, int depth) {
        if (depth > limits.nesting()) {
            throw lost(name.place(), "tests are nested too deeply: " + limits.nesting() + " levels are the most");
        }
        return statement(name, parts(name, depth), false, List.of());
    }

    private List<Statement> tests(int depth) {
        List<Statement> tests = new ArrayList<>();
        if (depth > limits.nesting()) {
            throw lost(token.place(), "tests are nested too deeply: " + limits.nesting() + " levels are the most");
        }
        do {
            advance();
            if (!(token instanceof Token.Identifier name)) {
                if (token instanceof Token.Garbage) {
                    throw new Lost();
                }
                throw lost(token.place(), "a test is expected, but " + token.described() + " found");
            }
            advance();
            tests.add(test(name, depth));
        } while (token.is(','));
        if (!token.is(')')) {
            throw lost(token.place(), "',' or ')' is expected in a list of tests, but " + token.described() + " found");
        }
        advance();
        return tests;
    }

    private Argument texts(Place place) {
        List<Argument.Text> all = new ArrayList<>();
        do {
            advance();
            if (token instanceof Token.Garbage) {
                throw new Lost();
            }
            if (!(token instanceof Token.Text(Place where, String value))) {
                throw lost(token.place(), "a string is expected in a list, but " + token.described() + " found");
            }
            all.add(new Argument.Text(where, value));
            advance();
        } while (token.is(','));
        if (!token.is(']')) {
            throw lost(token.place(), "',' or ']' is expected in a string list, but " + token.described() + " found");
        }
        advance();
        return new Argument.Texts(place, all);
    }
}
