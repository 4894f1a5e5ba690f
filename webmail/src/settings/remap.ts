// Keys that the person chose: what may be chosen, and who has it already.
import { type Command, pressed } from "../keys";

export type Chosen = Record<string, string>;

/** Keys of a command when `chosen` is the person's map. */
export const keysWith = (command: Pick<Command, "id" | "keys">, chosen: Chosen): string[] =>
  (chosen[command.id] ?? command.keys)
    .split(",")
    .map((key) => key.trim())
    .filter(Boolean);

/** Two scopes can meet when one of them is everywhere. */
const meet = (a: Command["scope"], b: Command["scope"]) => a === b || a === "global" || b === "global";

/** Commands that would answer to the same key as `command`. A key that begins the other ("g" and "g i") meets it, too. */
export function conflicts(commands: Command[], chosen: Chosen, command: Command, key: string): Command[] {
  return commands.filter(
    (other) =>
      other.id !== command.id &&
      meet(other.scope, command.scope) &&
      keysWith(other, chosen).some((k) => k === key || k.startsWith(`${key} `) || key.startsWith(`${k} `)),
  );
}

/** Gives a key to a command and takes it from those that had it. A map without what is as it was from the start. */
export function assign(commands: Command[], chosen: Chosen, command: Command, key: string): Chosen {
  const next = { ...chosen, [command.id]: key };
  for (const other of conflicts(commands, chosen, command, key))
    next[other.id] = keysWith(other, chosen)
      .filter((k) => k !== key && !k.startsWith(`${key} `) && !key.startsWith(`${k} `))
      .join(", ");
  return tidy(commands, next);
}

export function reset(commands: Command[], chosen: Chosen, command: Command): Chosen {
  const { [command.id]: _, ...rest } = chosen;
  return tidy(commands, rest);
}

function tidy(commands: Command[], chosen: Chosen): Chosen {
  return Object.fromEntries(
    Object.entries(chosen).filter(([id, keys]) => {
      const command = commands.find((c) => c.id === id);
      return !command || keysWith(command, {}).join() !== keysWith(command, { [id]: keys }).join();
    }),
  );
}

// Keys of the browser or of the page's own movement: a command on them would be out of reach or take them away.
const TAKEN =
  /^(?:Mod\+(?:t|n|w|Shift\+t|Shift\+n|Shift\+w|Tab|l|q|r|Shift\+r|c|v|x|z|a|\+|-|0)|Tab|Shift\+Tab|Escape|Enter|Space|F5|F11|F12|Alt\+(?:F4|ArrowLeft|ArrowRight|d)|Mod\+Alt\+Delete)$/;
export const isTaken = (key: string) => TAKEN.test(key);

/** The key that was pressed, or undefined while only Control, Shift and the like are down. */
export function keyOf(event: KeyboardEvent): string | undefined {
  return /^(Shift|Control|Alt|Meta|AltGraph|Dead|Process)$/.test(event.key) ? undefined : pressed(event);
}
