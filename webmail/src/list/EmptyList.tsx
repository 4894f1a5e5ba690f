import { openComposer } from "../compose/intent";
import { t } from "../i18n";
import { hint } from "../keys";
import { go, route } from "../router";
import { parseSearch, writeSearch, writeTerm } from "../search/language";
import { currentMailbox, NO_VIEW, view } from "../store/lists";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";

/** Nothing here: why, and what can be done about it. */
export function EmptyList() {
  const at = route.value;
  const shown = view.value;
  const mailbox = currentMailbox.value;
  if (shown.unread || shown.starred || shown.files) {
    return (
      <div class="empty">
        <h2>{t("empty.filter")}</h2>
        <Button kind="outline" onClick={() => (view.value = { ...shown, unread: false, starred: false, files: false })}>
          {t("empty.filter.clear")}
        </Button>
      </div>
    );
  }
  if (at.at === "search") return <EmptySearch query={at.query} />;
  if (mailbox?.role === "inbox") {
    const key = hint("compose");
    return (
      <div class="empty">
        <SleepingAnteater />
        <h2>{t("empty.inbox")}</h2>
        <p>{key ? t("empty.inbox.hint", { key }) : t("empty.inbox.text")}</p>
        <Button kind="outline" icon="square-pen" onClick={() => void openComposer({ kind: "new" })}>
          {t("compose")}
        </Button>
      </div>
    );
  }
  const roles = ["snoozed", "drafts", "sent", "archive", "junk", "trash"] as const;
  const role = roles.find((r) => r === mailbox?.role);
  return (
    <div class="empty">
      <h2>{t("empty.folder")}</h2>
      <p>{role ? t(`empty.${role}`) : t("empty.folder.text")}</p>
    </div>
  );
}

function EmptySearch({ query }: { query: string }) {
  const search = parseSearch(query);
  const placed = search.some((group) => group.some((term) => term.operator === "in"));
  return (
    <div class="empty">
      <h2>{t("empty.search")}</h2>
      <p>{t("empty.search.text")}</p>
      <div class="chips">
        {search.map((group, index) => (
          <button
            key={index}
            type="button"
            class="chip"
            title={t("chip.remove", { chip: group.map(writeTerm).join(" OR ") })}
            onClick={() => {
              const rest = search.filter((_, i) => i !== index);
              if (rest.length > 0) go({ at: "search", query: writeSearch(rest) });
              else go({ at: "mail", mailbox: "inbox" });
            }}
          >
            <bdi>{group.map(writeTerm).join(" OR ")}</bdi>
            <Icon name="x" size={14} />
          </button>
        ))}
      </div>
      <Button
        kind="outline"
        onClick={() => {
          view.value = NO_VIEW;
          const open = search.map((g) => g.filter((term) => term.operator !== "in")).filter((g) => g.length > 0);
          go({ at: "search", query: placed ? writeSearch(open) : `${query} in:anywhere` });
        }}
      >
        {t("empty.search.everywhere")}
      </Button>
    </div>
  );
}

/** A line drawing: the ant-eater asleep under its tail. */
function SleepingAnteater() {
  return (
    <svg class="drawing" width="200" height="104" viewBox="0 0 200 104" aria-hidden="true">
      <path d="M8 92h184" />
      <path d="M34 92c-10-6-18-8-24-7 6-7 18-10 30-6 8-22 30-37 60-37 34 0 58 19 58 50" />
      <path d="M34 92c6 0 12-2 16-6m-8-2c1-2 3-3 5-3m9-14c-2 4-2 9 1 13m-3-12c3-3 7-4 10-2" />
      <path d="M158 92c6-30-12-60-52-66-26-4-40 6-44 14 14-4 26-2 36 4" />
      <path d="M96 34c14 2 27 9 36 21m-20-24c16 6 29 18 35 34m-14-27c10 8 17 20 20 33" />
      <path d="M60 92c0-8 4-14 10-17m28 17c0-6 3-11 8-14" />
      <path d="M24 60h8l-8 9h8M14 44h6l-6 7h6" />
    </svg>
  );
}
