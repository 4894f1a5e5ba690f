// Start and staying up to date: the first request of all, then what the push connection says.
import { effect, signal, untracked } from "@preact/signals";
import { t } from "../i18n";
import { online, pause } from "../jmap/client";
import { listen, type TypeStates } from "../jmap/push";
import type { EmailRow } from "../jmap/types";
import { flushWaiting } from "./actions";
import { refreshEmails } from "./emails";
import { loadIdentities } from "./identities";
import { currentList } from "./lists";
import {
  byRole,
  fetchMailboxes,
  mailboxes,
  mirrorMailboxes,
  recallMailboxes,
  refreshMailboxes,
  takeMailboxes,
} from "./mailboxes";
import { loadSearches } from "./searches";
import { jmap, signInState } from "./session";
import { loadSettings, settings } from "./settings";

/** Spoken politely: "2 new mails". */
export const announcement = signal("");
/** Whoever shows other types (contacts, templates, submissions) hears of their changes here. */
export const pushed = signal<TypeStates>({});
export const startFailure = signal<Error | undefined>(undefined);

let startedFor = "";
let listening = false;

/** Starts as soon as somebody is signed in, before anything is drawn; signed in again, it only catches up. */
export function startWhenSignedIn(): void {
  effect(() => {
    if (signInState.value !== "in") return;
    const username = jmap().session.username;
    if (startedFor === username && mailboxes.peek().size > 0) changed({ "*": "" });
    else {
      startedFor = username;
      untracked(() => void start());
    }
  });
}

/** Folders, settings, identities and, when the folder's id is known from the last time, the list: one request. */
export async function start(): Promise<void> {
  startFailure.value = undefined;
  recallMailboxes(jmap().session.username);
  const folders = fetchMailboxes();
  const rest = Promise.allSettled([loadSettings(), loadIdentities(), loadSearches()]);
  currentList.peek()?.load(0, FIRST_ROWS);
  try {
    const answer = await folders;
    // The settings decide how the list is asked for, so they are taken first.
    await rest;
    takeMailboxes(answer);
    mirrorMailboxes(jmap().session.username);
  } catch (error) {
    if (mailboxes.peek().size === 0) startFailure.value = error as Error;
  }
  currentList.peek()?.load(0, FIRST_ROWS);
  if (!listening) stayUpToDate();
}
const FIRST_ROWS = 20;

function stayUpToDate(): void {
  listening = true;
  effect(() => {
    if (online.value) void flushWaiting();
  });
  setInterval(() => {
    if (!online.peek()) changed({ "*": "" });
  }, 15_000);
  listen(jmap().session.eventSourceUrl, jmap().account(), changed);
  addEventListener("online", () => changed({ "*": "" }));
  addEventListener("offline", () => {
    online.value = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !online.peek()) changed({ "*": "" });
  });
  effect(() => {
    const unread = byRole("inbox")?.unreadEmails ?? 0;
    document.title = unread > 0 ? `(${unread}) Tamanoir` : "Tamanoir";
  });
}

let again = false;
let running = false;
let pending: TypeStates = {};

function changed(states: TypeStates): void {
  pending = { ...pending, ...states };
  if (running) {
    again = true;
    return;
  }
  running = true;
  void work().finally(() => {
    running = false;
  });
}

async function work(): Promise<void> {
  do {
    again = false;
    // Several changes at once become one question.
    await pause(20);
    const states = pending;
    pending = {};
    const has = (type: string) => type in states || "*" in states;
    try {
      const jobs: Promise<unknown>[] = [];
      if (has("Mailbox")) jobs.push(refreshMailboxes());
      if (has("Email") || has("Thread")) {
        jobs.push(refreshEmails().then(({ created }) => arrived(created)));
        const list = currentList.peek();
        if (list) jobs.push(list.refresh());
      }
      if (has("Settings")) jobs.push(loadSettings());
      if (has("Identity")) jobs.push(loadIdentities());
      if (has("SavedSearch")) jobs.push(loadSearches());
      await Promise.all(jobs);
      pushed.value = states;
    } catch {
      // Without a connection nothing can be asked; the next push or "online" does it all again.
    }
  } while (again);
}

function arrived(created: EmailRow[]): void {
  const inbox = byRole("inbox")?.id;
  const fresh = created.filter((email) => inbox && email.mailboxIds[inbox] && !email.keywords.$seen);
  const first = fresh[0];
  if (!first) return;
  const from = first.from?.[0];
  const who = from?.name || from?.email || "";
  announcement.value =
    fresh.length === 1
      ? t("arrived.one", { from: who, subject: first.subject ?? "" })
      : t("arrived.many", { n: fresh.length });
  if (
    settings.peek().notifications &&
    document.visibilityState !== "visible" &&
    Notification.permission === "granted"
  ) {
    const shown = new Notification(fresh.length === 1 ? who : t("arrived.many", { n: fresh.length }), {
      body: fresh.length === 1 ? (first.subject ?? "") : who,
      tag: "tamanoir-mail",
      icon: "/icon.svg",
    });
    shown.onclick = () => {
      focus();
      shown.close();
    };
  }
}

export const ready = () => mailboxes.value.size > 0;
