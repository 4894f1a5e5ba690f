// The composers that are open, side by side; the last one is in front on a small screen.
import { signal } from "@preact/signals";
import type { Composing } from "./composing";

export const composers = signal<Composing[]>([]);
/** The one in front. */
export const front = signal<Composing | undefined>(undefined);

export function showComposer(mail: Composing): void {
  if (!composers.value.includes(mail)) composers.value = [...composers.value, mail];
  if (mail.size.value === "min") mail.size.value = "sheet";
  front.value = mail;
}

export function hideComposer(mail: Composing): void {
  const left = composers.value.filter((m) => m !== mail);
  composers.value = left;
  if (front.value === mail) front.value = left.findLast((m) => m.size.value !== "min");
}

/** Puts the cursor where the person is needed. */
export function focusComposer(mail: Composing, where: "to" | "subject" | "text" = "text"): void {
  requestAnimationFrame(() => {
    const sheet = document.getElementById(`compose-${mail.key}`);
    if (where === "text") {
      if (mail.mode.value === "rich") mail.editor.focus();
      else {
        const area = sheet?.querySelector("textarea");
        area?.focus();
        if (area && mail.caret !== undefined) area.setSelectionRange(mail.caret, mail.caret);
        mail.caret = undefined;
      }
    } else
      sheet?.querySelector<HTMLElement>(where === "to" ? ".compose-recipients input" : ".compose-subject")?.focus();
  });
}
