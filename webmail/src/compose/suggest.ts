// Who may be meant by what is typed: the server ranks contacts and the people one has written with; groups of contacts
// are put before them.

import { displayName, isGroup, plain } from "../contacts/card";
import { contacts, groupMembers, loadContacts } from "../contacts/store";
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
  if (client.has("urn:ietf:params:jmap:contacts")) void loadContacts().catch(() => undefined);
  const wanted = plain(query);
  const groups = contacts.value
    .filter((card) => isGroup(card) && plain(displayName(card)).includes(wanted))
    .map((card) => ({ name: displayName(card), email: "", source: "group", members: groupMembers(card) }))
    .filter((group) => group.members.length > 0);
  let list: Suggestion[] = [];
  if (client.has("urn:tamanoir:jmap:suggest")) {
    const call: Call<Pick<GetResponse<Suggestion>, "list">> = client.call("Suggestion/get", { text: query, limit: 8 });
    list = (await call).list;
  }
  const used = new Set(taken.map((a) => a.email.toLowerCase()));
  return [...groups.slice(0, 3), ...list.filter((s) => !used.has(s.email.toLowerCase()))].slice(0, 8);
}
