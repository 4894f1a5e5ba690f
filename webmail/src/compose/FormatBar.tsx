import { useEffect, useRef } from "preact/hooks";
import { type Key, t } from "../i18n";
import { hint } from "../keys";
import { Button } from "../ui/Button";
import { ask } from "../ui/Dialog";
import { MenuButton } from "../ui/Menu";
import type { Composing } from "./composing";
import type { Formats } from "./editor";

/** Inks that are readable on white and on the dark page; the first is the default. */
const INKS = ["", "#b3261e", "#9a5b00", "#1f6f3a", "#0b6b75", "#1f5fa8", "#6b3fa0", "#6b7570"];
const GROUNDS = ["", "#ffe9a8", "#fce6dd", "#ddf3e4", "#d8f0f2", "#dfebfa", "#ece4fa", "#e6eaed"];
const INK_NAMES: Key[] = [
  "compose.colour.default",
  "compose.colour.red",
  "compose.colour.amber",
  "compose.colour.green",
  "compose.colour.teal",
  "compose.colour.blue",
  "compose.colour.violet",
  "compose.colour.grey",
];
const SIZES: [Key, string | null][] = [
  ["compose.size.small", "13px"],
  ["compose.size.normal", null],
  ["compose.size.large", "20px"],
  ["compose.size.huge", "28px"],
];

/** Formats as a toolbar: one stop for Tab, arrows inside (ARIA toolbar). */
export function FormatBar({ mail }: { mail: Composing }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => rove(bar.current, bar.current?.querySelector(":scope > .button") ?? null), []);
  const { editor } = mail;
  const formats = mail.formats.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const rtl = document.documentElement.dir === "rtl";
    const step =
      event.key === (rtl ? "ArrowLeft" : "ArrowRight") ? 1 : event.key === (rtl ? "ArrowRight" : "ArrowLeft") ? -1 : 0;
    if (event.key === "Escape" && !(event.target as Element).closest("[popover]")) {
      editor.focus();
      event.stopPropagation();
      event.preventDefault();
    }
    if (step === 0 || (event.target as Element).closest("[popover]")) return;
    const all = [...(bar.current?.querySelectorAll<HTMLElement>(":scope > .button") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
    event.preventDefault();
  };
  const after = (action: () => void) => () => {
    action();
    editor.focus();
    mail.formats.value = editor.formats();
  };
  const toggle = (name: keyof Formats, icon: string, label: Key, on: () => void, off: () => void, keys?: string) => (
    <Button
      icon={icon}
      label={keys ? `${t(label)} (${keys})` : t(label)}
      pressed={formats[name]}
      onMouseDown={keepSelection}
      onClick={after(formats[name] ? off : on)}
    />
  );
  return (
    <div
      class="compose-format"
      role="toolbar"
      aria-label={t("compose.format")}
      ref={bar}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => rove(bar.current, event.target as Element)}
    >
      {toggle(
        "bold",
        "bold",
        "compose.bold",
        () => editor.bold(),
        () => editor.removeBold(),
        "Ctrl+B",
      )}
      {toggle(
        "italic",
        "italic",
        "compose.italic",
        () => editor.italic(),
        () => editor.removeItalic(),
        "Ctrl+I",
      )}
      {toggle(
        "underline",
        "underline",
        "compose.underline",
        () => editor.underline(),
        () => editor.removeUnderline(),
        "Ctrl+U",
      )}
      {toggle(
        "strike",
        "strikethrough",
        "compose.strike",
        () => editor.strikethrough(),
        () => editor.removeStrikethrough(),
      )}
      <MenuButton
        icon="type"
        label={t("compose.size")}
        onMouseDown={keepSelection}
        items={() => SIZES.map(([label, size]) => ({ label: t(label), run: after(() => editor.setFontSize(size)) }))}
      />
      <MenuButton
        icon="palette"
        label={t("compose.colours")}
        onMouseDown={keepSelection}
        panel={(close) => (
          <div class="compose-colours">
            <Colours
              title={t("compose.ink")}
              colours={INKS}
              choose={(colour) => {
                close();
                after(() => editor.setTextColor(colour || null))();
              }}
            />
            <Colours
              title={t("compose.ground")}
              colours={GROUNDS}
              choose={(colour) => {
                close();
                after(() => editor.setHighlightColor(colour || null))();
              }}
            />
          </div>
        )}
      />
      {toggle(
        "bullets",
        "list",
        "compose.bullets",
        () => editor.makeUnorderedList(),
        () => editor.removeList(),
        "Ctrl+Shift+8",
      )}
      {toggle(
        "numbers",
        "list-ordered",
        "compose.numbers",
        () => editor.makeOrderedList(),
        () => editor.removeList(),
        "Ctrl+Shift+9",
      )}
      {toggle(
        "quote",
        "text-quote",
        "compose.quote",
        () => editor.increaseQuoteLevel(),
        () => editor.decreaseQuoteLevel(),
        "Ctrl+]",
      )}
      {toggle(
        "link",
        "link",
        "compose.link",
        () => void askLink(mail),
        () => editor.removeLink(),
        hint("compose.link"),
      )}
      <MenuButton
        icon="align-left"
        label={t("compose.align")}
        onMouseDown={keepSelection}
        items={() => [
          { label: t("compose.align.start"), icon: "align-left", run: after(() => editor.setTextAlignment("start")) },
          {
            label: t("compose.align.center"),
            icon: "align-center",
            run: after(() => editor.setTextAlignment("center")),
          },
          { label: t("compose.align.end"), icon: "align-right", run: after(() => editor.setTextAlignment("end")) },
          "line",
          { label: t("compose.direction.ltr"), run: after(() => editor.setTextDirection("ltr")) },
          { label: t("compose.direction.rtl"), run: after(() => editor.setTextDirection("rtl")) },
        ]}
      />
      <Button
        icon="remove-formatting"
        label={t("compose.clear")}
        onMouseDown={keepSelection}
        onClick={after(() => editor.removeAllFormatting())}
      />
    </div>
  );
}

