/// Decides whether a client may talk at all, before and during its first words (postscreen(8), POSTSCREEN_README).
///
/// Read [Postscreen] first: access list, passes from earlier visits, then the greeting held back while lists in the DNS
/// are asked side by side ([ListScore]). What it finds is a [Screening], which stays with the session: it watches the
/// commands for the later tests and refuses recipients of a client that failed. Passes are rows that survive a
/// restart ([PassList]).
///
/// Everything runs in the connection's own thread. One program keeps the session after the later tests: a client that
/// passes them is served at once and need not come back.
@NullMarked
package tamanoir.server.postscreen;

import org.jspecify.annotations.NullMarked;
