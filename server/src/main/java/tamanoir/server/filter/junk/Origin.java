package tamanoir.server.filter.junk;

import java.util.List;
import java.util.Locale;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Evidence;

/// Who vouches for a message. `checked` is false when nobody looked.
record Origin(boolean checked, Result spf, Result dkim, Result dmarc, boolean forbids) {
    static Origin of(Evidence evidence) {
        if (evidence.field().isEmpty()) {
            return new Origin(false, Result.NONE, Result.NONE, Result.NONE, false);
        }
        return new Origin(
                true,
                evidence.spf().result(),
                evidence.dkim().stream().anyMatch(Verified::vouches) ? Result.PASS : Result.NONE,
                evidence.dmarc().result(),
                evidence.dmarc().requested() != DmarcResult.Request.NONE);
    }

    /// From what we put on top of a message that had to wait (RFC 8601 §2.2): `prefix` holds fields of ours alone.
    static Origin of(Octets prefix) {
        for (HeaderField field : HeaderFields.of(prefix).all("Authentication-Results")) {
            String value = bare(field.value());
            return new Origin(true, result(value, "spf"), result(value, "dkim"), result(value, "dmarc"), false);
        }
        return new Origin(false, Result.NONE, Result.NONE, Result.NONE, false);
    }

    /// Without quoted texts and comments, in which domains may say what they like.
    private static String bare(String value) {
        StringBuilder bare = new StringBuilder();
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && (quoted || depth > 0)) {
                i++;
            } else if (c == '"' && depth == 0) {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && depth > 0) {
                depth--;
            } else if (!quoted && depth == 0) {
                bare.append(c);
            }
        }
        return bare.toString();
    }

    private static Result result(String value, String method) {
        Result best = Result.NONE;
        for (String part : value.split(";", -1)) {
            String[] words = part.strip().split("\\s+", 2);
            if (words[0].startsWith(method + "=")) {
                String word = words[0].substring(method.length() + 1).toUpperCase(Locale.ROOT);
                for (Result result : Result.values()) {
                    best = result.name().equals(word) && !best.isPass() ? result : best;
                }
            }
        }
        return best;
    }

    /// Nothing says that the author is somebody else.
    boolean isCredible() {
        return dmarc != Result.FAIL && (dmarc.isPass() || (spf != Result.FAIL && spf != Result.SOFTFAIL));
    }

    /// What cannot be found out now says nothing.
    void judge(List<Reason> reasons) {
        if (!checked) {
            return;
        }
        switch (dmarc) {
            case PASS -> reasons.add(new Reason(Rule.DMARC_PASS));
            case FAIL -> reasons.add(new Reason(forbids ? Rule.DMARC_FORBIDS : Rule.DMARC_FAIL));
            case NONE, SOFTFAIL, NEUTRAL, POLICY, TEMPERROR, PERMERROR -> {}
        }
        switch (spf) {
            case PASS -> reasons.add(new Reason(Rule.SPF_PASS));
            case FAIL -> reasons.add(new Reason(Rule.SPF_FAIL));
            case SOFTFAIL -> reasons.add(new Reason(Rule.SPF_SOFTFAIL));
            case NONE, NEUTRAL, POLICY, TEMPERROR, PERMERROR -> {}
        }
        if (dkim.isPass()) {
            reasons.add(new Reason(Rule.DKIM_PASS));
        }
        if (spf == Result.NONE && !dkim.isPass() && dmarc == Result.NONE) {
            reasons.add(new Reason(Rule.NOBODY_VOUCHES));
        }
    }
}
