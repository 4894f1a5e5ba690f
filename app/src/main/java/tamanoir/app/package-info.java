/// The composition root, the command line and the control socket.
@NullMarked
package tamanoir.app;

import org.jspecify.annotations.NullMarked;
