// The mails that are known: one signal for each, so that a flag redraws one row and nothing else. The least recently
// used are forgotten above a limit.
import { type Signal, signal } from "@preact/signals";
import { JmapError, ref } from "../jmap/client";
import type { ChangesResponse, Email, EmailRow, GetResponse, Id, Thread } from "../jmap/types";
import { jmap } from "./session";
import { settings } from "./settings";

export const ROW_PROPERTIES = [
  "id",
  "blobId",
  "threadId",
  "mailboxIds",
  "keywords",
  "size",
  "receivedAt",
  "from",
  "to",
  "subject",
  "preview",
  "hasAttachment",
];
const LIMIT = 6000;

const rows = new Map<Id, Signal<EmailRow | undefined>>();
const threads = new Map<Id, Signal<Id[] | undefined>>();

/** The row of a mail; undefined while it is not known. Reading it while drawing subscribes to it. */
export function row(id: Id): Signal<EmailRow | undefined> {
  let known = rows.get(id);
  if (known) return known;
  known = signal<EmailRow | undefined>(undefined);
  rows.set(id, known);
  if (rows.size > LIMIT) forget();
  return known;
}

/** The mails of a conversation, oldest first; undefined while they are not known. */
export function thread(id: Id): Signal<Id[] | undefined> {
  let known = threads.get(id);
  if (!known) threads.set(id, (known = signal<Id[] | undefined>(undefined)));
  return known;
}

/** Maps keep the order of insertion: the first are the oldest. What is drawn is asked for again when needed. */
function forget(): void {
  let excess = rows.size - LIMIT + 500;
  for (const [id, known] of rows) {
    if (excess-- <= 0) break;
    const threadId = known.peek()?.threadId;
    if (threadId) threads.delete(threadId);
    rows.delete(id);
  }
}

export function takeRows(list: EmailRow[]): void {
  for (const fresh of list) {
    const known = row(fresh.id);
    const old = known.peek();
    known.value = old ? { ...old, ...fresh } : fresh;
  }
}
export function takeThreads(list: Thread[]): void {
  for (const { id, emailIds } of list) {
    const known = thread(id);
    if (known.peek()?.join() !== emailIds.join()) known.value = emailIds;
  }
}
export const isKnown = (id: Id) => rows.get(id)?.peek() !== undefined;

// ---- whole mails ----------------------------------------------------------------------------------------------------

const FULL_PROPERTIES = [
  ...ROW_PROPERTIES,
  "messageId",
  "inReplyTo",
  "references",
  "sender",
  "cc",
  "bcc",
  "replyTo",
  "sentAt",
  "headers",
  "bodyValues",
  "textBody",
  "htmlBody",
  "attachments",
];
const BODY_PROPERTIES = ["partId", "blobId", "size", "name", "type", "charset", "disposition", "cid"];
/** What is asked for at first of each body; "show all" asks for the rest. */
export const BODY_LIMIT = 256 * 1024;
const BUDGET = 4 * 1024 * 1024;

const bodies = new Map<Id, { email: Email; weight: number }>();
const wanted = new Map<Id, Promise<Email>>();
let weight = 0;

export const knownBody = (id: Id): Email | undefined => bodies.get(id)?.email;

/** A whole mail, from memory or from the server. */
export function body(id: Id): Promise<Email> {
  const known = bodies.get(id);
  if (known) {
    bodies.delete(id);
    bodies.set(id, known);
    return Promise.resolve(known.email);
  }
  let promise = wanted.get(id);
  if (!promise) {
    promise = fetchBodies([id]).then((list) => {
      const email = list[0];
      if (!email) throw new JmapError("notFound", "The mail is no longer there.");
      return email;
    });
    wanted.set(id, promise);
    const done = () => wanted.delete(id);
    promise.then(done, done);
  }
  return promise;
}

async function fetchBodies(ids: Id[], limit = BODY_LIMIT): Promise<Email[]> {
  const response = await jmap().call<GetResponse<Email>>("Email/get", {
    ids,
    properties: FULL_PROPERTIES,
    bodyProperties: BODY_PROPERTIES,
    fetchHTMLBodyValues: true,
    fetchTextBodyValues: true,
    ...(limit ? { maxBodyValueBytes: limit } : {}),
  });
  response.list.forEach(keep);
  takeRows(response.list.map(rowOf));
  return response.list;
}

/** The mail without the limit on its body. */
export async function wholeBody(id: Id): Promise<Email | undefined> {
  return (await fetchBodies([id], 0))[0];
}

