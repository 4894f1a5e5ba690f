// One mail or one conversation. The four densities differ in the style sheet and in what is drawn; a row reads its mail's
// signal, so that a flag redraws this row alone.
import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import { fileSize, longDate, nameList, shortDate } from "../i18n/dates";
import type { EmailAddress, EmailRow, Id } from "../jmap/types";
import { hint } from "../keys";
import { labelsOf } from "../store/actions";
import { row, thread } from "../store/emails";
import { isOwn } from "../store/identities";
import type { MailList } from "../store/list";
import { currentMailbox } from "../store/lists";
import { mailboxes, mailboxName } from "../store/mailboxes";
import { density, phone } from "../theme";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import * as act from "./act";
import { labelOf } from "./menus";
import { allSelected, selected } from "./selection";

export const displayName = (address: EmailAddress | undefined): string => address?.name?.trim() || address?.email || "";

export interface Summary {
  names: string[];
  address: EmailAddress;
  count: number;
  unread: boolean;
  starred: boolean;
  files: boolean;
  labels: string[];
  answered: boolean;
  draft: boolean;
}

/** What a row says about a mail and the conversation it stands for. */
export function summarise(list: MailList, email: EmailRow): Summary {
  const ids = list.query.collapse ? (thread(email.threadId).value ?? [email.id]) : [email.id];
  const emails = ids.flatMap((id) => row(id).value ?? []);
  const all = emails.length > 0 ? emails : [email];
  const outgoing = currentMailbox.value?.role === "sent" || currentMailbox.value?.role === "drafts";
  const people = outgoing ? (email.to ?? []) : all.flatMap((e) => e.from ?? []);
  const names: string[] = [];
  const single = new Set(people.map((p) => p.email.toLowerCase())).size === 1 || all.length === 1;
  for (const person of people) {
    const whole = isOwn(person.email) && !outgoing ? t("me") : displayName(person);
    // In a conversation first names are enough; an address stays whole.
    const name = single || whole.includes("@") ? whole : (whole.replace(/^"|"$/g, "").split(/[\s,]+/)[0] ?? whole);
    if (name && !names.includes(name)) names.push(name);
  }
  return {
    names: names.length > 3 ? [names[0] ?? "", "…", ...names.slice(-2)] : names,
    address: (outgoing ? email.to?.[0] : email.from?.[0]) ?? { name: null, email: "" },
    count: list.query.collapse ? ids.length : 1,
    unread: all.some((e) => !e.keywords.$seen && !e.keywords.$draft),
    starred: all.some((e) => e.keywords.$flagged),
    files: email.hasAttachment || all.some((e) => e.hasAttachment),
    labels: [...new Set(all.flatMap(labelsOf))],
    answered: Boolean(email.keywords.$answered),
    draft: all.some((e) => e.keywords.$draft),
  };
}

interface RowProps {
  id: Id;
  list: MailList;
  index: number;
  top: number;
  tall: number;
  opened: boolean;
  focusable: boolean;
}

export function Row({ id, list, index, top, tall, opened, focusable }: RowProps) {
  const email = row(id).value;
  if (!email) return <SkeletonRow top={top} tall={tall} index={index} />;
  const about = summarise(list, email);
  const chosen = allSelected.value || selected.value.has(id);
  const date = new Date(email.receivedAt);
  const subject = email.subject?.trim() || t("noSubject");
  const who = about.names.join(", ") || t("noSender");
  const classes = ["row", about.unread && "unread", chosen && "chosen", opened && "opened"].filter(Boolean).join(" ");
  const snippet = list.snippets.get(id);
  const spoken = [
    about.unread && t("unread"),
    about.starred && t("starred"),
    nameList(about.names.filter((n) => n !== "…")),
    about.count > 1 && t("row.count", { n: about.count }),
    subject,
    longDate(date),
    about.files && t("row.files"),
    ...about.labels.map((k) => labelOf(k).name),
  ]
    .filter(Boolean)
    .join(", ");
  const props = { email, about, date, subject, who, index, snippet, list, chosen };
  return (
    <div
      role="row"
      class={classes}
      aria-rowindex={index + 1}
      aria-selected={chosen}
      aria-label={spoken}
      aria-current={opened ? "true" : undefined}
      data-index={index}
      data-id={id}
      tabIndex={focusable ? 0 : -1}
      draggable={!phone.value}
      style={{ transform: `translateY(${top}px)`, blockSize: `${tall}px` }}
    >
      {density.value === "table" && !phone.value ? (
        <TableCells {...props} />
      ) : density.value === "compact" && !phone.value ? (
        <CompactCells {...props} />
      ) : (
        <CardCells {...props} />
      )}
      <HoverActions id={id} unread={about.unread} />
    </div>
  );
}

