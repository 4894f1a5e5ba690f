/// The first steps of a new server: from nothing to one that sends and receives mail.
///
/// Read [Setup] first: the steps, and when it is over for good. [Token] says who may come in. [Checks] looks at the
/// machine and at the world around it ([MachineChecks], [PortChecks], [ClockCheck], [NameChecks], [CertificateCheck],
/// [OutwardChecks]); each look ends in a [Finding]. [DnsRecords] are what the administrator has to add, compared with
/// what is there. [FirstConfiguration] writes main.cf, [TestMail] sends the first message through the real road.
/// [Wording] has the sentences, in each language; [Dialogue] speaks JSON with the page. The command line uses the same
/// parts.
/// RFC 5321 §2.3.5 (names), RFC 7208, RFC 7489, RFC 6186, RFC 8314, RFC 8620 §2.2 (records).
@NullMarked
package tamanoir.server.setup;

import org.jspecify.annotations.NullMarked;
