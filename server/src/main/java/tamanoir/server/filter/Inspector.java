package tamanoir.server.filter;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.filter.draft.Draft;
import tamanoir.server.filter.draft.SpamVerdict;
import tamanoir.server.filter.milter.MilterAnswer;
import tamanoir.server.filter.milter.MilterTalk;
import tamanoir.server.filter.milter.Milters;
import tamanoir.server.filter.scan.Letter;
import tamanoir.server.filter.scan.Opinion;
import tamanoir.server.filter.scan.Scanners;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Everybody who reads a message before it is taken, in Postfix's order: the administrator's patterns ([#checks]);
/// then, when the message is complete as it will be kept, milters and scanners ([#filters]). Immutable; used
/// by many threads.
public final class Inspector {
    private final Characters characters;
    private final ContentChecks checks;
    private final ContentChecks addedFields;
    private final Milters milters;
    private final Scanners scanners;
    private final Blobs blobs;

    /// `addedFields` are the patterns for what milters add, `milters` those for mail that comes over no wire.
    public Inspector(
            Characters characters,
            ContentChecks checks,
            ContentChecks addedFields,
            Milters milters,
            Scanners scanners,
            Blobs blobs) {
        this.characters = characters;
        this.checks = checks;
        this.addedFields = addedFields;
        this.milters = milters;
        this.scanners = scanners;
        this.blobs = blobs;
    }

    /// The message without the octets that are taken out of every message.
    public Body cleaned(Body body) {
        return characters.cleaned(body, blobs);
    }

    /// What the administrator's patterns say.
    ///
    /// @throws Unavailable when a table cannot be asked now
    public Findings checks(Subject subject) {
        if (characters.refuses(subject.body(), blobs)) {
            subject.trace().info("reject: disallowed character", "id", subject.id());
            return new Findings.Reject(Reply.of(550, "5.7.1", "disallowed character"), "");
        }
        if (checks.isEmpty()) {
            return Findings.NOTHING;
        }
        try (InputStream message = subject.stream(blobs)) {
            return checks.examine(message, subject.trace(), subject.id().toString());
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
    }

    /// What milters and scanners say about the message as it will be kept. A reader of messages that stands in the
    /// program itself has its place behind the scanners, where it knows what they think.
    public Findings filters(Subject subject) {
        Optional<MilterTalk> talk = subject.about().talk();
        boolean milter = talk.isPresent() ? !talk.get().isEmpty() : !milters.isEmpty();
        if (!milter && scanners.isEmpty()) {
            return Findings.NOTHING;
        }
        Draft draft = new Draft(subject.prefix(), subject.own(), subject.body(), subject.envelope(), blobs);
        Findings.Go go = Findings.NOTHING;
        if (milter) {
            Findings found = talk.isPresent()
                    ? told(talk.get().message(draft, values(subject)), subject)
                    : byNobody(subject, draft);
            if (!(found instanceof Findings.Go passed)) {
                return found;
            }
            go = passed;
            Findings reviewed = review(draft, subject);
            if (!(reviewed instanceof Findings.Go others)) {
                return reviewed;
            }
            go = go.and(others);
        }
        Optional<SpamVerdict> spam = Optional.empty();
        if (!scanners.isEmpty()) {
            Peer peer = subject.about().peer();
            Letter letter = new Letter(
                    subject.trace(),
                    subject.id().toString(),
                    draft,
                    peer.address(),
                    peer.name(),
                    peer.helo(),
                    peer.login());
            switch (scanners.scan(letter)) {
                case Opinion.Pass pass -> spam = pass.verdict();
                case Opinion.Hold hold -> draft.hold(hold.reason());
                case Opinion.Discard discard -> {
                    return new Findings.Discard(discard.reason(), "");
                }
                case Opinion.Refuse refuse -> {
                    return new Findings.Reject(refuse.reply(), refuse.reason());
                }
            }
        }
        return new Findings.Go(
                draft.edits(),
                go.hold().or(draft::held),
                go.redirect(),
                go.copies(),
                draft.changes(),
                go.through(),
                spam);
    }

    private static Map<String, String> values(Subject subject) {
        return Map.of("i", subject.id().toString());
    }

    private Findings told(MilterAnswer answer, Subject subject) {
        return switch (answer) {
            case MilterAnswer.Go _ -> Findings.NOTHING;
            case MilterAnswer.Hold(String reason) ->
                new Findings.Go(List.of(), Optional.of(reason), Optional.empty(), List.of());
            case MilterAnswer.Discard(String reason) -> {
                subject.trace().info("milter-discard", "id", subject.id(), "reason", reason);
                yield new Findings.Discard(reason, "");
            }
            case MilterAnswer.Refuse(Reply reply, String reason) -> {
                subject.trace()
                        .info(
                                "milter-reject",
                                "id",
                                subject.id(),
                                "stage",
                                "END-OF-MESSAGE",
                                "reply",
                                reply,
                                "reason",
                                reason,
                                "from",
                                "<" + subject.envelope().sender() + ">");
                yield new Findings.Reject(reply, reason);
            }
        };
    }

    /// Mail that came over no wire: milters hear of a session that was none, from this machine itself, as Postfix plays
    /// it to them (`non_smtpd_milters`).
    private Findings byNobody(Subject subject, Draft draft) {
        Peer peer = subject.about().peer();
        Map<String, String> values = new java.util.HashMap<>(values(subject));
        values.put("_", "localhost [127.0.0.1]");
        values.put("client_addr", "127.0.0.1");
        values.put("client_name", "localhost");
        values.put("auth_authen", peer.login());
        values.put("mail_addr", subject.envelope().sender().toString());
        try (MilterTalk talk = milters.talk(subject.trace(), peer.address())) {
            List<java.util.function.Supplier<MilterAnswer>> steps = new ArrayList<>();
            steps.add(() -> talk.connected("localhost", peer.address(), 0, values));
            steps.add(() -> talk.greeted("localhost", values));
            steps.add(() -> talk.sender(List.of(bracketed(subject.envelope().sender())), values));
            for (Recipient recipient : subject.envelope().recipients()) {
                steps.add(() -> {
                    values.put("rcpt_addr", recipient.address().toString());
                    return talk.recipient(List.of("<" + recipient.address() + ">"), values);
                });
            }
            steps.add(() -> talk.data(values));
            steps.add(() -> talk.message(draft, values));
            Findings.Go go = Findings.NOTHING;
            for (java.util.function.Supplier<MilterAnswer> step : steps) {
                Findings found = told(step.get(), subject);
                if (!(found instanceof Findings.Go one)) {
                    return found;
                }
                go = go.and(one);
            }
            return go;
        }
    }

    private static String bracketed(ReversePath sender) {
        return "<" + sender + ">";
    }

    /// The patterns for fields that milters have made (`milter_header_checks`).
    private Findings review(Draft draft, Subject subject) {
        if (addedFields.isEmpty()) {
            return Findings.NOTHING;
        }
        List<Findings> all = new ArrayList<>();
        draft.review(field -> {
            ContentChecks.Field judged =
                    addedFields.review(field, subject.trace(), subject.id().toString());
            all.add(judged.findings());
            return judged.octets();
        });
        Findings.Go go = Findings.NOTHING;
        for (Findings one : all) {
            if (!(one instanceof Findings.Go passed)) {
                return one;
            }
            go = go.and(passed);
        }
        return go;
    }
}
