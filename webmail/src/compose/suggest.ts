// Who may be meant by what is typed: the server ranks contacts and the people one has written with; groups of contacts
// are put before them.

import type { Call } from "../jmap/client";
import type { EmailAddress, GetResponse } from "../jmap/types";
import { jmap } from "../store/session";

export interface Suggestion {
  name: string;
  email: string;
  source: string;
  /** A group stands for these. */
  members?: EmailAddress[];
}

export async function suggest(text: string, taken: EmailAddress[]): Promise<Suggestion[]> {
  const client = jmap();
  const query = text.trim();
  if (query === "") return [];
  const groups = client.has("urn:ietf:params:jmap:contacts") ? await groupsLike(query).catch(() => []) : [];
  let list: Suggestion[] = [];
  if (client.has("urn:tamanoir:jmap:suggest")) {
    const call: Call<Pick<GetResponse<Suggestion>, "list">> = client.call("Suggestion/get", { text: query, limit: 8 });
    list = (await call).list;
  }
  const used = new Set(taken.map((a) => a.email.toLowerCase()));
  return [...groups, ...list.filter((s) => !used.has(s.email.toLowerCase()))].slice(0, 8);
}

/** The contacts are code of their own, fetched with the first letter that is typed. */
async function groupsLike(query: string): Promise<Suggestion[]> {
  const { groupsNamed, loadContacts } = await import("../contacts/store");
  // The first question does not wait for a large address book.
  await Promise.race([loadContacts(), new Promise((resolve) => setTimeout(resolve, 150))]);
  return groupsNamed(query).map(({ name, members }) => ({ name, email: "", source: "group", members }));
}
