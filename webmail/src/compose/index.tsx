// The composer's chunk: what is asked for becomes an open sheet.
import { render } from "preact";
import { t } from "../i18n";
import { longDate } from "../i18n/dates";
import type { Email, EmailAddress, GetResponse } from "../jmap/types";
import { register } from "../keys";
import { identities, isOwn, loadIdentities } from "../store/identities";
import { jmap } from "../store/session";
import { settings } from "../store/settings";
import { showError } from "../ui/Toast";
import "./compose.css";
import { without } from "./addresses";
import { composers, focusComposer, front, showComposer } from "./composers";
import { Composing, newMessageId, problemText } from "./composing";
import { attached, DRAFT_PROPERTIES, fromEmail } from "./draft";
import { askLink } from "./FormatBar";
import type { ComposeIntent } from "./intent";
import { parseMailto } from "./mailto";
import { sendMail } from "./outbox";
import { pick } from "./pick";
import { forwardQuote, forwardQuoteText, hasHtml, replyQuote, replyQuoteText } from "./quote";
import { offerRecovery } from "./Recovery";
import { replyTo, senderFor, threading } from "./recipients";
import { openScheduledList } from "./Scheduled";
import { askLater, Composers, closeComposer, discardComposer, insertPictures, minimise, switchMode } from "./Sheet";
import { forwardSubject, replySubject } from "./subject";
import { fromText } from "./text";

const host = document.createElement("div");
host.id = "composers";
document.body.append(host);
render(<Composers />, host);

const inFront = (run: (mail: Composing) => unknown) => () => {
  const mail = front.value;
  // A dialog in front of the composer has the keys.
  if (!mail || document.querySelector("dialog[open]")) return false;
  return run(mail);
};
register(
  {
    id: "compose.send",
    label: "compose.send",
    scope: "composer",
    keys: "Mod+Enter",
    run: inFront((mail) => void sendMail(mail)),
  },
  { id: "compose.later", label: "compose.later", scope: "composer", keys: "Mod+Shift+Enter", run: inFront(askLater) },
  {
    id: "compose.close",
    label: "compose.close",
    scope: "composer",
    keys: "Escape",
    run: inFront((mail) => void closeComposer(mail)),
  },
  { id: "compose.minimise", label: "compose.minimise", scope: "composer", keys: "Mod+Alt+m", run: inFront(minimise) },
  {
    id: "compose.full",
    label: "compose.full",
    scope: "composer",
    keys: "Mod+Alt+f",
    run: inFront((mail) => (mail.size.value = mail.size.value === "full" ? "sheet" : "full")),
  },
  {
    id: "compose.attach",
    label: "compose.attach",
    scope: "composer",
    keys: "Mod+Shift+a",
    run: inFront((mail) => void pick().then((files) => mail.attach(files))),
  },
  {
    id: "compose.insertPicture",
    label: "compose.insertPicture",
    scope: "composer",
    keys: "Mod+Alt+i",
    run: inFront((mail) => void insertPictures(mail)),
  },
  {
    id: "compose.link",
    label: "compose.link",
    scope: "composer",
    keys: "Mod+k",
    run: inFront((mail) => mail.mode.value === "rich" && void askLink(mail)),
  },
  {
    id: "compose.save",
    label: "compose.save",
    scope: "composer",
    keys: "Mod+s",
    run: inFront((mail) => void mail.save()),
  },
  { id: "compose.plain", label: "compose.plain", scope: "composer", keys: "Mod+Alt+p", run: inFront(switchMode) },
  {
    id: "compose.showCc",
    label: "compose.showCc",
    scope: "composer",
    keys: "Mod+Shift+c",
    run: inFront((mail) => (mail.showCc.value = true)),
  },
  {
    id: "compose.showBcc",
    label: "compose.showBcc",
    scope: "composer",
    keys: "Mod+Shift+b",
    run: inFront((mail) => (mail.showBcc.value = true)),
  },
  {
    id: "compose.discard",
    label: "compose.discard",
    scope: "composer",
    keys: "Mod+Shift+d",
    run: inFront((mail) => void discardComposer(mail)),
  },
);

addEventListener("beforeunload", (event) => {
  // The local copy is written within a third of a second; only what is younger would be lost.
  const open = composers.value.filter(
    (mail) => mail.saveState.value === "dirty" || mail.saveState.value === "failed" || mail.sending.value,
  );
  for (const mail of open) void mail.keepHere(true);
  if (open.some((mail) => mail.sending.value || mail.saveState.value === "failed")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const mail of composers.value) void mail.save();
});

export async function open(intent: ComposeIntent): Promise<void> {
  try {
    if (identities.value.length === 0) await loadIdentities().catch(() => undefined);
    await start(intent);
  } catch (error) {
    showError(t("compose.open.failed", { why: problemText(error) }), {
      label: t("retry"),
      run: () => void open(intent),
    });
  }
}

export function openScheduled(): void {
  openScheduledList();
}

