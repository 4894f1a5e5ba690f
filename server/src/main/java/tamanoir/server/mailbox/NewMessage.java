package tamanoir.server.mailbox;

import java.time.Instant;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Body;

/// A message on its way into a mailbox. `prefix` are the header fields that this server put above the received octets
/// (Return-Path, Received, …), each ended by CRLF; readers see prefix + body as one message.
public record NewMessage(Octets prefix, Body body, Flags flags, Instant internalDate) {}
