// The few fields of an invitation (RFC 5545) that a person wants to see. They are text, and shown as text.

export interface Invite {
  method: string;
  summary: string;
  location: string;
  organizer: string;
  start?: Date;
  end?: Date;
  allDay: boolean;
  recurring: boolean;
  attendees: number;
}

/** Reads the first VEVENT; undefined when there is none. */
export function parseInvite(text: string): Invite | undefined {
  // Long lines are folded: a line break and a blank are nothing (RFC 5545 §3.1).
  const lines = text
    .replace(/\r?\n[ \t]/g, "")
    .split(/\r?\n/)
    .slice(0, 5000);
  const calendar = new Map<string, string>();
  const event = new Map<string, { value: string; params: string }>();
  let attendees = 0;
  const stack: string[] = [];
  for (const line of lines) {
    const match = /^([A-Za-z-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)$/.exec(line);
    if (!match) continue;
    const [, rawName = "", params = "", value = ""] = match;
    const name = rawName.toUpperCase();
    if (name === "BEGIN") stack.push(value.trim().toUpperCase());
    else if (name === "END") {
      if (stack.pop() === "VEVENT") break;
    } else if (stack.at(-1) === "VCALENDAR") calendar.set(name, value);
    else if (stack.at(-1) === "VEVENT") {
      if (name === "ATTENDEE") attendees++;
      if (!event.has(name)) event.set(name, { value, params });
    }
  }
  if (event.size === 0) return undefined;
  const plain = (name: string) =>
    (event.get(name)?.value ?? "")
      .replace(/\\n/gi, "\n")
      .replace(/\\([,;\\])/g, "$1")
      .trim();
  const organizer = event.get("ORGANIZER");
  const named = /CN="?([^";:]+)"?/i.exec(organizer?.params ?? "")?.[1];
  const start = time(event.get("DTSTART"));
  const end = time(event.get("DTEND"));
  return {
    method: (calendar.get("METHOD") ?? "PUBLISH").trim().toUpperCase(),
    summary: plain("SUMMARY"),
    location: plain("LOCATION"),
    organizer: named ?? (organizer?.value ?? "").replace(/^mailto:/i, ""),
    start,
    end,
    allDay: /VALUE=DATE(?:;|$)/i.test(event.get("DTSTART")?.params ?? ""),
    recurring: event.has("RRULE"),
    attendees,
  };
}

/** A time in UTC, in a named zone, or local ("floating"). */
export function time(field: { value: string; params: string } | undefined): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?$/.exec(field?.value.trim() ?? "");
  if (!match) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((n) => Number(n ?? 0));
  if (match[7]) return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const zone = /TZID="?([^";:]+)"?/i.exec(field?.params ?? "")?.[1];
  if (!zone || match[4] === undefined) return new Date(year, month - 1, day, hour, minute, second);
  try {
    // What clock the zone shows at that moment taken as UTC tells how far it is off.
    const guess = Date.UTC(year, month - 1, day, hour, minute, second);
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    const part = Object.fromEntries(format.formatToParts(guess).map((p) => [p.type, Number(p.value)]));
    const there = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
    return new Date(guess - (there - guess));
  } catch {
    return new Date(year, month - 1, day, hour, minute, second);
  }
}
