// The keyboard. Commands are registered in scopes ("list", "reader", "composer", "global"); the innermost scope that is
// active answers first. Every key can be changed, and single keys can be switched off as a whole (WCAG 2.1.4); keys with
// Control, Alt or Meta stay. Two keys in a row ("g i") are written with a space.
import { signal } from "@preact/signals";
import type { Key } from "../i18n";
import { settings } from "../store/settings";

export type Scope = "global" | "list" | "reader" | "composer" | "contacts" | "settings";

export interface Command {
  id: string;
  /** What the help sheet says. */
  label: Key;
  scope: Scope;
  /** Default keys; alternatives are separated by a comma. "Mod" is Control, on a Mac Command. */
  keys: string;
  /** Returns false when it does not apply now: the key then goes on. */
  run: (event: KeyboardEvent) => unknown;
}

const commands = signal<Command[]>([]);
const scopes: Scope[] = [];
const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Adds commands; the answer takes them away again. */
export function register(...added: Command[]): () => void {
  commands.value = [...commands.value.filter((c) => !added.some((a) => a.id === c.id)), ...added];
  return () => {
    commands.value = commands.value.filter((c) => !added.includes(c));
  };
}

export const allCommands = () => commands.value;

/** Makes a scope the innermost one; the answer leaves it. */
export function enter(scope: Scope): () => void {
  scopes.push(scope);
  return () => {
    const at = scopes.lastIndexOf(scope);
    if (at >= 0) scopes.splice(at, 1);
  };
}

/** The keys of a command as the person set them. */
export function keysOf(command: Command): string[] {
  const chosen = settings.value.keys[command.id] ?? command.keys;
  return chosen
    .split(",")
    .map((k) => k.trim())
    .filter(Boolean);
}

/** The first key of a command for a menu or a tooltip, as this machine writes it. */
export function hint(id: string): string | undefined {
  const command = commands.value.find((c) => c.id === id);
  const key = command && keysOf(command)[0];
  if (!key || (!settings.value.shortcuts && !/Mod|Alt|Control/.test(key))) return undefined;
  return written(key);
}

export function written(key: string): string {
  return key
    .replace("Mod+", mac ? "⌘" : "Ctrl+")
    .replace("Shift+", mac ? "⇧" : "Shift+")
    .replace("ArrowUp", "↑")
    .replace("ArrowDown", "↓")
    .replace("Delete", mac ? "⌦" : "Del")
    .replace("Escape", "Esc");
}

/** The name of what was pressed: "e", "Shift+I", "Mod+Enter", "?". */
export function pressed(event: KeyboardEvent): string {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const key = event.key === " " ? "Space" : event.key;
  const letter = key.length === 1;
  let name = "";
  if (mod) name += "Mod+";
  if (event.altKey) name += "Alt+";
  // A shifted sign is its own name ("?", "#"); a shifted letter is written "Shift+i".
  if (event.shiftKey && (!letter || key.toLowerCase() !== key.toUpperCase())) name += "Shift+";
  return name + (letter ? key.toLowerCase() : key);
}

const editable = (target: EventTarget | null) => {
  const node = target as HTMLElement | null;
  if (!node?.tagName) return false;
  if (node.isContentEditable || node.tagName === "TEXTAREA" || node.tagName === "SELECT") return true;
  return (
    node.tagName === "INPUT" && !/^(checkbox|radio|button|submit|range|color)$/.test((node as HTMLInputElement).type)
  );
};

let prefix = "";
let prefixTimer: ReturnType<typeof setTimeout> | undefined;

/** Handles one key; called by the page's listener. */
export function dispatch(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || /^(Shift|Control|Alt|Meta|AltGraph)$/.test(event.key)) return;
  const target = event.target as HTMLElement | null;
  // Dialogs and menus have keys of their own; Escape closes them and nothing behind them.
  if (target?.closest?.("dialog, [popover]")) return;
  if (event.key === "Escape" && document.querySelector("[popover]:popover-open")) return;
  const name = pressed(event);
  const single = !/Mod\+|Alt\+/.test(name) && name.replace("Shift+", "").length === 1;
  if (editable(target) && (single || !/Mod\+|Alt\+|Escape/.test(name))) return;
  if (single && !settings.value.shortcuts) return;
  // Enter and Space belong to the control that has the focus.
  if ((name === "Enter" || name === "Space") && target?.closest?.("button, a, summary, [role=menuitem]")) return;

  const sequence = prefix ? `${prefix} ${name}` : name;
  const active: Scope[] = [...scopes].reverse();
  if (!active.includes("global")) active.push("global");
  prefix = "";
  clearTimeout(prefixTimer);
  for (const scope of active) {
    for (const command of commands.value) {
      if (command.scope !== scope || !keysOf(command).includes(sequence)) continue;
      if (command.run(event) === false) continue;
      event.preventDefault();
      return;
    }
  }
  if (single && commands.value.some((c) => keysOf(c).some((k) => k.startsWith(`${name} `)))) {
    prefix = name;
    prefixTimer = setTimeout(() => {
      prefix = "";
    }, 1200);
  }
}

export function startKeys(): void {
  document.addEventListener("keydown", dispatch);
}
