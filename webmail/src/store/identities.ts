// The addresses the person may write from.
import { signal } from "@preact/signals";
import type { GetResponse, Identity } from "../jmap/types";
import { jmap } from "./session";

export const identities = signal<Identity[]>([]);

export async function loadIdentities(): Promise<void> {
  const response = await jmap().call<GetResponse<Identity>>("Identity/get", { ids: null });
  identities.value = response.list;
}

/** Is this one of the person's own addresses? Sub-addresses (user+detail) count. */
export function isOwn(email: string): boolean {
  const plain = email.toLowerCase().replace(/\+[^@]*@/, "@");
  return (
    identities.value.some((i) => i.email.toLowerCase() === plain) || plain === jmap().session.username.toLowerCase()
  );
}