export async function saveAll(): Promise<boolean> {
  const done = await Promise.all(composers.value.map((mail) => mail.close()));
  return done.every(Boolean);
}

export { offerRecovery };

async function start(intent: ComposeIntent): Promise<void> {
  // The last mail of a conversation may be a draft: whoever wants to answer it goes on with it.
  if ("email" in intent && intent.email.keywords.$draft) return continueDraft(intent.email.id);
  switch (intent.kind) {
    case "new":
      return blank(intent.to ?? [], intent.cc ?? [], intent.bcc ?? [], intent.subject ?? "", intent.body ?? "");
    case "mailto": {
      const { to, cc, bcc, subject, body, inReplyTo } = parseMailto(intent.url);
      return blank(to, cc, bcc, subject, body, inReplyTo);
    }
    case "reply":
    case "replyAll":
    case "replyList":
      return reply(intent.kind, await whole(intent.email));
    case "forward":
      return forward(await whole(intent.email));
    case "forwardAsAttachment":
      return forwardAsAttachment(intent.email);
    case "draft":
      return continueDraft(intent.emailId);
    case "again":
      return again(intent.emailId);
    case "redirect":
      return again(intent.email.id, true);
  }
}

function fresh(): Composing {
  const mail = new Composing({
    mode: settings.value.composeMode,
    language: settings.value.spellLanguage,
    receipt: settings.value.askReceipt,
  });
  return mail;
}

function blank(
  to: EmailAddress[],
  cc: EmailAddress[],
  bcc: EmailAddress[],
  subject: string,
  body: string,
  inReplyTo?: string,
): void {
  const mail = fresh();
  mail.to.value = to;
  mail.cc.value = cc;
  mail.bcc.value = bcc;
  mail.showCc.value = cc.length > 0;
  mail.showBcc.value = bcc.length > 0;
  mail.subject.value = subject;
  if (inReplyTo) mail.setThreading([inReplyTo], [inReplyTo], undefined);
  if (mail.mode.value === "plain") mail.plain.value = body;
  else mail.begin(body ? fromText(body) : document.createDocumentFragment());
  finishStart(mail);
}

/** The signature, the sheet, the focus. */
function finishStart(mail: Composing): void {
  mail.placeSignature();
  if (mail.mode.value === "plain") {
    // An answer below the quote stands between it and the signature; everything else is written at the top.
    const quoted = /^(?:.+\n)?(?:>.*\n?)+/.exec(mail.plain.value)?.[0];
    if (quoted && settings.value.replyPlace === "below") {
      mail.plain.value = `${quoted.trimEnd()}\n\n\n${mail.plain.value.slice(quoted.length).replace(/^\n*/, "\n")}`;
      mail.caret = quoted.trimEnd().length + 2;
    } else mail.caret = 0;
  }
  addOwnCopies(mail);
  mail.pristine();
  if (mail.mode.value === "rich" && settings.value.replyPlace !== "below") mail.editor.moveCursorToStart();
  showComposer(mail);
  focusComposer(mail, mail.to.value.length === 0 ? "to" : mail.subject.value === "" ? "subject" : "text");
}

/** An identity may want a blind copy of all it sends (RFC 8621 §6). */
function addOwnCopies(mail: Composing): void {
  const wanted = mail.identity.value?.bcc ?? [];
  if (wanted.length === 0) return;
  mail.bcc.value = without([...mail.bcc.value, ...wanted]);
  mail.showBcc.value = true;
}

/** The list knows only heads: for quoting the body is fetched, and uncut. */
async function whole(email: Email): Promise<Email> {
  const values = Object.values(email.bodyValues ?? {});
  if (values.length > 0 && values.every((v) => !v.isTruncated) && email.headers && email.messageId !== undefined)
    return email;
  return fetchWhole(email.id);
}

async function fetchWhole(id: string): Promise<Email> {
  const got = await jmap().call<GetResponse<Email>>("Email/get", {
    ids: [id],
    properties: DRAFT_PROPERTIES,
    fetchAllBodyValues: true,
  });
  const email = got.list[0];
  if (!email) throw new Error(t("compose.gone"));
  return email;
}

const words = () => ({
  wrote: (date: string, who: string) => t("quote.wrote", { date, who }),
  forwarded: t("quote.forwarded"),
  from: t("compose.from"),
  date: t("quote.date"),
  subject: t("compose.subject"),
  to: t("compose.to"),
  cc: t("compose.cc"),
  formatDate: longDate,
});

const defaultIdentity = () => identities.value.find((i) => i.id === settings.value.defaultIdentity);

function answer(email: Email): Composing {
  const mail = fresh();
  const sender = senderFor(email, identities.value, defaultIdentity());
  if (sender) {
    mail.identityId.value = sender.identity.id;
    mail.fromEmail.value = sender.email;
  }
  return mail;
}

