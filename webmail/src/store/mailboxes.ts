// The folders: all of them are known, in one map; the tree, the roles and the names come from it.
import { computed, signal } from "@preact/signals";
import { type Key, t } from "../i18n";
import { type Call, JmapError, ref } from "../jmap/client";
import type { ChangesResponse, GetResponse, Id, Mailbox, Role, SetResponse } from "../jmap/types";
import { jmap } from "./session";

export const mailboxes = signal<ReadonlyMap<Id, Mailbox>>(new Map());
let state = "";

// A mirror lets the next start ask for folders and the list in one request, since the folder's id is known already.
const MIRROR = "tamanoir-folders";
export function recallMailboxes(username: string): void {
  try {
    const kept = JSON.parse(localStorage.getItem(MIRROR) ?? "{}") as { username?: string; list?: Mailbox[] };
    if (kept.username === username && kept.list) mailboxes.value = new Map(kept.list.map((m) => [m.id, m]));
  } catch {
    // Nothing kept: the start takes one more trip.
  }
}
export function mirrorMailboxes(username: string): void {
  try {
    localStorage.setItem(MIRROR, JSON.stringify({ username, list: [...mailboxes.value.values()] }));
  } catch {
    // As above.
  }
}

const ROLE_ORDER: Role[] = [
  "inbox",
  "snoozed",
  "flagged",
  "important",
  "drafts",
  "scheduled",
  "sent",
  "archive",
  "all",
  "junk",
  "trash",
];
const ROLE_NAMES: Partial<Record<Role, Key>> = {
  inbox: "folder.inbox",
  snoozed: "folder.snoozed",
  drafts: "folder.drafts",
  scheduled: "folder.scheduled",
  sent: "folder.sent",
  archive: "folder.archive",
  junk: "folder.junk",
  trash: "folder.trash",
  all: "folder.all",
  flagged: "folder.flagged",
  important: "folder.important",
};

/** Folders with a role are shown in the person's language, others by their own name. */
export function mailboxName(mailbox: Mailbox): string {
  const key = mailbox.role && ROLE_NAMES[mailbox.role];
  return key ? t(key) : mailbox.name;
}

export function mailboxIcon(mailbox: Mailbox): string {
  const icons: Partial<Record<Role, string>> = {
    inbox: "inbox",
    snoozed: "clock",
    drafts: "file",
    scheduled: "send-horizontal",
    sent: "send",
    archive: "archive",
    junk: "shield-alert",
    trash: "trash-2",
    flagged: "star",
    all: "mail",
    important: "flag",
  };
  return (mailbox.role && icons[mailbox.role]) || "folder";
}

export const byRole = (role: Role): Mailbox | undefined => {
  for (const mailbox of mailboxes.value.values()) if (mailbox.role === role) return mailbox;
  return undefined;
};

/** The folder an address means: a role or an id. */
export function resolve(name: string): Mailbox | undefined {
  return mailboxes.value.get(name) ?? byRole(name as Role);
}
/** How a folder is called in an address. */
export const addressOf = (mailbox: Mailbox): string => mailbox.role ?? mailbox.id;

export interface TreeNode {
  mailbox: Mailbox;
  depth: number;
  children: TreeNode[];
}

const compare = (a: Mailbox, b: Mailbox) => {
  const rank = (m: Mailbox) => (m.role && ROLE_ORDER.includes(m.role) ? ROLE_ORDER.indexOf(m.role) : 99);
  return rank(a) - rank(b) || a.sortOrder - b.sortOrder || a.name.localeCompare(b.name, undefined, { numeric: true });
};

/** The whole tree: folders with a role first, then by name. */
export const tree = computed<TreeNode[]>(() => {
  const children = new Map<Id | null, Mailbox[]>();
  for (const mailbox of mailboxes.value.values()) {
    const parent = mailbox.parentId && mailboxes.value.has(mailbox.parentId) ? mailbox.parentId : null;
    const list = children.get(parent);
    if (list) list.push(mailbox);
    else children.set(parent, [mailbox]);
  }
  const grow = (parent: Id | null, depth: number): TreeNode[] =>
    (children.get(parent) ?? [])
      .sort(compare)
      .map((mailbox) => ({ mailbox, depth, children: grow(mailbox.id, depth + 1) }));
  return grow(null, 0);
});

