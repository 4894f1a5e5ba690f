// What is known of a person or a group, as JSContact says it (RFC 9553), and the flat form the page edits. Whatever the
// form does not show stays in the card: an edit touches only what it changed.
import type { EmailAddress, Id, UTCDate } from "../jmap/types";

export interface ContactCard {
  id: Id;
  "@type"?: "Card";
  version?: string;
  uid?: string;
  kind?: "individual" | "group" | "org" | "location" | "device" | "application";
  addressBookIds: Record<Id, true>;
  updated?: UTCDate;
  name?: { full?: string; components?: { kind: string; value: string }[]; isOrdered?: boolean } | null;
  nicknames?: Record<string, { name: string }> | null;
  organizations?: Record<string, { name?: string; units?: { name: string }[] }> | null;
  titles?: Record<string, { name: string; kind?: string }> | null;
  emails?: Record<string, Valued & { address: string }> | null;
  phones?: Record<string, Valued & { number: string; features?: Record<string, true> }> | null;
  addresses?: Record<string, Valued & PostalAddress> | null;
  onlineServices?: Record<string, Valued & { uri?: string; user?: string; service?: string }> | null;
  links?: Record<string, Valued & { uri: string }> | null;
  anniversaries?: Record<
    string,
    { kind: string; date: { year?: number; month?: number; day?: number; utc?: string; "@type"?: string } }
  > | null;
  notes?: Record<string, { note: string }> | null;
  media?: Record<string, { kind: string; uri?: string; blobId?: Id; mediaType?: string }> | null;
  members?: Record<string, true> | null;
  keywords?: Record<string, true> | null;
  [other: string]: unknown;
}
interface Valued {
  contexts?: Record<string, true>;
  label?: string;
  pref?: number;
  [other: string]: unknown;
}
interface PostalAddress {
  full?: string;
  components?: { kind: string; value: string }[];
  [other: string]: unknown;
}
export interface AddressBook {
  id: Id;
  name: string;
  description: string | null;
  sortOrder: number;
  isDefault: boolean;
  isSubscribed: boolean;
  myRights?: { mayRead?: boolean; mayWrite?: boolean; mayDelete?: boolean };
}

export type Context = "" | "private" | "work";
/** A line of the form: `key` is its name in the card, empty for a new one. */
export interface Line {
  key: string;
  value: string;
  context: Context;
}
export interface PostalLine {
  key: string;
  context: Context;
  street: string;
  postcode: string;
  locality: string;
  region: string;
  country: string;
}
export interface Form {
  given: string;
  surname: string;
  nickname: string;
  organization: string;
  unit: string;
  title: string;
  emails: Line[];
  phones: Line[];
  addresses: PostalLine[];
  links: Line[];
  birthday: string;
  notes: string;
}

export const isGroup = (card: ContactCard) => card.kind === "group";
export const values = <T>(map: Record<string, T> | null | undefined): T[] => Object.values(map ?? {});
/** For searching: no case, no accents. */
export const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

const component = (card: ContactCard, kind: string) =>
  (card.name?.components ?? [])
    .filter((c) => c.kind === kind)
    .map((c) => c.value)
    .join(" ");

export function displayName(card: ContactCard): string {
  const full = card.name?.full?.trim();
  if (full) return full;
  const built = (card.name?.components ?? [])
    .filter((c) => c.kind !== "separator")
    .map((c) => c.value)
    .join(" ")
    .trim();
  return (
    built ||
    values(card.nicknames)[0]?.name ||
    values(card.organizations)[0]?.name ||
    values(card.emails)[0]?.address ||
    values(card.phones)[0]?.number ||
    ""
  );
}

/** "Silva, Ana" sorts people by family name. */
export const sortName = (card: ContactCard) => {
  const surname = component(card, "surname");
  return plain(
    surname ? `${surname} ${component(card, "given")}` : displayName(card).replace(/^(\S+(?:\s\S+)*)\s(\S+)$/, "$2 $1"),
  );
};

/** The address to write to: the preferred one, else the first. */
export function mainEmail(card: ContactCard): EmailAddress | undefined {
  const all = values(card.emails);
  const best = all.find((e) => e.pref === 1) ?? all[0];
  return best && { name: displayName(card) || null, email: best.address };
}

