import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button, type ButtonProps } from "./Button";
import { Icon, type IconName } from "./Icon";

export type MenuItem =
  | {
      label: string;
      icon?: IconName;
      /** Shown at the end of the line: the shortcut. */
      hint?: string;
      checked?: boolean;
      danger?: boolean;
      disabled?: boolean;
      /** A colour dot of a label. */
      colour?: string;
      run: () => void;
    }
  | { heading: string }
  | "line";

/** A list of commands in a popover (native: the browser puts it on top and closes it outside or by Escape). */
export function MenuList({ items, close }: { items: MenuItem[]; close: () => void }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(list.current?.querySelectorAll<HTMLButtonElement>("[role^=menuitem]:not(:disabled)") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to =
      event.key === "ArrowDown"
        ? at + 1
        : event.key === "ArrowUp"
          ? at - 1
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? -1
              : null;
    if (to !== null) {
      all[(to + all.length) % all.length]?.focus();
      event.preventDefault();
    } else if (event.key === "Tab") close();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = event.key.toLocaleLowerCase();
      const rest = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      rest.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(letter))?.focus();
    } else return;
    event.stopPropagation();
  };
  return (
    <div class="menu" role="menu" ref={list} onKeyDown={onKeyDown} tabIndex={-1}>
      {items.map((item, index) =>
        item === "line" ? (
          <hr key={index} />
        ) : "heading" in item ? (
          <div key={index} class="menu-heading" role="presentation">
            {item.heading}
          </div>
        ) : (
          <button
            key={index}
            type="button"
            tabIndex={-1}
            role={item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
            aria-checked={item.checked}
            disabled={item.disabled}
            class={item.danger ? "menu-item danger" : "menu-item"}
            onClick={() => {
              close();
              item.run();
            }}
          >
            <span class="menu-icon">
              {item.colour ? <i class={`dot label-${item.colour}`} /> : item.icon && <Icon name={item.icon} />}
            </span>
            <span class="menu-label">{item.label}</span>
            {item.checked && <Icon name="check" />}
            {item.hint && <kbd>{item.hint}</kbd>}
          </button>
        ),
      )}
    </div>
  );
}

/** Puts a popover below (or above) its anchor, inside the window. */
export function place(popover: HTMLElement, anchor: DOMRect): void {
  const rtl = document.documentElement.dir === "rtl";
  const { offsetWidth: width, offsetHeight: height } = popover;
  const left = rtl ? anchor.right - width : anchor.left;
  const below = anchor.bottom + 4;
  const top = below + height > innerHeight - 8 && anchor.top - height - 4 > 8 ? anchor.top - height - 4 : below;
  popover.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  popover.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}

export interface MenuButtonProps extends ButtonProps {
  /** Asked when the menu opens, so that it shows the present. */
  items?: () => MenuItem[];
  /** Something else than a list of commands. */
  panel?: (close: () => void) => ComponentChildren;
}

/** A button that opens a menu. */
export function MenuButton({ items, panel, ...button }: MenuButtonProps) {
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => popover.current?.hidePopover();
  return (
    <>
      <Button
        {...button}
        aria-haspopup={panel ? "dialog" : "menu"}
        aria-expanded={open}
        data-menu={id}
        onClick={() => (open ? close() : setOpen(true))}
      />
      {open && (
        <Floating
          anchor={() => document.querySelector(`[data-menu="${CSS.escape(id)}"]`)?.getBoundingClientRect()}
          onClose={() => setOpen(false)}
          popoverRef={popover}
          label={button.label}
        >
          {panel ? panel(close) : <MenuList items={items?.() ?? []} close={close} />}
        </Floating>
      )}
    </>
  );
}

/** A popover that exists while it is open: focus goes in, and back to where it was. */
export function Floating(props: {
  anchor: () => DOMRect | undefined;
  onClose: () => void;
  children: ComponentChildren;
  popoverRef?: { current: HTMLDivElement | null };
  label?: string;
}) {
  const own = useRef<HTMLDivElement>(null);
  const node = props.popoverRef ?? own;
  useLayoutEffect(() => {
    const popover = node.current;
    if (!popover) return;
    const before = document.activeElement as HTMLElement | null;
    popover.showPopover();
    const anchor = props.anchor();
    if (anchor) place(popover, anchor);
    popover.querySelector<HTMLElement>("[autofocus],[role^=menuitem]:not(:disabled),input,button")?.focus();
    const toggled = (event: Event) => {
      if ((event as ToggleEvent).newState !== "closed") return;
      if (
        !document.activeElement ||
        document.activeElement === document.body ||
        popover.contains(document.activeElement)
      )
        before?.focus();
      props.onClose();
    };
    popover.addEventListener("toggle", toggled);
    return () => popover.removeEventListener("toggle", toggled);
  }, []);
  return (
    <div popover="auto" class="popover" ref={node} role={props.label ? "dialog" : undefined} aria-label={props.label}>
      {props.children}
    </div>
  );
}
