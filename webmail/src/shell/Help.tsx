import { t } from "../i18n";
import { allCommands, type Command, keysOf, written } from "../keys";
import { go } from "../router";
import { change, settings } from "../store/settings";
import { Button } from "../ui/Button";
import { Dialog, dialogs, openDialog } from "../ui/Dialog";

let close: (() => void) | undefined;

/** The sheet with every key; opened by `?`. */
export function openHelp(): void {
  if (dialogs.peek().length > 0) return;
  close = openDialog((done) => <Help close={done} />);
}
export const closeHelp = () => close?.();

function Help({ close }: { close: () => void }) {
  const groups: Command["scope"][] = ["global", "list", "reader", "composer"];
  const commands = allCommands();
  return (
    <Dialog
      title={t("help.keys")}
      wide
      onClose={close}
      actions={
        <Button
          kind="outline"
          onClick={() => {
            close();
            go("/settings/keyboard");
          }}
        >
          {t("help.change")}
        </Button>
      }
    >
      <label class="check-line">
        <input
          type="checkbox"
          checked={settings.value.shortcuts}
          onChange={(e) => change({ shortcuts: e.currentTarget.checked })}
        />
        <span>{t("help.single")}</span>
      </label>
      <div class="help-columns">
        {groups.map((scope) => {
          const own = commands.filter((c) => c.scope === scope && keysOf(c).length > 0);
          if (own.length === 0) return null;
          return (
            <section key={scope}>
              <h3>{t(`keys.${scope}` as "keys.global")}</h3>
              <dl>
                {own.map((command) => (
                  <div key={command.id}>
                    <dt>{t(command.label)}</dt>
                    <dd>
                      {keysOf(command)
                        .filter((key) => key !== "ContextMenu")
                        .map((key) => (
                          <kbd key={key}>{written(key)}</kbd>
                        ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
