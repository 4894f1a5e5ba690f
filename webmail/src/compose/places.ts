// The folders the composer needs, by their role.
import type { GetResponse, Id, Mailbox } from "../jmap/types";
import { jmap } from "../store/session";

let known: Promise<Map<string, Id>> | undefined;

export async function folder(role: "drafts" | "sent" | "trash"): Promise<Id> {
  known ??= jmap()
    .call<GetResponse<Mailbox>>("Mailbox/get", { ids: null, properties: ["id", "role"] })
    .then((response) => new Map(response.list.flatMap((m) => (m.role ? [[m.role as string, m.id] as const] : []))));
  known.catch(() => {
    known = undefined;
  });
  const id = (await known).get(role);
  if (!id) {
    known = undefined;
    throw new Error(`There is no folder for ${role}.`);
  }
  return id;
}
