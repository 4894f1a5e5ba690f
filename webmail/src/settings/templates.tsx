import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PLACEHOLDERS } from "../compose/placeholders";
import { type Key, t } from "../i18n";
import { loadTemplates, removeTemplate, saveTemplate, type Template, templates } from "../store/templates";
import { Button } from "../ui/Button";
import { FormProblem } from "../ui/FormProblem";
import { Icon } from "../ui/Icon";
import { showError, showToast } from "../ui/Toast";

const failure = signal("");
const load = () => {
  failure.value = "";
  loadTemplates().catch((error: Error) => {
    failure.value = error.message;
  });
};

/** Texts that are used again. */
export function Templates() {
  const open = useSignal<string | undefined>(undefined);
  useEffect(load, []);
  const list = templates.value;
  if (failure.value)
    return (
      <p class="settings-problem" role="alert">
        <Icon name="triangle-alert" />
        <span>{failure.value}</span>
        <Button small kind="outline" onClick={load}>
          {t("retry")}
        </Button>
      </p>
    );
  if (!list) return <p class="settings-none" aria-busy="true" />;
  return (
    <>
      {list.length === 0 && open.value !== "new" && <p class="settings-none">{t("set.templates.none")}</p>}
      <ul class="settings-cards">
        {list.map((template) => (
          <li key={template.id}>
            <button
              type="button"
              class="settings-card-head"
              aria-expanded={open.value === template.id}
              onClick={() => {
                open.value = open.value === template.id ? undefined : template.id;
              }}
            >
              <span class="settings-two">
                <span class="truncate">{template.name}</span>
                <span class="truncate settings-hint">
                  {template.subject || (template.textBody ?? "").slice(0, 120)}
                </span>
              </span>
              <Icon name="chevron-down" />
            </button>
            {open.value === template.id && <TemplateForm template={template} done={() => (open.value = undefined)} />}
          </li>
        ))}
        {open.value === "new" && (
          <li>
            <TemplateForm done={() => (open.value = undefined)} />
          </li>
        )}
      </ul>
      {open.value !== "new" && (
        <Button kind="outline" icon="plus" onClick={() => (open.value = "new")}>
          {t("set.templates.new")}
        </Button>
      )}
    </>
  );
}

function TemplateForm({ template, done }: { template?: Template; done: () => void }) {
  const problem = useSignal("");
  const text = useSignal(template?.textBody ?? "");
  const rich = Boolean(template?.htmlBody);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    // Rewriting the text of a formatted template makes it a plain one; its name and subject leave the text alone.
    const changed = text.value !== (template?.textBody ?? "");
    try {
      await saveTemplate({
        ...(template ? { id: template.id } : {}),
        name: String(data.get("name")).trim(),
        subject: String(data.get("subject")),
        ...(changed || !template ? { textBody: text.value, htmlBody: "" } : {}),
      });
      showToast({ text: t("set.templates.saved"), duration: 3000 });
      done();
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  return (
    <form class="settings-form" onSubmit={submit}>
      <label class="field">
        <span>{t("set.templates.name")}</span>
        <input name="name" defaultValue={template?.name ?? ""} required maxLength={200} autofocus={!template} />
      </label>
      <label class="field">
        <span>{t("set.templates.subject")}</span>
        <input name="subject" defaultValue={template?.subject ?? ""} maxLength={500} />
      </label>
      <label class="field">
        <span>{t("set.templates.text")}</span>
        <textarea
          id={`template-${template?.id ?? "new"}`}
          rows={8}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      {rich && <p class="settings-hint">{t("set.templates.rich")}</p>}
      <fieldset class="settings-places">
        <legend>{t("set.templates.places")}</legend>
        {PLACEHOLDERS.map((name) => (
          <Button
            key={name}
            small
            kind="outline"
            title={`{{${name}}}`}
            onClick={() => {
              const area = document.getElementById(`template-${template?.id ?? "new"}`) as HTMLTextAreaElement | null;
              const at = area?.selectionStart ?? text.value.length;
              text.value = `${text.value.slice(0, at)}{{${name}}}${text.value.slice(area?.selectionEnd ?? at)}`;
              area?.focus();
            }}
          >
            {t(`place.${name}` as Key)}
          </Button>
        ))}
      </fieldset>
      <FormProblem text={problem.value} />
      <p class="settings-form-foot">
        <Button kind="primary" type="submit">
          {t("save")}
        </Button>
        <Button onClick={done}>{t("cancel")}</Button>
        {template && (
          <Button
            kind="danger"
            class="push"
            onClick={() => {
              done();
              void removeTemplate(template, t("set.templates.removed", { name: template.name })).catch((error: Error) =>
                showError(error.message),
              );
            }}
          >
            {t("delete")}
          </Button>
        )}
      </p>
    </form>
  );
}