export function matches(card: ContactCard, query: string): boolean {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const text = plain(
    [
      displayName(card),
      ...values(card.nicknames).map((n) => n.name),
      ...values(card.organizations).flatMap((o) => [o.name ?? "", ...(o.units ?? []).map((u) => u.name)]),
      ...values(card.titles).map((x) => x.name),
      ...values(card.emails).map((e) => e.address),
      ...values(card.phones).map((p) => `${p.number} ${p.number.replace(/\D/g, "")}`),
      ...values(card.notes).map((n) => n.note),
    ].join("\n"),
  );
  return words.every((word) => text.includes(word));
}

const contextOf = (v: Valued): Context => (v.contexts?.work ? "work" : v.contexts?.private ? "private" : "");
const part = (a: PostalAddress, ...kinds: string[]) =>
  (a.components ?? [])
    .filter((c) => kinds.includes(c.kind))
    .map((c) => c.value)
    .join(" ");

export function toForm(card: ContactCard): Form {
  const given = component(card, "given");
  const surname = component(card, "surname");
  const organization = values(card.organizations)[0];
  const lines = <T extends Valued>(map: Record<string, T> | null | undefined, value: (v: T) => string): Line[] =>
    Object.entries(map ?? {}).map(([key, v]) => ({ key, value: value(v), context: contextOf(v) }));
  const birth = Object.values(card.anniversaries ?? {}).find((a) => a.kind === "birth")?.date;
  const two = (n: number | undefined) => String(n ?? 1).padStart(2, "0");
  return {
    given: given || (surname || isGroup(card) ? given : splitName(card.name?.full ?? "").given),
    surname: surname || (given ? surname : splitName(card.name?.full ?? "").surname),
    nickname: values(card.nicknames)[0]?.name ?? "",
    organization: organization?.name ?? "",
    unit: organization?.units?.[0]?.name ?? "",
    title: values(card.titles)[0]?.name ?? "",
    emails: lines(card.emails, (e) => e.address),
    phones: lines(card.phones, (p) => p.number),
    addresses: Object.entries(card.addresses ?? {}).map(([key, a]) => ({
      key,
      context: contextOf(a),
      street:
        part(a, "name", "number", "block", "apartment", "floor", "building") || (a.components ? "" : (a.full ?? "")),
      postcode: part(a, "postcode"),
      locality: part(a, "locality"),
      region: part(a, "region"),
      country: part(a, "country"),
    })),
    links: lines(card.links, (l) => l.uri),
    birthday: birth?.year ? `${String(birth.year).padStart(4, "0")}-${two(birth.month)}-${two(birth.day)}` : "",
    notes: values(card.notes)
      .map((n) => n.note)
      .join("\n\n"),
  };
}

/** "Ana Maria Silva" is Ana Maria, Silva. */
export function splitName(full: string): { given: string; surname: string } {
  const turned = /^([^,]+),\s*(.+)$/.exec(full.trim());
  if (turned) return { given: turned[2] ?? "", surname: turned[1] ?? "" };
  const words = full.trim().split(/\s+/);
  return words.length < 2
    ? { given: words[0] ?? "", surname: "" }
    : { given: words.slice(0, -1).join(" "), surname: words.at(-1) ?? "" };
}

