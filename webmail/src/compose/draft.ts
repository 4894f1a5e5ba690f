// A mail being written, and how it becomes an Email of JMAP (RFC 8621 §4.6) and is read back from one.
import type { BodyPart, Email, EmailAddress, Id, Identity } from "../jmap/types";

export interface Attached {
  /** Names it inside this composer. */
  key: string;
  name: string;
  type: string;
  size: number;
  /** Present once the server has it. */
  blobId: Id | undefined;
  /** Names a picture inside the text. */
  cid: string | undefined;
  inline: boolean;
}

/** The mail that is answered or forwarded: it is marked when this one is sent. */
export interface Relation {
  kind: "reply" | "forward";
  emailId: Id;
}

export interface Draft {
  /** Names the writing in one browser: a copy that another device saved has another. */
  writer: string;
  /** Stays the same over all savings, so that a copy whose answer got lost is recognised. */
  messageId: string;
  identityId: Id;
  fromEmail: string;
  to: EmailAddress[];
  cc: EmailAddress[];
  bcc: EmailAddress[];
  subject: string;
  mode: "rich" | "plain";
  html: string;
  text: string;
  attachments: Attached[];
  inReplyTo: string[] | null;
  references: string[] | null;
  relation: Relation | undefined;
  /** Spelling language; empty is the browser's. */
  language: string;
  receipt: boolean;
  important: boolean;
}

export function emptyDraft(messageId: string): Draft {
  return {
    writer: "",
    messageId,
    identityId: "",
    fromEmail: "",
    to: [],
    cc: [],
    bcc: [],
    subject: "",
    mode: "rich",
    html: "",
    text: "",
    attachments: [],
    inReplyTo: null,
    references: null,
    relation: undefined,
    language: "",
    receipt: false,
    important: false,
  };
}

/** What only drafts carry, so that another device goes on where this one stopped. Left out when the mail is sent. */
const NOTE = "X-Tamanoir-Draft";

export interface Writing {
  identity: Identity | undefined;
  mailboxId: Id;
  /** Sent mails carry no note. */
  final: boolean;
  date: string;
}

export function toEmail(draft: Draft, writing: Writing): Record<string, unknown> {
  const { identity } = writing;
  const email: Record<string, unknown> = {
    mailboxIds: { [writing.mailboxId]: true },
    keywords: { $draft: true, $seen: true },
    from: [{ name: identity?.name || null, email: draft.fromEmail || identity?.email || "" }],
    to: draft.to.length > 0 ? draft.to : null,
    cc: draft.cc.length > 0 ? draft.cc : null,
    bcc: draft.bcc.length > 0 ? draft.bcc : null,
    replyTo: identity?.replyTo?.length ? identity.replyTo : null,
    subject: draft.subject,
    sentAt: writing.date,
    messageId: [draft.messageId],
    inReplyTo: draft.inReplyTo,
    references: draft.references,
    ...body(draft),
  };
  for (const [name, value] of Object.entries(email)) if (value === null) delete email[name];
  const from = draft.fromEmail || identity?.email;
  if (draft.receipt && from)
    email["header:Disposition-Notification-To:asAddresses"] = [{ name: identity?.name || null, email: from }];
  if (draft.important) email["header:Importance:asText"] = "high";
  if (draft.language) email["header:Content-Language:asText"] = draft.language;
  if (!writing.final) email[`header:${NOTE}:asText`] = note(draft);
  return email;
}

function note(draft: Draft): string {
  const parts = [`mode=${draft.mode}`, `identity=${draft.identityId}`, `writer=${draft.writer}`];
  if (draft.relation) parts.push(`${draft.relation.kind}=${draft.relation.emailId}`);
  return parts.join("; ");
}

/** mixed( related( alternative(text, html), pictures ), files ): each level only where it is needed. */
function body(draft: Draft): Record<string, unknown> {
  const part = (a: Attached) => ({
    blobId: a.blobId,
    type: a.type || "application/octet-stream",
    name: a.name || null,
    disposition: a.inline ? "inline" : "attachment",
    ...(a.cid ? { cid: a.cid } : {}),
  });
  const there = draft.attachments.filter((a) => a.blobId);
  const used = (a: Attached) =>
    draft.mode === "rich" && a.inline && a.cid !== undefined && draft.html.includes(`cid:${a.cid}`);
  const pictures = there.filter(used);
  const files = there.filter((a) => !used(a) && !a.inline);
  const values: Record<string, unknown> = { text: { value: draft.text } };
  let structure: Record<string, unknown> = { partId: "text", type: "text/plain" };
  if (draft.mode === "rich") {
    values.html = { value: page(draft) };
    structure = { type: "multipart/alternative", subParts: [structure, { partId: "html", type: "text/html" }] };
    if (pictures.length > 0) structure = { type: "multipart/related", subParts: [structure, ...pictures.map(part)] };
  }
  if (files.length > 0) structure = { type: "multipart/mixed", subParts: [structure, ...files.map(part)] };
  return { bodyStructure: structure, bodyValues: values };
}

const page = (draft: Draft) =>
  `<!DOCTYPE html><html${draft.language ? ` lang="${draft.language.replace(/[^\w-]/g, "")}"` : ""}><head><meta charset="utf-8"></head><body>${draft.html}</body></html>`;

