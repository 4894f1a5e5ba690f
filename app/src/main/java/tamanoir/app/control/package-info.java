/// The Unix socket under the home folder by which commands reach the running server.
///
/// [ControlServer] listens, [ControlClient] calls, [Frame] is what travels: the words of the command line and its
/// standard input one way, output and exit code back. The server knows its caller by the kernel's word
/// (`SO_PEERCRED`): commands are for the user that runs the server and for root; `sendmail` is for everybody.
@NullMarked
package tamanoir.app.control;

import org.jspecify.annotations.NullMarked;
