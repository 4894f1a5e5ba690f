// The folders the composer needs, by their role.
import type { GetResponse, Id, Mailbox, SetResponse } from "../jmap/types";
import { jmap } from "../store/session";

let known: Promise<Map<string, Id>> | undefined;

export async function folder(role: "drafts" | "sent" | "trash" | "scheduled"): Promise<Id> {
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

/** Where mail waits that is sent later; the server moves it to Sent when it goes. Made when first wanted. */
export async function scheduledFolder(): Promise<Id> {
  try {
    return await folder("scheduled");
  } catch {
    const response = await jmap().call<SetResponse>("Mailbox/set", {
      create: { place: { name: "Scheduled", parentId: null, role: "scheduled", isSubscribed: true } },
    });
    known = undefined;
    // Another window may have made it; a folder of that name without the role is somebody's own, then Sent has to do.
    return response.created?.place?.id ?? folder("scheduled").catch(() => folder("sent"));
  }
}
