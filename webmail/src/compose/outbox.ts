// From the Send button to the server: what is asked before, the seconds of Undo, and what is said afterwards.
import { t } from "../i18n";
import { longDate, mediumDate } from "../i18n/dates";
import type { GetResponse, Id } from "../jmap/types";
import { jmap } from "../store/session";
import { settings } from "../store/settings";
import { openDialog } from "../ui/Dialog";
import { showError, showToast } from "../ui/Toast";
import { domainOf, isValid } from "./addresses";
import { composers, focusComposer, hideComposer, showComposer } from "./composers";
import { type Composing, type Hold, problemText, type Sent } from "./composing";
import { DoubtDialog } from "./Doubt";
import { announced } from "./forgotten";
import { unfilled } from "./placeholders";
import { commitTyped } from "./RecipientField";

export interface Doubt {
  title: string;
  text: string;
  /** Stops the mail; else the person may send anyway. */
  stops?: boolean;
  focus?: "to" | "subject" | "text";
}

/** More people than this, most of them of other domains, are worth a question. */
const STRANGERS = 10;

/** What speaks against sending, the first thing first. */
export function doubts(mail: Composing): Doubt[] {
  const found: Doubt[] = [];
  const people = mail.recipients();
  for (const field of ["to", "cc", "bcc"] as const) {
    const rest = mail.typed[field].value.trim();
    if (rest)
      found.push({ title: t("check.address"), text: t("check.address.why", { text: rest }), stops: true, focus: "to" });
  }
  const bad = people.find((a) => !isValid(a.email));
  if (bad)
    found.push({
      title: t("check.address"),
      text: t("check.address.why", { text: bad.email }),
      stops: true,
      focus: "to",
    });
  if (people.length === 0 && found.length === 0)
    found.push({ title: t("check.nobody"), text: t("check.nobody.why"), stops: true, focus: "to" });
  const broken = mail.files.value.find((f) => f.problem);
  if (broken)
    found.push({
      title: t("check.file"),
      text: t("check.file.why", { name: broken.name, why: broken.problem }),
      stops: true,
    });
  if (found.length > 0) return found;

  const text = mail.ownText();
  if (mail.subject.value.trim() === "")
    found.push({ title: t("check.subject"), text: t("check.subject.why"), focus: "subject" });
  const word =
    settings.value.attachmentCheck && mail.files.value.every((f) => f.inline)
      ? announced(mail.subject.value, text)
      : undefined;
  if (word) found.push({ title: t("check.attachment"), text: t("check.attachment.why", { word }) });
  const gap = unfilled(`${mail.subject.value}\n${text}`);
  if (gap) found.push({ title: t("check.gap"), text: t("check.gap.why", { gap }), focus: "text" });
  const home = domainOf(mail.fromEmail.value);
  const strangers = [...mail.to.value, ...mail.cc.value].filter((a) => domainOf(a.email) !== home);
  if (strangers.length > STRANGERS)
    found.push({ title: t("check.strangers", { n: strangers.length }), text: t("check.strangers.why") });
  return found;
}

/** Checks, then sends; asks where something looks forgotten. */
export async function sendMail(mail: Composing, later?: Date): Promise<void> {
  if (mail.sending.value) return;
  for (const field of ["to", "cc", "bcc"] as const) commitTyped(mail, field);
  const all = doubts(mail);
  const stopping = all.find((d) => d.stops);
  if (stopping) {
    mail.problem.value = { text: `${stopping.title} ${stopping.text}` };
    focusComposer(mail, stopping.focus);
    return;
  }
  for (const doubt of all) if (!(await askDoubt(doubt))) return focusComposer(mail, doubt.focus);
  await dispatch(mail, later);
}

async function dispatch(mail: Composing, later?: Date): Promise<void> {
  mail.sending.value = true;
  mail.problem.value = undefined;
  try {
    while (mail.uploading.value) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      if (!mail.sending.value) return;
    }
    const broken = mail.files.value.find((f) => f.problem);
    if (broken) throw new Error(t("check.file.why", { name: broken.name, why: broken.problem }));
    const seconds = settings.value.undoSendSeconds;
    const delay: Hold = later ? { until: later } : canHold(seconds) ? { seconds } : {};
    const sent = await mail.send(delay);
    hideComposer(mail);
    await mail.finish();
    if (later)
      showToast({
        text: t("sent.later", { when: longDate(later) }),
        undo: () => unsend(mail, sent),
        duration: 15_000,
      });
    else if (delay.seconds) {
      showToast({ text: t("sent.now"), undo: () => unsend(mail, sent), duration: seconds * 1000 });
      setTimeout(() => void watch(mail, sent), (seconds + 6) * 1000);
    } else {
      showToast({ text: t("sent.now"), duration: 4000 });
      setTimeout(() => void watch(mail, sent), 6000);
    }
  } catch (error) {
    mail.sending.value = false;
    mail.problem.value = {
      text: t("send.failed", { why: problemText(error) }),
      retry: () => void sendMail(mail, later),
    };
    mail.changed();
    showComposer(mail);
  }
}

const capability = () =>
  jmap().session.accounts[jmap().account()]?.accountCapabilities["urn:ietf:params:jmap:submission"] ??
  jmap().session.capabilities["urn:ietf:params:jmap:submission"] ??
  {};
/** Seconds a mail may wait on the server (RFC 8621 §1.3.2); 0 when it cannot. */
export const maxDelay = () => Number((capability() as { maxDelayedSend?: number }).maxDelayedSend ?? 0);
const canHold = (seconds: number) => seconds > 0 && maxDelay() >= seconds;

async function unsend(mail: Composing, sent: Sent): Promise<void> {
  try {
    await mail.unsend(sent);
    showComposer(mail);
    focusComposer(mail, "text");
  } catch (error) {
    showError(problemText(error));
  }
}

/** Some seconds later: did the next server refuse it at once? What comes later comes as a mail. */
async function watch(mail: Composing, sent: Sent): Promise<void> {
  if (composers.value.includes(mail)) return;
  interface Submission {
    id: Id;
    undoStatus: string;
    deliveryStatus: Record<string, { smtpReply: string; delivered: string }> | null;
  }
  try {
    const got = await jmap().call<GetResponse<Submission>>("EmailSubmission/get", {
      ids: [sent.submissionId],
      properties: ["id", "undoStatus", "deliveryStatus"],
    });
    const failed = Object.entries(got.list[0]?.deliveryStatus ?? {}).filter(([, s]) => s.delivered === "no");
    const first = failed[0];
    if (first)
      showError(t("send.refused", { who: failed.map(([who]) => who).join(", "), why: first[1].smtpReply }), {
        label: t("send.again"),
        run: () => {
          mail.reopen(undefined);
          showComposer(mail);
        },
      });
    else mail.dispose();
  } catch {
    // The report arrives as a mail, too.
  }
}

function askDoubt(doubt: Doubt): Promise<boolean> {
  return new Promise((resolve) => {
    openDialog((close) =>
      DoubtDialog({
        doubt,
        answer: (yes) => {
          close();
          resolve(yes);
        },
      }),
    );
  });
}

export const whenText = (date: Date) => mediumDate(date);
