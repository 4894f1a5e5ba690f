/// Lookup tables: `type:name`, asked with a key, answering a text. Aliases, canonical addresses, access rules,
/// header checks and networks all live in such tables.
///
/// Read [LookupTable] first, then [Tables], which opens each table once and shares it. Tables of files are read from
/// the plain source file (there is no postmap step) and notice when it changes: [SourceFile]. A file that cannot be
/// read defers mail; it never looks like an empty table. What a file says is read by [MapFormat] (keys and values,
/// aliases), [CidrFormat] and [PatternFormat] (rules from the top, [Rules]); [Composed] holds the kinds without a file.
///
/// [AddressLookup] knows in which order the parts of an address are asked, [RecipientDelimiter] where a name is
/// divided, [AliasTargets] what the right side of an alias says. [NetworkList], [DomainList] and [WordList] are the
/// lists of main.cf whose entries may be tables.
@NullMarked
package tamanoir.server.tables;

import org.jspecify.annotations.NullMarked;
