// Who gets a reply, and from which of the person's addresses it is written.
import type { Email, EmailAddress, EmailHeader, Identity } from "../jmap/types";
import { parse, same, without } from "./addresses";

export interface Recipients {
  to: EmailAddress[];
  cc: EmailAddress[];
}
export type ReplyKind = "reply" | "replyAll" | "replyList";

const header = (email: { headers?: EmailHeader[] }, name: string) =>
  (email.headers ?? []).filter((h) => h.name.toLowerCase() === name).map((h) => h.value.trim());

/** Where the list takes mail (RFC 2369 §3.4); undefined when it is no list, or a closed one ("NO"). */
export function listPost(email: { headers?: EmailHeader[] }): EmailAddress | undefined {
  const found = /<\s*mailto:([^>?\s]+)/i.exec(header(email, "list-post")[0] ?? "");
  if (!found?.[1]) return undefined;
  try {
    return { name: null, email: decodeURIComponent(found[1]) };
  } catch {
    return { name: null, email: found[1] };
  }
}

/** RFC 5322 §3.6.3: Reply-To, else From. `own` tells the person's own addresses. */
export function replyTo(email: Email, kind: ReplyKind, own: (email: string) => boolean): Recipients {
  const list = listPost(email);
  if (kind === "replyList" && list) return { to: [list], cc: [] };

  const from = email.from ?? [];
  const mine = from.length > 0 && from.every((a) => own(a.email));
  // An answer to what one sent oneself goes on to the same people.
  let answerTo = mine ? (email.to ?? []) : email.replyTo?.length ? email.replyTo : from;
  // A list that puts itself into Reply-To would make a private answer public: the author is meant.
  if (kind === "reply" && list && !mine && answerTo.length > 0 && answerTo.every((a) => same(a.email, list.email)))
    answerTo = from;
  const others = answerTo.filter((a) => !own(a.email));
  const to = without(others.length > 0 ? others : answerTo);
  if (kind !== "replyAll") return { to, cc: [] };

  const rest = mine ? [] : (email.to ?? []).filter((a) => !own(a.email));
  // When Reply-To leads elsewhere, the author still belongs to "all".
  const authors = mine ? [] : from.filter((a) => !own(a.email));
  const allTo = without([...to, ...rest]);
  return { to: allTo, cc: without([...authors, ...(email.cc ?? []).filter((a) => !own(a.email))], allTo) };
}

/** Is there anyone besides the author for whom "reply all" would make a difference? */
export function hasOthers(email: Email, own: (email: string) => boolean): boolean {
  const one = replyTo(email, "reply", own);
  const all = replyTo(email, "replyAll", own);
  return all.to.length + all.cc.length > one.to.length;
}

export interface Sender {
  identity: Identity;
  /** The address to write from: the identity's, or its sub-address that was written to (user+shop@...). */
  email: string;
}

const base = (email: string) => email.toLowerCase().replace(/\+[^@]*(?=@)/, "");

/**
 * The address that was written to. Looked for in To, Cc, Bcc and, for mail that came by a list or an alias, in what the
 * server noted (Delivered-To, X-Original-To). For a mail of one's own: the address it was sent from.
 */
export function senderFor(email: Email, identities: Identity[], fallback?: Identity): Sender | undefined {
  const seen = [
    (email.from ?? []).some((a) => identities.some((i) => same(i.email, a.email))) ? email.from : null,
    email.to,
    email.cc,
    email.bcc,
  ];
  const noted = [
    header(email, "x-original-to").flatMap((v) => parse(v).addresses),
    header(email, "delivered-to").flatMap((v) => parse(v).addresses),
  ];
  // What the writer wrote tells more than what the server noted: a sub-address in To before a Delivered-To without it.
  for (const places of [seen, noted])
    for (const exact of [true, false])
      for (const place of places)
        for (const address of place ?? []) {
          const identity = identities.find((i) =>
            exact
              ? same(i.email, address.email)
              : base(i.email) === base(address.email) || matchesAll(i, address.email),
          );
          if (identity) return { identity, email: exact ? identity.email : address.email };
        }
  const identity = fallback ?? identities[0];
  return identity && { identity, email: identity.email };
}

/** An identity may stand for a whole domain: "*@example.org" (RFC 8621 §6). */
const matchesAll = (identity: Identity, email: string) =>
  identity.email.startsWith("*@") && email.toLowerCase().endsWith(identity.email.slice(1).toLowerCase());

/** In-Reply-To and References of an answer (RFC 5322 §3.6.4). */
export function threading(email: Email): { inReplyTo: string[] | null; references: string[] | null } {
  const id = email.messageId?.[0];
  const earlier = email.references?.length ? email.references : (email.inReplyTo ?? []);
  if (!id) return { inReplyTo: null, references: earlier.length > 0 ? earlier : null };
  return { inReplyTo: [id], references: [...earlier.filter((r) => r !== id), id] };
}
