package tamanoir.server.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.message.BodyStructure;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.message.TransferEncoding;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Whereabouts;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// A message to be shown: each piece is read when it is first asked for. Used by one thread for one answer.
abstract sealed class EmailSource {
    private @Nullable Part root;

    /// Where it is, unless it is in no mailbox.
    abstract Optional<Whereabouts> where();

    abstract String blobId();

    abstract long size();

    abstract MessageFacts facts();

    abstract HeaderFields fields();

    abstract Part read();

    /// Octets of a part of [#root] without its transfer encoding.
    long size(Part part, int number) {
        return BodyValues.size(part);
    }

    final Part root() {
        Part known = root;
        if (known == null) {
            known = read();
            root = known;
        }
        return known;
    }

    /// A message of the account. Of a long one, large attachments are not read.
    static final class Kept extends EmailSource {
        private static final int LONG = 256 * 1024;

        private final AccountMail mail;
        private final Blobs blobs;
        private final Whereabouts where;
        private final Optional<MessageFacts> facts;
        private final List<BodyStructure> parts = new ArrayList<>(0);

        Kept(AccountMail mail, Blobs blobs, Whereabouts where, Optional<MessageFacts> facts) {
            this.mail = mail;
            this.blobs = blobs;
            this.where = where;
            this.facts = facts;
        }

        @Override
        Optional<Whereabouts> where() {
            return Optional.of(where);
        }

        @Override
        String blobId() {
            return AccountBlobs.ofMessage(where.message());
        }

        @Override
        long size() {
            return where.octets();
        }

        @Override
        MessageFacts facts() {
            return facts.orElseThrow(() -> new IllegalStateException("facts were not asked for"));
        }

        /// Of a large message, no more is read than its header.
        @Override
        HeaderFields fields() {
            MessageId id = where.message();
            Octets prefix = mail.prefix(id);
            int rest = facts().structure().bodyStart() - prefix.length();
            Body body = mail.body(id);
            try (InputStream in = body.stream(blobs)) {
                return HeaderFields.of(Octets.join(prefix, Octets.of(in.readNBytes(Math.max(rest, 0)))));
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        Part read() {
            if (where.octets() <= LONG) {
                return Part.restore(mail.whole(where.message()), facts().structure());
            }
            Octets prefix = mail.prefix(where.message());
            try (InputStream in = mail.body(where.message()).stream(blobs)) {
                return Abridged.read(prefix, in, facts().structure());
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        /// Of a body that was passed over, it is decoded as it is read, to be counted.
        @Override
        long size(Part part, int number) {
            if (where.octets() <= LONG) {
                return BodyValues.size(part);
            }
            BodyStructure its = structure(number);
            TransferEncoding encoding = TransferEncoding.of(its.encoding());
            if (!encoding.changesOctets()) {
                return its.size();
            }
            if (!Abridged.isLeftOut(its)) {
                return BodyValues.size(part);
            }
            int prefix = mail.prefix(where.message()).length();
            try (InputStream in = mail.body(where.message()).stream(blobs)) {
                in.skipNBytes(its.bodyStart() - prefix);
                return new DecodedStream(in, encoding, its.size()).transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        private BodyStructure structure(int number) {
            if (parts.isEmpty()) {
                AccountBlobs.flatten(facts().structure(), parts);
            }
            return parts.get(number);
        }

        private Unavailable unreadable(IOException e) {
            return new Unavailable(
                    "this message cannot be read at the moment", "message " + where.message() + ": " + e, e);
        }
    }

    /// Octets from elsewhere (RFC 8621 §4.9).
    static final class Parsed extends EmailSource {
        private final String blobId;
        private final Octets octets;

        Parsed(String blobId, Octets octets) {
            this.blobId = blobId;
            this.octets = octets;
        }

        @Override
        Optional<Whereabouts> where() {
            return Optional.empty();
        }

        @Override
        String blobId() {
            return blobId;
        }

        @Override
        long size() {
            return octets.length();
        }

        @Override
        MessageFacts facts() {
            return MessageFacts.of(root());
        }

        @Override
        HeaderFields fields() {
            return root().fields();
        }

        @Override
        Part read() {
            return MessageParser.parse(octets);
        }
    }
}
