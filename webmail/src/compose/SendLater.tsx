import { useSignal } from "@preact/signals";
import { type Key, t } from "../i18n";
import { longDate, mediumDate } from "../i18n/dates";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { maxDelay } from "./outbox";
import { judge, presets, toLocalInput } from "./schedule";

/** Asks when the mail shall go. */
export function SendLater({ choose, close, start }: { choose: (at: Date) => void; close: () => void; start?: Date }) {
  const now = new Date();
  const limit = maxDelay();
  const own = useSignal(toLocalInput(start ?? presets(now)[0]?.at ?? now));
  const at = new Date(own.value);
  const wish = judge(at, now, limit);
  const take = (date: Date) => {
    close();
    choose(date);
  };
  return (
    <Dialog title={t("later.title")} onClose={close}>
      <ul class="compose-presets">
        {presets(now)
          .filter((preset) => judge(preset.at, now, limit) === "ok")
          .map((preset, index) => (
            <li key={preset.id}>
              <button type="button" class="menu-item" autofocus={index === 0} onClick={() => take(preset.at)}>
                <Icon name="clock" />
                <span class="menu-label">{t(`later.${preset.id}` as Key)}</span>
                <span class="meta">{mediumDate(preset.at)}</span>
              </button>
            </li>
          ))}
      </ul>
      <form
        class="compose-own-time"
        onSubmit={(event) => {
          event.preventDefault();
          if (wish === "ok") take(at);
        }}
      >
        <label class="field">
          <span>{t("later.own")}</span>
          <input
            type="datetime-local"
            value={own.value}
            min={toLocalInput(now)}
            max={Number.isFinite(limit) && limit > 0 ? toLocalInput(new Date(now.getTime() + limit * 1000)) : undefined}
            aria-describedby="later-what"
            onInput={(event) => {
              own.value = event.currentTarget.value;
            }}
          />
        </label>
        <p id="later-what" class={wish === "ok" ? "meta" : "meta bad"} role="status">
          {wish === "ok"
            ? longDate(at)
            : t(wish === "past" ? "later.past" : "later.tooFar", { days: Math.floor(limit / 86_400) })}
        </p>
        <Button kind="primary" type="submit" disabled={wish !== "ok"}>
          {t("later.do")}
        </Button>
      </form>
    </Dialog>
  );
}
