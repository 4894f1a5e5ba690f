import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { format, isValid, parse } from "../compose/addresses";
import type { RichText } from "../compose/editor";
import { t } from "../i18n";
import { JmapError } from "../jmap/client";
import type { EmailAddress, Identity, SetResponse } from "../jmap/types";
import { identities, loadIdentities } from "../store/identities";
import { jmap } from "../store/session";
import { Button } from "../ui/Button";
import { confirm } from "../ui/Dialog";
import { FormProblem } from "../ui/FormProblem";
import { Icon } from "../ui/Icon";
import { showError } from "../ui/Toast";

/** The addresses to write from, each with its name and signature. */
export function Identities() {
  const open = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (identities.value.length === 0) loadIdentities().catch(() => undefined);
  }, []);
  return (
    <>
      <ul class="settings-cards">
        {identities.value.map((identity) => (
          <li key={identity.id}>
            <button
              type="button"
              class="settings-card-head"
              aria-expanded={open.value === identity.id}
              onClick={() => {
                open.value = open.value === identity.id ? undefined : identity.id;
              }}
            >
              <span class="settings-two">
                <bdi class="truncate">{identity.name || identity.email}</bdi>
                <bdi class="truncate settings-hint">{identity.email}</bdi>
              </span>
              <Icon name="chevron-down" />
            </button>
            {open.value === identity.id && <IdentityForm identity={identity} />}
          </li>
        ))}
        {open.value === "new" && (
          <li>
            <NewIdentity
              done={(id) => {
                open.value = id;
              }}
            />
          </li>
        )}
      </ul>
      {open.value !== "new" && (
        <Button kind="outline" icon="plus" onClick={() => (open.value = "new")}>
          {t("identity.new")}
        </Button>
      )}
    </>
  );
}

async function update(identity: Identity, patch: Partial<Identity>): Promise<void> {
  const response = await jmap().call<SetResponse>("Identity/set", { update: { [identity.id]: patch } });
  const refused = response.notUpdated?.[identity.id];
  if (refused) throw JmapError.of(refused);
  identities.value = identities.value.map((i) => (i.id === identity.id ? { ...i, ...patch } : i));
}

