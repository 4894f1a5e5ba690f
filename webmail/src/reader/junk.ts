// Why the server holds a mail for junk, or not: the field that it wrote itself (strangers' own are removed at the
// door), in plain words.
import { t } from "../i18n";
import type { Key } from "../i18n/keys";
import type { Email } from "../jmap/types";
import { header } from "./verify";

export interface JunkReport {
  junk: boolean;
  /** The heaviest reasons that speak for the verdict; may be empty. */
  reasons: string[];
  /** The raw field, for the details. */
  raw: string;
}

const MOST = 3;

/** What several findings have in common is said once. */
const WORDS: [RegExp, Key][] = [
  [/^BAYES_JUNK|^SENDER_UNWANTED/, "why.learnedJunk"],
  [/^BAYES_HAM|^SENDER_WANTED/, "why.learnedHam"],
  [/^CORRESPONDENT/, "why.correspondent"],
  [/^(DMARC_FAIL|DMARC_FORBIDS|SPF_FAIL|SPF_SOFTFAIL|NOBODY_VOUCHES)/, "why.unverified"],
  [/^(DMARC_PASS|SPF_PASS|DKIM_PASS)/, "why.verified"],
  [/^LINK_LISTED|^CLIENT_LISTED/, "why.listed"],
  [/^LINK_/, "why.links"],
  [/^(FILE|ARCHIVE)_/, "why.files"],
  [/^WORDS_(MIX|BROKEN)|^HTML_HIDDEN|^TEXT_HIDDEN/, "why.hidden"],
  [/^WORDS_/, "why.words"],
  [/^(FROM|REPLY|RECEIVED)_/, "why.sender"],
  [/^SUBJECT_/, "why.subject"],
];

export function junkReport(email: Email): JunkReport | undefined {
  const raw = header(email, "X-Spam-Status")?.replace(/\s+/g, " ");
  const parts = raw && /^(yes|no), score=(-?[\d.]+).*?tests=\[([^\]]*)\]/i.exec(raw);
  if (!raw || !parts) return undefined;
  const junk = parts[1]?.toLowerCase() === "yes";
  const reasons: string[] = [];
  for (const test of (parts[3] ?? "").split(/,\s*/)) {
    const [name = "", points = "0"] = test.split("=");
    if (Number(points) === 0 || Number(points) > 0 !== junk) continue;
    const text = t(WORDS.find(([pattern]) => pattern.test(name))?.[1] ?? "why.make");
    if (!reasons.includes(text) && reasons.length < MOST) reasons.push(text);
  }
  return { junk, reasons, raw };
}

/** One calm line, or nothing where there is nothing to say. */
export function junkLine(email: Email): string | undefined {
  const report = junkReport(email);
  if (!report || report.reasons.length === 0) return undefined;
  return t(report.junk ? "why.junk" : "why.notJunk", { reasons: report.reasons.join(", ") });
}
