import { useSignal } from "@preact/signals";
import { t } from "../i18n";
import { SignInError, signIn } from "../store/session";
import { Button } from "../ui/Button";
import { FormProblem } from "../ui/FormProblem";

/** Name and password, and what went wrong in plain words. Also inside the dialog of an expired session. */
export function SignInForm({ name = "", onDone }: { name?: string; onDone?: () => void }) {
  const problem = useSignal("");
  const working = useSignal(false);
  const shown = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working.value) return;
    const data = new FormData(event.currentTarget as HTMLFormElement);
    working.value = true;
    problem.value = "";
    try {
      await signIn(String(data.get("name")).trim(), String(data.get("password")));
      onDone?.();
    } catch (error) {
      const status = error instanceof SignInError ? error.status : 0;
      const seconds = error instanceof SignInError ? error.retryAfter : 0;
      if (status === 401) problem.value = t("signin.wrong");
      else if (status === 429) problem.value = t("signin.tooMany", { seconds: seconds || 30 });
      else if (status === 0) problem.value = t("signin.offline");
      else problem.value = (error as Error).message || t("signin.failed", { status });
    } finally {
      working.value = false;
    }
  };
  return (
    <form class="sign-in-form" onSubmit={submit}>
      <label class="field">
        <span>{t("signin.name")}</span>
        <input
          name="name"
          type="text"
          inputMode="email"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          required
          defaultValue={name}
          autofocus={!name}
        />
      </label>
      <label class="field">
        <span>{t("signin.password")}</span>
        <span class="with-button">
          <input
            name="password"
            type={(shown.value ? "text" : "password") as "password"}
            autocomplete="current-password"
            required
            autofocus={Boolean(name)}
          />
          <Button
            icon={shown.value ? "eye-off" : "eye"}
            label={t(shown.value ? "signin.hide" : "signin.show")}
            onClick={() => {
              shown.value = !shown.value;
            }}
          />
        </span>
      </label>
      <FormProblem text={problem.value} />
      <Button kind="primary" type="submit" class="large" aria-busy={working.value}>
        {t(working.value ? "signin.working" : "signin.go")}
      </Button>
    </form>
  );
}

export function SignInPage() {
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <img src="/icon.svg" width="56" height="56" alt="" />
        <h1>{t("signin.title")}</h1>
        <p class="host">{location.host}</p>
        <SignInForm />
      </div>
    </main>
  );
}