/** Saved while typing, half a second after the last key. */
function IdentityForm({ identity }: { identity: Identity }) {
  const state = useSignal<"" | "saving" | "saved" | "failed">("");
  const pending = useRef<Partial<Identity>>({});
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const flush = async () => {
    clearTimeout(timer.current);
    const patch = pending.current;
    if (Object.keys(patch).length === 0) return;
    pending.current = {};
    state.value = "saving";
    try {
      await update(identity, patch);
      state.value = "saved";
    } catch (error) {
      pending.current = { ...patch, ...pending.current };
      state.value = "failed";
      showError(t("identity.failed", { why: (error as Error).message }), {
        label: t("retry"),
        run: () => void flush(),
      });
    }
  };
  const set = (patch: Partial<Identity>) => {
    pending.current = { ...pending.current, ...patch };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), 500);
  };
  useEffect(() => () => void flush(), []);
  const addresses = (name: "replyTo" | "bcc", text: string) => {
    const { addresses: list, rest } = parse(text);
    if (rest === "") set({ [name]: list.length > 0 ? list : null });
  };
  const shown = (list: EmailAddress[] | null) => (list ?? []).map(format).join(", ");
  return (
    <div class="settings-form">
      <label class="field">
        <span>{t("identity.name")}</span>
        <input
          defaultValue={identity.name}
          maxLength={200}
          autocomplete="name"
          onInput={(event) => set({ name: event.currentTarget.value })}
        />
      </label>
      <div class="field">
        <span id={`sig-${identity.id}`}>{t("identity.signature")}</span>
        <SignatureEditor identity={identity} labelledBy={`sig-${identity.id}`} set={set} />
      </div>
      <div class="contact-pair">
        <label class="field">
          <span>{t("identity.replyTo")}</span>
          <input
            defaultValue={shown(identity.replyTo)}
            inputMode="email"
            autocomplete="off"
            onChange={(event) => addresses("replyTo", event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{t("identity.bcc")}</span>
          <input
            defaultValue={shown(identity.bcc)}
            inputMode="email"
            autocomplete="off"
            onChange={(event) => addresses("bcc", event.currentTarget.value)}
          />
        </label>
      </div>
      <p class="settings-form-foot">
        <span class="settings-state" role="status">
          {state.value === "saved" ? t("settings.saved") : state.value === "saving" ? t("settings.saving") : ""}
        </span>
        {identity.mayDelete && identities.value.length > 1 && (
          <Button kind="danger" small onClick={() => void remove(identity)}>
            {t("identity.delete")}
          </Button>
        )}
      </p>
    </div>
  );
}

async function remove(identity: Identity): Promise<void> {
  if (!(await confirm(t("identity.delete"), t("identity.delete.text", { email: identity.email }), t("delete"), true)))
    return;
  const response = await jmap()
    .call<SetResponse>("Identity/set", { destroy: [identity.id] })
    .catch((error: Error) => {
      showError(error.message);
    });
  const refused = response?.notDestroyed?.[identity.id];
  if (refused) showError(refused.description ?? refused.type);
  await loadIdentities();
}

/** The same editor as for mails, with the few formats that a signature needs. */
function SignatureEditor({
  identity,
  labelledBy,
  set,
}: {
  identity: Identity;
  labelledBy: string;
  set: (patch: Partial<Identity>) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<RichText | undefined>(undefined);
  const ready = useSignal(false);
  useEffect(() => {
    let gone = false;
    void Promise.all([import("../compose/editor"), import("../compose/html"), import("../compose/text")]).then(
      ([{ RichText: Editor }, html, text]) => {
        if (gone || !box.current) return;
        const root = box.current;
        const made = new Editor(root, () => undefined);
        made.setContent(
          identity.htmlSignature.trim() ? html.clean(identity.htmlSignature) : text.fromText(identity.textSignature),
        );
        made.addEventListener("input", () => {
          const plain = text.toText(root);
          set({
            htmlSignature: plain.trim() || root.querySelector("img") ? html.written(root) : "",
            textSignature: plain,
          });
        });
        editor.current = made;
        ready.value = true;
      },
    );
    return () => {
      gone = true;
      editor.current?.destroy();
    };
  }, []);
  const keep = (event: MouseEvent) => event.preventDefault();
  const does = (action: (editor: RichText) => unknown) => () => {
    if (editor.current) action(editor.current);
    editor.current?.focus();
  };
  return (
    <div class="settings-signature" aria-busy={!ready.value}>
      <div class="settings-formats" role="group" aria-label={t("identity.formats")}>
        <Button
          small
          icon="bold"
          label={t("identity.bold")}
          onMouseDown={keep}
          onClick={does((e) => (e.hasFormat("B") ? e.removeBold() : e.bold()))}
        />
        <Button
          small
          icon="italic"
          label={t("identity.italic")}
          onMouseDown={keep}
          onClick={does((e) => (e.hasFormat("I") ? e.removeItalic() : e.italic()))}
        />
        <Button
          small
          icon="link"
          label={t("identity.link")}
          onMouseDown={keep}
          onClick={does((e) => {
            const text = e.getSelectedText().trim();
            if (/^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+\S*$/.test(text))
              e.makeLink(/^https?:/.test(text) ? text : `https://${text}`);
            else if (isValid(text)) e.makeLink(`mailto:${text}`);
            else showError(t("identity.link.how"));
          })}
        />
        <Button
          small
          icon="remove-formatting"
          label={t("identity.clear")}
          onMouseDown={keep}
          onClick={does((e) => e.removeAllFormatting())}
        />
      </div>
      <div
        ref={box}
        class="settings-signature-text"
        role="textbox"
        aria-multiline="true"
        aria-labelledby={labelledBy}
        dir="auto"
        spellcheck
      />
    </div>
  );
}

function NewIdentity({ done }: { done: (id: string | undefined) => void }) {
  const problem = useSignal("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const email = String(data.get("email")).trim();
    if (!isValid(email)) {
      problem.value = t("identity.badEmail", { email });
      return;
    }
    try {
      const response = await jmap().call<SetResponse>("Identity/set", {
        create: { new: { name: String(data.get("name")).trim(), email } },
      });
      const refused = response.notCreated?.new;
      if (refused) throw JmapError.of(refused);
      await loadIdentities();
      done(response.created?.new?.id);
    } catch (error) {
      problem.value =
        (error as JmapError).type === "forbiddenFrom" ? t("identity.forbidden", { email }) : (error as Error).message;
    }
  };
  return (
    <form class="settings-form" onSubmit={submit}>
      <label class="field">
        <span>{t("identity.email")}</span>
        <input name="email" required inputMode="email" autocomplete="off" autofocus />
      </label>
      <label class="field">
        <span>{t("identity.name")}</span>
        <input name="name" maxLength={200} />
      </label>
      <FormProblem text={problem.value} />
      <p class="settings-form-foot">
        <Button kind="primary" type="submit">
          {t("create")}
        </Button>
        <Button onClick={() => done(undefined)}>{t("cancel")}</Button>
      </p>
    </form>
  );
}
