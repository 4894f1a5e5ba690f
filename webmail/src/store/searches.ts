// Searches that were kept by name, and those made lately.
import { signal } from "@preact/signals";
import { t } from "../i18n";
import type { GetResponse, Id, SetResponse } from "../jmap/types";
import { failed, offerUndo } from "./actions";
import { jmap } from "./session";
import { change, settings } from "./settings";

export interface SavedSearch {
  id: Id;
  name: string;
  query: string;
}
export const savedSearches = signal<SavedSearch[]>([]);

export async function loadSearches(): Promise<void> {
  if (!jmap().has("urn:tamanoir:jmap:settings")) return;
  const response = await jmap().call<GetResponse<SavedSearch>>("SavedSearch/get", { ids: null });
  savedSearches.value = response.list.sort((a, b) => a.name.localeCompare(b.name));
}

export async function saveSearch(name: string, query: string): Promise<void> {
  try {
    await jmap().call<SetResponse>("SavedSearch/set", { create: { new: { name, query } } });
    await loadSearches();
  } catch (error) {
    failed(error, () => void saveSearch(name, query));
  }
}

export async function removeSearch(search: SavedSearch): Promise<void> {
  savedSearches.value = savedSearches.value.filter((s) => s.id !== search.id);
  try {
    await jmap().call<SetResponse>("SavedSearch/set", { destroy: [search.id] });
    offerUndo(t("done.searchDeleted", { name: search.name }), () => saveSearch(search.name, search.query));
  } catch (error) {
    failed(error);
    await loadSearches();
  }
}

/** The newest first, without doubles, at most ten. */
export function rememberSearch(query: string): void {
  const others = settings.peek().recentSearches.filter((q) => q !== query);
  change({ recentSearches: [query, ...others].slice(0, 10) });
}
