import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { languages, locale, t, useLocale } from "../src/i18n";
import { Icon } from "../src/ui/Icon";
import { AccountStep } from "./AccountStep";
import { CheckStep } from "./CheckStep";
import { DnsStep } from "./DnsStep";
import { Done } from "./Done";
import { Entry, Over } from "./Entry";
import { NamesStep } from "./NamesStep";
import { isReachable, type Place, place, STEPS, type Step } from "./state";

const PLACES: Record<Place, () => JSX.Element> = {
  loading: () => <p class="sr">{t("setup.working")}</p>,
  entry: Entry,
  over: Over,
  done: Done,
  check: CheckStep,
  names: NamesStep,
  account: AccountStep,
  dns: DnsStep,
};

/** The frame around the steps: the name, the language, how far one is. */
export function Page() {
  const here = place.value;
  const Shown = PLACES[here];
  const title = t("setup.title");
  useEffect(() => {
    document.title = `Tamanoir: ${title}`;
    document.querySelector(".setup")?.scrollTo(0, 0);
  });
  return (
    <div class="setup">
      <header class="top">
        <span class="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <strong>Tamanoir</strong>
          <span>{title}</span>
        </span>
        <label class="language">
          <Icon name="globe" />
          <span class="sr">{t("setup.language")}</span>
          <select value={locale.value} onChange={(event) => void useLocale(event.currentTarget.value)}>
            {Object.entries(languages).map(([tag, name]) => (
              <option key={tag} value={tag}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </header>
      {(STEPS as Place[]).includes(here) && <Progress here={here as Step} />}
      <main>
        <Shown key={here} />
      </main>
    </div>
  );
}

function Progress({ here }: { here: Step }) {
  const at = STEPS.indexOf(here);
  return (
    <nav class="progress" aria-label={t("setup.steps")}>
      <ol>
        {STEPS.map((step, i) => (
          <li key={step} class={i < at ? "past" : i === at ? "now" : ""}>
            <button
              type="button"
              aria-current={i === at ? "step" : undefined}
              disabled={!isReachable(step)}
              onClick={() => {
                place.value = step;
              }}
            >
              <span class="number" aria-hidden="true">
                {i < at ? <Icon name="check" size={14} /> : i + 1}
              </span>
              <span>{t(`setup.${step}.short`)}</span>
              <span class="sr">{t("setup.step", { n: i + 1, of: STEPS.length })}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
