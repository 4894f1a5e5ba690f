/// The configuration: `main.cf` in Postfix's grammar, read once into an immutable snapshot.
///
/// Read [Parameter] first, then [Config]. A parameter is defined once, as a constant in the class of its room
/// ([SmtpdParameters], [SmtpParameters], [CleanupParameters], [LocalParameters], [QueueParameters], [TlsParameters],
/// [ImapParameters], [Pop3Parameters], [NetParameters], [StoreParameters], [PostscreenParameters];
/// [CompatibilityParameters] for names whose job does not exist here), and stands in the list of that class, which
/// [Parameters] gathers. To add one: a constant, and its name in the list at the end of the class.
///
/// The way of a value: [MainCf] finds the settings, [Environment] knows which text a name has, [Expansion] replaces
/// `$name`, the parameter's reader turns the text into its type. What is wrong becomes a [Problem] with file and line;
/// a reload with an error keeps the old snapshot. What people and programs are told of a configuration is made of the
/// same
/// definitions: [Explanation] (`tamanoir config`), [ParameterGuide] (`docs/parameters.md`), [MasterCf] (what a
/// `master.cf` would have said). The whole check, tables included, is `tables.CheckReport`.
///
/// [PlannedParameters] and [LmtpParameters] are names that are known and not built yet. `StandingTest` proves that the
/// others are read by a room.
@NullMarked
package tamanoir.server.config;

import org.jspecify.annotations.NullMarked;
