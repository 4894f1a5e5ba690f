// Menus about mails: where to move, which label, when to come back, and the context menu that has them all.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { openComposer } from "../compose/intent";
import { t } from "../i18n";
import { whenDate } from "../i18n/dates";
import type { Id, Mailbox } from "../jmap/types";
import { hint } from "../keys";
import { labelsOf } from "../store/actions";
import { body, row } from "../store/emails";
import { currentList, currentMailbox } from "../store/lists";
import { createMailbox, flat, mailboxIcon, mailboxPath, tree } from "../store/mailboxes";
import { jmap } from "../store/session";
import { change, LABEL_COLOURS, type Label, settings } from "../store/settings";
import { Button } from "../ui/Button";
import { Dialog, openDialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import type { MenuItem } from "../ui/Menu";
import * as act from "./act";
import { open, selected } from "./selection";

// ---- labels ----------------------------------------------------------------------------------------------------------

/** Labels with a colour from the settings; others that mails carry are shown in slate. */
export function labelOf(keyword: string): Label {
  return settings.value.labels.find((l) => l.keyword === keyword) ?? { keyword, name: keyword, colour: "slate" };
}

/** A keyword for a new label: what IMAP allows as an atom, in lower case. */
export function keywordFor(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[^\x20-\x7e]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const base = plain || `label-${Date.now().toString(36)}`;
  const used = settings.peek().labels.map((l) => l.keyword);
  let keyword = base;
  for (let n = 2; used.includes(keyword); n++) keyword = `${base}-${n}`;
  return keyword;
}

export function editLabel(label?: Label, then?: (label: Label) => void): void {
  openDialog((close) => <LabelDialog label={label} close={close} then={then} />);
}
function LabelDialog({ label, close, then }: { label?: Label; close: () => void; then?: (label: Label) => void }) {
  const [name, setName] = useState(label?.name ?? "");
  const [colour, setColour] = useState(label?.colour ?? LABEL_COLOURS[settings.peek().labels.length % 8] ?? "green");
  const save = (event: Event) => {
    event.preventDefault();
    if (!name.trim()) return;
    const made: Label = { keyword: label?.keyword ?? keywordFor(name), name: name.trim(), colour };
    const labels = settings.peek().labels;
    change({ labels: label ? labels.map((l) => (l.keyword === label.keyword ? made : l)) : [...labels, made] });
    close();
    then?.(made);
  };
  return (
    <Dialog
      title={t(label ? "label.edit" : "label.new")}
      onClose={close}
      actions={
        <>
          <Button kind="primary" type="submit" form="label-form">
            {t("save")}
          </Button>
          <Button kind="outline" onClick={close}>
            {t("cancel")}
          </Button>
        </>
      }
    >
      <form id="label-form" class="stack" onSubmit={save}>
        <label class="field">
          <span>{t("label.name")}</span>
          <input value={name} onInput={(e) => setName(e.currentTarget.value)} required maxLength={60} autofocus />
        </label>
        <fieldset class="colours">
          <legend>{t("label.colour")}</legend>
          {LABEL_COLOURS.map((c) => (
            <label key={c} class={`swatch label-${c}`} title={t(`colour.${c}`)}>
              <input type="radio" name="colour" class="sr" checked={c === colour} onChange={() => setColour(c)} />
              <span>{c === colour && <Icon name="check" size={16} />}</span>
              <span class="sr">{t(`colour.${c}`)}</span>
            </label>
          ))}
        </fieldset>
      </form>
    </Dialog>
  );
}

export function labelItems(rows: Id[]): MenuItem[] {
  const emails = rows.flatMap((id) => row(id).peek() ?? []);
  const known = settings.peek().labels;
  const others = new Set(emails.flatMap(labelsOf).filter((k) => !known.some((l) => l.keyword === k)));
  const all = [...known, ...[...others].map(labelOf)];
  const has = (keyword: string) => emails.length > 0 && emails.every((e) => e.keywords[keyword]);
  return [
    ...all.map(
      (l): MenuItem => ({
        label: l.name,
        colour: l.colour,
        checked: has(l.keyword),
        run: () => void act.label(l.keyword, l.name, !has(l.keyword), rows),
      }),
    ),
    ...(all.length > 0 ? (["line"] as MenuItem[]) : []),
    {
      label: t("label.new"),
      icon: "plus",
      run: () => editLabel(undefined, (l) => void act.label(l.keyword, l.name, true, rows)),
    },
  ];
}

// ---- folders ---------------------------------------------------------------------------------------------------------

/** A list of folders with a field to narrow it; Enter takes the first. */
export function FolderPicker({
  close,
  pick,
  create = true,
}: {
  close: () => void;
  pick: (m: Id) => void;
  create?: boolean;
}) {
  const [text, setText] = useState("");
  const here = currentMailbox.value?.id;
  const all = flat(tree.value)
    .map((n) => n.mailbox)
    .filter((m) => m.id !== here && m.myRights.mayAddItems && m.role !== "snoozed" && m.role !== "scheduled");
  const wanted = text.trim().toLocaleLowerCase();
  const found = wanted ? all.filter((m) => mailboxPath(m).toLocaleLowerCase().includes(wanted)) : all;
  const choose = (mailbox: Mailbox) => {
    close();
    pick(mailbox.id);
  };
  const make = async () => {
    close();
    pick(await createMailbox(text.trim(), null));
  };
  return (
    <div class="picker">
      <input
        type="search"
        placeholder={t("folder.find")}
        aria-label={t("folder.find")}
        value={text}
        autofocus
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === "Enter" && found[0]) choose(found[0]);
          if (e.key === "ArrowDown")
            (e.currentTarget.parentElement?.querySelector("[role=option]") as HTMLElement | null)?.focus();
        }}
      />
      <div
        class="picker-list"
        role="listbox"
        aria-label={t("move.to")}
        onKeyDown={(e) => {
          const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
          if (!step) return;
          e.preventDefault();
          const options = [...e.currentTarget.querySelectorAll<HTMLElement>("[role=option]")];
          options[options.indexOf(document.activeElement as HTMLElement) + step]?.focus();
        }}
      >
        {found.map((m) => (
          <button
            key={m.id}
            type="button"
            role="option"
            aria-selected={false}
            class="menu-item"
            onClick={() => choose(m)}
          >
            <span class="menu-icon">
              <Icon name={mailboxIcon(m)} />
            </span>
            <span class="menu-label">{mailboxPath(m)}</span>
          </button>
        ))}
      </div>
      {create && wanted && !found.some((m) => m.name.toLocaleLowerCase() === wanted) && (
        <button type="button" class="menu-item" onClick={() => void make()}>
          <span class="menu-icon">
            <Icon name="folder-plus" />
          </span>
          <span class="menu-label">{t("folder.createNamed", { name: text.trim() })}</span>
        </button>
      )}
    </div>
  );
}

