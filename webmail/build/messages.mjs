// Compiles message files at build time: src/i18n/<locale>/<area>.json becomes the module `messages:<locale>/<area>`.
// A message without arguments stays a string; others become small lists, so that no parser runs in the browser:
//   "Hello {name}"                              -> ["Hello ", ["name"]]
//   "{n, plural, one {# mail} other {# mails}}" -> [["n", {one: [["#"], " mail"], other: [["#"], " mails"]}]]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PREFIX = "messages:";

/** Parses one message of the ICU subset above. Throws with the message when a brace is missing. */
export function compile(text) {
  const [parts, end] = sequence(text, 0, false);
  if (end !== text.length) throw new Error(`unexpected } in message: ${text}`);
  if (parts.length === 0) return "";
  return parts.length === 1 && typeof parts[0] === "string" ? parts[0] : parts;
}

function sequence(text, start, inPlural) {
  const parts = [];
  let literal = "";
  let at = start;
  const flush = () => {
    if (literal) parts.push(literal);
    literal = "";
  };
  while (at < text.length && text[at] !== "}") {
    if (text[at] === "{") {
      flush();
      const [part, next] = argument(text, at + 1);
      parts.push(part);
      at = next;
    } else if (text[at] === "#" && inPlural) {
      flush();
      parts.push(["#"]);
      at++;
    } else literal += text[at++];
  }
  flush();
  return [parts, at];
}

function argument(text, start) {
  const head = /^\s*(\w+)\s*(?:(\})|,\s*(plural|select)\s*,)/.exec(text.slice(start));
  if (!head) throw new Error(`not understood at ${start}: ${text}`);
  let at = start + head[0].length;
  if (head[2]) return [[head[1]], at];
  const cases = {};
  for (;;) {
    const option = /^\s*([\w=]+)\s*\{/.exec(text.slice(at));
    if (!option) break;
    const [parts, end] = sequence(text, at + option[0].length, head[3] === "plural");
    if (text[end] !== "}") throw new Error(`} missing: ${text}`);
    cases[option[1]] = parts;
    at = end + 1;
  }
  const close = /^\s*\}/.exec(text.slice(at));
  if (!close || !cases.other) throw new Error(`plural without "other" or }: ${text}`);
  return [[head[1], cases], at + close[0].length];
}

// The pseudo-locales prove the layout: ar-XB runs right to left, en-XA is a third longer and accented.
const RTL = (text) => `\u200f\u202e${text}\u202c\u200f`;
const ACCENTS = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Å", E: "É", O: "Ö", U: "Û", n: "ñ", c: "ç", s: "š" };
const LONG = (text) => text.replace(/[a-zA-Z]/g, (c) => ACCENTS[c] ?? c) + "~".repeat(Math.ceil(text.length / 3));

function pseudo(message, change) {
  if (typeof message === "string") return change(message);
  return message.map((part) => {
    if (typeof part === "string") return change(part);
    if (part.length === 1) return part;
    return [part[0], Object.fromEntries(Object.entries(part[1]).map(([k, v]) => [k, pseudo(v, change)]))];
  });
}

export function messages(root) {
  const folder = join(root, "src/i18n");
  const locales = () => readdirSync(folder, { withFileTypes: true }).flatMap((d) => (d.isDirectory() ? [d.name] : []));
  const areas = () => readdirSync(join(folder, "en")).map((f) => f.replace(".json", ""));
  const load = (locale, area) => {
    const file = join(folder, locale, `${area}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  };
  return {
    name: "tamanoir-messages",
    resolveId(id) {
      return id.startsWith(PREFIX) ? `\0${id}` : undefined;
    },
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const [locale, area] = id.slice(PREFIX.length + 1).split("/");
      if (locale === "all") {
        const entries = [...locales(), "ar-XB", "en-XA"].flatMap((l) =>
          areas().map((a) => `${JSON.stringify(`${l}/${a}`)}: () => import(${JSON.stringify(`${PREFIX}${l}/${a}`)})`),
        );
        return `export const load = {${entries.join(",\n")}};\nexport const locales = ${JSON.stringify(locales())};`;
      }
      const english = load("en", area);
      const own = locale === "en" || locale.includes("-X") ? english : { ...english, ...load(locale, area) };
      const change = locale === "ar-XB" ? RTL : locale === "en-XA" ? LONG : (text) => text;
      const compiled = Object.fromEntries(Object.entries(own).map(([k, v]) => [k, pseudo(compile(v), change)]));
      return `export default ${JSON.stringify(compiled)};`;
    },
    buildStart() {
      for (const locale of locales())
        for (const area of areas()) this.addWatchFile(join(folder, locale, `${area}.json`));
    },
  };
}
