/// What a person keeps on the server beside the mail: identities, what was sent, contacts, settings,
/// templates, saved searches, snoozed mail, whom they wrote to. Typed JSON objects with a change log of
/// their own.
///
/// Read [Personal] first, the front of the room, and [PersonalAccount], what one account has. A [Reading]
/// is one consistent view of it; an [Edit] is a reading that also gathers what is to change. An edit
/// becomes one batch under the condition that the account's objects still have the version from which it
/// was made, else it is made again: so objects, counters and log agree by construction, and nothing is
/// locked. What the objects mean, and which are valid, is the business of the room above (`jmap`).
///
/// The version of the partition is the state of JMAP: every row of the log is one version ([LogRow]), and
/// the head knows for each [Kind] when it changed last. `docs/personal.md` lists the rows.
@NullMarked
package tamanoir.server.personal;

import org.jspecify.annotations.NullMarked;
