// What only the server's own paths can do: password, sessions, tokens; and how full the mailbox is.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { number, t } from "../i18n";
import { fileSize, mediumDate } from "../i18n/dates";
import type { GetResponse, Quota } from "../jmap/types";
import { jmap, SignInError, send } from "../store/session";
import { Button } from "../ui/Button";
import { Dialog, openDialog } from "../ui/Dialog";
import { FormProblem } from "../ui/FormProblem";
import { Icon } from "../ui/Icon";
import { showError, showToast } from "../ui/Toast";

/** Loads once; draws nothing, a reason with a button, or the thing. */
function useLoaded<T>(load: () => Promise<T>) {
  const value = useSignal<T | undefined>(undefined);
  const problem = useSignal("");
  const again = () => {
    problem.value = "";
    load().then(
      (loaded) => {
        value.value = loaded;
      },
      (error: Error) => {
        problem.value = error.message || t("settings.failed");
      },
    );
  };
  useEffect(again, []);
  return { value, problem, again };
}
const Problem = ({ text, again }: { text: string; again: () => void }) => (
  <p class="settings-problem" role="alert">
    <Icon name="triangle-alert" />
    <span>{text}</span>
    <Button small kind="outline" onClick={again}>
      {t("retry")}
    </Button>
  </p>
);
const Waiting = () => <p class="settings-none" aria-busy="true" />;

export function Quotas() {
  const { value, problem, again } = useLoaded(async () =>
    jmap().has("urn:ietf:params:jmap:quota")
      ? (await jmap().call<GetResponse<Quota>>("Quota/get", { ids: null })).list
      : [],
  );
  if (problem.value) return <Problem text={problem.value} again={again} />;
  if (!value.value) return <Waiting />;
  const list = value.value.filter((quota) => quota.hardLimit > 0);
  if (list.length === 0) return <p class="settings-none">{t("set.quota.none")}</p>;
  return (
    <ul class="settings-quotas">
      {list.map((quota) => {
        const show = (n: number) => (quota.resourceType === "octets" ? fileSize(n) : number(n));
        const share = quota.used / quota.hardLimit;
        return (
          <li key={quota.id}>
            <label>
              <span>
                {t(quota.resourceType === "octets" ? "set.quota.space" : "set.quota.mails", {
                  used: show(quota.used),
                  limit: show(quota.hardLimit),
                })}
              </span>
              <meter min={0} max={1} low={0.8} high={0.95} optimum={0} value={Math.min(1, share)} />
            </label>
          </li>
        );
      })}
    </ul>
  );
}

export function Password() {
  const problem = useSignal("");
  const working = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const [old, first, second] = ["old", "new", "again"].map((name) => String(data.get(name) ?? ""));
    problem.value = "";
    if (first !== second) {
      problem.value = t("set.password.differ");
      return;
    }
    working.value = true;
    try {
      await send("POST", "/auth/password", { old, new: first });
      form.reset();
      showToast({ text: t("set.password.done") });
    } catch (error) {
      problem.value =
        error instanceof SignInError && error.status === 403 && !error.message
          ? t("set.password.wrong")
          : (error as Error).message;
    } finally {
      working.value = false;
    }
  };
  return (
    <form class="settings-form" onSubmit={submit}>
      <input type="text" name="username" autocomplete="username" value={jmap().session.username} hidden readOnly />
      <label class="field">
        <span>{t("set.password.old")}</span>
        <input type="password" name="old" autocomplete="current-password" required />
      </label>
      <label class="field">
        <span>{t("set.password.new")}</span>
        <input type="password" name="new" autocomplete="new-password" required minLength={8} />
      </label>
      <label class="field">
        <span>{t("set.password.again")}</span>
        <input type="password" name="again" autocomplete="new-password" required />
      </label>
      <FormProblem text={problem.value} />
      <div>
        <Button kind="outline" type="submit" disabled={working.value}>
          {t("set.password.do")}
        </Button>
      </div>
    </form>
  );
}

interface WebSession {
  id: string;
  created: string;
  lastUsed: string;
  client: string;
  address: string;
  current: boolean;
}

export function Sessions() {
  const whole = useSignal(false);
  const { value, problem, again } = useLoaded(
    async () => (await send<{ sessions: WebSession[] }>("GET", "/auth/sessions")).sessions,
  );
  if (problem.value) return <Problem text={problem.value} again={again} />;
  if (!value.value) return <Waiting />;
  const end = async (session: WebSession) => {
    try {
      await send("DELETE", `/auth/sessions/${encodeURIComponent(session.id)}`);
      value.value = (value.value ?? []).filter((s) => s.id !== session.id);
      showToast({ text: t("set.sessions.ended"), duration: 4000 });
    } catch (error) {
      showError((error as Error).message);
    }
  };
  const others = value.value.filter((s) => !s.current);
  const shown = whole.value ? value.value.length : 5;
  return (
    <>
      <ul class="settings-list">
        {[...value.value]
          .sort((a, b) => Number(b.current) - Number(a.current) || b.lastUsed.localeCompare(a.lastUsed))
          .slice(0, shown)
          .map((session) => (
            <li key={session.id}>
              <span class="settings-two">
                <bdi class="truncate">{clientName(session.client)}</bdi>
                <span class="truncate settings-hint">
                  <bdi>{session.address}</bdi> ·{" "}
                  {session.current
                    ? t("set.sessions.current")
                    : t("set.sessions.last", { when: mediumDate(new Date(session.lastUsed)) })}
                </span>
              </span>
              {!session.current && (
                <Button
                  small
                  kind="outline"
                  onClick={() => void end(session)}
                  label={t("set.sessions.endOne", { name: clientName(session.client) })}
                >
                  {t("set.sessions.end")}
                </Button>
              )}
            </li>
          ))}
      </ul>
      {value.value.length > shown && (
        <Button onClick={() => (whole.value = true)}>{t("set.sessions.all", { n: value.value.length })}</Button>
      )}
      {others.length > 1 && (
        <Button kind="outline" onClick={() => void Promise.all(others.map(end))}>
          {t("set.sessions.endAll")}
        </Button>
      )}
    </>
  );
}

