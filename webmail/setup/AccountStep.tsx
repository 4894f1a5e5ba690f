import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { locale, t } from "../src/i18n";
import { Button } from "../src/ui/Button";
import { type Advice, type Arrived, ask } from "./api";
import { Heading, Mark, Problem, Ways } from "./parts";
import { backup, leave, place, state, words } from "./state";

/** The first account, and a message that proves the road. */
export function AccountStep() {
  const known = state.value;
  const local = useSignal(known.address.split("@")[0] ?? "");
  const name = useSignal(known.name);
  const password = useSignal("");
  const shown = useSignal(false);
  const problem = useSignal("");
  const working = useSignal(false);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working.value) return;
    working.value = true;
    problem.value = "";
    try {
      const made = await ask<{ address: string; name: string }>("POST", "account", {
        address: `${local.value}@${known.domain}`,
        name: name.value,
        password: password.value,
      });
      state.value = { ...state.value, address: made.address, name: made.name };
      password.value = "";
    } catch (error) {
      if (!leave(error)) problem.value = words(error);
    } finally {
      working.value = false;
    }
  };
  const made = state.value.address !== "";
  return (
    <>
      <Heading title={t("setup.account.title")} text={t("setup.account.text")} />
      {!made && (
        <p class="said" role="status">
          <Mark grade="ok" />
          <span>
            {t("setup.names.saved")} {backup.value && t("setup.names.backup", { file: backup.value })}
          </span>
        </p>
      )}
      <form onSubmit={save}>
        <div class="card fields">
          <label class="field">
            <span>{t("setup.account.address")}</span>
            <span class="with-domain">
              <input
                name="address"
                value={local.value}
                required
                autocapitalize="none"
                autocomplete="username"
                spellcheck={false}
                onInput={(event) => {
                  local.value = event.currentTarget.value.trim().replace(/@.*$/, "");
                }}
              />
              <bdi class="domain">@{known.domain}</bdi>
            </span>
          </label>
          <label class="field">
            <span>{t("setup.account.name")}</span>
            <input
              name="name"
              value={name.value}
              placeholder={t("setup.account.nameHint")}
              autocomplete="name"
              onInput={(event) => {
                name.value = event.currentTarget.value;
              }}
            />
          </label>
          <div class="field">
            <label for="password">
              <span>{t("setup.account.password")}</span>
            </label>
            <span class="with-button">
              <input
                id="password"
                name="password"
                {...({ type: shown.value ? "text" : "password" } as { type: "password" })}
                value={password.value}
                required
                autocomplete="new-password"
                aria-describedby="strength"
                onInput={(event) => {
                  password.value = event.currentTarget.value;
                }}
              />
              <Button
                icon={shown.value ? "eye-off" : "eye"}
                label={shown.value ? t("setup.account.hide") : t("setup.account.show")}
                onClick={() => {
                  shown.value = !shown.value;
                }}
              />
            </span>
            <Strength password={password.value} address={`${local.value}@${known.domain}`} />
          </div>
        </div>
        <Problem text={problem.value} />
        <Ways>
          <Button kind={made ? "outline" : "primary"} class="large" type="submit" disabled={working.value}>
            {working.value ? t("setup.working") : made ? t("setup.account.change") : t("setup.account.save")}
          </Button>
          {!made && (
            <Button
              class="large"
              onClick={() => {
                place.value = "names";
              }}
            >
              {t("setup.back")}
            </Button>
          )}
        </Ways>
      </form>
      {made && <TestMail address={state.value.address} />}
    </>
  );
}

/** A meter of three marks with its words; asked of the server, which decides in the end. */
function Strength({ password, address }: { password: string; address: string }) {
  const advice = useSignal<Advice | undefined>(undefined);
  const language = locale.value;
  useEffect(() => {
    if (!password) {
      advice.value = undefined;
      return;
    }
    let stale = false;
    const timer = setTimeout(async () => {
      try {
        const answer = await ask<Advice>("POST", "password", { password, address });
        if (!stale) advice.value = answer;
      } catch (error) {
        leave(error);
      }
    }, 200);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [password, address, language]);
  const strength = advice.value?.strength ?? "none";
  return (
    <div id="strength" class={`strength ${strength}`} role="status">
      <span class="meter" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span>{advice.value?.text ?? ""}</span>
    </div>
  );
}

/** Sends a message to the new account and reads it back. */
function TestMail({ address }: { address: string }) {
  const arrived = useSignal<Arrived | undefined>(undefined);
  const problem = useSignal("");
  const sending = useSignal(false);
  const send = async () => {
    sending.value = true;
    problem.value = "";
    try {
      arrived.value = await ask<Arrived>("POST", "test");
    } catch (error) {
      if (!leave(error)) problem.value = words(error);
    } finally {
      sending.value = false;
    }
  };
  useEffect(() => void send(), [address]);
  const came = arrived.value;
  return (
    <section class="test" aria-labelledby="test-title">
      <h2 id="test-title">{t("setup.test.title")}</h2>
      <div class="card">
        <div role="status" class="said">
          {sending.value && <span>{t("setup.test.sending", { address })}</span>}
          {!sending.value && came && (
            <>
              <Mark grade="ok" />
              <span>{t("setup.test.ok", { subject: came.subject, mailbox: came.mailbox, n: came.millis })}</span>
            </>
          )}
        </div>
        {came && (
          <details>
            <summary>{t("setup.test.details")}</summary>
            <pre tabIndex={0}>{came.header}</pre>
          </details>
        )}
        <Problem text={problem.value} />
      </div>
      <Ways>
        <Button
          kind="primary"
          class="large"
          onClick={() => {
            place.value = "dns";
          }}
        >
          {t("setup.next")}
        </Button>
        <Button class="large" icon="send" disabled={sending.value} onClick={() => void send()}>
          {t("setup.test.again")}
        </Button>
      </Ways>
    </section>
  );
}
