// Recipients as people type and paste them: "Ana <ana@example.org>, bob@example.org; chris@example.org".
import type { EmailAddress } from "../jmap/types";

/** What was typed, cut into addresses; `rest` is what is not one (yet). */
export interface Typed {
  addresses: EmailAddress[];
  rest: string;
}

// The dot-atom form of RFC 5321 §4.1.2, with letters of any script (RFC 6531); quoted local parts are left to servers
// that still use them. A domain has a dot or is an address in brackets.
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[\p{L}\p{N}]([\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u;

/** Could a mail be sent to this? Lengths as RFC 5321 §4.5.3.1. */
export function isValid(email: string): boolean {
  const at = email.lastIndexOf("@");
  if (at < 1 || at > 64 || email.length > 254) return false;
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  if (!LOCAL.test(local) && !/^"([^"\\\r\n]|\\.)+"$/.test(local)) return false;
  if (/^\[(IPv6:[0-9a-f:.]+|[0-9.]+)\]$/i.test(domain)) return true;
  const labels = domain.split(".");
  return labels.length > 1 && labels.every((label) => label.length < 64 && LABEL.test(label));
}

/** Cuts at commas, semicolons and line ends that are not inside quotes, brackets or comments. */
export function split(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quoted) {
      if (char === "\\") part += char + (text[++i] ?? "");
      else {
        if (char === '"') quoted = false;
        part += char;
      }
    } else if (depth === 0 && /[,;\r\n]/.test(char)) {
      parts.push(part);
      part = "";
    } else {
      if (char === '"') quoted = true;
      else if (char === "<" || char === "(") depth++;
      else if (char === ">" || char === ")") depth = Math.max(0, depth - 1);
      part += char;
    }
  }
  parts.push(part);
  return parts.map((p) => p.trim()).filter(Boolean);
}

/** One address with or without a name; undefined when there is none in the text. */
export function parseOne(text: string): EmailAddress | undefined {
  const trimmed = text.trim().replace(/^mailto:/i, "");
  const angle = /^([\s\S]*?)<\s*([^<>]+?)\s*>\s*(?:\([^)]*\))?$/.exec(trimmed);
  if (angle) {
    const email = clean(angle[2] ?? "");
    const name = unquote(angle[1] ?? "");
    return isValid(email) ? { name: name && name !== email ? name : null, email } : undefined;
  }
  const comment = /^(\S+@\S+)\s+\(([^)]+)\)$/.exec(trimmed);
  if (comment && isValid(comment[1] ?? "")) return { name: (comment[2] ?? "").trim(), email: comment[1] ?? "" };
  if (isValid(clean(trimmed))) return { name: null, email: clean(trimmed) };
  // "Ana Silva ana@example.org", as copied out of a table
  const last = /^(.*\S)\s+(\S+@\S+)$/.exec(trimmed);
  if (last && isValid(last[2] ?? "")) return { name: unquote(last[1] ?? ""), email: last[2] ?? "" };
  return undefined;
}

export function parse(text: string): Typed {
  const addresses: EmailAddress[] = [];
  const rest: string[] = [];
  for (const part of split(text)) {
    const words = part.split(/\s+/);
    if (words.length > 1 && words.every((word) => isValid(word))) {
      addresses.push(...words.map((email) => ({ name: null, email })));
      continue;
    }
    const whole = parseOne(part);
    if (whole) addresses.push(whole);
    else rest.push(part);
  }
  return { addresses, rest: rest.join(", ") };
}

const clean = (email: string) => email.replace(/^['"]+|['"]+$/g, "").replace(/[.,;]+$/, "");
const unquote = (name: string) =>
  name
    .trim()
    .replace(/^"([\s\S]*)"$/, "$1")
    .replace(/\\(.)/g, "$1")
    .replace(/^'([\s\S]*)'$/, "$1")
    .trim();

/** As it is written in a field: quoted where RFC 5322 §3.2.4 asks for it. */
export function format({ name, email }: EmailAddress): string {
  if (!name) return email;
  return `${/[",.:;<>@()[\]\\]/.test(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : name} <${email}>`;
}

/** The domain is compared without case; so is the local part, as every server in use does. */
export const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export function without(list: EmailAddress[], ...taken: EmailAddress[][]): EmailAddress[] {
  const seen = new Set(taken.flat().map((a) => a.email.toLowerCase()));
  return list.filter((a) => {
    const key = a.email.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The domain of an address, for "outside of your organisation". */
export const domainOf = (email: string) => email.slice(email.lastIndexOf("@") + 1).toLowerCase();