/** Move or copy by a dialog: the twin of dragging, and what the key `v` opens. */
export function askFolder(title: string, pick: (mailbox: Id) => void): void {
  openDialog((close) => (
    <Dialog title={title} onClose={close}>
      <FolderPicker close={close} pick={pick} />
    </Dialog>
  ));
}

// ---- snooze ----------------------------------------------------------------------------------------------------------

export function snoozeTimes(now = new Date()): { key: string; date: Date }[] {
  const at = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const times: { key: string; date: Date }[] = [];
  if (now.getHours() < 15)
    times.push({ key: "snooze.later", date: new Date(Math.ceil((now.getTime() + 3 * 3600e3) / 900e3) * 900e3) });
  if (now.getHours() < 17) times.push({ key: "snooze.evening", date: at(0, 18) });
  times.push({ key: "snooze.tomorrow", date: at(1, 8) });
  const toSaturday = (6 - now.getDay() + 7) % 7;
  if (toSaturday > 1) times.push({ key: "snooze.weekend", date: at(toSaturday, 9) });
  times.push({ key: "snooze.week", date: at(toMonday, 8) });
  return times;
}

export function SnoozePanel({ close, rows }: { close: () => void; rows: Id[] }) {
  const [own, setOwn] = useState("");
  const choose = (date: Date) => {
    close();
    void act.snooze(date, rows);
  };
  const local = (date: Date) => new Date(date.getTime() - date.getTimezoneOffset() * 60e3).toISOString().slice(0, 16);
  return (
    <div class="menu snooze">
      <div class="menu-heading">{t("snooze.until")}</div>
      {snoozeTimes().map(({ key, date }) => (
        <button key={key} type="button" class="menu-item" onClick={() => choose(date)}>
          <span class="menu-label">{t(key as "snooze.later")}</span>
          <span class="menu-hint digits">{whenDate(date)}</span>
        </button>
      ))}
      <hr />
      <form
        class="own-time"
        onSubmit={(event) => {
          event.preventDefault();
          const date = new Date(own);
          if (date.getTime() > Date.now()) choose(date);
        }}
      >
        <label class="field">
          <span>{t("snooze.own")}</span>
          <input
            type="datetime-local"
            min={local(new Date())}
            value={own}
            onInput={(e) => setOwn(e.currentTarget.value)}
            required
          />
        </label>
        <Button kind="outline" type="submit">
          {t("snooze.set")}
        </Button>
      </form>
    </div>
  );
}
export const canSnooze = () => jmap().has("urn:tamanoir:jmap:snooze");