function rowOf(email: Email): EmailRow {
  return Object.fromEntries(
    Object.entries(email).filter(([name]) => ROW_PROPERTIES.includes(name)),
  ) as unknown as EmailRow;
}

function keep(email: Email): void {
  const size = Object.values(email.bodyValues).reduce((sum, part) => sum + part.value.length, 2000);
  const old = bodies.get(email.id);
  if (old) weight -= old.weight;
  bodies.delete(email.id);
  bodies.set(email.id, { email, weight: size });
  weight += size;
  for (const [id, held] of bodies) {
    if (weight <= BUDGET || id === email.id) break;
    bodies.delete(id);
    weight -= held.weight;
  }
}

/** Fetches mails that will probably be opened; never on a metered connection. */
export function prefetch(ids: Id[]): void {
  const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
  if (connection?.saveData || !settings.peek().prefetch) return;
  const missing = ids.filter((id) => !bodies.has(id) && !wanted.has(id));
  if (missing.length === 0) return;
  const fetched = fetchBodies(missing);
  for (const id of missing) {
    const one = fetched.then((list) => {
      const email = list.find((e) => e.id === id);
      if (!email) throw new JmapError("notFound", "The mail is no longer there.");
      return email;
    });
    wanted.set(id, one);
    const done = () => wanted.delete(id);
    one.then(done, done);
  }
}

/** A conversation with its rows: one request. */
export async function loadThread(threadId: Id): Promise<Id[]> {
  const get = jmap().call<GetResponse<Thread>>("Thread/get", { ids: [threadId] });
  const emails = jmap().call<GetResponse<EmailRow>>("Email/get", {
    "#ids": ref(get, "/list/*/emailIds"),
    properties: ROW_PROPERTIES,
  });
  const [response, list] = await Promise.all([get, emails]);
  takeRows(list.list);
  takeThreads(response.list);
  return response.list[0]?.emailIds ?? [];
}

export async function loadRow(id: Id): Promise<EmailRow | undefined> {
  const response = await jmap().call<GetResponse<EmailRow>>("Email/get", { ids: [id], properties: ROW_PROPERTIES });
  takeRows(response.list);
  return response.list[0];
}

// ---- what others changed --------------------------------------------------------------------------------------------

let state = "";
export function emailStateIs(value: string): void {
  if (!state) state = value;
}

export interface Arrivals {
  created: EmailRow[];
  destroyed: Id[];
}

/** Asks what changed; known mails are brought up to date, new ones are returned. */
export async function refreshEmails(): Promise<Arrivals> {
  const arrivals: Arrivals = { created: [], destroyed: [] };
  if (!state) return arrivals;
  try {
    for (let more = true; more; ) {
      const changes = await jmap().call<ChangesResponse>("Email/changes", { sinceState: state, maxChanges: 500 });
      const updated = changes.updated.filter(isKnown);
      const created = changes.created.slice(0, 100);
      const calls: Promise<unknown>[] = [];
      if (updated.length > 0) {
        const get = jmap().call<GetResponse<EmailRow>>("Email/get", {
          ids: updated,
          properties: ["id", "keywords", "mailboxIds"],
        });
        calls.push(get.then((response) => takeRows(response.list)));
      }
      if (created.length > 0) {
        const get = jmap().call<GetResponse<EmailRow>>("Email/get", { ids: created, properties: ROW_PROPERTIES });
        const conversations = jmap().call<GetResponse<Thread>>("Thread/get", { "#ids": ref(get, "/list/*/threadId") });
        calls.push(
          get.then((response) => {
            takeRows(response.list);
            arrivals.created.push(...response.list);
          }),
          conversations.then((response) => takeThreads(response.list)),
        );
      }
      await Promise.all(calls);
      for (const id of changes.destroyed) {
        const known = rows.get(id)?.peek();
        if (known) {
          const conversation = threads.get(known.threadId);
          if (conversation?.peek()) conversation.value = conversation.peek()?.filter((e) => e !== id);
        }
        rows.delete(id);
        const held = bodies.get(id);
        if (held) weight -= held.weight;
        bodies.delete(id);
        arrivals.destroyed.push(id);
      }
      state = changes.newState;
      more = changes.hasMoreChanges;
    }
  } catch (error) {
    if (error instanceof JmapError && error.type === "cannotCalculateChanges") state = "";
    else throw error;
  }
  return arrivals;
}
