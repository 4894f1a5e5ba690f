// Which rows are meant: the cursor (one row has the focus), the selection (a set of ids, or all of the list), and the
// mail that is open in the reader (it is in the address).
import { computed, effect, signal } from "@preact/signals";
import type { Id } from "../jmap/types";
import { go, route } from "../router";
import type { MailList } from "../store/list";
import { currentList } from "../store/lists";

export const selected = signal<ReadonlySet<Id>>(new Set());
/** Every mail of the list, also those never fetched. */
export const allSelected = signal(false);
export const cursor = signal(0);
/** Goes up when the cursor's row is to take the focus. */
export const focusCursor = signal(0);
let anchor = 0;

export const openId = computed<Id | undefined>(() => {
  const at = route.value;
  return at.at === "mail" || at.at === "search" ? at.email : undefined;
});
export const selecting = computed(() => allSelected.value || selected.value.size > 0);

export function clearSelection(): void {
  selected.value = new Set();
  allSelected.value = false;
}

// Another list: nothing of the old selection holds.
effect(() => {
  void currentList.value;
  clearSelection();
  cursor.value = 0;
  anchor = 0;
});

export function toggle(id: Id, index: number): void {
  const next = new Set(selected.peek());
  if (allSelected.peek()) {
    allSelected.value = false;
    currentList
      .peek()
      ?.known()
      .forEach((known) => next.add(known));
  }
  if (!next.delete(id)) next.add(id);
  selected.value = next;
  anchor = index;
  cursor.value = index;
}

/** Selects from the last toggled row to this one. */
export async function selectTo(index: number): Promise<void> {
  const list = currentList.peek();
  if (!list) return;
  cursor.value = index;
  const ids = await list.range(anchor, index);
  selected.value = new Set([...selected.peek(), ...ids]);
}

export function setAnchor(index: number): void {
  anchor = index;
}

export async function selectAll(): Promise<void> {
  const list = currentList.peek();
  if (!list) return;
  selected.value = new Set(list.known());
  if (list.known().length < list.length) allSelected.value = true;
}

/** Opens a row in the reader. From mail to mail is one step of the back button. */
export function open(id: Id): void {
  const at = route.peek();
  const replace = Boolean(openId.peek());
  if (at.at === "mail") go({ ...at, email: id }, replace);
  else if (at.at === "search") go({ ...at, email: id }, replace);
}

export function closeReader(): void {
  const at = route.peek();
  if (at.at === "mail" || at.at === "search") go({ ...at, email: undefined });
  focusCursor.value++;
}

/** Where the open mail is in the list; -1 when it is not known there. */
export function openIndex(list: MailList): number {
  const id = openId.peek();
  return id ? list.indexOf(id) : -1;
}

/** Moves the cursor; true when it moved. */
export function moveCursor(to: number): boolean {
  const list = currentList.peek();
  if (!list || list.length === 0) return false;
  const next = Math.max(0, Math.min(to, list.length - 1));
  const moved = next !== cursor.peek();
  cursor.value = next;
  anchor = next;
  focusCursor.value++;
  return moved;
}
