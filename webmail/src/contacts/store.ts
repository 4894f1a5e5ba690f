// The address books: small enough to be known whole (RFC 9610), kept up to date by what the server pushes.
import { computed, signal } from "@preact/signals";
import { JmapError } from "../jmap/client";
import type { ChangesResponse, EmailAddress, GetResponse, Id, SetResponse } from "../jmap/types";
import { jmap } from "../store/session";
import {
  type AddressBook,
  type ContactCard,
  cardFor,
  displayName,
  isGroup,
  mainEmail,
  plain,
  sortName,
  values,
} from "./card";

export const books = signal<AddressBook[]>([]);
export const contacts = signal<ContactCard[]>([]);
export const loaded = signal(false);
let state = "";
let loading: Promise<void> | undefined;

export function loadContacts(): Promise<void> {
  loading ??= fetchAll().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchAll(): Promise<void> {
  const bookCall = jmap().call<GetResponse<AddressBook>>("AddressBook/get", { ids: null });
  const cards: ContactCard[] = [];
  const limit = Number(jmap().session.capabilities["urn:ietf:params:jmap:core"]?.maxObjectsInGet ?? 500);
  const page = async (position: number): Promise<void> => {
    const query = await jmap().call<{ ids: Id[] }>("ContactCard/query", { position, limit });
    if (query.ids.length === 0) return;
    const got = await jmap().call<GetResponse<ContactCard>>("ContactCard/get", { ids: query.ids });
    cards.push(...got.list);
    state = got.state;
    if (query.ids.length === limit) await page(position + limit);
  };
  const first = await jmap()
    .call<GetResponse<ContactCard>>("ContactCard/get", { ids: null })
    .catch((error: unknown) => {
      // More cards than one answer may hold: page by page.
      if (error instanceof JmapError && error.type === "requestTooLarge") return undefined;
      throw error;
    });
  if (first) {
    cards.push(...first.list);
    state = first.state;
  } else await page(0);
  const answer = await bookCall;
  books.value = answer.list;
  contacts.value = sorted(cards);
  loaded.value = true;
}

const sorted = (cards: ContactCard[]) => {
  const names = new Map(cards.map((c) => [c.id, sortName(c)]));
  return [...cards].sort((a, b) => (names.get(a.id) ?? "").localeCompare(names.get(b.id) ?? ""));
};

/** Another device or another program changed something. */
export async function refreshContacts(): Promise<void> {
  if (!loaded.value) return;
  try {
    const changes = await jmap().call<ChangesResponse>("ContactCard/changes", { sinceState: state });
    const ids = [...changes.created, ...changes.updated];
    const got = ids.length > 0 ? await jmap().call<GetResponse<ContactCard>>("ContactCard/get", { ids }) : undefined;
    const gone = new Set([...changes.destroyed, ...ids]);
    state = changes.newState;
    contacts.value = sorted([...contacts.value.filter((c) => !gone.has(c.id)), ...(got?.list ?? [])]);
    books.value = (await jmap().call<GetResponse<AddressBook>>("AddressBook/get", { ids: null })).list;
    if (changes.hasMoreChanges) await refreshContacts();
  } catch {
    loading = undefined;
    await loadContacts().catch(() => undefined);
  }
}

export const defaultBook = computed(() => books.value.find((b) => b.isDefault) ?? books.value[0]);

/** Creates or changes; answers the id. Throws with the server's words. */
export async function saveCard(id: Id | undefined, patch: Partial<ContactCard>): Promise<Id> {
  const response = await jmap().call<SetResponse<ContactCard>>(
    "ContactCard/set",
    id ? { update: { [id]: patch } } : { create: { card: patch } },
  );
  const refused = id ? response.notUpdated?.[id] : response.notCreated?.card;
  if (refused) throw JmapError.of(refused);
  const saved = id ?? response.created?.card?.id ?? "";
  const got = await jmap().call<GetResponse<ContactCard>>("ContactCard/get", { ids: [saved] });
  contacts.value = sorted([...contacts.value.filter((c) => c.id !== saved), ...got.list]);
  return saved;
}

/** Destroys cards; the answer puts them back. */
export async function removeCards(ids: Id[]): Promise<() => Promise<void>> {
  const gone = contacts.value.filter((c) => ids.includes(c.id));
  const response = await jmap().call<SetResponse>("ContactCard/set", { destroy: ids });
  const refused = Object.values(response.notDestroyed ?? {})[0];
  if (refused) throw JmapError.of(refused);
  contacts.value = contacts.value.filter((c) => !ids.includes(c.id));
  return async () => {
    const create = Object.fromEntries(gone.map(({ id, updated: _, ...card }) => [`c${id}`, card]));
    await jmap().call<SetResponse>("ContactCard/set", { create });
    await refreshContacts();
  };
}

/** The people of a group: members are named by uid (RFC 9553 §2.1.6). */
export function groupMembers(group: ContactCard): EmailAddress[] {
  return memberCards(group).flatMap((card) => (isGroup(card) ? [] : (mainEmail(card) ?? [])));
}
export function memberCards(group: ContactCard): ContactCard[] {
  const members = group.members ?? {};
  return contacts.value.filter((card) => card.uid && members[card.uid]);
}

export const knows = (email: string) =>
  contacts.value.some((card) => values(card.emails).some((e) => e.address.toLowerCase() === email.toLowerCase()));

/** Adds a sender to the contacts; answers false when known already. */
export async function addContact(address: EmailAddress): Promise<boolean> {
  await loadContacts();
  if (knows(address.email)) return false;
  const book = defaultBook.value;
  if (!book) throw new Error("There is no address book.");
  await saveCard(undefined, cardFor(address, book.id));
  return true;
}

/** Groups whose name holds the text, with the people to write to. */
export function groupsNamed(text: string): { name: string; members: EmailAddress[] }[] {
  const wanted = plain(text);
  return contacts.value
    .filter((card) => isGroup(card) && plain(displayName(card)).includes(wanted))
    .map((card) => ({ name: displayName(card), members: groupMembers(card) }))
    .filter((group) => group.members.length > 0)
    .slice(0, 3);
}

/** Creates or renames a book; answers its id. */
export async function saveBook(id: Id | undefined, name: string): Promise<Id> {
  const response = await jmap().call<SetResponse>(
    "AddressBook/set",
    id ? { update: { [id]: { name } } } : { create: { book: { name } } },
  );
  const refused = id ? response.notUpdated?.[id] : response.notCreated?.book;
  if (refused) throw JmapError.of(refused);
  books.value = (await jmap().call<GetResponse<AddressBook>>("AddressBook/get", { ids: null })).list;
  return id ?? response.created?.book?.id ?? "";
}

/** Destroys a book with the cards that are in no other (RFC 9610 §2.3). */
export async function removeBook(id: Id): Promise<void> {
  const response = await jmap().call<SetResponse>("AddressBook/set", { destroy: [id], onDestroyRemoveContents: true });
  const refused = response.notDestroyed?.[id];
  if (refused) throw JmapError.of(refused);
  await refreshContacts();
}

/** Makes several cards one; groups that held the others hold the one. The answer takes it back. */
export async function mergeCards(
  first: ContactCard,
  others: ContactCard[],
  patch: Partial<ContactCard>,
): Promise<() => Promise<void>> {
  const before = Object.fromEntries(Object.keys(patch).map((name) => [name, first[name] ?? null]));
  const update: Record<Id, Partial<ContactCard>> = Object.keys(patch).length > 0 ? { [first.id]: patch } : {};
  const groupsBefore: Record<Id, Partial<ContactCard>> = {};
  for (const group of contacts.value.filter(isGroup)) {
    const gone = others.filter((c) => c.uid && group.members?.[c.uid]);
    if (gone.length === 0 || !first.uid) continue;
    const members = { ...group.members, [first.uid]: true as const };
    for (const card of gone) delete members[card.uid ?? ""];
    update[group.id] = { members };
    groupsBefore[group.id] = { members: group.members };
  }
  const response = await jmap().call<SetResponse>("ContactCard/set", { update });
  const refused = Object.values(response.notUpdated ?? {})[0];
  if (refused) throw JmapError.of(refused);
  const back = await removeCards(others.map((c) => c.id));
  await refreshContacts();
  return async () => {
    await back();
    await jmap().call<SetResponse>("ContactCard/set", {
      update: { ...groupsBefore, ...(Object.keys(before).length > 0 ? { [first.id]: before } : {}) },
    });
    await refreshContacts();
  };
}
