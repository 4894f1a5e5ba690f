package tamanoir.mail.authresults.dmarc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.authresults.dmarc.DmarcRecord.Psd;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;

/// The way from a domain up to the root, looking for records (RFC 9989 §4.10). Remembers what it asked; used by one
/// thread, for one message.
final class TreeWalk {
    /// §4.10: names with more labels go on with the last seven, so that no walk asks more than eight times.
    private static final int LABELS = 8;

    /// A record and the domain that has it.
    record Found(String domain, DmarcRecord record) {}

    /// What a walk met, the lowest domain first; `trouble` is why something may be missing, else empty.
    record Way(String start, List<Found> records, String trouble) {
        Optional<Found> at(String domain) {
            return records.stream()
                    .filter(found -> found.domain().equals(domain))
                    .findFirst();
        }

        /// §4.10.2: `psd=n` is the top of an organization, below `psd=y` is one; otherwise the highest name with a
        /// record is.
        String organizational() {
            for (Found found : records) {
                if (found.record().psd() == Psd.NO) {
                    return found.domain();
                }
                if (found.record().psd() == Psd.YES && !found.domain().equals(start)) {
                    return oneBelow(found.domain());
                }
            }
            return records.isEmpty() ? start : records.getLast().domain();
        }

        private String oneBelow(String domain) {
            String rest = start.substring(0, start.length() - domain.length() - 1);
            return rest.substring(rest.lastIndexOf('.') + 1) + "." + domain;
        }
    }

    private final Dns dns;
    private final Map<String, Answer<String>> asked = new HashMap<>();
    private final Map<String, Way> ways = new HashMap<>();

    TreeWalk(Dns dns) {
        this.dns = dns;
    }

    Way from(String domain) {
        return ways.computeIfAbsent(domain, this::walk);
    }

    private Way walk(String domain) {
        List<Found> records = new ArrayList<>();
        String trouble = "";
        for (String name : names(domain)) {
            Answer<String> answer = asked.computeIfAbsent("_dmarc." + name, dns::txt);
            Optional<DmarcRecord> record = Optional.empty();
            switch (answer) {
                case Answer.Found<String> found -> record = only(found.records());
                case Answer.NoSuchName<String> _, Answer.NoData<String> _ -> {}
                case Answer.Failed<String> failed ->
                    trouble = "the DNS does not answer for _dmarc." + name + ": " + failed.reason();
            }
            if (record.isPresent()) {
                records.add(new Found(name, record.get()));
                if (record.get().psd() != Psd.UNKNOWN) {
                    break;
                }
            }
        }
        return new Way(domain, List.copyOf(records), trouble);
    }

    /// §4.10: texts that are something else do not count, and two records are none.
    private static Optional<DmarcRecord> only(List<String> texts) {
        List<String> records = texts.stream()
                .filter(text ->
                        text.startsWith("v") && text.replaceAll("[ \t]", "").startsWith("v=DMARC1"))
                .toList();
        return records.size() == 1 ? DmarcRecord.parse(records.getFirst()) : Optional.empty();
    }

    private static List<String> names(String domain) {
        List<String> names = new ArrayList<>();
        names.add(domain);
        String[] labels = domain.split("\\.");
        for (int left = Math.min(labels.length, LABELS) - 1; left >= 1; left--) {
            names.add(String.join(".", List.of(labels).subList(labels.length - left, labels.length)));
        }
        return names;
    }
}