function reply(kind: "reply" | "replyAll" | "replyList", email: Email): void {
  const present = composers.value.find((open) => open.answers(email.id, kind));
  if (present) {
    showComposer(present);
    focusComposer(present);
    return;
  }
  const mail = answer(email);
  const own = (address: string) =>
    isOwn(address) || identities.value.some((i) => i.email.toLowerCase() === address.toLowerCase());
  const { to, cc } = replyTo(email, kind, own);
  mail.to.value = to;
  mail.cc.value = cc;
  mail.showCc.value = cc.length > 0;
  mail.subject.value = replySubject(email.subject);
  const { inReplyTo, references } = threading(email);
  mail.setThreading(inReplyTo, references, { kind: "reply", emailId: email.id });
  mail.replyKind = kind;
  const place = settings.value.replyPlace;
  if (mail.mode.value === "plain") {
    const quote = place === "none" ? "" : replyQuoteText(email, words());
    mail.plain.value = place === "below" ? `${quote}\n\n` : `\n\n${quote}`;
  } else {
    // Pictures inside the quoted mail go along with it.
    const pictures = attached(email).filter((a) => a.inline);
    const content = document.createDocumentFragment();
    const line = () => {
      const block = document.createElement("div");
      block.append(document.createElement("br"));
      return block;
    };
    if (place !== "none") {
      mail.adopt(pictures);
      const quote = replyQuote(email, words(), (cid) => mail.pictureUrl(cid));
      content.append(...(place === "below" ? [quote, line()] : [line(), line(), quote]));
    } else content.append(line());
    mail.begin(content);
  }
  finishStart(mail);
  if (place === "below" && mail.mode.value === "rich") cursorAfterQuote(mail);
}

/** Below the quote, above the signature. */
function cursorAfterQuote(mail: Composing): void {
  const quote = mail.root.querySelector(".tamanoir-quote");
  const line = quote?.nextElementSibling;
  if (!line) return;
  const range = document.createRange();
  range.setStart(line, 0);
  range.collapse(true);
  mail.editor.setSelection(range);
  line.scrollIntoView({ block: "center" });
}

function forward(email: Email): void {
  const mail = answer(email);
  mail.subject.value = forwardSubject(email.subject);
  mail.setThreading(null, threading(email).references, { kind: "forward", emailId: email.id });
  // A mail that is only HTML to look at is forwarded as it is, whatever new mails are written in.
  if (mail.mode.value === "plain" && !hasHtml(email)) {
    mail.adopt(attached(email));
    mail.plain.value = `\n\n${forwardQuoteText(email, words())}`;
  } else {
    mail.mode.value = "rich";
    mail.adopt(attached(email));
    const content = document.createDocumentFragment();
    for (let i = 0; i < 2; i++) {
      const block = document.createElement("div");
      block.append(document.createElement("br"));
      content.append(block);
    }
    content.append(forwardQuote(email, words(), (cid) => mail.pictureUrl(cid)));
    mail.begin(content);
  }
  finishStart(mail);
}

function forwardAsAttachment(email: Email): void {
  const mail = answer(email);
  mail.subject.value = forwardSubject(email.subject);
  mail.setThreading(null, null, { kind: "forward", emailId: email.id });
  mail.adopt([
    {
      key: `whole-${email.id}`,
      name: `${
        (email.subject ?? "mail")
          .replace(/[/\\:*?"<>|]+/g, " ")
          .slice(0, 80)
          .trim() || "mail"
      }.eml`,
      type: "message/rfc822",
      size: email.size ?? 0,
      blobId: email.blobId,
      cid: undefined,
      inline: false,
    },
  ]);
  if (mail.mode.value === "rich") mail.begin(document.createDocumentFragment());
  finishStart(mail);
}

async function continueDraft(emailId: string): Promise<void> {
  const present = composers.value.find((mail) => mail.is(emailId));
  if (present) {
    showComposer(present);
    focusComposer(present);
    return;
  }
  const email = await fetchWhole(emailId);
  const mail = new Composing(fromEmail(email, identities.value, newMessageId));
  mail.serverId = emailId;
  mail.savedAt.value = new Date(email.receivedAt);
  mail.pristine();
  showComposer(mail);
}

/** "Edit as new" and "Resend": the same words and files, a mail of its own. */
async function again(emailId: string, empty = false): Promise<void> {
  const draft = fromEmail(await fetchWhole(emailId), identities.value, newMessageId);
  const mail = new Composing({
    ...draft,
    messageId: newMessageId(),
    inReplyTo: null,
    references: null,
    relation: undefined,
    ...(empty ? { to: [], cc: [], bcc: [] } : {}),
  });
  const own = identities.value.find((i) => i.email.toLowerCase() === draft.fromEmail.toLowerCase());
  if (!own) {
    const identity = defaultIdentity() ?? identities.value[0];
    mail.identityId.value = identity?.id ?? "";
    mail.fromEmail.value = identity?.email ?? "";
  }
  showComposer(mail);
}
