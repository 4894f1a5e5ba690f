/// Who exists: domains, accounts, aliases, and how they prove who they are.
///
/// Read [Directory] first.
@NullMarked
package tamanoir.server.directory;

import org.jspecify.annotations.NullMarked;
