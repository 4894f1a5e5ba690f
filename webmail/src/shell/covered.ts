import { signal } from "@preact/signals";

/** Something fills the screen, as a composer does on a phone: what lies behind it cannot be reached. */
export const covered = signal(false);
