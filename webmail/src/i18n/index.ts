// What the person reads. `t("list.unread", {n: 3})` looks a message up in the loaded locale; messages are compiled at
// build time (build/messages.mjs) and come in areas, so that the first load carries only its own: `mail` is loaded at
// start, a lazy part loads its area with `loadMessages("compose")` before it draws.

import { load, locales } from "messages:all";
import { signal } from "@preact/signals";
import type { Key } from "./keys";

type Part = string | [string] | [string, Record<string, Part[]>];
type Compiled = string | Part[];

export type { Key };
export type Arguments = Record<string, string | number>;

/** Languages with their own names, as the settings list them. */
export const languages: Record<string, string> = { en: "English", fr: "Français" };
/** Languages that a draft's spelling can be set to; browsers know at least these. */
export const SPELLING_LANGUAGES = ["en", "fr", "de", "es", "it", "pt", "nl", "pl", "sv", "da", "cs"];

/** A language by its own name: "Deutsch". */
export function languageName(code: string): string {
  const name = languages[code] ?? new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return name.slice(0, 1).toLocaleUpperCase(code) + name.slice(1);
}
const RTL = /^(ar|fa|he|ur|yi|dv|ps|sd|ug)(-|$)/;

export const locale = signal("en");
const texts: Record<string, Compiled> = {};
const loadedAreas = new Set<string>();
let plurals = new Intl.PluralRules("en");

/** The best known locale for what the person or the browser asks for. */
export function bestLocale(wanted: readonly string[]): string {
  for (const tag of wanted) {
    if (tag === "ar-XB" || tag === "en-XA") return tag;
    const base = tag.split("-")[0] ?? "";
    if (locales.includes(tag)) return tag;
    if (locales.includes(base)) return base;
  }
  return "en";
}

/** Loads one area of messages in the present locale; at most once. */
export async function loadMessages(area: string): Promise<void> {
  if (loadedAreas.has(area)) return;
  const module = await load[`${locale.value}/${area}`]?.();
  if (module) Object.assign(texts, module.default);
  loadedAreas.add(area);
}

/** Switches to another language; everything that called `t` while drawing is drawn again. */
export async function useLocale(tag: string): Promise<void> {
  const areas = loadedAreas.size > 0 ? [...loadedAreas] : ["mail"];
  const modules = await Promise.all(areas.map((area) => load[`${tag}/${area}`]?.()));
  for (const module of modules) if (module) Object.assign(texts, module.default);
  areas.forEach((area) => loadedAreas.add(area));
  plurals = new Intl.PluralRules(tag);
  locale.value = tag;
  document.documentElement.lang = tag;
  document.documentElement.dir = RTL.test(tag) ? "rtl" : "ltr";
}

/** The message in the person's language; a missing one shows its key, which the tests refuse. */
export function t(key: Key, args: Arguments = {}): string {
  void locale.value;
  const message = texts[key];
  if (message === undefined) return key;
  return typeof message === "string" ? message : fill(message, args, 0);
}

function fill(parts: Part[], args: Arguments, count: number): string {
  let out = "";
  for (const part of parts) {
    if (typeof part === "string") out += part;
    else if (part[0] === "#") out += number(count);
    else if (part.length === 1) out += show(args[part[0]]);
    else {
      const value = args[part[0]] ?? "";
      const choice =
        part[1][typeof value === "number" ? `=${value}` : value] ??
        (typeof value === "number" ? part[1][plurals.select(value)] : undefined) ??
        part[1].other ??
        [];
      out += fill(choice, args, typeof value === "number" ? value : count);
    }
  }
  return out;
}

const show = (value: string | number | undefined) => (typeof value === "number" ? number(value) : (value ?? ""));

/** A number as the person writes it. */
export function number(value: number): string {
  return new Intl.NumberFormat(intlLocale()).format(value);
}

/** The locale for Intl: the pseudo-locales are not known to it. */
export function intlLocale(): string {
  return locale.value.includes("-X") ? locale.value.slice(0, 2) : locale.value;
}
