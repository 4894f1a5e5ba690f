package tamanoir.mail.imap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.BodyStructure;
import tamanoir.mail.message.Disposition;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageEnvelope;
import tamanoir.mail.message.Parameter;
import tamanoir.mail.message.Parameters;

/// Writes ENVELOPE, BODY and BODYSTRUCTURE (RFC 9051 §7.5.2 and §9, envelope, body).
///
/// Whatever a message says of itself, the result is what the grammar allows: a multipart has at least one part, sizes
/// and
/// lines are numbers, lists of nothing are NIL.
public final class MessageData {
    private MessageData() {}

    public static void envelope(Wire wire, MessageEnvelope envelope) throws IOException {
        wire.character('(');
        nstring(wire, envelope.date());
        wire.character(' ');
        nstring(wire, envelope.subject());
        for (AddressList list : List.of(
                envelope.from(), envelope.sender(), envelope.replyTo(), envelope.to(), envelope.cc(), envelope.bcc())) {
            wire.character(' ');
            addresses(wire, list);
        }
        wire.character(' ');
        nstring(wire, envelope.inReplyTo());
        wire.character(' ');
        nstring(wire, envelope.messageId());
        wire.character(')');
    }

    private static void addresses(Wire wire, AddressList list) throws IOException {
        if (list.isEmpty()) {
            wire.nil();
            return;
        }
        wire.character('(');
        for (AddressList.Entry entry : list.entries()) {
            switch (entry) {
                case AddressList.Mailbox mailbox -> mailbox(wire, mailbox);
                case AddressList.Group group -> {
                    // RFC 9051 §7.5.2: a NIL host begins a group, a NIL mailbox beside it ends one
                    wire.text("(NIL NIL ").string(group.rawName()).text(" NIL)");
                    for (AddressList.Mailbox member : group.members()) {
                        mailbox(wire, member);
                    }
                    wire.text("(NIL NIL NIL NIL)");
                }
            }
        }
        wire.character(')');
    }

    /// Mailbox and host are never NIL here, even when they are empty: that would be a group.
    private static void mailbox(Wire wire, AddressList.Mailbox mailbox) throws IOException {
        wire.character('(');
        orNil(wire, mailbox.rawName());
        wire.character(' ');
        orNil(wire, mailbox.route());
        wire.character(' ');
        wire.string(mailbox.localPart());
        wire.character(' ');
        wire.string(mailbox.domain());
        wire.character(')');
    }

    /// BODYSTRUCTURE, or BODY when `extensions` is false.
    public static void structure(Wire wire, BodyStructure part, boolean extensions) throws IOException {
        wire.character('(');
        if (part.kind() == Located.Kind.MULTIPART) {
            for (BodyStructure child : part.children()) {
                structure(wire, child, extensions);
            }
            wire.character(' ').string(part.subtype());
            if (extensions) {
                wire.character(' ');
                parameters(wire, part.parameters());
                dispositionLanguageLocation(wire, part);
            }
        } else {
            single(wire, part, extensions);
        }
        wire.character(')');
    }

    private static void single(Wire wire, BodyStructure part, boolean extensions) throws IOException {
        wire.string(part.type()).character(' ').string(part.subtype()).character(' ');
        parameters(wire, part.parameters());
        wire.character(' ');
        nstring(wire, part.id());
        wire.character(' ');
        nstring(wire, part.description());
        wire.character(' ').string(part.encoding()).character(' ').number(part.size());
        if (part.kind() == Located.Kind.MESSAGE) {
            wire.character(' ');
            envelope(wire, part.envelope().orElse(MessageEnvelope.EMPTY));
            wire.character(' ');
            structure(wire, part.children().getFirst(), extensions);
            wire.character(' ').number(part.lines());
        } else if (part.type().equals("text")) {
            wire.character(' ').number(part.lines());
        }
        if (extensions) {
            wire.character(' ');
            nstring(wire, part.md5());
            dispositionLanguageLocation(wire, part);
        }
    }

    private static void dispositionLanguageLocation(Wire wire, BodyStructure part) throws IOException {
        wire.character(' ');
        if (part.disposition().isPresent()) {
            Disposition disposition = part.disposition().get();
            wire.character('(').string(disposition.type()).character(' ');
            parameters(wire, disposition.parameters());
            wire.character(')');
        } else {
            wire.nil();
        }
        wire.character(' ');
        List<String> languages = part.languages();
        if (languages.isEmpty()) {
            wire.nil();
        } else {
            wire.character('(');
            for (int i = 0; i < languages.size(); i++) {
                wire.text(i == 0 ? "" : " ").string(languages.get(i));
            }
            wire.character(')');
        }
        wire.character(' ');
        nstring(wire, part.location());
    }

    private static void parameters(Wire wire, Parameters parameters) throws IOException {
        if (parameters.list().isEmpty()) {
            wire.nil();
            return;
        }
        wire.character('(');
        boolean first = true;
        for (Parameter parameter : parameters.list()) {
            wire.text(first ? "" : " ").string(parameter.name()).character(' ').string(parameter.value());
            first = false;
        }
        wire.character(')');
    }

    private static void nstring(Wire wire, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            wire.string(text.get());
        } else {
            wire.nil();
        }
    }

    private static void orNil(Wire wire, String text) throws IOException {
        if (text.isEmpty()) {
            wire.nil();
        } else {
            wire.string(text);
        }
    }
}
