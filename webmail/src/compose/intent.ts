// What the composer is asked for. The composer itself is a chunk of its own (src/compose/index.ts) that is loaded when
// first needed; whoever opens it only knows this file.
import { effect } from "@preact/signals";
import { loadMessages, t } from "../i18n";
import type { Email, EmailAddress } from "../jmap/types";
import { beforeSignOut, signInState } from "../store/session";
import { showError } from "../ui/Toast";

export type ComposeIntent =
  | { kind: "new"; to?: EmailAddress[]; cc?: EmailAddress[]; bcc?: EmailAddress[]; subject?: string; body?: string }
  | { kind: "reply" | "replyAll" | "replyList" | "forward" | "forwardAsAttachment" | "redirect"; email: Email }
  /** Goes on with a draft. */
  | { kind: "draft"; emailId: string }
  /** A new mail like this one. */
  | { kind: "again"; emailId: string }
  /** mailto: links (RFC 6068). */
  | { kind: "mailto"; url: string };

export interface Composer {
  open(intent: ComposeIntent): void | Promise<void>;
  /** The mails that wait for their time. */
  openScheduled(): void;
  /** Mails that a killed tab left unfinished. */
  offerRecovery(): Promise<void>;
  /** Brings all that is open to the server; false when that failed. */
  saveAll(): Promise<boolean>;
}

let loading: Promise<Composer> | undefined;

/** Fetches the composer ahead of its use, when the browser is idle. */
export function preloadComposer(): Promise<Composer> {
  loading ??= Promise.all([import("./index"), loadMessages("compose")]).then(([module]) => module);
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

export async function openComposer(intent: ComposeIntent): Promise<void> {
  try {
    const composer = await preloadComposer();
    await composer.open(intent);
  } catch (error) {
    // Without a connection, or when the server has a newer version than this page.
    showError(`${t("page.failed")}. ${t("page.failed.why")}`, {
      label: t("retry"),
      run: () => void openComposer(intent),
    });
    console.error(error);
  }
}

export async function openScheduled(): Promise<void> {
  (await preloadComposer()).openScheduled();
}

// Once somebody is signed in: a mail that was being written when the tab died, and a mailto: link that the browser was
// told to open here (?mailto=...). Neither loads the composer when there is nothing for it.
if (typeof window !== "undefined") {
  const stop = effect(() => {
    if (signInState.value !== "in") return;
    queueMicrotask(() => stop());
    setTimeout(() => void atStart(), 400);
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.<HTMLAnchorElement>("a[href^='mailto:' i]");
    if (!link || event.defaultPrevented || link.closest("[contenteditable]")) return;
    event.preventDefault();
    void openComposer({ kind: "mailto", url: link.href });
  });
  beforeSignOut(async () => {
    if (loading) await (await loading).saveAll();
  });
}

async function atStart(): Promise<void> {
  const url = new URL(location.href);
  const mailto = url.searchParams.get("mailto");
  if (mailto) {
    url.searchParams.delete("mailto");
    history.replaceState(null, "", url.pathname + url.search);
    await openComposer({ kind: "mailto", url: mailto });
  }
  if (localStorage.getItem("tamanoir-writing")) await (await preloadComposer()).offerRecovery();
}
