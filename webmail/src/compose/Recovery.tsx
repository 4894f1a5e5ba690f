// Mails that were being written when a tab died: offered at the next start, each once.
import { signal } from "@preact/signals";
import { t } from "../i18n";
import { mediumDate } from "../i18n/dates";
import type { Email, GetResponse } from "../jmap/types";
import { jmap } from "../store/session";
import { Button } from "../ui/Button";
import { Dialog, openDialog } from "../ui/Dialog";
import { showComposer } from "./composers";
import { Composing, findDrafts } from "./composing";
import { clean } from "./html";
import { forget, type Kept, orphans } from "./keep";
import { toText } from "./text";

const found = signal<Kept[]>([]);

export async function offerRecovery(): Promise<void> {
  found.value = await orphans(jmap().session.username);
  if (found.value.length > 0) openDialog((close) => <RecoveryDialog close={close} />);
}

/**
 * Goes on with a kept mail. The server may have another state by now: one that this browser saved in its last moment is
 * adopted; one that another device wrote is left alone, and what is kept here becomes a mail of its own.
 */
export async function recover(kept: Kept): Promise<Composing> {
  let serverId = kept.serverId;
  let elsewhere = false;
  let twins = false;
  try {
    const ids = await findDrafts(kept.draft.messageId);
    if (serverId) ids.push(serverId);
    const got = await jmap().call<GetResponse<Email>>("Email/get", {
      ids: [...new Set(ids)],
      properties: ["id", "headers"],
    });
    const ours = got.list.filter((email) => email.id === kept.serverId || writerOf(email) === kept.id);
    const newest = ours.find((email) => email.id !== kept.serverId) ?? ours[0];
    serverId = newest?.id;
    twins = ours.length > 1;
    elsewhere = ours.length === 0 && got.list.length > 0;
  } catch {
    // Offline: the words are here, the server is asked at the next saving.
    twins = true;
  }
  const mail = new Composing(elsewhere ? { ...kept.draft, messageId: "" } : kept.draft, kept.files);
  mail.adoptServerCopy(serverId, twins);
  if (elsewhere) mail.notice.value = { text: t("recovery.elsewhere") };
  await mail.keepHere(true);
  await forget(kept.id);
  if (kept.dirty || elsewhere || twins) mail.changed();
  showComposer(mail);
  return mail;
}

const writerOf = (email: Email) =>
  /\bwriter=([\w-]+)/.exec(email.headers.find((h) => h.name.toLowerCase() === "x-tamanoir-draft")?.value ?? "")?.[1];

function RecoveryDialog({ close }: { close: () => void }) {
  const take = async (kept: Kept) => {
    found.value = found.value.filter((other) => other.id !== kept.id);
    if (found.value.length === 0) close();
    await recover(kept);
  };
  const drop = async (kept: Kept) => {
    found.value = found.value.filter((other) => other.id !== kept.id);
    await forget(kept.id);
    if (found.value.length === 0) close();
  };
  return (
    <Dialog title={t("recovery.title", { n: found.value.length })} onClose={close} wide={found.value.length > 1}>
      <p class="compose-lead">{t("recovery.text")}</p>
      <ul class="compose-scheduled">
        {found.value.map((kept, index) => (
          <li key={kept.id}>
            <span class="compose-who">
              <strong class="truncate">{kept.draft.subject || t("compose.noSubject")}</strong>
              <span class="truncate meta">{preview(kept)}</span>
              <time class="meta">{mediumDate(new Date(kept.at))}</time>
            </span>
            <Button kind={index === 0 ? "primary" : "outline"} autofocus={index === 0} onClick={() => void take(kept)}>
              {t("recovery.continue")}
            </Button>
            <Button kind="outline" onClick={() => void drop(kept)}>
              {t(kept.serverId && !kept.dirty ? "recovery.later" : "recovery.discard")}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function preview(kept: Kept): string {
  const text = kept.draft.mode === "plain" ? kept.draft.text : toText(clean(kept.draft.html));
  return text.replace(/\s+/g, " ").slice(0, 120);
}
