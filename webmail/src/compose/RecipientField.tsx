import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";
import type { EmailAddress } from "../jmap/types";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Floating, MenuList } from "../ui/Menu";
import { format, isValid, parse, without } from "./addresses";
import type { Composing, Field } from "./composing";
import { type Suggestion, suggest } from "./suggest";

const NEXT: Record<Field, Field[]> = { to: ["cc", "bcc"], cc: ["to", "bcc"], bcc: ["to", "cc"] };
const NAME = { to: "compose.to", cc: "compose.cc", bcc: "compose.bcc" } as const;

/** Takes what is typed into a field and makes chips of it; false when something is left that is no address. */
export function commitTyped(mail: Composing, field: Field): boolean {
  const { addresses, rest } = parse(mail.typed[field].value);
  if (addresses.length > 0) {
    mail[field].value = without([...mail[field].value, ...addresses]);
    mail.changed();
  }
  mail.typed[field].value = rest;
  return rest === "";
}

/** One line of recipients: chips and a box with suggestions (combobox of ARIA 1.2). */
export function RecipientField({ mail, field, autofocus }: { mail: Composing; field: Field; autofocus?: boolean }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const chips = useRef<HTMLDivElement>(null);
  const found = useSignal<Suggestion[]>([]);
  const at = useSignal(0);
  const open = useSignal(false);
  const menu = useSignal<{ index: number; anchor: Element } | undefined>(undefined);
  const asking = useRef(0);
  const typed = mail.typed[field];
  const list = mail[field];

  useEffect(() => {
    if (autofocus) input.current?.focus();
  }, []);

  const ask = (text: string) => {
    const number = ++asking.current;
    if (text.trim() === "") {
      open.value = false;
      found.value = [];
      return;
    }
    setTimeout(async () => {
      if (number !== asking.current) return;
      const answers = await suggest(text, mail.recipients()).catch(() => []);
      if (number !== asking.current) return;
      found.value = answers;
      at.value = 0;
      open.value = answers.length > 0 && document.activeElement === input.current;
    }, 60);
  };
  const choose = (suggestion: Suggestion) => {
    asking.current++;
    const added = suggestion.members ?? [{ name: suggestion.name || null, email: suggestion.email }];
    list.value = without([...list.value, ...added]);
    typed.value = "";
    open.value = false;
    found.value = [];
    mail.changed();
    input.current?.focus();
  };
  const remove = (index: number, focus: "input" | "chip" = "input") => {
    list.value = list.value.filter((_, i) => i !== index);
    mail.changed();
    if (focus === "input" || list.value.length === 0) input.current?.focus();
    else requestAnimationFrame(() => focusChip(Math.min(index, list.value.length - 1)));
  };
  const focusChip = (index: number) => chips.current?.querySelectorAll<HTMLElement>(".compose-chip")[index]?.focus();
  const edit = (index: number) => {
    const address = list.value[index];
    if (!address) return;
    commitTyped(mail, field);
    typed.value = format(address);
    remove(index);
    requestAnimationFrame(() => input.current?.select());
  };
  const move = (index: number, target: Field) => {
    const address = list.value[index];
    if (!address) return;
    list.value = list.value.filter((_, i) => i !== index);
    mail[target].value = without([...mail[target].value, address]);
    if (target === "cc") mail.showCc.value = true;
    if (target === "bcc") mail.showBcc.value = true;
    mail.changed();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const box = event.currentTarget as HTMLInputElement;
    const atStart = box.selectionStart === 0 && box.selectionEnd === 0;
    const rtl = getComputedStyle(box).direction === "rtl";
    if (open.value && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      at.value = (at.value + step + found.value.length) % found.value.length;
    } else if (open.value && event.key === "Escape") {
      open.value = false;
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      const chosen = found.value[at.value];
      if (open.value && chosen && !isValid(typed.value.trim())) choose(chosen);
      else if (open.value && chosen && chosen.email.toLowerCase() === typed.value.trim().toLowerCase()) choose(chosen);
      else commitTyped(mail, field);
      open.value = false;
    } else if ((event.key === "," || event.key === ";") && !typed.value.includes('"') && commitTyped(mail, field)) {
      open.value = false;
    } else if (event.key === "Tab" && open.value && typed.value.trim() !== "" && !event.shiftKey) {
      const chosen = found.value[at.value];
      if (chosen && !isValid(typed.value.trim())) choose(chosen);
      else {
        commitTyped(mail, field);
        return;
      }
    } else if (event.key === "Backspace" && atStart && list.value.length > 0) {
      focusChip(list.value.length - 1);
    } else if (event.key === (rtl ? "ArrowRight" : "ArrowLeft") && atStart && list.value.length > 0)
      focusChip(list.value.length - 1);
    else return;
    event.preventDefault();
  };
  const onChipKey = (event: KeyboardEvent, index: number) => {
    const rtl = getComputedStyle(event.currentTarget as Element).direction === "rtl";
    const forward = rtl ? "ArrowLeft" : "ArrowRight";
    const back = rtl ? "ArrowRight" : "ArrowLeft";
    if (event.key === back) focusChip(Math.max(0, index - 1));
    else if (event.key === forward) index === list.value.length - 1 ? input.current?.focus() : focusChip(index + 1);
    else if (event.key === "Delete" || event.key === "Backspace") remove(index, "chip");
    else return;
    event.preventDefault();
  };

  return (
    <div class="compose-line compose-recipients">
      <label for={`${id}-input`}>{t(NAME[field])}</label>
      {/* A click beside the chips means the box. */}
      <div
        class="compose-chips"
        ref={chips}
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        onDragOver={(event) =>
          event.dataTransfer?.types.includes("application/x-tamanoir-address") && event.preventDefault()
        }
        onDrop={(event) => {
          const data = event.dataTransfer?.getData("application/x-tamanoir-address");
          if (!data) return;
          event.preventDefault();
          const { from, index, key } = JSON.parse(data) as { from: Field; index: number; key: string };
          if (key !== mail.key || from === field) return;
          const address = mail[from].value[index];
          if (!address) return;
          mail[from].value = mail[from].value.filter((_, i) => i !== index);
          list.value = without([...list.value, address]);
          mail.changed();
        }}
      >
        {list.value.map((address, index) => (
          <button
            type="button"
            key={address.email}
            class={isValid(address.email) ? "compose-chip" : "compose-chip bad"}
            tabIndex={-1}
            title={address.email}
            draggable
            aria-haspopup="menu"
            onDragStart={(event) =>
              event.dataTransfer?.setData(
                "application/x-tamanoir-address",
                JSON.stringify({ from: field, index, key: mail.key }),
              )
            }
            onKeyDown={(event) => onChipKey(event, index)}
            onDblClick={() => edit(index)}
            onClick={(event) => {
              menu.value = { index, anchor: event.currentTarget as Element };
            }}
          >
            <bdi class="truncate">{address.name || address.email}</bdi>
            {address.name && <span class="sr">{address.email}</span>}
          </button>
        ))}
        <span class="compose-input">
          <input
            id={`${id}-input`}
            ref={input}
            class="bare"
            type="text"
            inputMode="email"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            role="combobox"
            aria-expanded={open.value}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={open.value ? `${id}-${at.value}` : undefined}
            aria-invalid={
              typed.value.trim() !== "" && parse(typed.value).rest !== "" && document.activeElement !== input.current
                ? true
                : undefined
            }
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
              ask(typed.value);
            }}
            onPaste={(event) => {
              const text = event.clipboardData?.getData("text/plain") ?? "";
              const { addresses, rest } = parse(text);
              if (addresses.length === 0) return;
              event.preventDefault();
              list.value = without([...list.value, ...addresses]);
              typed.value = rest;
              mail.changed();
            }}
            onKeyDown={onKeyDown}
            onBlur={() => {
              // A click on a suggestion comes first.
              setTimeout(() => {
                open.value = false;
                if (document.activeElement !== input.current) commitTyped(mail, field);
              }, 120);
            }}
          />
          {/* Always there, so that aria-controls names something. */}
          <ul
            class="compose-suggestions"
            id={`${id}-list`}
            role="listbox"
            aria-label={t("compose.suggestions")}
            hidden={!open.value}
          >
            {found.value.map((suggestion, index) => (
              <li
                key={suggestion.email || suggestion.name}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === at.value}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(suggestion)}
              >
                {suggestion.members ? (
                  <span class="compose-group">
                    <Icon name="users" />
                  </span>
                ) : (
                  <Avatar name={suggestion.name} email={suggestion.email} size={28} />
                )}
                <span class="compose-who">
                  <bdi class="truncate">{suggestion.name || suggestion.email}</bdi>
                  <span class="truncate meta">
                    {suggestion.members
                      ? t("compose.group.members", { n: suggestion.members.length })
                      : suggestion.email}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </span>
      </div>
      {field === "to" && (
        <span class="compose-more">
          {!mail.showCc.value && (
            <Button small onClick={() => (mail.showCc.value = true)}>
              {t("compose.cc")}
            </Button>
          )}
          {!mail.showBcc.value && (
            <Button small onClick={() => (mail.showBcc.value = true)}>
              {t("compose.bcc")}
            </Button>
          )}
        </span>
      )}
      {menu.value && (
        <ChipMenu
          address={list.value[menu.value.index]}
          anchor={menu.value.anchor}
          close={() => {
            menu.value = undefined;
          }}
          edit={() => edit(menu.value?.index ?? -1)}
          remove={() => remove(menu.value?.index ?? -1)}
          targets={NEXT[field]}
          move={(target) => move(menu.value?.index ?? -1, target)}
        />
      )}
    </div>
  );
}

function ChipMenu(props: {
  address: EmailAddress | undefined;
  anchor: Element;
  close: () => void;
  edit: () => void;
  remove: () => void;
  targets: Field[];
  move: (target: Field) => void;
}) {
  const popover = useRef<HTMLDivElement>(null);
  const { address } = props;
  if (!address) return null;
  return (
    <Floating
      anchor={() => props.anchor.getBoundingClientRect()}
      onClose={props.close}
      popoverRef={popover}
      label={address.name || address.email}
    >
      <MenuList
        close={() => popover.current?.hidePopover()}
        items={[
          { heading: address.email },
          { label: t("compose.chip.edit"), icon: "pencil", run: props.edit },
          { label: t("compose.chip.copy"), icon: "copy", run: () => void navigator.clipboard.writeText(address.email) },
          ...props.targets.map((target) => ({
            label: t("compose.chip.move", { field: t(NAME[target]) }),
            icon: "arrow-right",
            run: () => props.move(target),
          })),
          "line",
          { label: t("compose.chip.remove"), icon: "x", run: props.remove },
        ]}
      />
    </Floating>
  );
}
