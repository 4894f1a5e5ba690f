/// Who exists: domains, accounts, aliases, and how they prove who they are.
///
/// Read [Directory] first. All its rows lie in one partition of the store; answers are remembered for as long as that
/// partition has the same version ([VersionedCache]), so a recipient is looked up in less than a microsecond and a
/// change is seen at once. [Passwords] says how passwords are kept (Argon2id, and SCRAM keys beside it),
/// [PasswordChecks] does the slow arithmetic on a few threads of its own and remembers what was right. [SignIn] is what
/// the doors offer over SASL. `docs/storage-mailbox.md` lists the rows.
///
/// Names are compared without regard to letter case, in Unicode's form C. An address is either an account or an alias.
@NullMarked
package tamanoir.server.directory;

import org.jspecify.annotations.NullMarked;
