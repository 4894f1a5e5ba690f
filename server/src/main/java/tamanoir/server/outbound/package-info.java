/// The way to other servers: which host, how secured, and the conversation with it.
///
/// Read [Delivery] first: one attempt at one message for recipients that share a [NextHop], from the search for
/// servers ([ServerFinder], RFC 5321 §5.1) over a [Session] with one of them, new or out of the [SessionPool], to one
/// outcome for each recipient. [Outgoing] is the message in the form that a server can take; [Downgrade] makes 8-bit
/// parts fit for those that know 7 bits only. [Outbound] holds what all attempts share, [OutboundSettings] what main.cf
/// says. [OutboundRouting] tells the queue which transport and nexthop a recipient has.
@NullMarked
package tamanoir.server.outbound;

import org.jspecify.annotations.NullMarked;
