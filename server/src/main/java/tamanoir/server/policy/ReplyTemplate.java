package tamanoir.server.policy;

import java.util.Map;

/// Texts of administrators with values of a session, for rooms that answer clients.
public final class ReplyTemplate {
    private ReplyTemplate() {}

    /// Fills in what is known of a session (`client_address`, `sender`, …) and `more`. `allowed` is
    /// `smtpd_expansion_filter`.
    ///
    /// @throws BadSyntax when the text is written wrongly or names what is not there
    public static String fill(String text, Question facts, Map<String, String> more, String allowed) {
        Map<String, String> values = new java.util.HashMap<>(more);
        Template.session(facts, values);
        return new Template(text).fill(values, Template.filter(allowed));
    }
}
