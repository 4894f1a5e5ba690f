// Links: what they say and where they go. Plain text becomes nodes; a link whose text names another domain than its
// target is marked with words, in the markup, so that it works where no listener of ours runs.

export type Piece = { text: string } | { text: string; href: string };

const URL_PATTERN =
  /\b(?:https?:\/\/[^\s<>"'`]+|www\.[a-z0-9-]+\.[^\s<>"'`]+|mailto:[^\s<>"'`]+|[\p{L}\p{N}._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)/giu;

/** Splits a line of plain text into words and links. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(URL_PATTERN)) {
    let found = match[0];
    // A full stop or a bracket after an address belongs to the sentence.
    const trailing = /[.,;:!?'"»”’]+$/.exec(found)?.[0] ?? "";
    found = found.slice(0, found.length - trailing.length);
    while (/[)\]}]$/.test(found) && !balanced(found)) found = found.slice(0, -1);
    const start = match.index;
    if (!found || start < at) continue;
    const href = hrefOf(found);
    if (!href) continue;
    if (start > at) pieces.push({ text: text.slice(at, start) });
    pieces.push({ text: found, href });
    at = start + found.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function balanced(text: string): boolean {
  const count = (sign: string) => text.split(sign).length;
  return count("(") >= count(")") && count("[") >= count("]") && count("{") >= count("}");
}

function hrefOf(found: string): string | undefined {
  const href = /^(https?:|mailto:)/i.test(found)
    ? found
    : found.includes("@") && !/^www\./i.test(found)
      ? `mailto:${found}`
      : `https://${found}`;
  try {
    const url = new URL(href);
    return /^(https?|mailto):$/.test(url.protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

// Names under which anyone can register: enough of the public suffix list for a warning.
const SECOND_LEVEL = /^(?:co|com|org|net|gov|ac|edu|gob|gouv|or|ne|go)\.[a-z]{2}$/;
const SHARED_HOSTS =
  /(?:^|\.)(?:github\.io|gitlab\.io|blogspot\.com|web\.app|pages\.dev|netlify\.app|vercel\.app|herokuapp\.com)$/;

/** "mail.example.co.uk" → "example.co.uk". */
export function registrable(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  const two = labels.slice(-2).join(".");
  const keep = SECOND_LEVEL.test(two) || SHARED_HOSTS.test(host) ? 3 : 2;
  return labels.slice(-keep).join(".");
}

const DOMAIN_IN_TEXT =
  /(?:https?:\/\/)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,24})(?:[/:?#]|$|[\s,;)])/iu;

/** Where a link really goes, when its text names another place. */
export function lyingTarget(text: string, href: string): string | undefined {
  const said = DOMAIN_IN_TEXT.exec(text.trim())?.[1];
  if (!said || !/^https?:/i.test(href) || text.includes("@")) return undefined;
  // File names look like domains: "report.pdf".
  if (/\.(?:pdf|docx?|xlsx?|pptx?|zip|png|jpe?g|gif|html?|txt|js|md|py|sh|java)$/i.test(said)) return undefined;
  try {
    const target = new URL(href).hostname;
    const named = new URL(`https://${said}`).hostname;
    return registrable(target) === registrable(named) ? undefined : target;
  } catch {
    return undefined;
  }
}

/** Scripts mixed inside one name are how look-alikes are made. */
export function isLookAlike(domain: string): boolean {
  if (/(^|\.)xn--/i.test(domain)) return true;
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];
  return domain.split(".").some((label) => scripts.filter((s) => s.test(label)).length > 1);
}
