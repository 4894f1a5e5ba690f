import type { ComposeIntent } from "./intent";

/** Opens a composer sheet for the intent. */
export function open(_intent: ComposeIntent): void {}