interface CellProps {
  email: EmailRow;
  about: Summary;
  date: Date;
  subject: string;
  who: string;
  index: number;
  snippet?: { subject: string | null; preview: string | null };
  list: MailList;
  chosen: boolean;
}

const Check = ({ chosen, who, children }: { chosen: boolean; who: string; children?: ComponentChildren }) => (
  <span role="gridcell" class="row-check" data-check>
    {children}
    <span class="check-box" role="checkbox" aria-checked={chosen} aria-label={t("row.select", { from: who })}>
      {chosen && <Icon name="check" size={14} />}
    </span>
  </span>
);

const Star = ({ email, about }: { email: EmailRow; about: Summary }) => (
  <button
    type="button"
    tabIndex={-1}
    class={about.starred ? "row-star on" : "row-star"}
    data-act
    aria-label={t(about.starred ? "unstar" : "star")}
    title={t(about.starred ? "unstar" : "star")}
    onClick={(event) => {
      event.stopPropagation();
      void act.star([email.id], !about.starred);
    }}
  >
    <Icon name="star" size={16} filled={about.starred} />
  </button>
);

/** The text's own direction decides where it is cut; `dir="auto"` looks at what is directly inside. */
const Who = ({ about, who }: { about: Summary; who: string }) => (
  <span class="row-who">
    {about.draft && <span class="row-draft">{t("draft")}</span>}
    <span class="row-name truncate" dir="auto">
      {who}
    </span>
    {about.count > 1 && <span class="row-count digits">{about.count}</span>}
  </span>
);

const Labels = ({ about, most }: { about: Summary; most: number }) =>
  about.labels.length === 0 ? null : (
    <span class="row-labels">
      {about.labels.slice(0, most).map((keyword) => {
        const label = labelOf(keyword);
        return (
          <span key={keyword} class={`label label-${label.colour}`}>
            {label.name}
          </span>
        );
      })}
      {about.labels.length > most && <span class="label label-slate">+{about.labels.length - most}</span>}
    </span>
  );

/** In a search the folder of each hit is said. */
const Place = ({ email, list }: { email: EmailRow; list: MailList }) => {
  if (!list.query.snippets) return null;
  const mailbox = Object.keys(email.mailboxIds)
    .map((id) => mailboxes.value.get(id))
    .find(Boolean);
  return mailbox ? <span class="label row-place">{mailboxName(mailbox)}</span> : null;
};

const Signs = ({ about }: { about: Summary }) => (
  <>
    {about.answered && <Icon name="reply" size={14} flip />}
    {about.files && <Icon name="paperclip" size={14} />}
  </>
);

const Subject = ({ subject, snippet }: { subject: string; snippet?: CellProps["snippet"] }) => (
  <span class="row-subject">{snippet?.subject ? marked(snippet.subject) : subject}</span>
);
const Preview = ({ email, snippet }: { email: EmailRow; snippet?: CellProps["snippet"] }) => (
  <>
    <span class="row-dash" aria-hidden="true">
      {"\u2002–\u2002"}
    </span>
    <bdi class="row-preview">{snippet?.preview ? marked(fromMark(snippet.preview)) : email.preview}</bdi>
  </>
);

function CardCells({ email, about, date, subject, who, snippet, list, chosen }: CellProps) {
  const roomy = density.value === "roomy";
  return (
    <>
      <Check chosen={chosen} who={who}>
        <Avatar name={displayName(about.address)} email={about.address.email} size={roomy ? 40 : 32} />
      </Check>
      <span role="gridcell" class="row-main">
        <span class="row-line">
          <Who about={about} who={who} />
          <Signs about={about} />
          <time class="row-date digits" dateTime={email.receivedAt} title={longDate(date)}>
            {shortDate(date)}
          </time>
        </span>
        <span class="row-line">
          <span class="row-text truncate" dir="auto">
            <Subject subject={subject} snippet={snippet} />
            {!roomy && <Preview email={email} snippet={snippet} />}
          </span>
          <Place email={email} list={list} />
          <Labels about={about} most={2} />
          <Star email={email} about={about} />
        </span>
        {roomy && (
          <span class="row-line">
            <span class="row-text truncate row-preview" dir="auto">
              {snippet?.preview ? marked(snippet.preview) : email.preview}
            </span>
          </span>
        )}
      </span>
    </>
  );
}

