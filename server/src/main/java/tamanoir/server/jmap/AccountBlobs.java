package tamanoir.server.jmap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.message.BodyStructure;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.message.TransferEncoding;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Body;

/// What the blob ids of an account stand for. Immutable; used by any number of threads.
///
/// `b` and the number of a message is that message; `u` and a number is an upload. `-n` behind either is
/// the n-th part in it, decoded, counting from the outermost, 0, in the order of the octets; and again, for
/// a message that is a part. What [Others] know has ids of their making, without a `-`. So a blob id needs no row,
/// holds as long as its message, and cannot lead into
/// another account.
public final class AccountBlobs {
    /// A message in a message in a message: deeper than anybody looks.
    private static final int MOST_STEPS = 20;

    private final Mailboxes mailboxes;
    private final Uploads uploads;
    private final Others others;

    /// Blobs that are neither mail nor uploads.
    @FunctionalInterface
    public interface Others {
        Optional<Jmap.Download> find(AccountId account, String id);
    }

    public AccountBlobs(Mailboxes mailboxes, Uploads uploads) {
        this(mailboxes, uploads, (_, _) -> Optional.empty());
    }

    public AccountBlobs(Mailboxes mailboxes, Uploads uploads, Others others) {
        this.mailboxes = mailboxes;
        this.uploads = uploads;
        this.others = others;
    }

    Uploads uploads() {
        return uploads;
    }

    static String ofMessage(MessageId message) {
        return Ids.spell('b', message.number());
    }

    /// The part with that number in what `blob` stands for.
    static String ofPart(String blob, int number) {
        return blob + "-" + number;
    }

    /// A blob id in its pieces.
    private record Path(String root, List<Integer> steps) {
        static Optional<Path> of(String id) {
            String[] words = id.split("-", -1);
            List<Integer> steps = new ArrayList<>(words.length);
            if (words.length > MOST_STEPS) {
                return Optional.empty();
            }
            for (int i = 1; i < words.length; i++) {
                if (words[i].isEmpty()
                        || words[i].length() > 6
                        || !words[i].chars().allMatch(c -> c >= '0' && c <= '9')) {
                    return Optional.empty();
                }
                steps.add(Integer.parseInt(words[i]));
            }
            return Optional.of(new Path(words[0], steps));
        }
    }

    /// Empty when there is no such blob in the account.
    public Optional<Jmap.Download> find(AccountId account, String id) {
        Optional<Path> path = Path.of(id);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        Optional<MessageId> message = Ids.number('b', path.get().root).map(MessageId::new);
        if (message.isPresent() && path.get().steps.size() == 1) {
            return part(mailboxes.open(account), message.get(), path.get().steps.getFirst());
        }
        Optional<Jmap.Download> root = root(account, path.get().root);
        if (root.isEmpty() || path.get().steps.isEmpty()) {
            return root;
        }
        return part(load(root.get()), path.get().steps).map(AccountBlobs::download);
    }

    /// Keeps octets as an upload; answers the blob's id.
    ///
    /// @throws RequestError when it is too much
    public String keep(AccountId account, String type, InputStream in) throws IOException {
        return uploads.keep(account, type, in).blobId();
    }

    /// The octets themselves; costs their size in heap.
    public Optional<Octets> octets(AccountId account, String id) {
        return find(account, id).map(AccountBlobs::load);
    }

    private Optional<Jmap.Download> root(AccountId account, String root) {
        Optional<MessageId> message = Ids.number('b', root).map(MessageId::new);
        if (message.isPresent()) {
            return message(mailboxes.open(account), message.get());
        }
        return Ids.number('u', root)
                .flatMap(number -> uploads.find(account, number))
                .map(upload -> new Jmap.Download(
                        upload.type(),
                        Optional.empty(),
                        upload.body().size(),
                        () -> upload.body().stream(mailboxes.blobs())))
                .or(() -> others.find(account, root));
    }

    /// What an upload is, without reading it.
    Optional<Body> upload(AccountId account, String id) {
        return Ids.number('u', id)
                .flatMap(number -> uploads.find(account, number))
                .map(Uploads.Upload::body);
    }

    private Optional<Jmap.Download> message(AccountMail mail, MessageId id) {
        Octets prefix;
        Body body;
        try {
            prefix = mail.prefix(id);
            body = mail.body(id);
        } catch (MailboxRefused gone) {
            return Optional.empty();
        }
        return Optional.of(new Jmap.Download(
                "message/rfc822",
                Optional.empty(),
                prefix.length() + body.size(),
                () -> new SequenceInputStream(stream(prefix), body.stream(mailboxes.blobs()))));
    }

    /// A part of a message of the account: where it lies is known beside the message, and it is decoded as it is read.
    private Optional<Jmap.Download> part(AccountMail mail, MessageId id, int number) {
        BodyStructure part;
        Octets prefix;
        Body body;
        try {
            List<BodyStructure> all = new ArrayList<>();
            flatten(mail.facts(id).structure(), all);
            if (number >= all.size()) {
                return Optional.empty();
            }
            part = all.get(number);
            prefix = mail.prefix(id);
            body = mail.body(id);
        } catch (MailboxRefused gone) {
            return Optional.empty();
        }
        TransferEncoding encoding = TransferEncoding.of(part.encoding());
        Jmap.Content content = () -> {
            // The prefix is the beginning of the header, so that the part lies behind it; skipping a file is a seek.
            InputStream in = body.stream(mailboxes.blobs());
            try {
                in.skipNBytes(part.bodyStart() - prefix.length());
                return new DecodedStream(in, encoding, part.size());
            } catch (IOException e) {
                in.close();
                throw e;
            }
        };
        long size = encoding.changesOctets() ? size(content) : part.size();
        return Optional.of(new Jmap.Download(part.contentType().mediaType(), part.fileName(), size, content));
    }

    /// In the order of the octets, as [Part#all].
    static void flatten(BodyStructure part, List<BodyStructure> into) {
        into.add(part);
        part.children().forEach(child -> flatten(child, into));
    }

    private static long size(Jmap.Content content) {
        try (InputStream in = content.open()) {
            return in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static Unavailable unreadable(IOException e) {
        return new Unavailable("this cannot be read at the moment", "a blob: " + e, e);
    }

    private static InputStream stream(Octets octets) {
        return new ByteArrayInputStream(octets.array(), octets.arrayOffset(), octets.length());
    }

    static Octets load(Jmap.Download download) {
        try (InputStream in = download.content().open()) {
            return Octets.of(in.readAllBytes());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static Optional<Part> part(Octets octets, List<Integer> steps) {
        Octets message = octets;
        Optional<Part> part = Optional.empty();
        for (int step : steps) {
            List<Part> all = MessageParser.parse(message).all();
            if (step >= all.size()) {
                return Optional.empty();
            }
            part = Optional.of(all.get(step));
            message = all.get(step).decoded().octets();
        }
        return part;
    }

    private static Jmap.Download download(Part part) {
        Octets octets = part.decoded().octets();
        return new Jmap.Download(
                part.contentType().mediaType(), part.fileName(), octets.length(), () -> stream(octets));
    }
}
