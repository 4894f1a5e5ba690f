// Attachments: what they are, a look inside the app for the safe kinds, saving one or all. File names are text.
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { fileSize, longDate } from "../i18n/dates";
import type { BodyPart, Email } from "../jmap/types";
import { jmap } from "../store/session";
import { Button } from "../ui/Button";
import { Dialog, openDialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { type Invite, parseInvite } from "./invite";
import { Pdf } from "./pdf/lazy";

type Kind = "image" | "pdf" | "audio" | "video" | "text" | "mail" | "calendar" | "zip" | "other";

export function kindOf(part: BodyPart): Kind {
  const type = part.type.toLowerCase();
  if (/^image\/(png|jpe?g|gif|webp|avif)$/.test(type)) return "image";
  if (type === "application/pdf") return "pdf";
  if (type.startsWith("audio/")) return "audio";
  if (type.startsWith("video/")) return "video";
  if (type === "text/calendar") return "calendar";
  if (type === "message/rfc822" || type === "message/global") return "mail";
  if (/^text\/(plain|csv|markdown|x-[\w-]+)$/.test(type) || /\.(log|txt|md|csv|patch|diff)$/i.test(part.name ?? ""))
    return "text";
  if (/zip|compressed|x-tar|gzip|x-7z|x-rar/.test(type)) return "zip";
  return "other";
}
const ICONS: Record<Kind, string> = {
  image: "image",
  pdf: "file-text",
  audio: "music",
  video: "video",
  text: "file-text",
  mail: "mail",
  calendar: "calendar",
  zip: "file-archive",
  other: "file",
};
export const nameOf = (part: BodyPart): string =>
  part.name?.trim() || t(kindOf(part) === "mail" ? "attachment.mail" : "attachment.unnamed");
const canPreview = (part: BodyPart) => !["zip", "other", "mail"].includes(kindOf(part));

export function Attachments({ email, parts }: { email: Email; parts: BodyPart[] }) {
  if (parts.length === 0) return null;
  const total = parts.reduce((sum, p) => sum + p.size, 0);
  const zipName = `${
    (email.subject ?? "attachments")
      .replace(/[/\\:*?"<>|\s]+/g, " ")
      .trim()
      .slice(0, 60) || "attachments"
  }.zip`;
  const zip = `/jmap/zip/${encodeURIComponent(jmap().account())}/${encodeURIComponent(email.id)}/${encodeURIComponent(zipName)}`;
  return (
    <section class="attachments" aria-label={t("attachments")}>
      <div class="attachments-head">
        <span class="digits">{t("attachments.count", { n: parts.length, size: fileSize(total) })}</span>
        {parts.length > 1 && (
          <a class="button small" href={zip} download={zipName}>
            <Icon name="download" />
            <span class="text">{t("attachments.all")}</span>
          </a>
        )}
      </div>
      <ul>
        {parts.map((part, index) => (
          <li key={part.blobId ?? index} class="attachment">
            <button
              type="button"
              class="attachment-open"
              aria-label={t(canPreview(part) ? "attachment.preview" : "attachment.download", { name: nameOf(part) })}
              title={nameOf(part)}
              onClick={() => (canPreview(part) ? preview(parts, index) : save(part))}
            >
              <Icon name={ICONS[kindOf(part)]} size={20} />
              <bdi class="attachment-name truncate">{nameOf(part)}</bdi>
            </button>
            <span class="attachment-size digits">{fileSize(part.size)}</span>
            <a
              class="button only small"
              href={hrefOf(part)}
              download={nameOf(part)}
              aria-label={t("attachment.download", { name: nameOf(part) })}
              title={t("download")}
            >
              <Icon name="download" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const hrefOf = (part: BodyPart, inline = false) =>
  jmap().downloadUrl(part.blobId ?? "", nameOf(part), part.type, inline);

function save(part: BodyPart): void {
  const link = document.createElement("a");
  link.href = hrefOf(part);
  link.download = nameOf(part);
  link.click();
}

function preview(parts: BodyPart[], index: number): void {
  openDialog((close) => <Preview parts={parts.filter(canPreview)} first={parts[index]} close={close} />);
}

function Preview({ parts, first, close }: { parts: BodyPart[]; first?: BodyPart; close: () => void }) {
  const [at, setAt] = useState(Math.max(0, first ? parts.indexOf(first) : 0));
  const part = parts[at];
  if (!part) return null;
  const step = (by: number) => setAt((at + by + parts.length) % parts.length);
  return (
    <Dialog
      title={nameOf(part)}
      wide
      onClose={close}
      actions={
        <>
          <a class="button primary" href={hrefOf(part)} download={nameOf(part)}>
            <Icon name="download" />
            <span class="text">{t("download")}</span>
          </a>
          {parts.length > 1 && (
            <>
              <Button icon="chevron-right" flip label={t("attachment.next")} onClick={() => step(1)} />
              <span class="digits preview-count">{t("attachment.at", { n: at + 1, total: parts.length })}</span>
              <Button icon="chevron-left" flip label={t("attachment.previous")} onClick={() => step(-1)} />
            </>
          )}
        </>
      }
    >
      <div
        class="preview"
        onKeyDown={(event) => {
          if (parts.length > 1 && event.key === "ArrowRight") step(1);
          if (parts.length > 1 && event.key === "ArrowLeft") step(-1);
        }}
      >
        <Look key={part.blobId} part={part} />
      </div>
    </Dialog>
  );
}

function Look({ part }: { part: BodyPart }) {
  const [failed, setFailed] = useState(false);
  const kind = kindOf(part);
  const source = hrefOf(part, true);
  if (failed) return <p class="preview-none">{t("attachment.noPreview")}</p>;
  switch (kind) {
    case "image":
      return <img src={source} alt={nameOf(part)} onError={() => setFailed(true)} />;
    case "audio":
      return <audio src={source} controls onError={() => setFailed(true)} />;
    case "video":
      return <video src={source} controls onError={() => setFailed(true)} />;
    case "pdf":
      // Never in a frame: the browser's own viewer runs the scripts of the file.
      return <Pdf source={hrefOf(part)} name={nameOf(part)} failed={() => setFailed(true)} />;
    case "text":
    case "calendar":
      return <TextLook part={part} />;
    case "mail":
    case "zip":
    case "other":
      return <p class="preview-none">{t("attachment.noPreview")}</p>;
  }
}

const TEXT_LIMIT = 500_000;
async function textOf(part: BodyPart): Promise<string> {
  const response = await fetch(hrefOf(part));
  if (!response.ok) throw new Error(String(response.status));
  const bytes = (await response.arrayBuffer()).slice(0, TEXT_LIMIT);
  try {
    return new TextDecoder(part.charset ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function TextLook({ part }: { part: BodyPart }) {
  const [text, setText] = useState<string | undefined>();
  useEffect(() => {
    textOf(part).then(setText, () => setText(t("attachment.noPreview")));
  }, [part]);
  return (
    <pre dir="auto" tabIndex={0}>
      {text ?? t("loading")}
    </pre>
  );
}

/** An invitation as a card of text. */
export function InviteCard({ part }: { part: BodyPart }) {
  const [invite, setInvite] = useState<Invite | undefined>();
  useEffect(() => {
    let gone = false;
    textOf(part).then(
      (text) => !gone && setInvite(parseInvite(text)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [part.blobId]);
  if (!invite) return null;
  const when = () => {
    if (!invite.start) return "";
    if (invite.allDay)
      return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full" }).format(invite.start);
    const format = new Intl.DateTimeFormat(document.documentElement.lang.slice(0, 2), {
      dateStyle: "full",
      timeStyle: "short",
    });
    return invite.end ? format.formatRange(invite.start, invite.end) : longDate(invite.start);
  };
  const heading =
    invite.method === "CANCEL" ? "invite.cancelled" : invite.method === "REPLY" ? "invite.reply" : "invite.title";
  return (
    <section class="invite" aria-label={t(heading)}>
      <Icon name="calendar" size={24} />
      <dl>
        <dt class="invite-title">{t(heading)}</dt>
        <dd class="invite-summary">
          <bdi>{invite.summary || t("noSubject")}</bdi>
        </dd>
        <dd>{when()}</dd>
        {invite.recurring && <dd>{t("invite.recurring")}</dd>}
        {invite.location && (
          <dd>
            <bdi>{invite.location}</bdi>
          </dd>
        )}
        {invite.organizer && <dd>{t("invite.by", { name: invite.organizer })}</dd>}
      </dl>
    </section>
  );
}
