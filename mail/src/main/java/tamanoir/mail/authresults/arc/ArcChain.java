package tamanoir.mail.authresults.arc;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.authresults.dkim.HeaderCanon;
import tamanoir.mail.authresults.dkim.Signature;
import tamanoir.mail.authresults.dkim.TagList;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// The ARC sets of a message, first instance first (RFC 8617 §4.2). Immutable.
record ArcChain(List<Set> sets) {
    /// RFC 8617 §4.2.1.
    static final int MOST = 50;

    ArcChain {
        sets = List.copyOf(sets);
    }

    /// The three fields that one handler has added.
    record Set(
            int instance,
            HeaderField results,
            HeaderField message,
            HeaderField seal,
            Signature signature,
            Seal stamp) {}

    /// What an ARC-Seal says (§4.1.3).
    record Seal(
            Signature.Algorithm algorithm, byte[] signature, String domain, String selector, Validation validation) {
        Seal {
            signature = signature.clone();
        }

        @Override
        public byte[] signature() {
            return signature.clone();
        }
    }

    /// `cv=`: what the sealer thought of the chain before.
    enum Validation {
        NONE,
        PASS,
        FAIL
    }

    private static final class Draft {
        @Nullable
        HeaderField results;

        @Nullable
        HeaderField message;

        @Nullable
        HeaderField seal;
    }

    /// The sets of a header; empty when there is none.
    ///
    /// @throws BadSyntax when they are no chain (§5.2, steps 1 to 3)
    static ArcChain of(HeaderFields header) {
        Map<Integer, Draft> drafts = new TreeMap<>();
        for (HeaderField field : header) {
            if (field.is("ARC-Authentication-Results")) {
                String value = field.rawValue().latin1();
                int end = value.indexOf(';');
                Draft draft = draft(drafts, TagList.parse(end < 0 ? value : value.substring(0, end)));
                once(draft.results, field);
                draft.results = field;
            } else if (field.is("ARC-Message-Signature")) {
                Draft draft = draft(drafts, tags(field));
                once(draft.message, field);
                draft.message = field;
            } else if (field.is("ARC-Seal")) {
                Draft draft = draft(drafts, tags(field));
                once(draft.seal, field);
                draft.seal = field;
            }
        }
        List<Set> sets = new ArrayList<>();
        for (Map.Entry<Integer, Draft> entry : drafts.entrySet()) {
            int instance = entry.getKey();
            if (instance != sets.size() + 1) {
                throw new BadSyntax("instance " + (sets.size() + 1) + " is missing");
            }
            sets.add(set(instance, entry.getValue()));
        }
        return new ArcChain(sets);
    }

    private static TagList tags(HeaderField field) {
        return TagList.parse(field.rawValue().latin1());
    }

    private static Draft draft(Map<Integer, Draft> drafts, TagList tags) {
        String text = tags.required("i");
        if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
            throw new BadSyntax("i= is not 1 to " + MOST);
        }
        return drafts.computeIfAbsent(Integer.parseInt(text), _ -> new Draft());
    }

    private static void once(@Nullable HeaderField before, HeaderField field) {
        if (before != null) {
            throw new BadSyntax(field.name() + " stands twice for one instance");
        }
    }

    private static Set set(int instance, Draft draft) {
        HeaderField results = draft.results;
        HeaderField message = draft.message;
        HeaderField seal = draft.seal;
        if (results == null || message == null || seal == null) {
            throw new BadSyntax("the set of instance " + instance + " is not whole");
        }
        TagList tags = tags(seal);
        if (tags.get("h").isPresent()) {
            throw new BadSyntax("an ARC-Seal has no h="); // §4.1.3: it makes the seal void
        }
        Validation validation = switch (tags.required("cv").toLowerCase(java.util.Locale.ROOT)) {
            case "none" -> Validation.NONE;
            case "pass" -> Validation.PASS;
            case "fail" -> Validation.FAIL;
            default -> throw new BadSyntax("cv= of instance " + instance + " is unknown");
        };
        if ((validation == Validation.NONE) != (instance == 1) && validation != Validation.FAIL) {
            throw new BadSyntax("cv= of instance " + instance + " does not fit its place");
        }
        Signature signature = Signature.arc(tags(message), instance);
        if (signature.names().stream().anyMatch("arc-seal"::equalsIgnoreCase)) {
            throw new BadSyntax("an ARC-Message-Signature does not sign seals"); // §4.1.2
        }
        return new Set(
                instance,
                results,
                message,
                seal,
                signature,
                new Seal(
                        Signature.Algorithm.of(tags.required("a")),
                        signatureOf(tags),
                        tamanoir.mail.address.Domain.of(tags.required("d")).ascii(),
                        tags.required("s"),
                        validation));
    }

    private static byte[] signatureOf(TagList tags) {
        try {
            return java.util.Base64.getDecoder().decode(tags.required("b"));
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the base64 of a seal is damaged");
        }
    }

    int length() {
        return sets.size();
    }

    /// What the seal of an instance covers: all sets up to it, each in the order results, message, seal, its own seal
    /// last and without its value (§5.1.1).
    byte[] sealed(int instance) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        for (Set set : sets.subList(0, instance)) {
            out.writeBytes(HeaderCanon.field(set.results.octets(), true));
            out.writeBytes(HeaderCanon.field(set.message.octets(), true));
            if (set.instance == instance) {
                out.writeBytes(HeaderCanon.ownField(set.seal.octets(), true));
            } else {
                out.writeBytes(HeaderCanon.field(set.seal.octets(), true));
            }
        }
        return out.toByteArray();
    }

    /// The same for a set that is being made.
    byte[] sealedWith(Octets results, Octets message, Octets seal, boolean alone) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        if (!alone) {
            for (Set set : sets) {
                out.writeBytes(HeaderCanon.field(set.results.octets(), true));
                out.writeBytes(HeaderCanon.field(set.message.octets(), true));
                out.writeBytes(HeaderCanon.field(set.seal.octets(), true));
            }
        }
        out.writeBytes(HeaderCanon.field(results, true));
        out.writeBytes(HeaderCanon.field(message, true));
        out.writeBytes(HeaderCanon.ownField(seal, true));
        return out.toByteArray();
    }
}
