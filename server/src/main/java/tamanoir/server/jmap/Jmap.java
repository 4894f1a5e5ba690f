package tamanoir.server.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.jmap.Json;

/// The JMAP service. Immutable; used by any number of threads.
public final class Jmap {
    private final List<Capability> capabilities;

    public Jmap(List<Capability> capabilities) {
        this.capabilities = List.copyOf(capabilities);
    }

    /// The session object (RFC 8620 §2); `base` is the address of the server as the client sees it, such as
    /// `https://mail.example.com`.
    public Json.Obj session(Caller caller, String base) {
        throw new UnsupportedOperationException();
    }

    /// Answers one request (RFC 8620 §3.3, §3.4).
    ///
    /// @throws RequestError when the request as a whole cannot be taken (§3.6.1)
    public Json.Obj answer(Caller caller, Json request) {
        throw new UnsupportedOperationException();
    }

    /// Keeps an upload (§6.1) and answers `accountId`, `blobId`, `type`, `size`.
    ///
    /// @throws RequestError when it is too large
    public Json.Obj upload(Caller caller, String account, String type, InputStream body) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// What a blob holds (§6.2): a whole message, a part of one decoded, or an upload.
    public Optional<Download> download(Caller caller, String account, String blob) {
        throw new UnsupportedOperationException();
    }

    /// The states of all types now: `changed` of a StateChange object (§7.1), of the caller's account.
    public Map<String, String> states(Caller caller) {
        throw new UnsupportedOperationException();
    }

    /// Tells `onChange` when a state may have changed; a hint, it only wakes someone.
    public AutoCloseable watch(Caller caller, Runnable onChange) {
        throw new UnsupportedOperationException();
    }

    List<Capability> capabilities() {
        return capabilities;
    }

    /// @param type as the message says it; nothing to be trusted
    public record Download(String type, Optional<String> name, long size, Content content) {}

    /// Opens the octets; may be called again for another range.
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }
}
