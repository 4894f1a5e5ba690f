// Every command of the frame, the list and the reader, with its keys.
import { openComposer } from "../compose/intent";
import { t } from "../i18n";
import { type Command, register } from "../keys";
import * as act from "../list/act";
import { askFolder, askSnooze, canSnooze, labelItems, openContextMenu, rowItems } from "../list/menus";
import {
  clearSelection,
  closeReader,
  cursor,
  focusCursor,
  moveCursor,
  open,
  openId,
  selectAll,
  selecting,
  selectTo,
  toggle,
} from "../list/selection";
import { foldAll, openedEmail, toggleSource } from "../reader/state";
import { go, route } from "../router";
import { undo } from "../store/actions";
import { body } from "../store/emails";
import { currentList, NO_VIEW, view } from "../store/lists";
import { refreshMailboxes } from "../store/mailboxes";
import { layout } from "../theme";
import { openHelp } from "./Help";
import { focusSearch } from "./TopBar";

const inMail = () => route.peek().at === "mail" || route.peek().at === "search";
const folder = (name: string) => () => {
  view.value = NO_VIEW;
  go({ at: "mail", mailbox: name });
};
const onRows = (run: () => unknown) => () => (inMail() && act.targets().length > 0 ? run() : false);

async function answer(kind: "reply" | "replyAll" | "replyList" | "forward"): Promise<void> {
  const id = openedEmail.peek() ?? act.targets()[0];
  if (id) await openComposer({ kind, email: await body(id) });
}

/** One row on; with a reading pane it is opened, with no pane the cursor goes. */
function step(by: number): unknown {
  if (!inMail()) return false;
  const list = currentList.peek();
  if (!list) return false;
  const opened = openId.peek();
  const from = opened ? list.indexOf(opened) : cursor.peek();
  const to = from < 0 ? cursor.peek() : from + by;
  if (to < 0 || to >= list.length) return true;
  moveCursor(to);
  if (opened || layout.peek() !== "none") openSoon(to);
  return true;
}
let timer: ReturnType<typeof setTimeout> | undefined;
/** A key that is held down opens only where it rests. */
function openSoon(index: number): void {
  clearTimeout(timer);
  const show = () => {
    const id = currentList.peek()?.at(index);
    if (id) open(id);
  };
  const now = performance.now();
  if (now - last > 180) show();
  else timer = setTimeout(show, 180);
  last = now;
}
let last = 0;

const page = () => Math.max(1, Math.floor(innerHeight / 64) - 3);

