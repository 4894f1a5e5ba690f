// The language of the search field. Words are all to be found; `OR` between two makes either do, `-` before one forbids
// it, "in quotes" is a phrase. Operators: from: to: cc: subject: body: has:attachment is:unread|read|starred|answered
// |draft in:folder label:name before: after: on: (2026-11-25, 2026-11, 2026, 7d) larger: smaller: (5M, 300k).
import type { Filter, FilterCondition, Id } from "../jmap/types";

export interface Term {
  /** Empty for plain words. */
  operator: string;
  value: string;
  not: boolean;
  quoted: boolean;
}
/** Groups that must all match; the terms of one group are alternatives. */
export type Search = Term[][];

export const OPERATORS = [
  "from",
  "to",
  "cc",
  "subject",
  "body",
  "has",
  "is",
  "in",
  "label",
  "before",
  "after",
  "on",
  "larger",
  "smaller",
  "filename",
];

export function parseSearch(text: string): Search {
  const groups: Search = [];
  let either = false;
  const pattern = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))|(\S+)/giu;
  for (const match of text.matchAll(pattern)) {
    const whole = match[0];
    if (whole === "OR" && groups.length > 0) {
      either = true;
      continue;
    }
    let [, minus = "", operator = "", phrase, word = match[5] ?? ""] = match;
    const name = operator.toLowerCase();
    if (operator && !OPERATORS.includes(name)) {
      // "http://..." and the like are words.
      word = `${operator}:${phrase ?? word}`;
      operator = "";
    }
    const value = phrase ?? word;
    if (!value || OPERATORS.some((o) => value.toLowerCase() === `${o}:`)) continue; // still being typed
    const term: Term = { operator: operator ? name : "", value, not: minus === "-", quoted: phrase !== undefined };
    if (either) groups[groups.length - 1]?.push(term);
    else groups.push([term]);
    either = false;
  }
  return groups;
}

/** The text that `parseSearch` reads again as the same. */
export function writeSearch(search: Search): string {
  return search.map((group) => group.map(writeTerm).join(" OR ")).join(" ");
}
export function writeTerm({ operator, value, not, quoted }: Term): string {
  const text = quoted || /\s/.test(value) || value === "OR" || value === "" ? `"${value.replaceAll('"', "")}"` : value;
  return `${not ? "-" : ""}${operator ? `${operator}:` : ""}${text}`;
}

export interface Names {
  mailbox: (name: string) => Id | undefined;
  /** Folders that a search without `in:` leaves out. */
  leaveOut: Id[];
  labels: { keyword: string; name: string }[];
}

export function toFilter(search: Search, names: Names, now = new Date()): Filter | null {
  const conditions: Filter[] = [];
  let placed = false;
  for (const group of search) {
    const filters = group.map((term) => {
      if (term.operator === "in") placed = true;
      const filter = condition(term, names, now);
      return filter && term.not ? ({ operator: "NOT", conditions: [filter] } as Filter) : filter;
    });
    const known = filters.filter((f): f is Filter => f !== undefined);
    if (known.length === 1 && known[0]) conditions.push(known[0]);
    else if (known.length > 1) conditions.push({ operator: "OR", conditions: known });
  }
  if (!placed && names.leaveOut.length > 0 && conditions.length > 0)
    conditions.push({ inMailboxOtherThan: names.leaveOut });
  if (conditions.length === 0) return null;
  return conditions.length === 1 ? (conditions[0] ?? null) : { operator: "AND", conditions };
}

const NOTHING: FilterCondition = { minSize: Number.MAX_SAFE_INTEGER };

