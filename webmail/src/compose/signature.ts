// The signature: exactly once, above the quote or at the end, changed with the identity, and the person's own once it
// was edited. In HTML it is a block that knows what was put into it; in plain text it is what follows "-- ".
import type { Identity } from "../jmap/types";
import { clean } from "./html";
import { fromText, toText } from "./text";

const CLASS = "tamanoir-signature";
const QUOTE = "tamanoir-quote";

export type Outcome = "placed" | "replaced" | "removed" | "kept" | "none";

export function signatureText(identity: Identity | undefined): string {
  if (!identity) return "";
  if (identity.textSignature.trim()) return identity.textSignature.replace(/\s+$/, "");
  return identity.htmlSignature.trim() ? toText(clean(identity.htmlSignature)).trimEnd() : "";
}

function block(identity: Identity | undefined): HTMLElement | undefined {
  if (!identity) return undefined;
  const inside = identity.htmlSignature.trim()
    ? clean(identity.htmlSignature)
    : identity.textSignature.trim()
      ? fromText(identity.textSignature.trimEnd())
      : undefined;
  if (!inside) return undefined;
  const box = document.createElement("div");
  box.className = CLASS;
  const dashes = document.createElement("div");
  dashes.append("-- ");
  box.append(dashes, inside);
  box.setAttribute("data-sig", fingerprint(box));
  return box;
}
const fingerprint = (box: HTMLElement) => {
  let sum = 5381;
  for (const char of toText(box).replace(/\s+/g, " ").trim()) sum = ((sum * 33) ^ (char.codePointAt(0) ?? 0)) >>> 0;
  return sum.toString(36);
};

/** The signatures in a text that are the writer's: those inside quotes belong to others. */
const own = (root: ParentNode) =>
  [...root.querySelectorAll<HTMLElement>(`.${CLASS}`)].filter(
    (box) => !box.closest("blockquote") && !box.closest(`.${QUOTE}`),
  );

/**
 * Puts the signature of the identity into the rich text. One that the person has edited stays, unless `force`; `above`
 * puts a new one before the quote.
 */
export function place(
  root: HTMLElement | DocumentFragment,
  identity: Identity | undefined,
  above: boolean,
  force = false,
): Outcome {
  const present = own(root);
  const fresh = block(identity);
  const first = present[0];
  for (const extra of present.slice(1)) extra.remove();
  if (first) {
    if (!force && first.getAttribute("data-sig") !== fingerprint(first)) return "kept";
    if (!fresh) {
      first.remove();
      return "removed";
    }
    first.replaceWith(fresh);
    return "replaced";
  }
  if (!fresh) return "none";
  const quote = [...root.children].find((child) => child.classList.contains(QUOTE));
  if (quote && above) {
    quote.before(fresh);
    const space = document.createElement("div");
    space.append(document.createElement("br"));
    quote.before(space);
  } else root.append(fresh);
  // Before it there is a line to write on, and an empty one.
  const blank = (node: Element | null) => node?.nodeName === "DIV" && node.textContent === "";
  const isAlone = ({ previousElementSibling: other }: Element) => !other || other.classList.contains(QUOTE);
  const before = fresh.previousElementSibling;
  const missing = !before ? 2 : !blank(before) || isAlone(before) ? 1 : 0;
  for (let i = 0; i < missing; i++) {
    const space = document.createElement("div");
    space.append(document.createElement("br"));
    fresh.before(space);
  }
  return "placed";
}

/** The same for plain text. `previous` is the identity whose signature is in it now. */
export function placeInText(
  text: string,
  identity: Identity | undefined,
  previous: Identity | undefined,
  above: boolean,
): { text: string; outcome: Outcome } {
  const fresh = signatureText(identity);
  const old = previous ? signatureText(previous) : "";
  const freshBlock = fresh ? `-- \n${fresh}` : "";
  if (old) {
    const at = text.indexOf(`-- \n${old}`);
    if (at >= 0 && (at === 0 || text[at - 1] === "\n")) {
      const end = at + 4 + old.length;
      const after = text.slice(end);
      const joined = text.slice(0, at) + freshBlock + (freshBlock ? after : after.replace(/^\n+/, ""));
      return { text: joined, outcome: fresh ? "replaced" : "removed" };
    }
  }
  if (/(?:^|\n)-- \n/.test(text)) return { text, outcome: "kept" };
  if (!fresh) return { text, outcome: "none" };
  const quote = above ? quoteStart(text) : -1;
  if (quote >= 0)
    return {
      text: `${text.slice(0, quote).replace(/\n*$/, "\n\n")}${freshBlock}\n\n${text.slice(quote)}`,
      outcome: "placed",
    };
  return { text: `${text.replace(/\n*$/, "")}\n\n${freshBlock}`, outcome: "placed" };
}

/** Where the attribution line of the quote starts, or -1. */
function quoteStart(text: string): number {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith(">"));
  if (first < 0) return -1;
  let at = first;
  while (at > 0 && (lines[at - 1] ?? "").trim() !== "") at--;
  return lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
}

export { CLASS as SIGNATURE_CLASS, QUOTE as QUOTE_CLASS };
