// A page that is a chunk of its own: its code and its messages are fetched when it is first shown.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadMessages, t } from "../i18n";
import { Button } from "../ui/Button";

type Page = ComponentType<{ rest: string[] }>;
const loaded = new Map<string, Page>();
const sources: Record<string, () => Promise<{ default: Page }>> = {
  contacts: () => import("../contacts/index"),
  settings: () => import("../settings/index"),
};

export function Lazy({ page, rest }: { page: "contacts" | "settings"; rest: string[] }) {
  const [failed, setFailed] = useState(0);
  const [, redraw] = useState(0);
  const Page = loaded.get(page);
  useEffect(() => {
    if (Page) return;
    let gone = false;
    Promise.all([sources[page]?.(), loadMessages(page)]).then(
      ([module]) => {
        if (module) loaded.set(page, module.default);
        if (!gone) redraw((n) => n + 1);
      },
      () => !gone && setFailed((n) => n + 1),
    );
    return () => {
      gone = true;
    };
  }, [page, Page]);
  if (Page) return <Page rest={rest} />;
  if (failed === 0) return <main class="page" aria-busy="true" />;
  return (
    <main class="page">
      <div class="empty">
        <h1>{t("page.failed")}</h1>
        <p>{t("page.failed.why")}</p>
        <Button kind="primary" onClick={() => location.reload()}>
          {t("retry")}
        </Button>
      </div>
    </main>
  );
}