/** The button that has, or last had, the focus is the one that Tab reaches. */
function rove(bar: HTMLElement | null, target: Element | null): void {
  const all = [...(bar?.querySelectorAll<HTMLElement>(":scope > .button") ?? [])];
  if (!all.includes(target as HTMLElement)) return;
  for (const button of all) button.tabIndex = button === target ? 0 : -1;
}
const keepSelection = (event: MouseEvent) => event.preventDefault();

function Colours({ title, colours, choose }: { title: string; colours: string[]; choose: (colour: string) => void }) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {colours.map((colour, index) => (
        <button
          type="button"
          key={colour}
          class={colour ? "compose-colour" : "compose-colour none"}
          style={colour ? { background: colour } : undefined}
          title={t(INK_NAMES[index] ?? "compose.colour.default")}
          aria-label={t(INK_NAMES[index] ?? "compose.colour.default")}
          onClick={() => choose(colour)}
        />
      ))}
    </fieldset>
  );
}

export async function askLink(mail: Composing): Promise<void> {
  const { editor } = mail;
  const range = editor.getSelection().cloneRange();
  const text = editor.getSelectedText();
  const known = /^\S+\.\S+$/.test(text.trim()) ? text.trim() : "";
  const url = await ask(t("compose.link"), t("compose.link.address"), known, t("compose.link.set"));
  editor.focus();
  if (!url) return;
  editor.setSelection(range);
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(url)
    ? url
    : /^[^/\s]+@[^/\s]+$/.test(url)
      ? `mailto:${url}`
      : `https://${url}`;
  if (!/^(?:https?|mailto|tel):/i.test(whole)) return;
  editor.makeLink(whole);
  mail.changed();
}

/** Size and description of the picture that was clicked. */
export function PictureBar({ mail }: { mail: Composing }) {
  const picture = mail.picture.value;
  if (!picture?.isConnected) return null;
  const width = (value: number | undefined) => {
    picture.removeAttribute("height");
    picture.style.removeProperty("width");
    picture.style.removeProperty("height");
    if (value) picture.setAttribute("width", String(value));
    else picture.removeAttribute("width");
    mail.changed();
  };
  return (
    <div class="compose-picture" role="group" aria-label={t("compose.picture")}>
      <label class="sr" for={`alt-${mail.key}`}>
        {t("compose.picture.alt")}
      </label>
      <input
        id={`alt-${mail.key}`}
        key={picture.dataset.cid ?? picture.src}
        type="text"
        placeholder={t("compose.picture.alt")}
        defaultValue={picture.alt}
        maxLength={400}
        onInput={(event) => {
          picture.alt = event.currentTarget.value;
          mail.changed();
        }}
      />
      <Button small onClick={() => width(200)}>
        {t("compose.picture.small")}
      </Button>
      <Button small onClick={() => width(450)}>
        {t("compose.picture.medium")}
      </Button>
      <Button small onClick={() => width(undefined)}>
        {t("compose.picture.original")}
      </Button>
      <Button
        small
        icon="trash-2"
        label={t("compose.picture.remove")}
        onClick={() => {
          mail.editor.saveUndoState();
          picture.remove();
          mail.picture.value = undefined;
          mail.changed();
          mail.editor.focus();
        }}
      />
      <Button small icon="x" label={t("close")} onClick={() => (mail.picture.value = undefined)} />
    </div>
  );
}
