// One mail of a conversation: who, when, to whom, whether the sender is who they say, the body, the attachments.
import { useState } from "preact/hooks";
import { openComposer } from "../compose/intent";
import { t } from "../i18n";
import { longDate, mediumDate, shortDate } from "../i18n/dates";
import type { BodyPart, Email, EmailAddress, EmailRow } from "../jmap/types";
import { askFolder } from "../list/menus";
import { displayName } from "../list/Row";
import { go } from "../router";
import * as actions from "../store/actions";
import { wholeBody } from "../store/emails";
import { isOwn } from "../store/identities";
import { jmap, send } from "../store/session";
import { change, settings } from "../store/settings";
import { dark, phone, printing } from "../theme";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Dialog, openDialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { MenuButton, type MenuItem } from "../ui/Menu";
import { showError, showToast } from "../ui/Toast";
import { Attachments, InviteCard, kindOf } from "./Attachments";
import { Frame } from "./body/lazy";
import { TextBody } from "./body/Text";
import { junkLine, junkReport } from "./junk";
import { card, setCard } from "./state";
import { header, verdict, warnings } from "./verify";

export interface CardProps {
  email: EmailRow;
  whole?: Email;
  open: boolean;
  only: boolean;
  index: number;
  failed: boolean;
  retry: () => void;
  onToggle: () => void;
}

export function Card({ email, whole, open, only, failed, retry, onToggle }: CardProps) {
  const sender = email.from?.[0] ?? { name: null, email: "" };
  const name = isOwn(sender.email) ? t("me") : displayName(sender) || t("noSender");
  const date = new Date(email.receivedAt);
  const unread = !email.keywords.$seen;
  const left = printing.value && !printing.value.has(email.id) ? " not-printed" : "";
  if (!open) {
    return (
      <article class={`card folded${unread ? " unread" : ""}${left}`}>
        <button type="button" class="card-fold" aria-expanded="false" onClick={onToggle}>
          <Avatar name={displayName(sender)} email={sender.email} size={24} />
          <bdi class="card-name truncate">{name}</bdi>
          {email.keywords.$draft && <span class="row-draft">{t("draft")}</span>}
          <bdi class="card-preview truncate">{email.preview ?? email.subject ?? ""}</bdi>
          {email.hasAttachment && <Icon name="paperclip" size={14} />}
          {email.keywords.$flagged && <Icon name="star" size={14} filled />}
          <time class="digits" dateTime={email.receivedAt} title={longDate(date)}>
            {shortDate(date)}
          </time>
        </button>
      </article>
    );
  }
  return (
    <article
      class={`card${unread ? " unread" : ""}${left}`}
      aria-label={t("reader.mailFrom", { name, date: mediumDate(date) })}
    >
      <header class="card-head">
        <Avatar name={displayName(sender)} email={sender.email} size={40} />
        <div class="card-who">
          <div class="card-from">
            <Person address={sender} />
            <span class="spring" />
            <time class="digits" dateTime={email.receivedAt} title={longDate(date)}>
              {phone.value ? shortDate(date) : mediumDate(date)}
            </time>
          </div>
          <Recipients email={email} whole={whole} />
          {whole && <Signed email={whole} />}
          {whole && <WhyJunk email={whole} />}
        </div>
        <div class="card-buttons">
          {email.keywords.$draft ? (
            <Button
              icon="pencil"
              kind="outline"
              small
              onClick={() => void openComposer({ kind: "draft", emailId: email.id })}
            >
              {t("draft.edit")}
            </Button>
          ) : (
            whole && (
              <Button
                icon="reply"
                flip
                small
                label={t("reply")}
                onClick={() => void openComposer({ kind: "reply", email: whole })}
              />
            )
          )}
          <MenuButton icon="ellipsis" small label={t("reader.mailActions")} items={() => mailItems(email, whole)} />
          {!only && <Button icon="chevron-up" small label={t("keys.fold")} aria-expanded="true" onClick={onToggle} />}
        </div>
      </header>
      {whole ? (
        <Content email={whole} />
      ) : failed ? (
        <div class="notice warning">
          <span>{t("reader.failed")}</span>
          <Button kind="outline" small onClick={retry}>
            {t("retry")}
          </Button>
        </div>
      ) : (
        <div class="reader-skeleton">
          <i class="bar" />
          <i class="bar" />
          <i class="bar short" />
        </div>
      )}
    </article>
  );
}