/** The properties of an Email that `fromEmail` reads. */
export const DRAFT_PROPERTIES = [
  "id",
  "blobId",
  "mailboxIds",
  "keywords",
  "messageId",
  "inReplyTo",
  "references",
  "from",
  "to",
  "cc",
  "bcc",
  "replyTo",
  "subject",
  "sentAt",
  "receivedAt",
  "headers",
  "bodyValues",
  "textBody",
  "htmlBody",
  "attachments",
];

/** Goes on with a draft that the server has. Its HTML still has to be cleaned by whoever shows it. */
export function fromEmail(email: Email, identities: Identity[], fresh: () => string): Draft {
  const draft = emptyDraft(email.messageId?.[0] ?? fresh());
  const head = (name: string) => email.headers?.find((h) => h.name.toLowerCase() === name.toLowerCase())?.value.trim();
  const noted = new Map((head(NOTE) ?? "").split(/;\s*/).map((pair) => pair.split("=", 2) as [string, string]));
  const from = email.from?.[0]?.email ?? "";
  const identity =
    identities.find((i) => i.id === noted.get("identity")) ??
    identities.find((i) => i.email.toLowerCase() === from.toLowerCase()) ??
    identities[0];
  draft.writer = noted.get("writer") ?? "";
  draft.identityId = identity?.id ?? "";
  draft.fromEmail = from || (identity?.email ?? "");
  draft.to = email.to ?? [];
  draft.cc = email.cc ?? [];
  draft.bcc = email.bcc ?? [];
  draft.subject = email.subject ?? "";
  draft.inReplyTo = email.inReplyTo;
  draft.references = email.references;
  for (const kind of ["reply", "forward"] as const) {
    const emailId = noted.get(kind);
    if (emailId) draft.relation = { kind, emailId };
  }
  draft.receipt = head("Disposition-Notification-To") !== undefined;
  draft.important = /^high/i.test(head("Importance") ?? "") || /^[12]/.test(head("X-Priority") ?? "");
  draft.language = head("Content-Language") ?? "";
  const value = (part: BodyPart) => email.bodyValues[part.partId ?? ""]?.value ?? "";
  const html = email.htmlBody.filter((part) => part.type === "text/html");
  const text = email.textBody.filter((part) => part.type === "text/plain");
  draft.mode = noted.get("mode") === "plain" || (html.length === 0 && noted.get("mode") !== "rich") ? "plain" : "rich";
  draft.html = html.map(value).join("\n");
  draft.text = text.map(value).join("\n").replace(/\r\n/g, "\n");
  draft.attachments = attached(email);
  return draft;
}

/** The files of a mail; those its text refers to by `cid:` are pictures in the text. */
export function attached(email: Email): Attached[] {
  const html = email.htmlBody
    .filter((part) => part.type === "text/html")
    .map((part) => email.bodyValues[part.partId ?? ""]?.value ?? "")
    .join("\n");
  const parts = [
    ...email.attachments,
    ...email.htmlBody.filter((p) => p.type.startsWith("image/") && !email.attachments.includes(p)),
  ];
  return parts
    .filter((part) => part.blobId)
    .map((part, i) => ({
      key: `part${i}-${part.blobId}`,
      name: part.name ?? nameFor(part.type, i),
      type: part.type,
      size: part.size,
      blobId: part.blobId ?? undefined,
      cid: part.cid ?? undefined,
      inline:
        Boolean(part.cid) &&
        (html.includes(`cid:${part.cid}`) || html.includes(`cid:${encodeURIComponent(part.cid ?? "")}`)),
    }));
}
const nameFor = (type: string, i: number) => {
  if (type === "message/rfc822") return `mail-${i + 1}.eml`;
  const known: Record<string, string> = {
    "text/plain": "txt",
    "image/jpeg": "jpg",
    "text/calendar": "ics",
    "text/html": "html",
  };
  return `file-${i + 1}.${known[type] ?? (type.split("/")[1] ?? "bin").replace(/[^a-z0-9].*$/i, "")}`;
};

/** After a saving the server has the files under new names: by `cid`, else by name and size, else by place. */
export function adoptBlobs(ours: Attached[], saved: BodyPart[]): Attached[] {
  const left = [...saved];
  return ours.map((a) => {
    if (!a.blobId) return a;
    let at = a.cid ? left.findIndex((p) => p.cid === a.cid) : -1;
    if (at < 0) at = left.findIndex((p) => !p.cid && p.name === a.name && (a.size === 0 || p.size === a.size));
    if (at < 0) at = left.findIndex((p) => p.name === a.name);
    const part = at >= 0 ? left.splice(at, 1)[0] : undefined;
    return part?.blobId ? { ...a, blobId: part.blobId } : a;
  });
}

/** Is there nothing in it that anyone would miss? A signature and a quote alone are nothing. */
export function isEmpty(draft: Draft, ownText: string): boolean {
  return (
    draft.attachments.every((a) => a.inline) &&
    ownText.trim() === "" &&
    draft.subject.trim() === "" &&
    draft.to.length + draft.cc.length + draft.bcc.length === 0
  );
}