/** "Firefox on Linux" out of a User-Agent; the whole text when it says nothing known. */
export function clientName(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /OPR\//.test(agent)
      ? "Opera"
      : /Firefox\//.test(agent)
        ? "Firefox"
        : /Chrom(?:e|ium)\//.test(agent)
          ? "Chrome"
          : /Safari\//.test(agent)
            ? "Safari"
            : "";
  const system = /Windows/.test(agent)
    ? "Windows"
    : /iPhone|iPad/.test(agent)
      ? "iOS"
      : /Android/.test(agent)
        ? "Android"
        : /Mac OS X/.test(agent)
          ? "macOS"
          : /Linux/.test(agent)
            ? "Linux"
            : "";
  return browser ? [browser, system].filter(Boolean).join(" · ") : agent || "?";
}

interface Token {
  id: string;
  /** What it is for, as it was named when it was made. */
  client: string;
  created?: string;
  lastUsed?: string | null;
}

export function Tokens() {
  const { value, problem, again } = useLoaded(
    async () => (await send<{ tokens: Token[] }>("GET", "/auth/tokens")).tokens,
  );
  if (problem.value) return <Problem text={problem.value} again={again} />;
  if (!value.value) return <Waiting />;
  const revoke = async (token: Token) => {
    try {
      await send("DELETE", `/auth/tokens/${encodeURIComponent(token.id)}`);
      value.value = (value.value ?? []).filter((other) => other.id !== token.id);
    } catch (error) {
      showError((error as Error).message);
    }
  };
  return (
    <>
      {value.value.length === 0 ? (
        <p class="settings-none">{t("set.tokens.none")}</p>
      ) : (
        <ul class="settings-list">
          {value.value.map((token) => (
            <li key={token.id}>
              <span class="settings-two">
                <bdi class="truncate">{token.client}</bdi>
                <span class="settings-hint">
                  {token.lastUsed
                    ? t("set.sessions.last", { when: mediumDate(new Date(token.lastUsed)) })
                    : t("set.tokens.unused")}
                </span>
              </span>
              <Button
                small
                kind="outline"
                onClick={() => void revoke(token)}
                label={t("set.tokens.revokeOne", { name: token.client })}
              >
                {t("set.tokens.revoke")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button kind="outline" icon="plus" onClick={() => openDialog((close) => <NewToken close={close} made={again} />)}>
        {t("set.tokens.new")}
      </Button>
    </>
  );
}

/** The token is shown once; the password is asked again, because whoever has it reads the mail. */
function NewToken({ close, made }: { close: () => void; made: () => void }) {
  const problem = useSignal("");
  const token = useSignal("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    try {
      const answer = await send<{ id: string; token: string }>("POST", "/auth/tokens", {
        name: String(data.get("name")).trim(),
        password: String(data.get("password")),
      });
      token.value = answer.token;
      made();
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  if (token.value)
    return (
      <Dialog
        title={t("set.tokens.made")}
        onClose={close}
        persistent
        actions={
          <Button kind="primary" onClick={close}>
            {t("set.tokens.kept")}
          </Button>
        }
      >
        <p>{t("set.tokens.once")}</p>
        <p class="settings-token">
          <code>{token.value}</code>
          <Button
            icon="copy"
            label={t("set.tokens.copy")}
            onClick={() => {
              void navigator.clipboard
                .writeText(token.value)
                .then(() => showToast({ text: t("copied"), duration: 2000 }));
            }}
          />
        </p>
      </Dialog>
    );
  return (
    <Dialog
      title={t("set.tokens.new")}
      onClose={close}
      actions={
        <>
          <Button kind="primary" type="submit" form="token-form">
            {t("create")}
          </Button>
          <Button kind="outline" onClick={close}>
            {t("cancel")}
          </Button>
        </>
      }
    >
      <form id="token-form" class="settings-form" onSubmit={submit}>
        <label class="field">
          <span>{t("set.tokens.name")}</span>
          <input name="name" required maxLength={100} autofocus autocomplete="off" />
        </label>
        <label class="field">
          <span>{t("set.password.old")}</span>
          <input type="password" name="password" required autocomplete="current-password" />
        </label>
        <FormProblem text={problem.value} />
      </form>
    </Dialog>
  );
}
