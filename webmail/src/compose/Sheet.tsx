import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { languageName, SPELLING_LANGUAGES, t } from "../i18n";
import { shortDate } from "../i18n/dates";
import { enter, hint } from "../keys";
import { covered } from "../shell/covered";
import { identities } from "../store/identities";
import { change, settings } from "../store/settings";
import { loadTemplates, templates } from "../store/templates";
import { onePane } from "../theme";
import { Button } from "../ui/Button";
import { openDialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { MenuButton, type MenuItem } from "../ui/Menu";
import { showError, showToast } from "../ui/Toast";
import { composers, focusComposer, front, hideComposer, showComposer } from "./composers";
import { type Composing, problemText } from "./composing";
import { Files } from "./Files";
import { FormatBar, PictureBar } from "./FormatBar";
import { maxDelay, sendMail } from "./outbox";
import { pick } from "./pick";
import { RecipientField } from "./RecipientField";
import { openScheduledList } from "./Scheduled";
import { SendLater } from "./SendLater";
import { templateItems } from "./Templates";

/** All composers: the sheets at the bottom right, on a small screen the front one over everything. */
export function Composers() {
  const list = composers.value;
  const small = onePane.value;
  const filled = list.some((m) => (small ? m === front.value && m.size.value !== "min" : m.size.value === "full"));
  useLayoutEffect(() => {
    covered.value = filled;
    return () => {
      covered.value = false;
    };
  }, [filled]);
  if (list.length === 0) return null;
  const shown = small ? list.filter((m) => m === front.value && m.size.value !== "min") : list;
  const bars = small ? list.filter((m) => !shown.includes(m)) : [];
  return (
    <div class="composers">
      {shown.map((mail) => (
        <Sheet key={mail.key} mail={mail} />
      ))}
      {bars.length > 0 && shown.length === 0 && (
        <div class="compose-bars">
          {bars.map((mail) => (
            <button type="button" key={mail.key} class="compose-bar" onClick={() => showComposer(mail)}>
              <Icon name="pencil" />
              <span class="truncate">{mail.subject.value || t("compose.new")}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

export async function closeComposer(mail: Composing): Promise<void> {
  const empty = mail.isEmpty();
  hideComposer(mail);
  if (await mail.close()) {
    mail.dispose();
    if (!empty) showToast({ text: t("compose.kept"), duration: 4000 });
  } else {
    // Not saved: it stays open, so that nothing is lost unseen.
    showComposer(mail);
    showError(t("compose.close.failed"), { label: t("retry"), run: () => void closeComposer(mail) });
  }
}

export async function discardComposer(mail: Composing): Promise<void> {
  const empty = mail.isEmpty();
  hideComposer(mail);
  if (empty) {
    await mail.close();
    mail.dispose();
    return;
  }
  try {
    const back = await mail.discard();
    showToast({
      text: t("compose.discarded"),
      undo: async () => {
        await back();
        showComposer(mail);
      },
    });
  } catch (error) {
    showError(t("compose.discard.failed", { why: problemText(error) }));
  }
}

function Sheet({ mail }: { mail: Composing }) {
  const node = useRef<HTMLElement>(null);
  const textPlace = useRef<HTMLDivElement>(null);
  const dropping = useSignal(false);
  const formatting = useSignal(settings.value.formatBar && !onePane.value);
  const rich = mail.mode.value === "rich";
  const small = onePane.value;
  const size = small ? "full" : mail.size.value;
  const title = mail.subject.value.trim() || t("compose.new");
  const Title = size === "full" ? "h1" : "h2";

  useLayoutEffect(() => {
    if (rich && textPlace.current && mail.root.parentElement !== textPlace.current) textPlace.current.append(mail.root);
  });
  useEffect(() => {
    mail.root.setAttribute("aria-label", t("compose.text"));
    const click = (event: Event) => {
      const target = event.target as Element;
      mail.picture.value = target.nodeName === "IMG" ? (target as HTMLImageElement) : undefined;
      const link = target.closest?.("a");
      if (link && ((event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey))
        window.open(link.href, "_blank", "noopener");
    };
    mail.root.addEventListener("click", click);
    const paste = (event: Event) => {
      const data =
        (event as CustomEvent<{ clipboardData: DataTransfer }>).detail?.clipboardData ??
        (event as unknown as { clipboardData?: DataTransfer }).clipboardData;
      for (const file of data?.files ?? []) if (file.type.startsWith("image/")) mail.insertPicture(named(file));
    };
    mail.editor.addEventListener("pasteImage", paste);
    if (templates.value === undefined) loadTemplates().catch(() => undefined);
    return () => {
      mail.root.removeEventListener("click", click);
      mail.editor.removeEventListener("pasteImage", paste);
    };
  }, [mail]);
  useEffect(() => {
    focusComposer(mail, mail.to.value.length === 0 ? "to" : "text");
    const before = document.activeElement as HTMLElement | null;
    return () => {
      // The focus goes back to where it was, unless it is elsewhere already; from nowhere to the list.
      // After the frame, because what a full composer covered takes no focus before.
      requestAnimationFrame(() => {
        if (document.activeElement && document.activeElement !== document.body) return;
        const there = before?.isConnected && before !== document.body ? before : undefined;
        (there ?? document.querySelector<HTMLElement>('#main [tabindex="0"]'))?.focus();
      });
    };
  }, []);
  // Keys of the composer count while the focus is in it.
  useLayoutEffect(() => {
    const sheet = node.current;
    let leave: (() => void) | undefined;
    const into = () => {
      front.value = mail;
      leave ??= enter("composer");
    };
    const out = (event: FocusEvent) => {
      if (sheet?.contains(event.relatedTarget as Node | null)) return;
      leave?.();
      leave = undefined;
    };
    if (sheet?.contains(document.activeElement)) into();
    sheet?.addEventListener("focusin", into);
    sheet?.addEventListener("focusout", out);
    return () => {
      sheet?.removeEventListener("focusin", into);
      sheet?.removeEventListener("focusout", out);
      leave?.();
    };
  }, [mail]);

  const onDrop = (event: DragEvent) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    dropping.value = false;
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const inText = (event.target as Element).closest?.(".compose-text");
    const pictures = inText && rich ? files.filter((f) => /^image\/(?:png|jpe?g|gif|webp|avif)$/.test(f.type)) : [];
    for (const picture of pictures) mail.insertPicture(picture);
    const others = files.filter((f) => !pictures.includes(f));
    if (others.length > 0) mail.attach(others);
  };

  return (
    <section
      ref={node}
      id={`compose-${mail.key}`}
      class={`compose ${size}${dropping.value ? " dropping" : ""}`}
      role="dialog"
      aria-label={title}
      aria-modal={size === "full" ? true : undefined}
      onDragEnter={(event) => {
        if (event.dataTransfer?.types.includes("Files")) dropping.value = true;
      }}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (!node.current?.contains(event.relatedTarget as Node | null)) dropping.value = false;
      }}
      onDropCapture={onDrop}
      onPaste={(event) => {
        // Files pasted outside of the rich text are attachments; a screenshot in it is a picture.
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0 || (event.target as Element).closest(".compose-text")) return;
        event.preventDefault();
        mail.attach(files.map(named));
      }}
    >
      <div class="compose-head" onDblClick={() => !small && (mail.size.value = size === "full" ? "sheet" : "full")}>
        <Title class="truncate">
          {size === "min" ? (
            <button type="button" class="truncate" onClick={() => showComposer(mail)}>
              {title}
            </button>
          ) : (
            title
          )}
        </Title>
        <SaveLine mail={mail} short={size === "min"} />
        {!small && size !== "min" && (
          <Button icon="minus" label={t("compose.minimise")} onClick={() => minimise(mail)} />
        )}
        {small && composers.value.length >= 1 && (
          <Button icon="chevron-down" label={t("compose.minimise")} onClick={() => minimise(mail)} />
        )}
        {!small && (
          <Button
            icon={size === "sheet" ? "maximize-2" : "minimize-2"}
            label={t(size === "sheet" ? "compose.full" : "compose.sheet")}
            onClick={() => {
              mail.size.value = size === "sheet" ? "full" : "sheet";
              front.value = mail;
            }}
          />
        )}
        <Button icon="x" label={withKey("compose.close")} onClick={() => void closeComposer(mail)} />
      </div>
      {size !== "min" && (
        <>
          <Notices mail={mail} />
          <div class="compose-scroll">
            <div class="compose-fields">
              <From mail={mail} />
              <RecipientField mail={mail} field="to" />
              {mail.showCc.value && <RecipientField mail={mail} field="cc" autofocus={mail.cc.value.length === 0} />}
              {mail.showBcc.value && <RecipientField mail={mail} field="bcc" autofocus={mail.bcc.value.length === 0} />}
              <div class="compose-line">
                <label for={`subject-${mail.key}`}>{t("compose.subject")}</label>
                <input
                  id={`subject-${mail.key}`}
                  class="bare compose-subject"
                  value={mail.subject.value}
                  lang={mail.language.value || undefined}
                  spellcheck
                  maxLength={900}
                  onInput={(event) => {
                    mail.subject.value = event.currentTarget.value;
                    mail.changed();
                  }}
                />
              </div>
            </div>
            {rich ? (
              <div
                class="compose-place"
                ref={textPlace}
                onClick={(event) => event.target === event.currentTarget && mail.editor.focus()}
              />
            ) : (
              <textarea
                class="compose-plain"
                aria-label={t("compose.text")}
                dir="auto"
                spellcheck
                lang={mail.language.value || undefined}
                value={mail.plain.value}
                onInput={(event) => {
                  mail.plain.value = event.currentTarget.value;
                  mail.changed();
                }}
              />
            )}
          </div>
          {rich && <PictureBar mail={mail} />}
          <Files mail={mail} />
          {rich && formatting.value && <FormatBar mail={mail} />}
          <footer class="compose-foot">
            <span class="compose-send">
              <Button
                kind="primary"
                icon="send-horizontal"
                flip
                disabled={mail.sending.value}
                label={undefined}
                title={withKey("compose.send")}
                onClick={() => void sendMail(mail)}
              >
                {t(
                  mail.sending.value ? (mail.uploading.value ? "compose.waiting" : "compose.sending") : "compose.send",
                )}
              </Button>
              <MenuButton
                kind="primary"
                icon="chevron-down"
                label={t("compose.sendMenu")}
                disabled={mail.sending.value}
                items={() => sendItems(mail)}
              />
            </span>
            {rich && (
              <Button
                icon="type"
                label={t("compose.format")}
                pressed={formatting.value}
                onClick={() => {
                  formatting.value = !formatting.value;
                  if (!small) change({ formatBar: formatting.value });
                }}
              />
            )}
            <Button
              icon="paperclip"
              label={withKey("compose.attach")}
              onClick={async () => mail.attach(await pick())}
            />
            {rich && !small && (
              <Button icon="image" label={t("compose.insertPicture")} onClick={() => void insertPictures(mail)} />
            )}
            <MenuButton icon="file-text" label={t("compose.templates")} items={() => templateItems(mail)} />
            <MenuButton icon="ellipsis" label={t("compose.moreOptions")} items={() => moreItems(mail, small)} />
            <span class="compose-gap" />
            <Button icon="trash-2" label={withKey("compose.discard")} onClick={() => void discardComposer(mail)} />
          </footer>
          {dropping.value && (
            <div class="compose-drop" aria-hidden="true">
              <Icon name="paperclip" size={28} />
              <span>{t(rich ? "compose.drop.rich" : "compose.drop")}</span>
            </div>
          )}
        </>
      )}
    </section>
  );
}

const withKey = (id: "compose.close" | "compose.send" | "compose.attach" | "compose.discard") => {
  const key = hint(id);
  return key ? `${t(id)} (${key})` : t(id);
};

/** A pasted picture is called "image.png" by every browser; a name with its time says more. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");
  return new File([file], `${t("compose.file.pasted")}-${stamp}.${file.name.split(".").pop()}`, { type: file.type });
}

export function minimise(mail: Composing): void {
  mail.size.value = "min";
  void mail.save();
  front.value = composers.value.findLast((m) => m.size.value !== "min");
}

export async function insertPictures(mail: Composing): Promise<void> {
  const files = await pick("image/png,image/jpeg,image/gif,image/webp,image/avif");
  mail.editor.focus();
  for (const file of files) mail.insertPicture(file);
}

export function askLater(mail: Composing): void {
  openDialog((close) => <SendLater close={close} choose={(at) => void sendMail(mail, at)} />);
}

function sendItems(mail: Composing): MenuItem[] {
  const later: MenuItem[] =
    maxDelay() > 0
      ? [{ label: t("compose.later"), icon: "clock", hint: hint("compose.later"), run: () => askLater(mail) }]
      : [];
  return [
    { label: t("compose.send"), icon: "send-horizontal", hint: hint("compose.send"), run: () => void sendMail(mail) },
    ...later,
    "line",
    { label: t("scheduled.title"), icon: "calendar", run: openScheduledList },
  ];
}

function moreItems(mail: Composing, small: boolean): MenuItem[] {
  const rich = mail.mode.value === "rich";
  return [
    ...(small && rich
      ? [{ label: t("compose.insertPicture"), icon: "image", run: () => void insertPictures(mail) }]
      : []),
    { label: t("compose.plain"), icon: "type", checked: !rich, run: () => switchMode(mail) },
    {
      label: t("compose.important"),
      icon: "flag",
      checked: mail.important.value,
      run: () => toggle(mail, "important"),
    },
    {
      label: t("compose.receipt"),
      icon: "check-check",
      checked: mail.receipt.value,
      run: () => toggle(mail, "receipt"),
    },
    { heading: t("compose.spelling") },
    { label: t("compose.spelling.browser"), checked: mail.language.value === "", run: () => mail.setLanguage("") },
    ...SPELLING_LANGUAGES.map((code) => ({
      label: languageName(code),
      checked: mail.language.value === code,
      run: () => {
        mail.setLanguage(code);
        mail.changed();
      },
    })),
  ];
}

function toggle(mail: Composing, name: "important" | "receipt"): void {
  mail[name].value = !mail[name].value;
  mail.changed();
}

export function switchMode(mail: Composing): void {
  const before = mail.collect();
  if (mail.mode.value === "plain") mail.setMode("rich");
  else {
    mail.setMode("plain");
    showToast({
      text: t("compose.plain.done"),
      undo: () => {
        mail.restore(before);
        focusComposer(mail, "text");
      },
    });
  }
  focusComposer(mail, "text");
}

function SaveLine({ mail, short }: { mail: Composing; short: boolean }) {
  const text = useSignal("");
  useSignalEffect(() => {
    const at = mail.savedAt.value;
    switch (mail.saveState.value) {
      case "saved":
        text.value = at ? t("compose.saved", { time: shortDate(at) }) : "";
        break;
      case "failed":
        text.value = t("compose.saved.here");
        break;
      case "saving":
        text.value = at ? text.value : t("compose.saving");
        break;
      default:
        if (!at) text.value = "";
    }
  });
  if (short) return null;
  return (
    <span class="compose-saved meta digits" role="status">
      {text.value}
    </span>
  );
}

function Notices({ mail }: { mail: Composing }) {
  const problem = mail.problem.value;
  const notice = mail.notice.value;
  return (
    <div role="alert">
      {problem && (
        <p class="compose-problem">
          <Icon name="triangle-alert" />
          <span>{problem.text}</span>
          {problem.retry && (
            <Button
              small
              onClick={() => {
                mail.problem.value = undefined;
                problem.retry?.();
              }}
            >
              {t("retry")}
            </Button>
          )}
          <Button small icon="x" label={t("close")} onClick={() => (mail.problem.value = undefined)} />
        </p>
      )}
      {notice && (
        <p class="compose-notice">
          <Icon name="info" />
          <span>{notice.text}</span>
          {notice.action && (
            <Button
              small
              onClick={() => {
                mail.notice.value = undefined;
                notice.action?.run();
              }}
            >
              {notice.action.label}
            </Button>
          )}
          <Button small icon="x" label={t("close")} onClick={() => (mail.notice.value = undefined)} />
        </p>
      )}
    </div>
  );
}

/** The address to write from; a list only where there is a choice, with a box for a sub-address. */
function From({ mail }: { mail: Composing }) {
  const list = identities.value;
  const identity = mail.identity.value;
  const from = mail.fromEmail.value;
  if (list.length < 2 && from === identity?.email) return null;
  const sub = identity && from !== identity.email ? from : "";
  return (
    <div class="compose-line">
      <label for={`from-${mail.key}`}>{t("compose.from")}</label>
      <select
        id={`from-${mail.key}`}
        class="compose-from"
        dir="auto"
        value={sub ? `sub ${mail.identityId.value}` : mail.identityId.value}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen.startsWith("sub ")) return;
          mail.chooseIdentity(chosen);
        }}
      >
        {sub && (
          <option value={`sub ${mail.identityId.value}`}>{identity?.name ? `${identity.name} <${sub}>` : sub}</option>
        )}
        {list.map((i) => (
          <option key={i.id} value={i.id}>
            {i.name ? `${i.name} <${i.email}>` : i.email}
          </option>
        ))}
      </select>
    </div>
  );
}
