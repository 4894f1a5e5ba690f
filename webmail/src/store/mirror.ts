// The first rows of the inbox as they were last seen, so that the next start paints before the server answers. Kept in
// this browser until sign-out; what the server lists replaces it a moment later.
import type { EmailRow, Id, Thread } from "../jmap/types";
import { row, takeRows, takeThreads, thread } from "./emails";
import type { MailList } from "./list";
import { client } from "./session";

const MIRROR = "tamanoir-list";
const ROWS = 30;

interface Kept {
  username: string;
  name: string;
  total: number;
  ids: Id[];
  rows: EmailRow[];
  threads: Thread[];
}

/** Fills a new list when it is the one that was kept. */
export function recallList(name: string, list: MailList): void {
  try {
    const kept = JSON.parse(localStorage.getItem(MIRROR) ?? "null") as Kept | null;
    if (!kept || kept.name !== name || kept.username !== client.peek()?.session.username) return;
    takeRows(kept.rows);
    takeThreads(kept.threads);
    list.seed(kept.ids, kept.total);
  } catch {
    // Nothing kept: the rows come from the server.
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the first rows, a while after they stopped changing. */
export function mirrorList(name: string, list: MailList): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const ids = Array.from({ length: Math.min(ROWS, list.length) }, (_, i) => list.at(i)).filter(
      (id): id is Id => id !== undefined,
    );
    const shown = ids.flatMap((id) => row(id).peek() ?? []);
    const threads = shown.flatMap(({ threadId }) => {
      const emailIds = thread(threadId).peek();
      return emailIds ? [{ id: threadId, emailIds: emailIds.slice(-8) }] : [];
    });
    const members = threads.flatMap((t) => t.emailIds).filter((id) => !ids.includes(id));
    const rows = [...shown, ...members.flatMap((id) => row(id).peek() ?? [])];
    const username = client.peek()?.session.username ?? "";
    try {
      localStorage.setItem(
        MIRROR,
        JSON.stringify({ username, name, total: list.length, ids, rows, threads } satisfies Kept),
      );
    } catch {
      // Full: the next start waits for the server.
    }
  }, 1500);
}
