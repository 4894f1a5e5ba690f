// The lists that were looked at lately: going back to a folder shows it at once and mends it behind.
import { computed, effect, signal, untracked } from "@preact/signals";
import type { Comparator, Filter, Id } from "../jmap/types";
import { route } from "../router";
import { parseSearch, toFilter } from "../search/language";
import { MailList } from "./list";
import { byRole, mailboxes, resolve } from "./mailboxes";
import { mirrorList, recallList } from "./mirror";
import { settings } from "./settings";

export interface View {
  unread: boolean;
  starred: boolean;
  files: boolean;
  sort: SortBy;
  ascending: boolean;
}
export type SortBy = "receivedAt" | "from" | "subject" | "size" | "starred" | "unread";
export const NO_VIEW: View = { unread: false, starred: false, files: false, sort: "receivedAt", ascending: false };
/** Filters and order of the list; a new folder begins without filters. */
export const view = signal<View>(NO_VIEW);

const KEPT = 8;
const lists = new Map<string, MailList>();

export const kept = () => lists.values();
export function forgetLists(): void {
  lists.clear();
}

function comparators(by: SortBy, ascending: boolean): Comparator[] {
  const newest = { property: "receivedAt", isAscending: false };
  switch (by) {
    case "receivedAt":
      return [{ property: "receivedAt", isAscending: ascending }];
    case "starred":
      return [{ property: "hasKeyword", keyword: "$flagged", isAscending: ascending }, newest];
    case "unread":
      return [{ property: "hasKeyword", keyword: "$seen", isAscending: !ascending }, newest];
    case "from":
    case "subject":
    case "size":
      return [{ property: by, isAscending: ascending }, newest];
  }
}

/** Are conversations shown together in this folder? */
export function conversationsIn(mailboxId: Id | undefined): boolean {
  const { conversations, conversationExceptions } = settings.value;
  return mailboxId && conversationExceptions.includes(mailboxId) ? !conversations : conversations;
}

/** The folder of the address; undefined in a search. */
export const currentMailbox = computed(() => {
  const at = route.value;
  void mailboxes.value;
  return at.at === "mail" ? resolve(at.mailbox) : undefined;
});
const currentMailboxId = computed(() => currentMailbox.value?.id);

const isInbox = (key: string) => key === `mail ${byRole("inbox")?.id}`;

function listFor(key: string, filter: Filter | null, collapse: boolean, shown: View, snippets: boolean): MailList {
  const conditions: Filter[] = filter ? [filter] : [];
  if (shown.unread) conditions.push({ notKeyword: "$seen" });
  if (shown.starred) conditions.push(collapse ? { someInThreadHaveKeyword: "$flagged" } : { hasKeyword: "$flagged" });
  if (shown.files) conditions.push({ hasAttachment: true });
  const whole: Filter | null = conditions.length > 1 ? { operator: "AND", conditions } : (conditions[0] ?? null);
  const sort = comparators(shown.sort, shown.ascending);
  const name = JSON.stringify([key, whole, sort, collapse]);
  let list = lists.get(name);
  if (list) {
    lists.delete(name);
    void list.refresh();
  } else {
    list = new MailList(key, { filter: whole, sort, collapse, snippets });
    const made = list;
    if (shown === NO_VIEW && untracked(() => isInbox(key))) {
      untracked(() => recallList(name, made));
      effect(() => {
        if (made.version.value > 0 && lists.get(name) === made) mirrorList(name, made);
      });
    }
  }
  lists.set(name, list);
  for (const old of lists.keys()) {
    if (lists.size <= KEPT) break;
    lists.delete(old);
  }
  return list;
}

// Words apart, so that neither a mail opened nor a count that changed makes another list.
const place = computed(() => {
  const at = route.value;
  if (at.at === "search") return `search ${at.query}`;
  return at.at === "mail" && currentMailboxId.value ? `mail ${currentMailboxId.value}` : "";
});
const searchFilter = (query: string) => {
  const byName = (name: string) => {
    const known = [...mailboxes.peek().values()];
    const low = name.toLowerCase();
    return resolve(low)?.id ?? known.find((m) => m.name.toLowerCase() === low)?.id;
  };
  const trash = [resolve("trash")?.id, resolve("junk")?.id].filter((id): id is Id => id !== undefined);
  return toFilter(parseSearch(query), { mailbox: byName, leaveOut: trash, labels: settings.peek().labels });
};

/** The list on the screen. */
export const currentList = computed<MailList | undefined>(() => {
  const where = place.value;
  if (!where) return undefined;
  const [kind, ...rest] = where.split(" ");
  const shown = view.value;
  if (kind === "search") {
    const query = rest.join(" ");
    if (!query.trim()) return undefined;
    return listFor(where, searchFilter(query), false, shown, true);
  }
  const id = rest[0] ?? "";
  const collapse = conversationsIn(id) && shown.sort === "receivedAt";
  return listFor(where, { inMailbox: id }, collapse, shown, false);
});
