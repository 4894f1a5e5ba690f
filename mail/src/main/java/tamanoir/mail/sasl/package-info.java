/// Signing in: the conversations of SASL (RFC 4422), the server's side and, for relays that want it, the client's.
///
/// Read [Mechanisms] first: what a server offers, and how a conversation begins. A [ServerMechanism] takes the client's
/// responses and answers each with a [Step]. Who exists and what their passwords are is asked through [Passwords],
/// [ScramSecrets] and [ActingAs]; how steps travel (base64, `*` to cancel) is [ResponseLine]. [ClientMechanism] is the
/// other side.
@NullMarked
package tamanoir.mail.sasl;

import org.jspecify.annotations.NullMarked;
