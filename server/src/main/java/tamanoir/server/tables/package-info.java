/// Lookup tables: `type:name`, asked with a key, answering a text. Aliases, canonical addresses, access rules,
/// header checks and networks all live in such tables.
///
/// Read [LookupTable] first, then [Tables], which opens each table once and shares it. Tables of files are read from
/// the plain source file (there is no postmap step) and notice when it changes: [SourceFile]. A file that cannot be
/// read defers mail; it never looks like an empty table.
@NullMarked
package tamanoir.server.tables;

import org.jspecify.annotations.NullMarked;