/** A name with its address always in sight; both are of the sender's making and stay in their own direction. */
function Person({ address }: { address: EmailAddress }) {
  return (
    <MenuButton
      class="person"
      items={() => [
        { heading: address.email },
        { label: t("person.write"), icon: "square-pen", run: () => void openComposer({ kind: "new", to: [address] }) },
        { label: t("person.mails"), icon: "search", run: () => go({ at: "search", query: `from:${address.email}` }) },
        {
          label: t("person.copy"),
          icon: "copy",
          run: () =>
            void navigator.clipboard
              .writeText(address.email)
              .then(() => showToast({ text: t("copied"), duration: 2500 })),
        },
        {
          label: t("person.add"),
          icon: "book-user",
          run: () =>
            go(
              `/contacts/new?name=${encodeURIComponent(address.name ?? "")}&email=${encodeURIComponent(address.email)}`,
            ),
        },
      ]}
    >
      <bdi class="person-name">{address.name?.trim() || address.email}</bdi>
      {address.name?.trim() && <bdi class="person-address">{address.email}</bdi>}
    </MenuButton>
  );
}

function Recipients({ email, whole }: { email: EmailRow; whole?: Email }) {
  const open = card(email.id).value.details ?? false;
  const to = email.to ?? [];
  const all = [...to, ...(whole?.cc ?? [])];
  const first = all.slice(0, 3).map((a) => (isOwn(a.email) ? t("me") : displayName(a)));
  const more = all.length - first.length;
  return (
    <>
      <button type="button" class="card-to" aria-expanded={open} onClick={() => setCard(email.id, { details: !open })}>
        <span class="truncate">
          {all.length === 0 ? t("to.nobody") : t("to.people", { names: first.join(", ") })}
          {more > 0 && ` +${more}`}
        </span>
        <Icon name={open ? "chevron-up" : "chevron-down"} size={14} />
      </button>
      {open && whole && <Details email={whole} />}
    </>
  );
}

function Details({ email }: { email: Email }) {
  const people = (list: EmailAddress[] | null) =>
    list?.map((address, i) => (
      <span key={i} class="detail-person">
        {address.name && <bdi>{address.name} </bdi>}
        <bdi class="person-address">&lt;{address.email}&gt;</bdi>
      </span>
    ));
  const result = verdict(email);
  const why = junkReport(email);
  const line = (label: string, value: unknown) =>
    value ? (
      <div>
        <dt>{label}</dt>
        <dd>{value as string}</dd>
      </div>
    ) : null;
  return (
    <dl class="details">
      {line(t("header.from"), people(email.from))}
      {email.replyTo?.length ? line(t("header.replyTo"), people(email.replyTo)) : null}
      {email.to?.length ? line(t("header.to"), people(email.to)) : null}
      {email.cc?.length ? line(t("header.cc"), people(email.cc)) : null}
      {email.bcc?.length ? line(t("header.bcc"), people(email.bcc)) : null}
      {line(t("header.date"), longDate(new Date(email.sentAt ?? email.receivedAt)))}
      {line(t("header.subject"), email.subject && <bdi>{email.subject}</bdi>)}
      {result &&
        line(t("verify.title"), result.raw.length > 0 ? result.raw.map((r) => <code key={r}>{r}</code>) : result.text)}
      {why && line(t("why.title"), <code>{why.raw}</code>)}
    </dl>
  );
}

function Signed({ email }: { email: Email }) {
  const sender = email.from?.[0]?.email ?? "";
  const result = verdict(email);
  if (!result || isOwn(sender) || email.keywords.$draft) return null;
  const icon = result.state === "good" ? "shield-check" : result.state === "bad" ? "triangle-alert" : "info";
  return (
    <button type="button" class={`signed ${result.state}`} onClick={() => setCard(email.id, { details: true })}>
      <Icon name={icon} size={14} />
      <span class="truncate">{result.text}</span>
    </button>
  );
}

function WhyJunk({ email }: { email: Email }) {
  const line = junkLine(email);
  if (!line || isOwn(email.from?.[0]?.email ?? "") || email.keywords.$draft) return null;
  const junk = junkReport(email)?.junk;
  return (
    <button type="button" class="signed why" onClick={() => setCard(email.id, { details: true })}>
      <Icon name={junk ? "shield-alert" : "shield-check"} size={14} />
      <span>{line}</span>
    </button>
  );
}

// ---- the body --------------------------------------------------------------------------------------------------------

const textIn = (email: Email, parts: BodyPart[]): string =>
  parts
    .flatMap((part) =>
      part.partId && email.bodyValues[part.partId] ? [email.bodyValues[part.partId]?.value ?? ""] : [],
    )
    .join("\n");

