// Who sent it really: the result that our server wrote on top (RFC 8601), in plain words, and what looks odd besides.
import { t } from "../i18n";
import type { Email } from "../jmap/types";
import { jmap } from "../store/session";
import { isLookAlike, registrable } from "./body/links";

export interface Verdict {
  state: "good" | "bad" | "unknown";
  text: string;
  /** The raw results, for the details. */
  raw: string[];
}

const domainOf = (email: string) => email.slice(email.lastIndexOf("@") + 1).toLowerCase();

export function header(email: Email, name: string): string | undefined {
  return email.headers.find((h) => h.name.toLowerCase() === name.toLowerCase())?.value.trim();
}

/** The names under which the server that we read from tells its results. */
export function ourNames(): string[] {
  const own = jmap().ofAccount("urn:tamanoir:jmap:authentication")?.authservIds;
  return Array.isArray(own) ? own.map((name) => String(name).toLowerCase()) : [];
}

/**
 * The name at the start of a field (RFC 8601 §2.2): comments and a version may stand around it, quotes too.
 * A field whose start cannot be read has none.
 */
export function authservId(field: string): string | undefined {
  const start = field.replace(/\([^()]*\)/g, " ").split(";", 1)[0] ?? "";
  return /^\s*(?:"([^"\\]+)"|([^\s"]+))(?:\s+\d+)?\s*$/.exec(start)?.slice(1).find(Boolean)?.toLowerCase();
}

/**
 * Only the first field counts, and only under a name of this server (`ours`): any below may be the sender's own, and a
 * mail that was imported carries the word of a server that this one does not know.
 */
export function verdict(email: Email, ours: string[] = ourNames()): Verdict | undefined {
  const field = header(email, "Authentication-Results");
  const from = email.from?.[0]?.email;
  if (!field || !from || !ours.includes(authservId(field) ?? "")) return undefined;
  const text = field.replace(/\s+/g, " ").replace(/\([^()]*\)/g, " ");
  const raw = field
    .split(";")
    .slice(1)
    .map((part) => part.replace(/\s+/g, " ").trim())
    .filter(Boolean);
  const result = (method: string) => new RegExp(`\\b${method}\\s*=\\s*(\\w+)`, "i").exec(text)?.[1]?.toLowerCase();
  const domain = domainOf(from);
  const dmarc = result("dmarc");
  const signers = [...text.matchAll(/\bdkim\s*=\s*pass\b[^;]*?\bheader\.d\s*=\s*([^\s;]+)/gi)].map(
    (m) => m[1]?.toLowerCase() ?? "",
  );
  const aligned = signers.find((d) => registrable(d) === registrable(domain));
  if (aligned) return { state: "good", text: t("verify.signed", { domain: aligned }), raw };
  if (dmarc === "pass") return { state: "good", text: t("verify.confirmed", { domain }), raw };
  if (/\bauth\s*=\s*pass/i.test(text)) return { state: "good", text: t("verify.local"), raw };
  if (dmarc === "fail" || result("spf") === "fail" || result("dkim") === "fail")
    return { state: "bad", text: t("verify.failed"), raw };
  return { state: "unknown", text: t("verify.unknown", { domain }), raw };
}

/** What a careful reader would notice. */
export function warnings(email: Email): string[] {
  const out: string[] = [];
  const from = email.from?.[0];
  if (!from) return out;
  const domain = domainOf(from.email);
  if (isLookAlike(domain)) out.push(t("warn.lookAlike", { domain }));
  const named = /[^\s<"']+@([\w.-]+\.\w+)/.exec(from.name ?? "");
  if (named?.[1] && registrable(named[1].toLowerCase()) !== registrable(domain)) {
    out.push(t("warn.nameIsAddress", { named: named[0], real: from.email }));
  }
  const reply = email.replyTo?.[0];
  if (reply && registrable(domainOf(reply.email)) !== registrable(domain) && !header(email, "List-Id")) {
    out.push(t("warn.replyTo", { address: reply.email }));
  }
  return out;
}
