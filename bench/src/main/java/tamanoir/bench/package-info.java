/// Load generators and micro benchmarks; nothing here decides a test.
@NullMarked
package tamanoir.bench;

import org.jspecify.annotations.NullMarked;
