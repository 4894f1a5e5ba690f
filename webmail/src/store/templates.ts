// Texts that are used again (`Template` of urn:tamanoir:jmap:settings).
import { signal } from "@preact/signals";
import { JmapError } from "../jmap/client";
import type { GetResponse, Id, SetResponse } from "../jmap/types";
import { showToast } from "../ui/Toast";
import { jmap } from "./session";

export interface Template {
  id: Id;
  name: string;
  subject: string | null;
  htmlBody: string | null;
  textBody: string | null;
}
export const templates = signal<Template[] | undefined>(undefined);

export async function loadTemplates(): Promise<void> {
  if (!jmap().has("urn:tamanoir:jmap:settings")) {
    templates.value = [];
    return;
  }
  const got = await jmap().call<GetResponse<Template>>("Template/get", { ids: null });
  templates.value = [...got.list].sort((a, b) => a.name.localeCompare(b.name));
}

export async function saveTemplate(template: Partial<Template> & { name: string }): Promise<void> {
  const { id, ...rest } = template;
  const response = await jmap().call<SetResponse>(
    "Template/set",
    id ? { update: { [id]: rest } } : { create: { t: rest } },
  );
  const refused = response.notCreated?.t ?? (id ? response.notUpdated?.[id] : undefined);
  if (refused) throw JmapError.of(refused);
  await loadTemplates();
}

export async function removeTemplate(template: Template, said: string): Promise<void> {
  await jmap().call<SetResponse>("Template/set", { destroy: [template.id] });
  templates.value = (templates.value ?? []).filter((other) => other.id !== template.id);
  const { id: _, ...copy } = template;
  showToast({ text: said, undo: () => saveTemplate(copy) });
}
