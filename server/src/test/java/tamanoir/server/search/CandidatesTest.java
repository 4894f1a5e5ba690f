package tamanoir.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.server.mailbox.MessageId;

/// The index of substrings never hides a message that SEARCH would find: random messages, random pieces of their texts.
class CandidatesTest {
    private static final List<String> WORDS = List.of(
            "Meeting",
            "straße",
            "ÉTÉ",
            "日本語",
            "😀😁",
            "x",
            "77",
            "a-b",
            "foo@bar.example",
            "ΣΑΣ",
            "*?\\",
            "<b>bold</b>");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void whatContainsASubstringIsNeverExcluded() {
        try (Post post = new Post();
                Search search = new Search(post.mailboxes, post.search())) {
            List<MessageId> messages = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                messages.add(post.deliver(message()));
                if (i == 40) {
                    search.index(post.alice.id()); // The rest is taken in by the questions, or not at all
                }
            }
            List<MessageText> texts = messages.stream()
                    .map(message -> MessageText.of(post.mail(), message).orElseThrow())
                    .toList();
            int excluded = 0;
            try (Candidates candidates = search.candidates(post.alice.id())) {
                for (int round = 0; round < 1_500; round++) {
                    String wanted = MessageText.caseless(piece());
                    String name =
                            List.of("Subject", "X-Bench", "From", "Received").get(random.nextInt(4));
                    Candidates.Exclusion field = candidates.inField(name, wanted);
                    Candidates.Exclusion body = candidates.inBody(wanted);
                    Candidates.Exclusion any = candidates.inHeaderOrBody(wanted);
                    for (int i = 0; i < messages.size(); i++) {
                        long id = messages.get(i).number();
                        MessageText text = texts.get(i);
                        String as = "seed " + seed + " message " + i + " '" + wanted + "' in " + name;
                        excluded += any.excludes(id) ? 1 : 0;
                        boolean inBody = text.bodyContains(wanted);
                        assertThat(field.excludes(id) && text.fieldContains(name, wanted))
                                .as(as)
                                .isFalse();
                        assertThat(body.excludes(id) && inBody).as(as).isFalse();
                        assertThat(any.excludes(id) && (inBody || text.headerContains(wanted)))
                                .as(as)
                                .isFalse();
                    }
                }
            }
            assertThat(excluded).as("seed %d: it is good for something", seed).isGreaterThan(10_000);
        }
    }

    private String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i >= 0; i--) {
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextBoolean() ? " " : "");
        }
        return text.toString();
    }

    private String message() {
        String html = random.nextBoolean() ? "html" : "plain";
        return "From: \"" + text(2) + "\" <foo@bar.example>\nSubject: " + text(4) + "\nX-Bench: " + random.nextInt(200)
                + "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/" + html
                + "; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text(12)
                + "\n--m\nContent-Type: message/rfc822\n\nSubject: " + text(3) + "\n\n" + text(5) + "\n--m--\n";
    }

    /// What somebody may look for: a part of the texts, often across words, or the end of a field's name.
    private String piece() {
        String text = switch (random.nextInt(4)) {
            case 0 -> "Subject: " + text(3);
            case 1 -> "x-bench: " + random.nextInt(200);
            default -> text(4);
        };
        int[] points = text.codePoints().toArray();
        int from = random.nextInt(points.length);
        int to = Math.min(points.length, from + 1 + random.nextInt(8));
        return new String(points, from, to - from);
    }
}
