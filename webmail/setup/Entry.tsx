import { useSignal } from "@preact/signals";
import { t } from "../src/i18n";
import { Button } from "../src/ui/Button";
import { useToken } from "./api";
import { Heading, Problem, Ways } from "./parts";
import { begin, refusal } from "./state";

/** For who came without the address of the console, or with an old one. */
export function Entry() {
  const text = useSignal("");
  const open = (event: SubmitEvent) => {
    event.preventDefault();
    useToken(text.value);
    void begin();
  };
  return (
    <form onSubmit={open}>
      <Heading title={t("setup.entry.title")} text={t("setup.entry.text")} />
      <div class="card fields">
        <label class="field">
          <span>{t("setup.entry.label")}</span>
          <input
            name="token"
            required
            autocomplete="off"
            spellcheck={false}
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
      </div>
      <Problem text={refusal.value} />
      <Ways>
        <Button kind="primary" class="large" type="submit">
          {t("setup.entry.open")}
        </Button>
      </Ways>
    </form>
  );
}

/** There is no set-up any more. */
export function Over() {
  return (
    <div class="done">
      <Heading title={t("setup.over.title")} text={t("setup.over.text")} />
      <p>
        <a class="button primary large" href="/">
          {t("setup.over.open")}
        </a>
      </p>
    </div>
  );
}
