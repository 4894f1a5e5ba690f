package tamanoir.server.delivery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.text.BadSyntax;

/// Senders of forwarded mail in a form that is ours, so that SPF of the next server passes, and back again for their
/// bounces (the Sender Rewriting Scheme; RFC 7208 §D.3 names the idea). Immutable; used by many threads.
///
/// `SRS0=hash=day=domain=local@ours` holds the sender and the day; what another forwarder has rewritten becomes
/// `SRS1=hash=forwarder==rest@ours`, which is as long however many forwarders there are, and whose bounces go straight
/// to the first of them. The hash is made with a secret of this server: nobody can make us send to an address that we
/// have not rewritten within the lifetime, so this is no open relay. It has capital letters and digits alone, since
/// some servers change the case of a local part.
public final class Srs {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// Days are counted within this many, in two digits; a lifetime is shorter.
    private static final int DAYS = DIGITS.length() * DIGITS.length();

    /// 50 bits: too many to try against a door that counts errors.
    private static final int HASH = 10;

    /// RFC 5321 §4.5.3.1.1; a longer sender goes on as it is.
    private static final int LONGEST_LOCAL_PART = 64;

    /// Where nothing is rewritten.
    public static final Srs OFF = new Srs(Optional.empty(), Duration.ZERO, () -> new byte[0], InstantSource.system());

    private final Optional<Domain> domain;
    private final long lifetime;
    private final Supplier<byte[]> secret;
    private final InstantSource clock;

    /// `domain` is one that bounces to us come to; `secret` is asked for when it is needed.
    public Srs(Optional<Domain> domain, Duration lifetime, Supplier<byte[]> secret, InstantSource clock) {
        this.domain = domain;
        this.lifetime = Math.clamp(lifetime.toDays(), 1, DAYS - 24);
        this.secret = secret;
        this.clock = clock;
    }

    /// Whether an address claims to be one that we have made.
    public boolean claims(Address address) {
        return domain.isPresent()
                && address.domain().equals(domain.get())
                && (isTagged(address.localPart(), "SRS0") || isTagged(address.localPart(), "SRS1"));
    }

    public boolean isOurs(Domain other) {
        return domain.isPresent() && domain.get().equals(other);
    }

    /// The sender of a copy that we forward. The null sender stays null, or reports would be answered.
    public ReversePath forward(ReversePath sender) {
        return switch (sender) {
            case ReversePath.Null none -> none;
            case ReversePath.Sender one ->
                domain.map(ours -> forward(one.address(), ours)).orElse(one);
        };
    }

    private ReversePath forward(Address sender, Domain ours) {
        String local = sender.localPart();
        String rest;
        if (isTagged(local, "SRS1") && local.indexOf('=', 5) > 0) {
            // Only the first forwarder and its own form are kept, so that no chain grows.
            rest = local.substring(local.indexOf('=', 5) + 1);
        } else if (isTagged(local, "SRS0")) {
            rest = sender.domain().ascii() + "=" + local.substring(4);
        } else {
            rest = "";
        }
        String made;
        if (rest.isEmpty()) {
            String body = stamp(today()) + "=" + sender.domain().ascii() + "=" + local;
            made = "SRS0=" + hash(body) + "=" + body;
        } else {
            made = "SRS1=" + hash(rest) + "=" + rest;
        }
        if (made.length() > LONGEST_LOCAL_PART && made.length() > Address.LONGEST_LOCAL_PART) {
            return ReversePath.of(sender);
        }
        return ReversePath.of(new Address(made, ours));
    }

    /// Who a rewritten sender was; empty for what we have not made, or so long ago that nothing bounces any more.
    public Optional<Address> reverse(Address address) {
        if (!claims(address)) {
            return Optional.empty();
        }
        String local = address.localPart();
        String[] parts = local.substring(5).split("=", 2);
        if (parts.length < 2 || !isHashOf(parts[0], parts[1])) {
            return Optional.empty();
        }
        try {
            return isTagged(local, "SRS0") ? sender(parts[1]) : forwarder(parts[1]);
        } catch (BadSyntax e) {
            return Optional.empty();
        }
    }

    /// `day=domain=local`.
    private Optional<Address> sender(String rest) {
        String[] parts = rest.split("=", 3);
        if (parts.length < 3 || parts[0].length() != 2) {
            return Optional.empty();
        }
        long day = DIGITS.indexOf(Character.toUpperCase(parts[0].charAt(0))) * 32L
                + DIGITS.indexOf(Character.toUpperCase(parts[0].charAt(1)));
        if (Math.floorMod(today() - day, DAYS) > lifetime) {
            return Optional.empty();
        }
        return Optional.of(new Address(parts[2], Domain.of(parts[1])));
    }

    /// `forwarder==hash=day=domain=local`, with whatever separator it has.
    private static Optional<Address> forwarder(String rest) {
        String[] parts = rest.split("=", 2);
        return parts.length < 2 || parts[1].isEmpty()
                ? Optional.empty()
                : Optional.of(new Address("SRS0" + parts[1], Domain.of(parts[0])));
    }

    private static boolean isTagged(String local, String tag) {
        return local.length() > 5 && local.regionMatches(true, 0, tag, 0, 4) && "=+-".indexOf(local.charAt(4)) >= 0;
    }

    private long today() {
        return clock.instant().getEpochSecond() / DAY.toSeconds();
    }

    private static String stamp(long day) {
        int within = Math.floorMod(day, DAYS);
        return "" + DIGITS.charAt(within / 32) + DIGITS.charAt(within % 32);
    }

    private boolean isHashOf(String hash, String text) {
        return MessageDigest.isEqual(
                hash.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8),
                hash(text).getBytes(StandardCharsets.UTF_8));
    }

    private String hash(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.get(), "HmacSHA256"));
            byte[] octets = mac.doFinal(text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            StringBuilder hash = new StringBuilder(HASH);
            for (int i = 0; i < HASH; i++) {
                hash.append(DIGITS.charAt(octets[i] & 31));
            }
            return hash.toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }
}
