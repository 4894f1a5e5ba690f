// Templates may hold {{placeholders}} that are filled when one is inserted. What is not known stays as it is, marked, so
// that nobody sends "Dear ,".
import type { EmailAddress } from "../jmap/types";

export interface Facts {
  to: EmailAddress[];
  subject: string;
  me: { name: string; email: string };
  now: Date;
  locale: string;
}
export const PLACEHOLDERS = [
  "name",
  "firstName",
  "email",
  "subject",
  "myName",
  "myEmail",
  "date",
  "time",
  "weekday",
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** The value of a placeholder, undefined when there is none. */
export function value(name: string, facts: Facts): string | undefined {
  const first = facts.to[0];
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(facts.locale, options).format(facts.now);
  switch (name as Placeholder) {
    case "name":
      return facts.to.length > 0 ? facts.to.map((a) => a.name ?? a.email).join(", ") : undefined;
    case "firstName":
      return firstName(first?.name);
    case "email":
      return first?.email;
    case "subject":
      return facts.subject || undefined;
    case "myName":
      return facts.me.name || undefined;
    case "myEmail":
      return facts.me.email;
    case "date":
      return date({ dateStyle: "long" });
    case "time":
      return date({ timeStyle: "short" });
    case "weekday":
      return date({ weekday: "long" });
    default:
      return undefined;
  }
}

/** "Silva, Ana" and "Dr. Ana Silva" are both Ana. */
export function firstName(name: string | null | undefined): string | undefined {
  if (!name || name.includes("@")) return undefined;
  const turned = name.includes(",") ? `${name.split(",")[1] ?? ""} ${name.split(",")[0] ?? ""}` : name;
  const words = turned
    .trim()
    .split(/\s+/)
    .filter((w) => !/^(?:\p{L}{1,4}\.|mr|mrs|ms|dr|prof|herr|frau|m|mme)$/iu.test(w));
  return words[0] || undefined;
}

export function fill(text: string, facts: Facts): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => value(name, facts) ?? whole);
}

/** The first placeholder that nothing filled, to ask before sending. */
export const unfilled = (text: string) => /\{\{\s*\w+\s*\}\}/.exec(text)?.[0];
