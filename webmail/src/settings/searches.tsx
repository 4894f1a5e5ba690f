import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { loadSearches, removeSearch, savedSearches } from "../store/searches";
import { Button } from "../ui/Button";

/** Searches that were kept; they stand in the side bar like folders. */
export function Searches() {
  useEffect(() => {
    loadSearches().catch(() => undefined);
  }, []);
  const list = savedSearches.value;
  if (list.length === 0) return <p class="settings-none">{t("set.searches.none")}</p>;
  return (
    <ul class="settings-list">
      {list.map((search) => (
        <li key={search.id}>
          <a class="settings-two" href={`/search?q=${encodeURIComponent(search.query)}`}>
            <span class="truncate">{search.name}</span>
            <span class="truncate settings-hint">{search.query}</span>
          </a>
          <Button
            small
            icon="trash-2"
            label={t("set.searches.remove", { name: search.name })}
            onClick={() => void removeSearch(search)}
          />
        </li>
      ))}
    </ul>
  );
}
