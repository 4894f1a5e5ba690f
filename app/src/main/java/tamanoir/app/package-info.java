/// The composition root and everything around it: main, the demo, the command line, the control socket.
///
/// Read [Tamanoir] first, top to bottom: it is the list of the server's parts and the only place that knows them all.
/// [Main] is the entry; `command` holds one class per command; `control` carries commands to the running server.
@NullMarked
package tamanoir.app;

import org.jspecify.annotations.NullMarked;