function Content({ email }: { email: Email }) {
  const [found, setFound] = useState({ remote: 0, trackers: 0, knowsDark: false, empty: false });
  const [shownAll, setShownAll] = useState<Email | undefined>();
  const state = card(email.id).value;
  const current = shownAll?.id === email.id ? shownAll : email;
  const sender = (email.from?.[0]?.email ?? "").toLowerCase();
  const trusted = settings.value.remotePictures === "always" || settings.value.trustedSenders.includes(sender);
  const isJunk = Boolean(email.keywords.$junk);
  const pictures = state.pictures ?? (trusted && !isJunk);
  const original = state.originalColours ?? settings.value.originalColours.includes(sender);
  const htmlParts = current.htmlBody.filter((p) => p.type === "text/html");
  const plain = settings.value.preferPlainText && current.textBody.some((p) => p.type === "text/plain");
  const isHtml = htmlParts.length > 0 && !plain;
  const html = isHtml ? wholeHtml(current) : "";
  const text = isHtml ? "" : textIn(current, current.textBody);
  const truncated = Object.values(current.bodyValues).some((v) => v.isTruncated);
  const flowed = /format\s*=\s*"?flowed/i.test(header(email, "Content-Type") ?? "");
  const invites = [...email.attachments, ...email.textBody].filter((p) => kindOf(p) === "calendar").slice(0, 1);
  const inlined = isHtml
    ? new Set([...html.matchAll(/cid:([^"'\s>)]+)/gi)].map((m) => decode(m[1] ?? "")))
    : new Set<string>();
  const files = email.attachments.filter(
    (p) => !(p.cid && inlined.has(p.cid.replace(/^<|>$/g, "")) && p.type.startsWith("image/")),
  );
  if (state.source) return <Source email={email} />;
  return (
    <div class="card-body">
      {warnings(email).map((warning) => (
        <div key={warning} class="notice warning">
          <Icon name="triangle-alert" />
          <span>{warning}</span>
        </div>
      ))}
      {invites.map((part) => (
        <InviteCard key={part.blobId} part={part} />
      ))}
      {isHtml && found.remote > 0 && !pictures && (
        <div class="notice">
          <Icon name="image" />
          <span>{t("pictures.blocked")}</span>
          <Button small kind="outline" onClick={() => setCard(email.id, { pictures: true })}>
            {t("pictures.once")}
          </Button>
          {sender && !isJunk && (
            <Button
              small
              onClick={() => {
                change({ trustedSenders: [...settings.peek().trustedSenders, sender] });
                setCard(email.id, { pictures: true });
              }}
            >
              {t("pictures.sender")}
            </Button>
          )}
        </div>
      )}
      {isHtml && found.trackers > 0 && (
        <p class="trackers">
          <Icon name="eye-off" size={14} />
          {t("trackers", { n: found.trackers })}
        </p>
      )}
      <Unsubscribe email={email} />
      {isHtml && html.trim() && found.empty && <p class="no-text">{t("body.empty")}</p>}
      {isHtml && html.trim() ? (
        <Frame email={current} html={html} pictures={pictures} originalColours={original} onFound={setFound} />
      ) : text.trim() ? (
        <TextBody text={text} flowed={flowed} />
      ) : (
        <p class="no-text">{t("body.empty")}</p>
      )}
      {isHtml && dark.value && !found.knowsDark && (
        <button
          type="button"
          class="quiet-link"
          onClick={() => {
            const others = settings.peek().originalColours.filter((s) => s !== sender);
            change({ originalColours: original ? others : [...others, sender] });
            setCard(email.id, { originalColours: !original });
          }}
        >
          {t(original ? "colours.dark" : "colours.original")}
        </button>
      )}
      {truncated && current === email && (
        <div class="notice">
          <span>{t("body.truncated")}</span>
          <Button small kind="outline" onClick={() => void wholeBody(email.id).then(setShownAll)}>
            {t("body.showAll")}
          </Button>
        </div>
      )}
      <Attachments email={email} parts={files} />
    </div>
  );
}

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Several inline parts follow one another; plain ones among them are written as text. */
function wholeHtml(email: Email): string {
  return email.htmlBody
    .flatMap((part) => {
      const value = part.partId ? email.bodyValues[part.partId]?.value : undefined;
      if (value === undefined) {
        // A picture between texts (Apple Mail) is shown where it stands.
        return part.type.startsWith("image/") && part.cid
          ? [`<p><img src="cid:${escapeHtml(part.cid.replace(/^<|>$/g, ""))}" alt=""></p>`]
          : [];
      }
      return part.type === "text/html" ? [value] : [`<pre>${escapeHtml(value)}</pre>`];
    })
    .join("\n");
}
const escapeHtml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

function Unsubscribe({ email }: { email: Email }) {
  const [state, setState] = useState<"offered" | "working" | "done">("offered");
  if (!header(email, "List-Unsubscribe") || email.keywords.$junk) return null;
  const name = displayName(email.from?.[0]);
  const run = async () => {
    setState("working");
    try {
      const answer = await send<{ done?: boolean; mailto?: string; open?: string }>("POST", "/unsubscribe", {
        emailId: email.id,
      });
      if (answer.mailto) {
        setState("offered");
        await openComposer({ kind: "mailto", url: answer.mailto });
      } else if (answer.open && /^https:\/\//i.test(answer.open)) {
        setState("offered");
        open(answer.open, "_blank", "noopener,noreferrer");
      } else setState("done");
    } catch (error) {
      setState("offered");
      showError(t("error.failed", { why: (error as Error).message }), { label: t("retry"), run: () => void run() });
    }
  };
  return (
    <div class="list-line">
      <Icon name="list" size={14} />
      <span class="truncate">{state === "done" ? t("unsubscribe.done") : t("unsubscribe.list", { name })}</span>
      {state !== "done" && (
        <button type="button" class="quiet-link" disabled={state === "working"} onClick={() => void run()}>
          {t("unsubscribe")}
        </button>
      )}
    </div>
  );
}

function Source({ email }: { email: Email }) {
  const [text, setText] = useState<string | undefined>();
  const [headersOnly, setHeadersOnly] = useState(true);
  const url = jmap().downloadUrl(email.blobId, "message.eml", "message/rfc822");
  const headers = email.headers.map((h) => `${h.name}:${h.value}`).join("\n");
  const loadAll = async () => {
    setHeadersOnly(false);
    const response = await fetch(url);
    const bytes = await response.arrayBuffer();
    setText(new TextDecoder("utf-8").decode(bytes.slice(0, 2_000_000)));
  };
  return (
    <div class="source">
      <div class="source-bar">
        <Button small pressed={headersOnly} onClick={() => setHeadersOnly(true)}>
          {t("source.headers")}
        </Button>
        <Button small pressed={!headersOnly} onClick={() => void loadAll()}>
          {t("source.all")}
        </Button>
        <span class="spring" />
        <a class="button small" href={url} download={`${email.subject ?? "message"}.eml`}>
          <Icon name="download" />
          <span class="text">{t("source.save")}</span>
        </a>
        <Button small icon="x" label={t("close")} onClick={() => setCard(email.id, { source: false })} />
      </div>
      <pre tabIndex={0}>{headersOnly ? headers : (text ?? t("loading"))}</pre>
    </div>
  );
}

/** What can be done to this mail alone. */
function mailItems(email: EmailRow, whole?: Email): MenuItem[] {
  const write = (kind: "reply" | "replyAll" | "replyList" | "forward" | "forwardAsAttachment" | "redirect") => () =>
    whole && void openComposer({ kind, email: whole });
  const one = [email.id];
  // RFC 2369 §3.4: a list that takes mail says where.
  const list = whole?.headers.some((h) => /^list-post$/i.test(h.name) && /<\s*mailto:/i.test(h.value));
  return [
    { label: t("reply"), icon: "reply", disabled: !whole, run: write("reply") },
    { label: t("replyAll"), icon: "reply-all", disabled: !whole, run: write("replyAll") },
    ...(list ? [{ label: t("replyList"), icon: "users", run: write("replyList") }] : []),
    { label: t("forward"), icon: "forward", disabled: !whole, run: write("forward") },
    { label: t("forwardAsAttachment"), icon: "paperclip", disabled: !whole, run: write("forwardAsAttachment") },
    { label: t("redirect"), icon: "corner-up-right", disabled: !whole, run: write("redirect") },
    { label: t("writeAgain"), icon: "square-pen", run: () => void openComposer({ kind: "again", emailId: email.id }) },
    "line",
    {
      label: t(email.keywords.$flagged ? "unstar" : "star"),
      icon: "star",
      run: () => void actions.setStar(one, !email.keywords.$flagged),
    },
    {
      label: t(email.keywords.$seen ? "markUnread" : "markRead"),
      icon: "mail",
      run: () => void actions.setSeen(one, !email.keywords.$seen),
    },
    {
      label: t("move.one"),
      icon: "folder-input",
      run: () => askFolder(t("move.one"), (m) => void actions.moveTo(one, m)),
    },
    { label: t("delete.one"), icon: "trash-2", run: () => void actions.remove(one) },
    "line",
    { label: t("print"), icon: "printer", run: () => void import("./print").then((m) => m.printAll(one)) },
    { label: t("source"), icon: "code", run: () => setCard(email.id, { source: true }) },
    {
      label: t("source.save"),
      icon: "download",
      run: () => {
        const link = document.createElement("a");
        link.href = jmap().downloadUrl(email.blobId, "message.eml", "message/rfc822");
        link.download = `${email.subject ?? "message"}.eml`;
        link.click();
      },
    },
    ...(whole
      ? [
          {
            label: t("show.details"),
            icon: "info",
            run: () => openDialog((close) => <DetailsDialog email={whole} close={close} />),
          },
        ]
      : []),
  ];
}

function DetailsDialog({ email, close }: { email: Email; close: () => void }) {
  return (
    <Dialog title={t("show.details")} onClose={close} wide>
      <Details email={email} />
    </Dialog>
  );
}
