// Mails that wait on the server for their time: seen, changed, taken back.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { longDate } from "../i18n/dates";
import type { Email, GetResponse, Id, QueryResponse } from "../jmap/types";
import { jmap } from "../store/session";
import { Button } from "../ui/Button";
import { Dialog, openDialog } from "../ui/Dialog";
import { showError, showToast } from "../ui/Toast";
import { cancelSubmission, problemText } from "./composing";
import { openComposer } from "./intent";

export interface Waiting {
  id: Id;
  emailId: Id;
  sendAt: string;
  email: Pick<Email, "id" | "subject" | "to" | "cc" | "bcc"> | undefined;
}
export const waiting = signal<Waiting[] | undefined>(undefined);
const failure = signal("");

export async function loadWaiting(): Promise<void> {
  try {
    failure.value = "";
    const query = await jmap().call<QueryResponse>("EmailSubmission/query", {
      filter: { undoStatus: "pending" },
      sort: [{ property: "sentAt", isAscending: true }],
    });
    if (query.ids.length === 0) {
      waiting.value = [];
      return;
    }
    const got = await jmap().call<GetResponse<Omit<Waiting, "email">>>("EmailSubmission/get", {
      ids: query.ids,
      properties: ["id", "emailId", "sendAt"],
    });
    const emails = await jmap().call<GetResponse<NonNullable<Waiting["email"]>>>("Email/get", {
      ids: got.list.map((s) => s.emailId),
      properties: ["id", "subject", "to", "cc", "bcc"],
    });
    waiting.value = got.list
      .map((s) => ({ ...s, email: emails.list.find((e) => e.id === s.emailId) }))
      .sort((a, b) => a.sendAt.localeCompare(b.sendAt));
  } catch (error) {
    failure.value = problemText(error);
  }
}

export function openScheduledList(): void {
  openDialog((close) => <ScheduledDialog close={close} />);
}

function ScheduledDialog({ close }: { close: () => void }) {
  useEffect(() => {
    waiting.value = undefined;
    void loadWaiting();
  }, []);
  return (
    <Dialog title={t("scheduled.title")} onClose={close} wide>
      <ScheduledList onOpen={close} />
    </Dialog>
  );
}

export function ScheduledList({ onOpen }: { onOpen?: () => void }) {
  const list = waiting.value;
  const take = async (item: Waiting, edit: boolean) => {
    try {
      await cancelSubmission(item.id, item.emailId);
      waiting.value = (waiting.value ?? []).filter((other) => other.id !== item.id);
      if (edit) {
        onOpen?.();
        await openComposer({ kind: "draft", emailId: item.emailId });
      } else showToast({ text: t("scheduled.cancelled") });
    } catch (error) {
      showError(problemText(error));
      await loadWaiting();
    }
  };
  if (failure.value)
    return (
      <div class="compose-none" role="alert">
        <p>{t("scheduled.failed", { why: failure.value })}</p>
        <Button kind="outline" onClick={() => void loadWaiting()}>
          {t("retry")}
        </Button>
      </div>
    );
  if (!list) return <p class="compose-none" aria-busy="true" />;
  if (list.length === 0) return <p class="compose-none">{t("scheduled.none")}</p>;
  return (
    <ul class="compose-scheduled">
      {list.map((item) => (
        <li key={item.id}>
          <span class="compose-who">
            <strong class="truncate">{item.email?.subject || t("compose.noSubject")}</strong>
            <bdi class="truncate meta">
              {[item.email?.to, item.email?.cc, item.email?.bcc]
                .flatMap((l) => l ?? [])
                .map((a) => a.name || a.email)
                .join(", ")}
            </bdi>
            <time class="meta" dateTime={item.sendAt}>
              {longDate(new Date(item.sendAt))}
            </time>
          </span>
          <Button kind="outline" icon="pencil" onClick={() => void take(item, true)}>
            {t("scheduled.edit")}
          </Button>
          <Button kind="outline" icon="x" onClick={() => void take(item, false)}>
            {t("scheduled.cancel")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