/** The properties of the card that the form changed; null removes one. */
export function fromForm(form: Form, card: Partial<ContactCard>): Partial<ContactCard> {
  const before = toForm({ addressBookIds: {}, id: "", ...card });
  const patch: Partial<ContactCard> = {};
  const changed = (...names: (keyof Form)[]) =>
    names.some((n) => JSON.stringify(before[n]) !== JSON.stringify(form[n]));
  if (changed("given", "surname")) {
    const others = (card.name?.components ?? []).filter((c) => !/^(?:given|surname|separator)$/.test(c.kind));
    const components = [
      ...others.filter((c) => c.kind === "title"),
      ...(form.given.trim() ? [{ kind: "given", value: form.given.trim() }] : []),
      ...others.filter((c) => c.kind !== "title" && c.kind !== "credential" && c.kind !== "generation"),
      ...(form.surname.trim() ? [{ kind: "surname", value: form.surname.trim() }] : []),
      ...others.filter((c) => c.kind === "credential" || c.kind === "generation"),
    ];
    patch.name =
      components.length > 0 ? { components, isOrdered: true, full: components.map((c) => c.value).join(" ") } : null;
  }
  if (changed("nickname")) patch.nicknames = single(card.nicknames, form.nickname, (name, old) => ({ ...old, name }));
  if (changed("organization", "unit")) {
    const key = Object.keys(card.organizations ?? {})[0] ?? "o1";
    const rest = { ...card.organizations };
    delete rest[key];
    const made = form.organization.trim() || form.unit.trim();
    const old = card.organizations?.[key] ?? {};
    const { units: _, name: __, ...other } = old;
    patch.organizations = nullIfEmpty({
      ...(made
        ? {
            [key]: {
              ...other,
              ...(form.organization.trim() ? { name: form.organization.trim() } : {}),
              ...(form.unit.trim() ? { units: [{ name: form.unit.trim() }] } : {}),
            },
          }
        : {}),
      ...rest,
    });
  }
  if (changed("title")) patch.titles = single(card.titles, form.title, (name, old) => ({ ...old, name }));
  if (changed("emails")) patch.emails = many(form.emails, card.emails, (address) => ({ address }), "e");
  if (changed("phones")) patch.phones = many(form.phones, card.phones, (number) => ({ number }), "p");
  if (changed("links"))
    patch.links = many(
      form.links,
      card.links,
      (uri) => ({ uri: /^[a-z][a-z0-9+.-]*:/i.test(uri) ? uri : `https://${uri}` }),
      "l",
    );
  if (changed("addresses")) patch.addresses = postal(form.addresses, card.addresses);
  if (changed("birthday")) {
    const rest = Object.fromEntries(Object.entries(card.anniversaries ?? {}).filter(([, a]) => a.kind !== "birth"));
    const [year, month, day] = form.birthday.split("-").map(Number);
    patch.anniversaries = nullIfEmpty({
      ...rest,
      ...(year ? { birth: { kind: "birth", date: { "@type": "PartialDate", year, month, day } } } : {}),
    });
  }
  if (changed("notes")) patch.notes = form.notes.trim() ? { n1: { note: form.notes.trim() } } : null;
  return patch;
}

const nullIfEmpty = <T extends object>(map: T): T | null => (Object.keys(map).length > 0 ? map : null);

function single<T extends object>(
  map: Record<string, T> | null | undefined,
  text: string,
  make: (text: string, old: T | undefined) => T,
): Record<string, T> | null {
  const key = Object.keys(map ?? {})[0] ?? "x1";
  const { [key]: old, ...rest } = map ?? {};
  return nullIfEmpty({ ...(text.trim() ? { [key]: make(text.trim(), old) } : {}), ...rest });
}

function many<T extends Valued>(
  lines: Line[],
  old: Record<string, T> | null | undefined,
  make: (value: string) => object,
  prefix: string,
): Record<string, T> | null {
  const map: Record<string, T> = {};
  let next = 1;
  for (const line of lines) {
    if (!line.value.trim()) continue;
    let key = line.key;
    while (!key || (key !== line.key && (key in map || lines.some((l) => l.key === key)))) key = `${prefix}${next++}`;
    map[key] = withContext({ ...(old?.[line.key] ?? {}), ...make(line.value.trim()) } as T, line.context);
  }
  return nullIfEmpty(map);
}
function withContext<T extends Valued>(value: T, context: Context): T {
  const { private: _, work: __, ...rest } = value.contexts ?? {};
  const contexts = { ...rest, ...(context ? { [context]: true as const } : {}) };
  const { contexts: ___, ...others } = value;
  return (Object.keys(contexts).length > 0 ? { ...others, contexts } : others) as T;
}

function postal(lines: PostalLine[], old: ContactCard["addresses"]): ContactCard["addresses"] {
  const map: NonNullable<ContactCard["addresses"]> = {};
  let next = 1;
  for (const line of lines) {
    const components = [
      { kind: "name", value: line.street.trim() },
      { kind: "postcode", value: line.postcode.trim() },
      { kind: "locality", value: line.locality.trim() },
      { kind: "region", value: line.region.trim() },
      { kind: "country", value: line.country.trim() },
    ].filter((c) => c.value);
    if (components.length === 0) continue;
    let key = line.key;
    while (!key || (key !== line.key && (key in map || lines.some((l) => l.key === key)))) key = `a${next++}`;
    const { components: _, full: __, isOrdered: ___, ...rest } = old?.[line.key] ?? {};
    map[key] = withContext({ ...rest, components }, line.context);
  }
  return nullIfEmpty(map);
}

