package tamanoir.server.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import tamanoir.server.config.Cidr;

/// An address that lies on the public internet, proved when it is made: the only kind that this server
/// connects to when a stranger chose the name (remote pictures, push endpoints). A name may lead anywhere,
/// so it is the address that is judged, after the lookup and before the connection, and the connection is
/// made to that very address. Immutable.
public record PublicAddress(InetAddress address) {
    /// What is not for everybody's use, of IPv4 (RFC 6890 and the registry of special-purpose addresses it
    /// began).
    private static final List<Cidr> SPECIAL_4 = List.of(
            Cidr.of("0.0.0.0/8"), // this network (RFC 791 §3.2); 0.0.0.0 connects to this machine
            Cidr.of("10.0.0.0/8"), // private (RFC 1918)
            Cidr.of("100.64.0.0/10"), // behind a provider's translator (RFC 6598)
            Cidr.of("127.0.0.0/8"), // this machine (RFC 1122 §3.2.1.3)
            Cidr.of("169.254.0.0/16"), // this link (RFC 3927), and where clouds tell secrets
            Cidr.of("172.16.0.0/12"), // private (RFC 1918)
            Cidr.of("192.0.0.0/24"), // protocol assignments (RFC 6890 §2.1)
            Cidr.of("192.0.2.0/24"), // documentation (RFC 5737)
            Cidr.of("192.88.99.0/24"), // 6to4 relays, withdrawn (RFC 7526)
            Cidr.of("192.168.0.0/16"), // private (RFC 1918)
            Cidr.of("198.18.0.0/15"), // measuring (RFC 2544)
            Cidr.of("198.51.100.0/24"), // documentation (RFC 5737)
            Cidr.of("203.0.113.0/24"), // documentation (RFC 5737)
            Cidr.of("224.0.0.0/4"), // multicast (RFC 5771)
            Cidr.of("240.0.0.0/4")); // reserved and broadcast (RFC 1112 §4, RFC 919)

    /// All that is given out for use on the internet (RFC 4291 §2.4). Outside lie loopback, link-local,
    /// unique local (RFC 4193), multicast, and every form that carries an IPv4 address: compatible, mapped,
    /// and that of NAT64 (RFC 6052, RFC 8215), which might lead back to a private one.
    private static final Cidr GLOBAL_6 = Cidr.of("2000::/3");

    /// What of [#GLOBAL_6] is not.
    private static final List<Cidr> SPECIAL_6 = List.of(
            Cidr.of("2001::/23"), // protocol assignments, Teredo among them (RFC 2928, RFC 4380)
            Cidr.of("2001:db8::/32"), // documentation (RFC 3849)
            Cidr.of("2002::/16"), // 6to4, carries an IPv4 address (RFC 3056)
            Cidr.of("3fff::/20")); // documentation (RFC 9637)

    public PublicAddress {
        if (!isPublic(address)) {
            throw new IllegalArgumentException(address.getHostAddress() + " is not on the public internet");
        }
    }

    /// Empty when it is not on the public internet.
    public static Optional<PublicAddress> of(InetAddress address) {
        return isPublic(address) ? Optional.of(new PublicAddress(address)) : Optional.empty();
    }

    public static boolean isPublic(InetAddress address) {
        return address instanceof Inet4Address
                ? isNone(SPECIAL_4, address)
                : GLOBAL_6.contains(address) && isNone(SPECIAL_6, address);
    }

    private static boolean isNone(List<Cidr> blocks, InetAddress address) {
        return blocks.stream().noneMatch(block -> block.contains(address));
    }
}
