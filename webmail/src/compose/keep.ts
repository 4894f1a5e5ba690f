// Copies of unfinished mails in this browser (IndexedDB), so that a killed tab or a lost connection takes nothing. Each
// mail that is being written holds a lock of its name while its tab lives; a copy without a lock is an orphan.
import type { Id } from "../jmap/types";
import type { Draft } from "./draft";

export interface Kept {
  id: string;
  username: string;
  at: number;
  draft: Draft;
  serverId: Id | undefined;
  /** The server does not have this state yet. */
  dirty: boolean;
  /** Files that the server does not have yet, by key. */
  files: Record<string, Blob>;
}

let opening: Promise<IDBDatabase> | undefined;
function database(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("tamanoir-writing", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function run<T>(mode: IDBTransactionMode, action: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const store = (await database()).transaction("drafts", mode).objectStore("drafts");
  return new Promise((resolve, reject) => {
    const request = action(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// The first page of the program looks only here whether there is anything to recover.
const MARK = "tamanoir-writing";
const mark = (change: (ids: string[]) => string[]) => {
  try {
    const ids = change((JSON.parse(localStorage.getItem(MARK) ?? "[]") as string[]) ?? []);
    if (ids.length > 0) localStorage.setItem(MARK, JSON.stringify(ids));
    else localStorage.removeItem(MARK);
  } catch {
    // Without localStorage only the offer at the next start is lost.
  }
};

/** A browser without storage (private windows) still writes mail: the server keeps the drafts. */
export async function keep(kept: Kept): Promise<void> {
  try {
    await run("readwrite", (store) => store.put(kept));
    mark((ids) => [...new Set([...ids, kept.id])]);
  } catch (error) {
    console.warn("no local copy of the draft", error);
  }
}

export async function forget(id: string): Promise<void> {
  try {
    await run("readwrite", (store) => store.delete(id));
  } catch {
    // Nothing was kept.
  }
  mark((ids) => ids.filter((known) => known !== id));
}

/** Unfinished mails of this person that no living tab is writing. */
export async function orphans(username: string): Promise<Kept[]> {
  const all = await run<Kept[]>("readonly", (store) => store.getAll() as IDBRequest<Kept[]>).catch(() => [] as Kept[]);
  const held = new Set((await navigator.locks?.query())?.held?.map((lock) => lock.name) ?? []);
  const mine = all.filter((kept) => kept.username === username && !held.has(lockName(kept.id)));
  mark((ids) => ids.filter((id) => all.some((kept) => kept.id === id)));
  return mine.sort((a, b) => b.at - a.at);
}

const lockName = (id: string) => `tamanoir-writing-${id}`;

/** Says to other tabs that this mail is being written here; the answer ends that. */
export function hold(id: string): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  navigator.locks?.request(lockName(id), () => held).catch(() => {});
  return release;
}
