// Actions on what is meant: the selection, else the open mail, else the row with the cursor. The reader's bar, the list's
// bar, the context menu and the keys all come here.
import { t } from "../i18n";
import type { Id } from "../jmap/types";
import * as actions from "../store/actions";
import { row } from "../store/emails";
import type { MailList } from "../store/list";
import { currentList, currentMailbox } from "../store/lists";
import { byRole, mailboxes, mailboxName } from "../store/mailboxes";
import { settings } from "../store/settings";
import { onePane } from "../theme";
import { confirm } from "../ui/Dialog";
import { allSelected, clearSelection, closeReader, cursor, open, openId, selected } from "./selection";

/** The rows that are meant now. */
export function targets(): Id[] {
  const chosen = selected.peek();
  if (chosen.size > 0) return [...chosen];
  const opened = openId.peek();
  if (opened) return [opened];
  const at = currentList.peek()?.at(cursor.peek());
  return at ? [at] : [];
}

/** After mails left the list: the next one opens, or the list is shown again. */
function leaving(list: MailList, rows: Id[]): () => void {
  const opened = openId.peek();
  const index = opened ? list.indexOf(opened) : -1;
  const leaves = opened !== undefined && rows.includes(opened);
  return () => {
    clearSelection();
    if (!leaves) return;
    const next = index >= 0 ? (list.at(index) ?? list.at(index - 1)) : undefined;
    if (next && settings.peek().afterMove === "next" && !onePane.peek()) {
      cursor.value = Math.max(0, list.indexOf(next));
      open(next);
    } else closeReader();
  };
}

/** Does something to rows: conversations are taken apart into their mails here. */
async function act(rows: Id[], leaves: boolean, what: (ids: Id[]) => Promise<void>, everywhere = false): Promise<void> {
  const list = currentList.peek();
  if (rows.length === 0) return;
  const ids = list ? await actions.membersOf(list, rows, everywhere) : rows;
  const after = list && leaves ? leaving(list, rows) : () => {};
  const done = what(ids);
  after();
  await done;
}

function whole(change: actions.Wholesale, text: (n: number) => string): boolean {
  const list = currentList.peek();
  if (!allSelected.peek() || !list) return false;
  clearSelection();
  void actions.applyToAll(list, change, text);
  return true;
}

export async function archive(rows = targets()): Promise<void> {
  const target = byRole("archive")?.id;
  if (target && whole(actions.wholesale.move(target), (n) => t("done.archived", { n }))) return;
  await act(rows, true, actions.archive);
}
export async function remove(rows = targets()): Promise<void> {
  const target = byRole("trash")?.id;
  const list = currentList.peek();
  if (allSelected.peek() && list && currentMailbox.peek()?.id === target) {
    const n = list.length;
    if (!(await confirm(t("destroy.title", { n }), t("destroy.text"), t("destroy.go"), true))) return;
    clearSelection();
    await actions.destroyAll(list).catch(actions.failed);
    return;
  }
  if (target && currentMailbox.peek()?.id !== target) {
    if (whole(actions.wholesale.move(target), (n) => t("done.deleted", { n }))) return;
  }
  await act(rows, true, actions.remove);
}
export async function junk(rows = targets(), isJunk = currentMailbox.peek()?.role !== "junk"): Promise<void> {
  const target = byRole(isJunk ? "junk" : "inbox")?.id;
  const extra: actions.Patch = isJunk
    ? { "keywords/$junk": true, "keywords/$notjunk": null }
    : { "keywords/$junk": null };
  if (target && whole(actions.wholesale.move(target, extra), (n) => t(isJunk ? "done.junk" : "done.notJunk", { n })))
    return;
  await act(rows, true, (ids) => actions.junk(ids, isJunk));
}
export async function moveTo(mailboxId: Id, rows = targets()): Promise<void> {
  const mailbox = mailboxes.peek().get(mailboxId);
  const folder = mailbox ? mailboxName(mailbox) : "";
  if (whole(actions.wholesale.move(mailboxId), (n) => t("done.moved", { n, folder }))) return;
  await act(rows, true, (ids) => actions.moveTo(ids, mailboxId));
}
export async function copyTo(mailboxId: Id, rows = targets()): Promise<void> {
  await act(rows, false, (ids) => actions.copyTo(ids, mailboxId));
}
export async function setSeen(seen: boolean, rows = targets()): Promise<void> {
  if (whole(actions.wholesale.keyword("$seen", seen), (n) => t(seen ? "done.read" : "done.unread", { n }))) return;
  if (!seen && rows.length === 1 && rows[0] === openId.peek()) closeReader();
  await act(rows, false, (ids) => actions.setSeen(seen ? ids : lastOf(ids), seen));
}
/** Marking a conversation unread means its newest mail. */
function lastOf(ids: Id[]): Id[] {
  const newest = new Map<Id, Id>();
  for (const id of ids) {
    const email = row(id).peek();
    if (!email) continue;
    const known = newest.get(email.threadId);
    if (!known || (row(known).peek()?.receivedAt ?? "") < email.receivedAt) newest.set(email.threadId, id);
  }
  return [...newest.values()];
}
export async function star(rows = targets(), on?: boolean): Promise<void> {
  const value = on ?? !rows.every((id) => isStarred(id));
  if (whole(actions.wholesale.keyword("$flagged", value), (n) => t(value ? "done.starred" : "done.unstarred", { n })))
    return;
  if (value) await actions.setStar(rows, true);
  else await act(rows, false, (ids) => actions.setStar(ids, false), true);
}
export async function snooze(until: Date, rows = targets()): Promise<void> {
  await act(rows, true, (ids) => actions.snooze(ids, until));
}
export async function label(keyword: string, name: string, on: boolean, rows = targets()): Promise<void> {
  const text = (n: number) => t(on ? "done.labelled" : "done.unlabelled", { n, label: name });
  if (whole(actions.wholesale.keyword(keyword, on), text)) return;
  await act(rows, false, (ids) => actions.setLabel(ids, keyword, name, on), true);
}

/** Is the mail, or any mail of its conversation, starred? */
export function isStarred(id: Id): boolean {
  const list = currentList.peek();
  return (list?.members(id) ?? [id]).some((member) => row(member).peek()?.keywords.$flagged);
}
export function isUnread(id: Id): boolean {
  const list = currentList.peek();
  return (list?.members(id) ?? [id]).some((member) => {
    const email = row(member).peek();
    return email && !email.keywords.$seen;
  });
}
