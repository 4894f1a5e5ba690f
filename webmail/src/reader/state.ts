// What the reader remembers of each mail while the page lives: folded or not, pictures, colours, which view.
import { type Signal, signal } from "@preact/signals";
import type { Id } from "../jmap/types";

export interface CardState {
  /** Undefined: as its kind says (read ones folded, the last open). */
  open?: boolean;
  pictures?: boolean;
  originalColours?: boolean;
  source?: boolean;
  details?: boolean;
}
const cards = new Map<Id, Signal<CardState>>();

export function card(id: Id): Signal<CardState> {
  let known = cards.get(id);
  if (!known) {
    cards.set(id, (known = signal<CardState>({})));
    if (cards.size > 500) {
      for (const old of cards.keys()) {
        cards.delete(old);
        if (cards.size <= 400) break;
      }
    }
  }
  return known;
}
export function setCard(id: Id, patch: CardState): void {
  const known = card(id);
  known.value = { ...known.peek(), ...patch };
}

/** The mails of the conversation that is open, as they are shown. */
export const shownIds = signal<Id[]>([]);
/** The mail that "reply" means: the last that is open. */
export const openedEmail = signal<Id | undefined>(undefined);

export function foldAll(folded: boolean): void {
  for (const id of shownIds.peek()) setCard(id, { open: !folded });
}
export function toggleSource(): void {
  const id = openedEmail.peek();
  if (id) setCard(id, { source: !card(id).peek().source });
}
