/// JMAP methods over what a person keeps beside the mail (room `personal`), and sending.
///
/// Read [ObjectType] first: what one type of object is. [ObjectMethods] makes of it the methods that RFC
/// 8620 §5 wants of every type: `/get` and `/changes`, [ObjectSet] `/set`, [ObjectQuery] `/query` and
/// `/queryChanges`. Types that do more have their own class beside: sending is [SubmissionSet], with
/// [Submissions] following what became of the mail. [PersonalCapabilities] names them all.
@NullMarked
package tamanoir.server.jmap.personal;

import org.jspecify.annotations.NullMarked;
