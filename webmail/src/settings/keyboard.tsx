import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { type Key, t } from "../i18n";
import { allCommands, type Command, keysOf, written } from "../keys";
import { change, settings } from "../store/settings";
import { Button } from "../ui/Button";
import { showToast } from "../ui/Toast";
import { assign, conflicts, isTaken, keyOf, reset } from "./remap";

const SCOPES: Command["scope"][] = ["global", "list", "reader", "composer"];

/** Every command with its keys; a press on "Change" takes the next key. */
export function Keyboard({ alone = false }: { alone?: boolean }) {
  const Heading = alone ? "h3" : "h4";
  const listening = useSignal<string | undefined>(undefined);
  const said = useSignal("");
  const first = useSignal("");
  const commands = allCommands().filter((command, i, all) => all.findIndex((other) => other.id === command.id) === i);
  const command = commands.find((c) => c.id === listening.value);

  useLayoutEffect(() => {
    if (!command) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (key: string) => {
      const others = conflicts(commands, settings.peek().keys, command, key);
      const before = settings.peek().keys;
      change({ keys: assign(commands, before, command, key) });
      listening.value = undefined;
      first.value = "";
      const names = others.map((c) => t(c.label)).join(", ");
      showToast({
        text:
          others.length > 0
            ? t("set.keys.moved", { key: written(key), name: t(command.label), other: names })
            : t("set.keys.set", { key: written(key), name: t(command.label) }),
        undo: () => change({ keys: before }),
      });
    };
    const press = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (!key) return;
      event.preventDefault();
      event.stopPropagation();
      if (key === "Escape") {
        listening.value = undefined;
        first.value = "";
        return;
      }
      if (isTaken(key)) {
        said.value = t("set.keys.taken", { key: written(key) });
        return;
      }
      said.value = "";
      // A second key within a second makes a sequence ("g i").
      if (first.value) {
        clearTimeout(timer);
        take(`${first.value} ${key}`);
      } else if (/Mod\+|Alt\+/.test(key)) take(key);
      else {
        first.value = key;
        timer = setTimeout(() => take(key), 1000);
      }
    };
    document.addEventListener("keydown", press, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", press, true);
    };
  }, [listening.value]);

  const changed = Object.keys(settings.value.keys).length > 0;
  return (
    <>
      <p class="sr" role="status">
        {command ? t("set.keys.press", { name: t(command.label) }) : ""} {said.value}
      </p>
      {SCOPES.map((scope) => {
        const own = commands.filter((c) => c.scope === scope);
        if (own.length === 0) return null;
        return (
          <section key={scope} class="settings-keys">
            <Heading>{t(`keys.${scope}` as Key)}</Heading>
            <ul class="settings-list">
              {own.map((c) => {
                const keys = keysOf(c);
                const active = listening.value === c.id;
                return (
                  <li key={c.id}>
                    <span class="settings-two">{t(c.label)}</span>
                    <span class="settings-kbd">
                      {active ? (
                        <span class={said.value ? "settings-hint bad" : "settings-hint"}>
                          {said.value || (first.value ? `${written(first.value)} …` : t("set.keys.waiting"))}
                        </span>
                      ) : keys.length > 0 ? (
                        keys.map((key) => <kbd key={key}>{written(key)}</kbd>)
                      ) : (
                        <span class="settings-hint">{t("set.keys.none")}</span>
                      )}
                    </span>
                    {c.id in settings.value.keys && !active && (
                      <Button
                        small
                        icon="undo-2"
                        label={t("set.keys.reset", { name: t(c.label) })}
                        onClick={() => change({ keys: reset(commands, settings.peek().keys, c) })}
                      />
                    )}
                    {keys.length > 0 && !active && (
                      <Button
                        small
                        icon="x"
                        label={t("set.keys.clear", { name: t(c.label) })}
                        onClick={() => change({ keys: { ...settings.peek().keys, [c.id]: "" } })}
                      />
                    )}
                    <Button
                      small
                      kind="outline"
                      label={t(active ? "set.keys.stop" : "set.keys.changeOne", { name: t(c.label) })}
                      onClick={() => {
                        said.value = "";
                        first.value = "";
                        listening.value = active ? undefined : c.id;
                      }}
                    >
                      {t(active ? "cancel" : "set.keys.change")}
                    </Button>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      {changed && (
        <Button
          kind="outline"
          onClick={() => {
            const before = settings.peek().keys;
            change({ keys: {} });
            showToast({ text: t("set.keys.allReset"), undo: () => change({ keys: before }) });
          }}
        >
          {t("set.keys.resetAll")}
        </Button>
      )}
    </>
  );
}