export const flat = (nodes: TreeNode[]): TreeNode[] => nodes.flatMap((n) => [n, ...flat(n.children)]);

/** "Projects / Garden": the way to a folder, for menus. */
export function mailboxPath(mailbox: Mailbox): string {
  const parent = mailbox.parentId ? mailboxes.value.get(mailbox.parentId) : undefined;
  return parent ? `${mailboxPath(parent)} / ${mailboxName(mailbox)}` : mailboxName(mailbox);
}

export function takeMailboxes(response: GetResponse<Mailbox>): void {
  mailboxes.value = new Map(response.list.map((m) => [m.id, m]));
  state = response.state;
}

export function fetchMailboxes(): Call<GetResponse<Mailbox>> {
  return jmap().call<GetResponse<Mailbox>>("Mailbox/get", { ids: null });
}

/** Asks what changed since the last time; everything anew when the server cannot say. */
export async function refreshMailboxes(): Promise<void> {
  try {
    const changes = jmap().call<ChangesResponse>("Mailbox/changes", { sinceState: state });
    const created = jmap().call<GetResponse<Mailbox>>("Mailbox/get", { "#ids": ref(changes, "/created") });
    const updated = jmap().call<GetResponse<Mailbox>>("Mailbox/get", { "#ids": ref(changes, "/updated") });
    const [change, fresh, changed] = await Promise.all([changes, created, updated]);
    const next = new Map(mailboxes.value);
    for (const mailbox of [...fresh.list, ...changed.list]) next.set(mailbox.id, mailbox);
    for (const id of change.destroyed) next.delete(id);
    mailboxes.value = next;
    state = change.newState;
    if (change.hasMoreChanges) await refreshMailboxes();
  } catch (error) {
    if (error instanceof JmapError && error.type === "cannotCalculateChanges") takeMailboxes(await fetchMailboxes());
  }
}

/** Changes counts before the server says so: what moved or was read. */
export function adjustCounts(id: Id, total: number, unread: number): void {
  const mailbox = mailboxes.value.get(id);
  if (!mailbox || (total === 0 && unread === 0)) return;
  const next = new Map(mailboxes.value);
  next.set(id, {
    ...mailbox,
    totalEmails: Math.max(0, mailbox.totalEmails + total),
    unreadEmails: Math.max(0, mailbox.unreadEmails + unread),
  });
  mailboxes.value = next;
}

async function set(args: Record<string, unknown>): Promise<SetResponse<Mailbox>> {
  const response = await jmap().call<SetResponse<Mailbox>>("Mailbox/set", args);
  const refused = { ...response.notCreated, ...response.notUpdated, ...response.notDestroyed };
  const first = Object.values(refused)[0];
  if (first) throw JmapError.of(first);
  await refreshMailboxes();
  return response;
}

export async function createMailbox(name: string, parentId: Id | null, role?: Role): Promise<Id> {
  const response = await set({ create: { new: { name, parentId, isSubscribed: true, ...(role ? { role } : {}) } } });
  const id = response.created?.new?.id;
  if (!id) throw new JmapError("serverFail", "The folder was not created.");
  return id;
}
export const updateMailbox = (id: Id, patch: Partial<Mailbox>) => set({ update: { [id]: patch } });
export const destroyMailbox = (id: Id) => set({ destroy: [id], onDestroyRemoveEmails: true });

/** The folder with a role; made when there is none yet. */
export async function ensureRole(role: Role): Promise<Id> {
  const known = byRole(role);
  if (known) return known.id;
  const names: Partial<Record<Role, string>> = {
    archive: "Archive",
    junk: "Junk",
    trash: "Trash",
    sent: "Sent",
    drafts: "Drafts",
  };
  return createMailbox(names[role] ?? role, null, role);
}

/** A folder by name below another; made when there is none yet. */
export async function ensureChild(parentId: Id, name: string): Promise<Id> {
  for (const mailbox of mailboxes.value.values())
    if (mailbox.parentId === parentId && mailbox.name === name) return mailbox.id;
  return createMailbox(name, parentId);
}