// ---- the context menu ------------------------------------------------------------------------------------------------

export const contextMenu = signal<{ x: number; y: number; items: MenuItem[] } | undefined>(undefined);

/** Everything that can be done to a row; when the row is selected, to the selection. */
export function rowItems(id: Id): MenuItem[] {
  const chosen = selected.peek();
  const rows = chosen.has(id) ? [...chosen] : [id];
  const one = rows.length === 1;
  const unread = rows.some(act.isUnread);
  const starred = rows.every(act.isStarred);
  const role = currentMailbox.peek()?.role;
  const compose = (kind: "reply" | "replyAll" | "forward" | "forwardAsAttachment" | "redirect") => async () =>
    openComposer({ kind, email: await body(id) });
  const items: MenuItem[] = [];
  if (one) {
    items.push(
      { label: t("open"), icon: "mail-open", run: () => open(id) },
      { label: t("reply"), icon: "reply", hint: hint("reply"), run: compose("reply") },
      { label: t("replyAll"), icon: "reply-all", hint: hint("replyAll"), run: compose("replyAll") },
      { label: t("forward"), icon: "forward", hint: hint("forward"), run: compose("forward") },
      "line",
    );
  }
  items.push(
    ...(role === "archive"
      ? []
      : [{ label: t("archive"), icon: "archive", hint: hint("archive"), run: () => void act.archive(rows) }]),
    {
      label: t(role === "trash" ? "deleteForGood" : "delete"),
      icon: "trash-2",
      hint: hint("delete"),
      run: () => void act.remove(rows),
    },
    {
      label: t(role === "junk" ? "notJunk" : "junk"),
      icon: role === "junk" ? "shield-check" : "shield-alert",
      hint: hint("junk"),
      run: () => void act.junk(rows),
    },
    "line",
    {
      label: t(unread ? "markRead" : "markUnread"),
      icon: unread ? "mail-open" : "mail",
      hint: hint(unread ? "read" : "unread"),
      run: () => void act.setSeen(unread, rows),
    },
    {
      label: t(starred ? "unstar" : "star"),
      icon: "star",
      hint: hint("star"),
      run: () => void act.star(rows, !starred),
    },
    {
      label: t("move.to"),
      icon: "folder-input",
      hint: hint("move"),
      run: () => askFolder(t("move.to"), (m) => void act.moveTo(m, rows)),
    },
    { label: t("copy.to"), icon: "copy", run: () => askFolder(t("copy.to"), (m) => void act.copyTo(m, rows)) },
    {
      label: t("labels"),
      icon: "tag",
      hint: hint("label"),
      run: () => {
        const at = contextPlace;
        setTimeout(() => {
          contextMenu.value = { ...at, items: labelItems(rows) };
        });
      },
    },
  );
  if (canSnooze() && role !== "snoozed") {
    items.push({ label: t("snooze"), icon: "clock", hint: hint("snooze"), run: () => askSnooze(rows) });
  }
  return items;
}
let contextPlace = { x: 0, y: 0 };

export function askSnooze(rows: Id[]): void {
  openDialog((close) => (
    <Dialog title={t("snooze")} onClose={close}>
      <SnoozePanel close={close} rows={rows} />
    </Dialog>
  ));
}

export function openContextMenu(x: number, y: number, items: MenuItem[]): void {
  contextPlace = { x, y };
  contextMenu.value = { x, y, items };
}

export const listIsEmpty = () => currentList.value?.total.value === 0;
