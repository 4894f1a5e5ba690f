// The line of the side bar that says how many mails wait for their time; it is there only while some do.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import type { QueryResponse } from "../jmap/types";
import { pushed } from "../store/live";
import { jmap } from "../store/session";
import { Icon } from "../ui/Icon";
import { openScheduled } from "./intent";

const count = signal(0);

async function recount(): Promise<void> {
  // What only waits for the seconds of Undo is not a scheduled mail.
  const after = new Date(Date.now() + 120_000).toISOString().replace(/\.\d+Z$/, "Z");
  const answer = await jmap().call<QueryResponse>("EmailSubmission/query", {
    filter: { undoStatus: "pending", after },
    limit: 100,
  });
  count.value = answer.ids.length;
}

export function WaitingMails() {
  const states = pushed.value;
  useEffect(() => {
    if (Object.keys(states).length === 0 || "EmailSubmission" in states || "*" in states)
      recount().catch(() => undefined);
  }, [states]);
  if (count.value === 0) return null;
  return (
    <ul class="folders">
      <li>
        <button type="button" class="folder waiting-mails" onClick={() => void openScheduled()}>
          <Icon name="send-horizontal" flip />
          <span class="folder-name">{t("folder.scheduled")}</span>
          <span class="number quiet digits">{count.value}</span>
        </button>
      </li>
    </ul>
  );
}
