// Dates, sizes and lists in the person's language.
import { settings } from "../store/settings";
import { intlLocale, t } from ".";

const formats = new Map<string, Intl.DateTimeFormat>();
function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const clock = settings.value.clock;
  const key = `${intlLocale()} ${clock} ${name}`;
  let made = formats.get(key);
  const hours = clock === "auto" || !(options.hour || options.timeStyle) ? {} : { hour12: clock === "12" };
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(intlLocale(), { ...options, ...hours })));
  return made;
}

const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const DAY = 86_400_000;

/** For a list row: the time today, the weekday within six days, the day this year, else the whole date. */
export function shortDate(date: Date, now = new Date()): string {
  const days = Math.round((midnight(now) - midnight(date)) / DAY);
  if (days === 0) return format("time", { hour: "numeric", minute: "2-digit" }).format(date);
  if (days > 0 && days < 6)
    return format("weekday", { weekday: "short", hour: "numeric", minute: "2-digit" }).format(date);
  if (date.getFullYear() === now.getFullYear()) return format("day", { day: "numeric", month: "short" }).format(date);
  return format("date", { day: "2-digit", month: "2-digit", year: "numeric" }).format(date);
}

/** A time to come: "Thu, 8:00 AM". */
export function whenDate(date: Date): string {
  return format("when", { weekday: "short", hour: "numeric", minute: "2-digit" }).format(date);
}

/** For a message header and titles: weekday, date and time. */
export function longDate(date: Date): string {
  return format("long", { dateStyle: "full", timeStyle: "short" }).format(date);
}

/** For the head of a conversation card: the day and the time, the year only when it is another. */
export function mediumDate(date: Date, now = new Date()): string {
  const sameYear = date.getFullYear() === now.getFullYear();
  return format(sameYear ? "medium" : "mediumYear", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(date);
}

/** The label above the mails of one day. */
export function dayLabel(date: Date, now = new Date()): string {
  const days = Math.round((midnight(now) - midnight(date)) / DAY);
  if (days === 0) return t("date.today");
  if (days === 1) return t("date.yesterday");
  if (days > 1 && days < 7) return format("weekdayLong", { weekday: "long" }).format(date);
  if (date.getFullYear() === now.getFullYear())
    return format("monthDay", { month: "long", day: "numeric" }).format(date);
  return format("monthYear", { month: "long", year: "numeric" }).format(date);
}

/** "12 kB": decimal units as file managers show them. */
export function fileSize(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const options = {
    style: "unit",
    unit: units[unit],
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  };
  return new Intl.NumberFormat(intlLocale(), options as Intl.NumberFormatOptions).format(value);
}

/** "Ana, Bob and Chris". */
export function nameList(names: string[]): string {
  return new Intl.ListFormat(intlLocale(), { style: "short", type: "conjunction" }).format(names);
}
