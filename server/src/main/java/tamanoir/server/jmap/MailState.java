package tamanoir.server.jmap;

import java.util.Optional;

/// The state of mailboxes, threads and emails: the version of the newest change of the
/// account's mail (RFC 8620 §1.6.3). A page of changes
/// ends at a state that says more: of the things that changed between two versions, in the order in which they first
/// did, how many the client has been told.
///
/// @param told 0 for a plain version; then `upTo` and `hash` are 0 too
/// @param hash of the ids that were told
record MailState(long version, int told, long upTo, int hash) {
    static MailState of(long version) {
        return new MailState(version, 0, 0, 0);
    }

    /// Empty when it is none of ours.
    static Optional<MailState> parse(String text) {
        String[] words = text.split("-", -1);
        if (words.length != 1 && words.length != 4) {
            return Optional.empty();
        }
        long[] numbers = new long[4];
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (word.isEmpty() || word.length() > 18 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.empty();
            }
            numbers[i] = Long.parseLong(word);
        }
        if (words.length == 4 && (numbers[1] == 0 || numbers[1] > Integer.MAX_VALUE || numbers[2] < numbers[0])) {
            return Optional.empty();
        }
        return Optional.of(new MailState(numbers[0], (int) numbers[1], numbers[2], (int) numbers[3]));
    }

    @Override
    public String toString() {
        return told == 0 ? Long.toString(version) : version + "-" + told + "-" + upTo + "-" + (hash & 0xFFFF_FFFFL);
    }
}
