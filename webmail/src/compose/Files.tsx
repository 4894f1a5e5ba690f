import { t } from "../i18n";
import { fileSize } from "../i18n/dates";
import { jmap } from "../store/session";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import type { Composing, Upload } from "./composing";
import { roomForFiles } from "./limits";

/** The attachments: what they are, how far they are, and a button to take each away. */
export function Files({ mail }: { mail: Composing }) {
  const list = mail.files.value.filter((f) => !f.inline);
  const total = mail.files.value.reduce((sum, f) => sum + f.size, 0);
  const waiting = mail.files.value.filter((f) => f.inline && (f.problem || !f.blobId));
  const room = roomForFiles(jmap());
  if (list.length === 0 && waiting.length === 0) return null;
  return (
    <section class="compose-files" aria-label={t("compose.files")}>
      <ul>
        {[...list, ...waiting].map((file) => (
          <FileChip key={file.key} mail={mail} file={file} />
        ))}
      </ul>
      <p class="meta">
        {t("compose.files.total", { n: list.length, size: fileSize(total) })}
        {Number.isFinite(room) && ` · ${t("compose.files.room", { size: fileSize(room) })}`}
      </p>
    </section>
  );
}

const icon = (type: string) =>
  type.startsWith("image/")
    ? "image"
    : type.startsWith("audio/")
      ? "music"
      : type.startsWith("video/")
        ? "video"
        : /zip|tar|compress/.test(type)
          ? "file-archive"
          : type === "message/rfc822"
            ? "mail"
            : "file-text";

function FileChip({ mail, file }: { mail: Composing; file: Upload }) {
  const moving = !file.blobId && !file.problem;
  const url = file.blobId ? jmap().downloadUrl(file.blobId, file.name, file.type, true) : undefined;
  const name = (
    <bdi class="truncate" title={file.name}>
      {file.name}
    </bdi>
  );
  return (
    <li class={file.problem ? "compose-file bad" : "compose-file"}>
      <Icon name={file.problem ? "triangle-alert" : icon(file.type)} />
      <span class="compose-file-text">
        {url ? (
          <a href={url} target="_blank" rel="noopener">
            {name}
          </a>
        ) : (
          name
        )}
        <span class="meta">
          {file.problem ||
            (moving
              ? t("compose.file.uploading", { percent: Math.round(file.progress * 100) })
              : file.size > 0
                ? fileSize(file.size)
                : "")}
        </span>
        {moving && (
          <progress max={1} value={file.progress} aria-label={t("compose.file.progress", { name: file.name })} />
        )}
      </span>
      {file.problem && file.file && file.problem !== t("compose.file.tooLarge") && (
        <Button small icon="refresh-cw" label={t("retry")} onClick={() => void mail.upload(file.key)} />
      )}
      <Button
        small
        icon="x"
        label={t(moving ? "compose.file.cancel" : "compose.file.remove", { name: file.name })}
        onClick={() => mail.removeFile(file.key)}
      />
    </li>
  );
}