function condition(term: Term, names: Names, now: Date): Filter | undefined {
  const value = term.value;
  const words = term.quoted && /\s/.test(value) ? `"${value}"` : value;
  switch (term.operator) {
    case "":
      return { text: words };
    case "from":
    case "to":
    case "cc":
    case "subject":
    case "body":
      return { [term.operator]: words };
    case "filename":
      return { text: words };
    case "has":
      return /^(attach|file|pi[eè]ce)/i.test(value) ? { hasAttachment: true } : { text: words };
    case "is":
      return keyword(value.toLowerCase());
    case "in": {
      if (/^(any|anywhere|all)$/i.test(value)) return undefined;
      const id = names.mailbox(value);
      return id ? { inMailbox: id } : NOTHING;
    }
    case "label": {
      const label = names.labels.find((l) => l.name.toLowerCase() === value.toLowerCase());
      return { hasKeyword: label?.keyword ?? value.toLowerCase() };
    }
    case "before": {
      const span = days(value, now);
      return span ? { before: span[0].toISOString().replace(/\.\d+/, "") } : undefined;
    }
    case "after": {
      const span = days(value, now);
      return span ? { after: span[0].toISOString().replace(/\.\d+/, "") } : undefined;
    }
    case "on": {
      const span = days(value, now);
      if (!span) return undefined;
      const [after, before] = span.map((d) => d.toISOString().replace(/\.\d+/, ""));
      return { operator: "AND", conditions: [{ after }, { before }] };
    }
    case "larger": {
      const size = bytes(value);
      return size === undefined ? undefined : { minSize: size };
    }
    case "smaller": {
      const size = bytes(value);
      return size === undefined ? undefined : { maxSize: size };
    }
    default:
      return { text: words };
  }
}

function keyword(value: string): Filter | undefined {
  switch (value) {
    case "unread":
      return { notKeyword: "$seen" };
    case "read":
      return { hasKeyword: "$seen" };
    case "starred":
    case "flagged":
      return { hasKeyword: "$flagged" };
    case "answered":
      return { hasKeyword: "$answered" };
    case "draft":
      return { hasKeyword: "$draft" };
    default:
      return undefined;
  }
}

/** The span of time that a date means: a day, a month, a year, or "7d" for since seven days ago. */
export function days(value: string, now: Date): [Date, Date] | undefined {
  const ago = /^(\d+)([dwmy])$/i.exec(value);
  if (ago) {
    const count = Number(ago[1]);
    const start = new Date(now.getFullYear(), now.getMonth(), now.getDate());
    const unit = ago[2]?.toLowerCase();
    if (unit === "d") start.setDate(start.getDate() - count);
    if (unit === "w") start.setDate(start.getDate() - 7 * count);
    if (unit === "m") start.setMonth(start.getMonth() - count);
    if (unit === "y") start.setFullYear(start.getFullYear() - count);
    return [start, now];
  }
  if (/^(today|yesterday)$/i.test(value)) {
    const back = value.toLowerCase() === "today" ? 0 : 1;
    const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
    return [start, new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1)];
  }
  const date = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/.exec(value);
  if (!date) return undefined;
  const [year, month, day] = [Number(date[1]), date[2] && Number(date[2]), date[3] && Number(date[3])];
  if (day) return [new Date(year, (month || 1) - 1, day), new Date(year, (month || 1) - 1, day + 1)];
  if (month) return [new Date(year, month - 1, 1), new Date(year, month, 1)];
  return [new Date(year, 0, 1), new Date(year + 1, 0, 1)];
}

export function bytes(value: string): number | undefined {
  const size = /^([\d.,]+)\s*([kmg]?)(?:b|o|ib)?$/i.exec(value);
  if (!size) return undefined;
  const factor = { "": 1, k: 1000, m: 1_000_000, g: 1_000_000_000 }[size[2]?.toLowerCase() ?? ""] ?? 1;
  const number = Number(size[1]?.replace(",", "."));
  return Number.isFinite(number) ? Math.round(number * factor) : undefined;
}

/** The plain words of a search, to be marked in what is shown. */
export function wordsOf(text: string): string[] {
  return parseSearch(text)
    .flat()
    .filter((t) => !t.not && ["", "subject", "body", "from", "to"].includes(t.operator))
    .map((t) => t.value);
}
