import type { ComponentChildren } from "preact";
import { onePane } from "../theme";

/** The heading of a card or form: of the page where it stands alone, else below the heading of the list beside it. */
export function Title({ children }: { children: ComponentChildren }) {
  return onePane.value ? <h1>{children}</h1> : <h2>{children}</h2>;
}
