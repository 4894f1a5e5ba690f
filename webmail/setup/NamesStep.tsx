import { useSignal } from "@preact/signals";
import { t } from "../src/i18n";
import { Button } from "../src/ui/Button";
import { ask } from "./api";
import { Heading, Problem, Ways } from "./parts";
import { backup, leave, place, state, words } from "./state";

interface Named {
  domain: string;
  host: string;
  backup: string;
}

/** Domain and host name: writes main.cf. */
export function NamesStep() {
  const known = state.value;
  const domain = useSignal(known.domain);
  const host = useSignal(known.named ? known.host : "");
  const own = useSignal(known.named);
  const problem = useSignal("");
  const working = useSignal(false);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working.value) return;
    working.value = true;
    problem.value = "";
    try {
      const named = await ask<Named>("POST", "names", { domain: domain.value, host: host.value });
      state.value = { ...state.value, domain: named.domain, host: named.host, named: true };
      backup.value = named.backup;
      place.value = "account";
    } catch (error) {
      if (!leave(error)) problem.value = words(error);
    } finally {
      working.value = false;
    }
  };
  return (
    <form onSubmit={save}>
      <Heading title={t("setup.names.title")} text={t("setup.names.text")} />
      <div class="card fields">
        <label class="field">
          <span>{t("setup.names.domain")}</span>
          <input
            name="domain"
            value={domain.value}
            placeholder={t("setup.names.domainHint")}
            required
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            inputMode="url"
            onInput={(event) => {
              domain.value = event.currentTarget.value.trim();
              if (!own.value) host.value = domain.value && `mail.${domain.value}`;
            }}
          />
        </label>
        <label class="field">
          <span>{t("setup.names.host")}</span>
          <input
            name="host"
            value={host.value}
            placeholder={t("setup.names.hostHint")}
            required
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            inputMode="url"
            aria-describedby="host-help"
            onInput={(event) => {
              host.value = event.currentTarget.value.trim();
              own.value = true;
            }}
          />
        </label>
        <p id="host-help" class="note">
          {t("setup.names.hostHelp")}
        </p>
        <p class="note">{t("setup.names.writes")}</p>
      </div>
      <Problem text={problem.value} />
      <Ways>
        <Button kind="primary" class="large" type="submit" disabled={working.value}>
          {working.value ? t("setup.working") : t("setup.names.save")}
        </Button>
        <Button
          class="large"
          onClick={() => {
            place.value = "check";
          }}
        >
          {t("setup.back")}
        </Button>
      </Ways>
    </form>
  );
}