/** Cards that are probably the same person: the same address, or the same whole name. */
export function duplicates(cards: ContactCard[]): ContactCard[][] {
  const parent = new Map<Id, Id>();
  const root = (id: Id): Id => {
    const up = parent.get(id) ?? id;
    return up === id ? id : root(up);
  };
  const firstWith = new Map<string, Id>();
  const people = cards.filter((c) => !isGroup(c));
  for (const card of people) {
    const keys = values(card.emails).map((e) => `e ${e.address.toLowerCase()}`);
    const name = plain(card.name?.full ?? displayName(card)).trim();
    if (name.includes(" ") && !name.includes("@")) keys.push(`n ${name}`);
    for (const key of keys) {
      const other = firstWith.get(key);
      if (other === undefined) firstWith.set(key, card.id);
      else parent.set(root(card.id), root(other));
    }
  }
  const sets = new Map<Id, ContactCard[]>();
  for (const card of people) {
    const set = sets.get(root(card.id));
    if (set) set.push(card);
    else sets.set(root(card.id), [card]);
  }
  return [...sets.values()].filter((set) => set.length > 1);
}

/** One card out of several: the first one's name, everybody's addresses, each once. */
export function merge(cards: ContactCard[]): Partial<ContactCard> {
  const [first, ...others] = cards;
  if (!first) return {};
  const patch: Partial<ContactCard> = {};
  const join = (
    name:
      | "emails"
      | "phones"
      | "addresses"
      | "links"
      | "organizations"
      | "titles"
      | "nicknames"
      | "notes"
      | "onlineServices"
      | "media"
      | "anniversaries",
    id: (v: never) => string,
  ) => {
    const map: Record<string, unknown> = { ...(first[name] as object | null | undefined) };
    const seen = new Set(Object.values(map).map((v) => id(v as never)));
    let added = 0;
    for (const other of others)
      for (const value of Object.values((other[name] ?? {}) as object)) {
        const print = id(value as never);
        if (seen.has(print)) continue;
        seen.add(print);
        added++;
        let key = `m${added}`;
        while (key in map) key += "x";
        map[key] = value;
      }
    if (added > 0) (patch as Record<string, unknown>)[name] = map;
  };
  join("emails", (e: { address: string }) => e.address.toLowerCase());
  join("phones", (p: { number: string }) => p.number.replace(/[^\d+]/g, ""));
  join("addresses", (a: PostalAddress) => JSON.stringify(a.components ?? a.full));
  join("links", (l: { uri: string }) => l.uri);
  join("onlineServices", (s: { uri?: string; user?: string }) => s.uri ?? s.user ?? "");
  join("organizations", (o: { name?: string }) => plain(o.name ?? ""));
  join("titles", (x: { name: string }) => plain(x.name));
  join("nicknames", (n: { name: string }) => plain(n.name));
  join("notes", (n: { note: string }) => n.note.trim());
  join("anniversaries", (a: { kind: string }) => a.kind);
  if (values(first.media).every((m) => m.kind !== "photo"))
    join("media", (m: { uri?: string; blobId?: string }) => m.uri ?? m.blobId ?? "");
  if (!first.name) {
    const named = others.find((c) => c.name);
    if (named) patch.name = named.name;
  }
  const books = Object.assign({}, ...cards.map((c) => c.addressBookIds)) as Record<Id, true>;
  if (Object.keys(books).length > Object.keys(first.addressBookIds).length) patch.addressBookIds = books;
  return patch;
}

/** A new person out of a sender. */
export function cardFor(address: EmailAddress, book: Id): Partial<ContactCard> {
  const { given, surname } = splitName(address.name ?? "");
  const components = [
    ...(given ? [{ kind: "given", value: given }] : []),
    ...(surname ? [{ kind: "surname", value: surname }] : []),
  ];
  return {
    "@type": "Card",
    version: "1.0",
    kind: "individual",
    addressBookIds: { [book]: true },
    ...(components.length > 0
      ? { name: { components, isOrdered: true, full: components.map((c) => c.value).join(" ") } }
      : {}),
    emails: { e1: { address: address.email } },
  };
}

export const photoOf = (card: ContactCard) => values(card.media).find((m) => m.kind === "photo");
