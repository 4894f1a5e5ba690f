package tamanoir.mail.sieve;

/// What a script may cost. Immutable.
///
/// `size` is in octets of UTF-8; `nesting` counts blocks and tests inside each other; `steps` counts commands, tests
/// and comparisons of one run, so that a script ends whatever it says; `redirects` and `actions` are of one
/// run; `includes` is how deep scripts may include each other; `variable` is the longest value of a variable
/// in characters.
public record Limits(
        int size,
        int nesting,
        int arguments,
        long steps,
        int actions,
        int redirects,
        int includes,
        int variables,
        int variable) {
    public static final Limits DEFAULT = new Limits(1 << 20, 32, 32, 2_000_000, 32, 4, 10, 255, 4096);

    public Limits withSize(int most) {
        return new Limits(most, nesting, arguments, steps, actions, redirects, includes, variables, variable);
    }

    public Limits withActions(int most) {
        return new Limits(size, nesting, arguments, steps, most, redirects, includes, variables, variable);
    }

    public Limits withRedirects(int most) {
        return new Limits(size, nesting, arguments, steps, actions, most, includes, variables, variable);
    }

    public Limits withVariable(int longest) {
        return new Limits(size, nesting, arguments, steps, actions, redirects, includes, variables, longest);
    }

    public Limits withSteps(long most) {
        return new Limits(size, nesting, arguments, most, actions, redirects, includes, variables, variable);
    }
}
