// When a mail may be sent later: the usual wishes as moments, and what the server allows.

export interface Preset {
  id: "in1h" | "thisEvening" | "tomorrowMorning" | "tomorrowAfternoon" | "mondayMorning";
  at: Date;
}

const on = (day: Date, plus: number, hour: number) =>
  new Date(day.getFullYear(), day.getMonth(), day.getDate() + plus, hour, 0, 0, 0);

/** The presets that make sense now, earliest first. */
export function presets(now: Date): Preset[] {
  const list: Preset[] = [];
  const hour = now.getHours();
  if (hour < 17) list.push({ id: "thisEvening", at: on(now, 0, 18) });
  list.push({ id: "tomorrowMorning", at: on(now, 1, 8) });
  list.push({ id: "tomorrowAfternoon", at: on(now, 1, 14) });
  // On a Sunday "Monday morning" is tomorrow morning.
  const toMonday = (8 - now.getDay()) % 7 || 7;
  if (toMonday > 1) list.push({ id: "mondayMorning", at: on(now, toMonday, 8) });
  return list;
}

export type Wish = "ok" | "past" | "tooFar";

/** Is this moment possible? `maxDelay` in seconds, from the server's submission capability (RFC 8621 §1.3.2). */
export function judge(at: Date, now: Date, maxDelay: number): Wish {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  if (!(seconds >= 60)) return "past";
  return seconds > maxDelay ? "tooFar" : "ok";
}

/** The value of <input type="datetime-local">: local time without a zone. */
export function toLocalInput(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** RFC 8620 §1.4 UTCDate: no fractions. */
export const toUtc = (at: Date) => at.toISOString().replace(/\.\d{3}Z$/, "Z");