function CompactCells({ email, about, date, subject, who, snippet, list, chosen }: CellProps) {
  return (
    <>
      <Check chosen={chosen} who={who} />
      <span role="gridcell" class="row-compact">
        <Star email={email} about={about} />
        <Who about={about} who={who} />
        <span class="row-text truncate" dir="auto">
          <Subject subject={subject} snippet={snippet} />
          <Preview email={email} snippet={snippet} />
        </span>
        <Place email={email} list={list} />
        <Labels about={about} most={2} />
        <Signs about={about} />
        <time class="row-date digits" dateTime={email.receivedAt} title={longDate(date)}>
          {shortDate(date)}
        </time>
      </span>
    </>
  );
}

function TableCells({ email, about, date, subject, who, snippet, list, chosen }: CellProps) {
  return (
    <>
      <Check chosen={chosen} who={who} />
      <span role="gridcell" class="col-star">
        <Star email={email} about={about} />
      </span>
      <span role="gridcell" class="col-who">
        <Who about={about} who={who} />
      </span>
      <span role="gridcell" class="col-subject">
        <span class="row-text truncate" dir="auto">
          <Subject subject={subject} snippet={snippet} />
          <Preview email={email} snippet={snippet} />
        </span>
        <Place email={email} list={list} />
        <Labels about={about} most={3} />
        <Signs about={about} />
      </span>
      <span role="gridcell" class="col-size digits">
        {fileSize(email.size)}
      </span>
      <span role="gridcell" class="col-date">
        <time class="row-date digits" dateTime={email.receivedAt} title={longDate(date)}>
          {shortDate(date)}
        </time>
      </span>
    </>
  );
}

function HoverActions({ id, unread }: { id: Id; unread: boolean }) {
  const role = currentMailbox.value?.role;
  const action = (name: string, icon: string, key: string | undefined, run: () => unknown) => (
    <button
      type="button"
      tabIndex={-1}
      class="hover-action"
      aria-label={name}
      title={key ? `${name} (${key})` : name}
      onClick={(event) => {
        event.stopPropagation();
        run();
      }}
    >
      <Icon name={icon} size={16} />
    </button>
  );
  return (
    <span role="gridcell" class="hover-actions" data-act>
      {role !== "archive" && action(t("archive"), "archive", hint("archive"), () => act.archive([id]))}
      {action(t("delete"), "trash-2", hint("delete"), () => act.remove([id]))}
      {action(
        t(unread ? "markRead" : "markUnread"),
        unread ? "mail-open" : "mail",
        hint(unread ? "read" : "unread"),
        () => act.setSeen(unread, [id]),
      )}
    </span>
  );
}

/** A still grey bar where a row will be. */
export function SkeletonRow({ top, tall, index }: { top: number; tall: number; index: number }) {
  return (
    <div
      role="row"
      class="row skeleton"
      aria-rowindex={index + 1}
      aria-label={t("loading")}
      style={{ transform: `translateY(${top}px)`, blockSize: `${tall}px` }}
    >
      <span role="gridcell" class="skeleton-dot" />
      <span role="gridcell" class="skeleton-lines">
        <i />
        <i />
      </span>
    </div>
  );
}

/** In a narrow row the words that were found must be among the first. */
function fromMark(snippet: string): string {
  const at = snippet.indexOf("<mark>");
  if (at < 28) return snippet;
  const start = snippet.indexOf(" ", at - 20);
  return `…${snippet.slice(start >= 0 && start < at ? start : at)}`;
}

/** Snippets of RFC 8621 §5 are text with <mark>: the marks become elements, the rest stays text. */
export function marked(snippet: string): ComponentChildren[] {
  const plain = (text: string) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
  return snippet
    .split(/(<mark>.*?<\/mark>)/s)
    .filter(Boolean)
    .map((part, i) => (part.startsWith("<mark>") ? <mark key={i}>{plain(part.slice(6, -7))}</mark> : plain(part)));
}
