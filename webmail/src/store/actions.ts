// What a person does to mails. Everything is shown at once, then told to the server, and written down with its inverse
// so that it can be undone: with the bar for eight seconds, with `z` for as long as the page lives.
import { signal } from "@preact/signals";
import { t } from "../i18n";
import { longDate } from "../i18n/dates";
import { JmapError } from "../jmap/client";
import type { EmailRow, Filter, GetResponse, Id, SetResponse } from "../jmap/types";
import { confirm } from "../ui/Dialog";
import { showError, showToast } from "../ui/Toast";
import { loadThread, row, takeRows, thread } from "./emails";
import type { MailList } from "./list";
import { currentList, kept } from "./lists";
import { adjustCounts, byRole, ensureChild, ensureRole, mailboxes, mailboxName } from "./mailboxes";
import { jmap } from "./session";
import { settings } from "./settings";

/** Paths of RFC 8620 §5.3 to true or null: `keywords/$seen`, `mailboxIds/m7`. */
export type Patch = Record<string, true | null>;
export type Changes = Map<Id, Patch>;

interface Done {
  text: string;
  undo: () => Promise<void>;
}
const undoLog: Done[] = [];
export const canUndo = signal(false);

function remember(done: Done): void {
  undoLog.push(done);
  if (undoLog.length > 50) undoLog.shift();
  canUndo.value = true;
}

/** Takes back what was done last. */
export async function undo(): Promise<void> {
  const last = undoLog.pop();
  canUndo.value = undoLog.length > 0;
  if (!last) return;
  await last.undo();
  showToast({ text: t("undone", { what: last.text }), duration: 3000 });
}

export function offerUndo(text: string, back: () => Promise<void>): void {
  const done = { text, undo: back };
  remember(done);
  showToast({
    text,
    undo: () => {
      const at = undoLog.indexOf(done);
      if (at >= 0) undoLog.splice(at, 1);
      canUndo.value = undoLog.length > 0;
      return back();
    },
  });
}

// ---- the one way to change mails ------------------------------------------------------------------------------------

function patched(email: EmailRow, patch: Patch): EmailRow {
  const keywords = { ...email.keywords };
  const mailboxIds = { ...email.mailboxIds };
  for (const [path, value] of Object.entries(patch)) {
    const slash = path.indexOf("/");
    const target = path.startsWith("keywords") ? keywords : mailboxIds;
    const name = path.slice(slash + 1);
    if (value) target[name] = true;
    else delete target[name];
  }
  return { ...email, keywords, mailboxIds };
}

export function inverse(email: EmailRow, patch: Patch): Patch {
  const back: Patch = {};
  for (const path of Object.keys(patch)) {
    const name = path.slice(path.indexOf("/") + 1);
    back[path] = (path.startsWith("keywords") ? email.keywords : email.mailboxIds)[name] ?? null;
  }
  return back;
}

/** Shows the change and moves the counts along. The answer is what undoes it. */
function show(changes: Changes): Changes {
  const back: Changes = new Map();
  const fresh: EmailRow[] = [];
  const counts = new Map<Id, [number, number]>();
  const count = (email: EmailRow, sign: number) => {
    for (const id of Object.keys(email.mailboxIds)) {
      const [total, unread] = counts.get(id) ?? [0, 0];
      counts.set(id, [total + sign, unread + (email.keywords.$seen ? 0 : sign)]);
    }
  };
  for (const [id, patch] of changes) {
    const email = row(id).peek();
    if (!email) continue;
    back.set(id, inverse(email, patch));
    const next = patched(email, patch);
    count(email, -1);
    count(next, 1);
    fresh.push(next);
  }
  takeRows(fresh);
  for (const [id, [total, unread]] of counts) adjustCounts(id, total, unread);
  return back;
}

async function tell(changes: Changes): Promise<void> {
  const limit = Number(jmap().session.capabilities["urn:ietf:params:jmap:core"]?.maxObjectsInSet ?? 500);
  const entries = [...changes];
  for (let at = 0; at < entries.length; at += limit) {
    const update = Object.fromEntries(entries.slice(at, at + limit));
    const response = await jmap().call<SetResponse>("Email/set", { update });
    const refused = Object.entries(response.notUpdated ?? {}).find(([, error]) => error.type !== "notFound");
    if (refused) throw JmapError.of(refused[1]);
  }
}