const commands: Command[] = [
  { id: "compose", label: "compose", scope: "global", keys: "c", run: () => openComposer({ kind: "new" }) },
  { id: "search", label: "keys.search", scope: "global", keys: "/, Mod+k", run: focusSearch },
  { id: "help", label: "help.keys", scope: "global", keys: "?", run: openHelp },
  { id: "undo", label: "undo", scope: "global", keys: "z", run: () => undo() },
  { id: "goInbox", label: "keys.goInbox", scope: "global", keys: "g i", run: folder("inbox") },
  { id: "goDrafts", label: "keys.goDrafts", scope: "global", keys: "g d", run: folder("drafts") },
  { id: "goSent", label: "keys.goSent", scope: "global", keys: "g t", run: folder("sent") },
  { id: "goArchive", label: "keys.goArchive", scope: "global", keys: "g a", run: folder("archive") },
  {
    id: "goStarred",
    label: "keys.goStarred",
    scope: "global",
    keys: "g s",
    run: () => go({ at: "search", query: "is:starred" }),
  },
  { id: "goContacts", label: "keys.goContacts", scope: "global", keys: "g c", run: () => go("/contacts") },
  { id: "goSettings", label: "keys.goSettings", scope: "global", keys: "g .", run: () => go("/settings") },

  { id: "next", label: "keys.next", scope: "list", keys: "j, ArrowDown", run: () => step(1) },
  { id: "previous", label: "keys.previous", scope: "list", keys: "k, ArrowUp", run: () => step(-1) },
  {
    id: "pageDown",
    label: "keys.pageDown",
    scope: "list",
    keys: "PageDown",
    run: () => inList() && moveCursor(cursor.peek() + page()),
  },
  {
    id: "pageUp",
    label: "keys.pageUp",
    scope: "list",
    keys: "PageUp",
    run: () => inList() && moveCursor(cursor.peek() - page()),
  },
  { id: "first", label: "keys.first", scope: "list", keys: "Home", run: () => inList() && moveCursor(0) },
  {
    id: "last",
    label: "keys.last",
    scope: "list",
    keys: "End",
    run: () => inList() && moveCursor((currentList.peek()?.length ?? 1) - 1),
  },
  {
    id: "open",
    label: "open",
    scope: "list",
    keys: "Enter, o",
    run: () => {
      const id = currentList.peek()?.at(cursor.peek());
      if (!id || !inMail()) return false;
      open(id);
      return true;
    },
  },
  {
    id: "select",
    label: "keys.select",
    scope: "list",
    keys: "x, Space",
    run: () => {
      const id = currentList.peek()?.at(cursor.peek());
      if (!id || !inMail()) return false;
      toggle(id, cursor.peek());
      return true;
    },
  },
  { id: "selectDown", label: "keys.selectDown", scope: "list", keys: "Shift+ArrowDown", run: () => extend(1) },
  { id: "selectUp", label: "keys.selectUp", scope: "list", keys: "Shift+ArrowUp", run: () => extend(-1) },
  {
    id: "selectAll",
    label: "selection.all",
    scope: "list",
    keys: "Mod+a",
    run: () => (inMail() ? selectAll() : false),
  },
  {
    id: "back",
    label: "keys.back",
    scope: "list",
    keys: "Escape, u",
    run: () => {
      if (!inMail()) return false;
      if (selecting.peek()) clearSelection();
      else if (openId.peek()) closeReader();
      else return false;
      return true;
    },
  },
  { id: "archive", label: "archive", scope: "list", keys: "e", run: onRows(() => act.archive()) },
  { id: "delete", label: "delete", scope: "list", keys: "Delete, #", run: onRows(() => act.remove()) },
  { id: "junk", label: "junk", scope: "list", keys: "!", run: onRows(() => act.junk()) },
  { id: "star", label: "star", scope: "list", keys: "s", run: onRows(() => act.star()) },
  { id: "read", label: "markRead", scope: "list", keys: "Shift+i", run: onRows(() => act.setSeen(true)) },
  { id: "unread", label: "markUnread", scope: "list", keys: "Shift+u", run: onRows(() => act.setSeen(false)) },
  {
    id: "move",
    label: "move.to",
    scope: "list",
    keys: "v",
    run: onRows(() => {
      const rows = act.targets();
      askFolder(t("move.to"), (m) => void act.moveTo(m, rows));
    }),
  },
  {
    id: "label",
    label: "labels",
    scope: "list",
    keys: "l",
    run: onRows(() => {
      const at = anchorBox();
      openContextMenu(at.x, at.y, labelItems(act.targets()));
    }),
  },
  {
    id: "snooze",
    label: "snooze",
    scope: "list",
    keys: "b",
    run: onRows(() => (canSnooze() ? askSnooze(act.targets()) : false)),
  },
  {
    id: "menu",
    label: "keys.menu",
    scope: "list",
    keys: "Shift+F10, ContextMenu",
    run: onRows(() => {
      const id = act.targets()[0];
      const at = anchorBox();
      if (id) openContextMenu(at.x, at.y, rowItems(id));
    }),
  },
  { id: "reply", label: "reply", scope: "list", keys: "r", run: onRows(() => answer("reply")) },
  { id: "replyAll", label: "replyAll", scope: "list", keys: "a", run: onRows(() => answer("replyAll")) },
  { id: "replyList", label: "replyList", scope: "list", keys: "Shift+l", run: onRows(() => answer("replyList")) },
  { id: "forward", label: "forward", scope: "list", keys: "f", run: onRows(() => answer("forward")) },
  {
    id: "refresh",
    label: "keys.refresh",
    scope: "list",
    keys: "Shift+n",
    run: () => {
      void refreshMailboxes();
      return currentList.peek()?.refresh();
    },
  },
  {
    id: "filterUnread",
    label: "filter.unread",
    scope: "list",
    keys: "Shift+f",
    run: () => (view.value = { ...view.peek(), unread: !view.peek().unread }),
  },
  {
    id: "unfold",
    label: "keys.unfold",
    scope: "reader",
    keys: ";",
    run: () => (openId.peek() ? foldAll(false) : false),
  },
  { id: "fold", label: "keys.fold", scope: "reader", keys: ":", run: () => (openId.peek() ? foldAll(true) : false) },
  { id: "source", label: "source", scope: "reader", keys: "h", run: () => (openId.peek() ? toggleSource() : false) },
];

function inList(): boolean {
  return inMail() && !document.activeElement?.closest(".reader, dialog");
}
function extend(by: number): unknown {
  if (!inMail()) return false;
  const to = Math.max(0, Math.min(cursor.peek() + by, (currentList.peek()?.length ?? 1) - 1));
  void selectTo(to);
  focusCursor.value++;
  return true;
}
function anchorBox(): { x: number; y: number } {
  const box = document.querySelector(`.row[data-index="${cursor.peek()}"], .reader-bar`)?.getBoundingClientRect();
  return box ? { x: box.left + 40, y: box.bottom } : { x: 80, y: 80 };
}

export function registerCommands(): () => void {
  return register(...commands);
}
