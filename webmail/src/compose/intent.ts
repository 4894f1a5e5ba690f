// What the composer is asked for. The composer itself is a chunk of its own (src/compose/index.ts) that is loaded when
// first needed; whoever opens it only knows this file.
import { loadMessages } from "../i18n";
import type { Email, EmailAddress } from "../jmap/types";

export type ComposeIntent =
  | { kind: "new"; to?: EmailAddress[]; cc?: EmailAddress[]; bcc?: EmailAddress[]; subject?: string; body?: string }
  | { kind: "reply" | "replyAll" | "forward" | "forwardAsAttachment" | "redirect"; email: Email }
  /** Goes on with a draft. */
  | { kind: "draft"; emailId: string }
  /** A new mail like this one. */
  | { kind: "again"; emailId: string }
  /** mailto: links (RFC 6068). */
  | { kind: "mailto"; url: string };

export interface Composer {
  open(intent: ComposeIntent): void | Promise<void>;
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
  const composer = await preloadComposer();
  await composer.open(intent);
}