// Without a connection changes wait here in their order, also over a reload; they are patches, so that doing one twice
// does no harm.
const WAITING = "tamanoir-waiting";
const recalled = (): [Id, Patch][][] => {
  try {
    const kept = JSON.parse(localStorage.getItem(WAITING) ?? "{}") as { username?: string; changes?: [Id, Patch][][] };
    return kept.username === jmap().session.username ? (kept.changes ?? []) : [];
  } catch {
    return [];
  }
};
let waiting: [Id, Patch][][] | undefined;
let flushing = false;
function keepWaiting(): void {
  try {
    localStorage.setItem(WAITING, JSON.stringify({ username: jmap().session.username, changes: waiting ?? [] }));
  } catch {
    // Without storage they wait as long as the page lives.
  }
}

/** Tells the server now, or when it can be reached again. */
async function deliver(changes: Changes): Promise<void> {
  waiting ??= recalled();
  if (waiting.length === 0 && !flushing) {
    try {
      await tell(changes);
      return;
    } catch (error) {
      if (!(error instanceof JmapError && error.type === "offline")) throw error;
    }
  }
  waiting.push([...changes]);
  keepWaiting();
}

/** Does what waited; called when the connection is back. */
export async function flushWaiting(): Promise<void> {
  waiting ??= recalled();
  if (flushing || waiting.length === 0) return;
  flushing = true;
  try {
    while (waiting.length > 0) {
      try {
        await tell(new Map(waiting[0]));
      } catch (error) {
        if (error instanceof JmapError && (error.type === "offline" || error.type === "signedOut")) return;
        failed(error);
      }
      waiting.shift();
      keepWaiting();
    }
    for (const list of kept()) list.spoil();
    void currentList.peek()?.refresh();
  } finally {
    flushing = false;
  }
}

/** Rows that no longer belong: in a folder's list those that left the folder with all their conversation. */
function takeOut(): { back: () => void; settle: () => void } {
  const undos: (() => void)[] = [];
  const settles: (() => void)[] = [];
  for (const list of kept()) {
    const mailboxId = list.key.startsWith("mail ") ? list.key.slice(5) : undefined;
    if (!mailboxId) continue;
    const leaving = new Set<Id>();
    for (const id of list.known()) {
      const email = row(id).peek();
      if (!email || email.mailboxIds[mailboxId]) continue;
      leaving.add(id);
    }
    if (leaving.size === 0) continue;
    undos.push(list.remove(leaving));
    settles.push(() => list.settle(leaving));
  }
  return { back: () => undos.forEach((f) => f()), settle: () => settles.forEach((f) => f()) };
}

/** Makes changes: shown now, told to the server, undone on request, taken back when the server refuses. */
export async function apply(changes: Changes, text?: string): Promise<void> {
  if (changes.size === 0) return;
  const back = show(changes);
  const lists = takeOut();
  const restore = () => {
    show(back);
    lists.back();
  };
  const sent = deliver(changes);
  if (text) {
    offerUndo(text, async () => {
      restore();
      await sent.catch(() => undefined);
      await deliver(back).catch((error) => failed(error, () => void deliver(back)));
    });
  }
  try {
    await sent;
    lists.settle();
  } catch (error) {
    restore();
    failed(error, () => void apply(changes, text));
  }
}

/** A server's words as a sentence. */
const sentence = (text: string) =>
  `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

export function failed(error: unknown, again?: () => void): void {
  if (error instanceof JmapError && error.type === "signedOut") return;
  const why =
    error instanceof JmapError && error.type === "offline" ? t("error.offline") : sentence((error as Error).message);
  showError(t("error.failed", { why }), again && { label: t("retry"), run: again });
}

// ---- what is meant by a row -----------------------------------------------------------------------------------------

/** The mails that an action on rows touches: with conversations, all mails of them that lie in the folder. */
export async function membersOf(list: MailList, ids: Iterable<Id>, everywhere = false): Promise<Id[]> {
  const mailboxId = list.key.startsWith("mail ") ? list.key.slice(5) : undefined;
  const out = new Set<Id>();
  const unknown = new Set<Id>();
  const rows = [...ids];
  if (list.query.collapse) {
    for (const id of rows) {
      const email = row(id).peek();
      if (email && thread(email.threadId).peek() === undefined) unknown.add(email.threadId);
    }
    await Promise.all([...unknown].map((id) => loadThread(id)));
  }
  for (const id of rows) {
    out.add(id);
    for (const member of list.members(id)) {
      const email = row(member).peek();
      if (email && (everywhere || !mailboxId || email.mailboxIds[mailboxId])) out.add(member);
    }
  }
  return [...out];
}

const changesFor = (ids: Id[], patch: (email: EmailRow) => Patch | undefined): Changes => {
  const changes: Changes = new Map();
  for (const id of ids) {
    const email = row(id).peek();
    const one = email && patch(email);
    if (one && Object.keys(one).length > 0) changes.set(id, one);
  }
  return changes;
};

// ---- the actions -----------------------------------------------------------------------------------------------------

export function setKeyword(ids: Id[], keyword: string, on: boolean, text?: string): Promise<void> {
  return apply(
    changesFor(ids, (email) =>
      Boolean(email.keywords[keyword]) === on ? undefined : { [`keywords/${keyword}`]: on || null },
    ),
    text,
  );
}
export const setSeen = (ids: Id[], seen: boolean, say = true) =>
  setKeyword(ids, "$seen", seen, say ? t(seen ? "done.read" : "done.unread", { n: ids.length }) : undefined);
export const setStar = (ids: Id[], on: boolean) => setKeyword(ids, "$flagged", on);

/** From where they are into one folder. Mails in trash or junk lose that folder too. */
function moving(ids: Id[], target: Id, extra: Patch = {}): Changes {
  return changesFor(ids, (email) => {
    const patch: Patch = { ...extra };
    for (const id of Object.keys(email.mailboxIds)) if (id !== target) patch[`mailboxIds/${id}`] = null;
    if (!email.mailboxIds[target]) patch[`mailboxIds/${target}`] = true;
    return patch;
  });
}

export async function moveTo(ids: Id[], target: Id): Promise<void> {
  const mailbox = mailboxes.value.get(target);
  const name = mailbox ? mailboxName(mailbox) : "";
  const leavesJunk =
    mailbox?.role !== "junk" ? undefined : ({ "keywords/$junk": true, "keywords/$notjunk": null } as Patch);
  await apply(moving(ids, target, leavesJunk), t("done.moved", { n: ids.length, folder: name }));
}

export async function copyTo(ids: Id[], target: Id): Promise<void> {
  const name = mailboxes.value.get(target);
  await apply(
    changesFor(ids, () => ({ [`mailboxIds/${target}`]: true })),
    t("done.copied", { n: ids.length, folder: name ? mailboxName(name) : "" }),
  );
}

export async function archive(ids: Id[]): Promise<void> {
  try {
    const root = await ensureRole("archive");
    if (settings.value.archive === "single") {
      await apply(moving(ids, root), t("done.archived", { n: ids.length }));
      return;
    }
    const changes: Changes = new Map();
    const groups = new Map<string, Id[]>();
    for (const id of ids) {
      const received = row(id).peek()?.receivedAt ?? new Date().toISOString();
      const name = settings.value.archive === "year" ? received.slice(0, 4) : received.slice(0, 7);
      groups.set(name, [...(groups.get(name) ?? []), id]);
    }
    for (const [name, members] of groups) {
      let folder = await ensureChild(root, name.slice(0, 4));
      if (name.length > 4) folder = await ensureChild(folder, name);
      for (const [id, patch] of moving(members, folder)) changes.set(id, patch);
    }
    await apply(changes, t("done.archived", { n: ids.length }));
  } catch (error) {
    failed(error, () => void archive(ids));
  }
}

export async function junk(ids: Id[], isJunk: boolean): Promise<void> {
  try {
    const target = isJunk ? await ensureRole("junk") : byRole("inbox")?.id;
    if (!target) return;
    const patch: Patch = isJunk
      ? { "keywords/$junk": true, "keywords/$notjunk": null }
      : { "keywords/$junk": null, "keywords/$notjunk": true };
    await apply(moving(ids, target, patch), t(isJunk ? "done.junk" : "done.notJunk", { n: ids.length }));
  } catch (error) {
    failed(error, () => void junk(ids, isJunk));
  }
}

/** To the trash; what is there already is destroyed, after a question because nothing brings it back. */
export async function remove(ids: Id[]): Promise<void> {
  try {
    const trash = await ensureRole("trash");
    const inTrash = ids.filter((id) => row(id).peek()?.mailboxIds[trash]);
    const others = ids.filter((id) => !row(id).peek()?.mailboxIds[trash]);
    if (others.length > 0) await apply(moving(others, trash), t("done.deleted", { n: others.length }));
    if (inTrash.length > 0) await destroy(inTrash);
  } catch (error) {
    failed(error, () => void remove(ids));
  }
}

export async function destroy(ids: Id[]): Promise<void> {
  const sure = await confirm(t("destroy.title", { n: ids.length }), t("destroy.text"), t("destroy.go"), true);
  if (!sure) return;
  const gone = new Set(ids);
  const back = [...kept()].map((list) => list.remove(gone));
  try {
    for (let at = 0; at < ids.length; at += 500) {
      const response = await jmap().call<SetResponse>("Email/set", { destroy: ids.slice(at, at + 500) });
      const refused = Object.values(response.notDestroyed ?? {}).find((e) => e.type !== "notFound");
      if (refused) throw JmapError.of(refused);
    }
    for (const list of kept()) list.settle(gone);
    showToast({ text: t("done.destroyed", { n: ids.length }) });
  } catch (error) {
    back.forEach((f) => f());
    failed(error);
  }
}

// ---- snooze ----------------------------------------------------------------------------------------------------------

export async function snooze(ids: Id[], until: Date): Promise<void> {
  const when = until.toISOString().replace(/\.\d+/, "");
  const gone = new Set(ids);
  const read = ids.filter((id) => row(id).peek()?.keywords.$seen);
  const back = [...kept()].filter((list) => list.key.startsWith("mail ")).map((list) => list.remove(gone));
  try {
    const create = Object.fromEntries(ids.map((id, i) => [`s${i}`, { emailId: id, until: when }]));
    const response = await jmap().call<SetResponse>("Snooze/set", { create });
    const refused = Object.values(response.notCreated ?? {})[0];
    if (refused) throw JmapError.of(refused);
    for (const list of kept()) list.settle(gone);
    const made = Object.values(response.created ?? {}).map((s) => s.id);
    offerUndo(t("done.snoozed", { n: ids.length, when: longDate(until) }), async () => {
      back.forEach((f) => f());
      try {
        await jmap().call("Snooze/set", { destroy: made });
        // What wakes is unread; what was read before is so again.
        takeRows(read.flatMap((id) => (row(id).peek() ? [{ ...row(id).peek()!, keywords: {} }] : [])));
        await setSeen(read, true, false);
      } catch (error) {
        failed(error);
      }
    });
  } catch (error) {
    back.forEach((f) => f());
    failed(error, () => void snooze(ids, until));
  }
}

// ---- labels ----------------------------------------------------------------------------------------------------------

export const labelsOf = (email: EmailRow): string[] =>
  Object.keys(email.keywords).filter(
    (k) => !k.startsWith("$") && !/^(nonjunk|junk|notjunk|forwarded|mdnsent)$/i.test(k),
  );

export function setLabel(ids: Id[], keyword: string, name: string, on: boolean): Promise<void> {
  return setKeyword(ids, keyword, on, t(on ? "done.labelled" : "done.unlabelled", { n: ids.length, label: name }));
}

// ---- everything in a list --------------------------------------------------------------------------------------------

/** A change for every mail, and which mails it would change at all. */
export interface Wholesale {
  patch: Patch;
  only?: Filter;
}
export const wholesale = {
  move: (target: Id, extra: Patch = {}): Wholesale => ({ patch: { ...extra, [`mailboxIds/${target}`]: true } }),
  keyword: (name: string, on: boolean): Wholesale => ({
    patch: { [`keywords/${name}`]: on || null },
    only: on ? { notKeyword: name } : { hasKeyword: name },
  }),
};

/** Acts on every mail of a list, page by page on the server, also on those that were never fetched. */
export async function applyToAll(list: MailList, change: Wholesale, text: (n: number) => string): Promise<void> {
  const mailboxId = list.key.startsWith("mail ") ? list.key.slice(5) : undefined;
  const ids: Id[] = [];
  for await (const page of list.everyId(change.only)) {
    ids.push(...page);
    if (ids.length > PROGRESS)
      showToast({ text: t("working.collecting", { n: ids.length }), duration: Number.POSITIVE_INFINITY });
  }
  const moves = Object.keys(change.patch).some((path) => path.startsWith("mailboxIds/"));
  const changes: Changes = new Map();
  const back: Changes = new Map();
  const add = (id: Id, patch: Patch) => {
    changes.set(id, patch);
    back.set(
      id,
      Object.fromEntries(Object.entries(patch).map(([path, value]) => [path, value ? null : true])) as Patch,
    );
  };
  if (moves && !mailboxId) {
    // Hits of a search lie in many folders: each mail is taken out of its own.
    for (let at = 0; at < ids.length; at += PROGRESS / 2) {
      const { list: found } = await jmap().call<GetResponse<EmailRow>>("Email/get", {
        ids: ids.slice(at, at + PROGRESS / 2),
        properties: ["id", "mailboxIds"],
      });
      for (const { id, mailboxIds } of found) {
        const patch: Patch = { ...change.patch };
        for (const path of Object.keys(change.patch))
          if (mailboxIds[path.slice("mailboxIds/".length)]) delete patch[path];
        for (const from of Object.keys(mailboxIds)) {
          if (!(`mailboxIds/${from}` in change.patch)) patch[`mailboxIds/${from}`] = null;
        }
        if (Object.keys(patch).length > 0) add(id, patch);
      }
    }
  } else {
    const patch: Patch = moves && mailboxId ? { ...change.patch, [`mailboxIds/${mailboxId}`]: null } : change.patch;
    for (const id of ids) add(id, patch);
  }
  try {
    await inPages(changes);
    offerUndo(text(ids.length), () => inPages(back).catch((error) => failed(error)));
  } catch (error) {
    failed(error, () => void applyToAll(list, change, text));
  }
  for (const known of kept()) known.spoil();
  void currentList.peek()?.refresh();
}
const PROGRESS = 1000;

async function inPages(changes: Changes): Promise<void> {
  const entries = [...changes];
  for (let at = 0; at < entries.length; at += PROGRESS / 2) {
    const page: Changes = new Map(entries.slice(at, at + PROGRESS / 2));
    show(page);
    await tell(page);
    if (entries.length > PROGRESS) {
      showToast({ text: t("working.done", { n: at, total: entries.length }), duration: Number.POSITIVE_INFINITY });
    }
  }
}

/** Destroys every mail of a list, page by page; asked before by whoever calls. */
export async function destroyAll(list: MailList): Promise<void> {
  const ids: Id[] = [];
  for await (const page of list.everyId()) ids.push(...page);
  for (let at = 0; at < ids.length; at += PROGRESS / 2) {
    await jmap().call<SetResponse>("Email/set", { destroy: ids.slice(at, at + PROGRESS / 2) });
    showToast({ text: t("working.done", { n: Math.min(ids.length, at + PROGRESS / 2), total: ids.length }) });
  }
  showToast({ text: t("done.destroyed", { n: ids.length }) });
  for (const known of kept()) known.spoil();
  void currentList.peek()?.refresh();
}
