// Templates: texts that are used again (`Template` of urn:tamanoir:jmap:settings), with {{placeholders}}.
import { intlLocale, t } from "../i18n";
import { saveTemplate, type Template, templates } from "../store/templates";
import { ask } from "../ui/Dialog";
import type { MenuItem } from "../ui/Menu";
import { showError, showToast } from "../ui/Toast";
import { type Composing, problemText } from "./composing";
import { clean, written } from "./html";
import { fill } from "./placeholders";
import { QUOTE_CLASS, SIGNATURE_CLASS } from "./signature";
import { fromText, toText } from "./text";

/** Puts a template where the cursor is; its subject only where none is. */
export function insertTemplate(mail: Composing, template: Template): void {
  const facts = {
    to: mail.to.value,
    subject: mail.subject.value,
    me: { name: mail.identity.value?.name ?? "", email: mail.fromEmail.value },
    now: new Date(),
    locale: mail.language.value || intlLocale(),
  };
  if (template.subject && mail.subject.value.trim() === "") mail.subject.value = fill(template.subject, facts);
  if (mail.mode.value === "rich") {
    const nodes = template.htmlBody ? clean(template.htmlBody) : fromText(template.textBody ?? "");
    const texts = document.createTreeWalker(nodes, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.nodeValue = fill(texts.currentNode.nodeValue ?? "", facts);
    const box = document.createElement("div");
    box.append(nodes);
    mail.editor.focus();
    mail.editor.insertHTML(written(box));
  } else {
    const text = fill(template.textBody || toText(clean(template.htmlBody ?? "")), facts);
    const area = document.querySelector<HTMLTextAreaElement>(`#compose-${mail.key} textarea`);
    const at = area?.selectionStart ?? 0;
    mail.plain.value = mail.plain.value.slice(0, at) + text + mail.plain.value.slice(area?.selectionEnd ?? at);
  }
  mail.changed();
}

async function keepAsTemplate(mail: Composing): Promise<void> {
  const name = await ask(t("template.save"), t("template.name"), mail.subject.value, t("template.save.do"));
  if (!name) return;
  const copy = mail.root.cloneNode(true) as HTMLElement;
  for (const other of copy.querySelectorAll(`.${QUOTE_CLASS}, .${SIGNATURE_CLASS}`)) other.remove();
  try {
    await saveTemplate({
      name,
      subject: mail.subject.value,
      htmlBody: mail.mode.value === "rich" ? written(copy, false) : "",
      textBody: mail.ownText(),
    });
    showToast({ text: t("template.saved", { name }) });
  } catch (error) {
    showError(t("template.failed", { why: problemText(error) }));
  }
}

export function templateItems(mail: Composing): MenuItem[] {
  const list = templates.value ?? [];
  return [
    { heading: list.length > 0 ? t("template.insert") : t("template.none") },
    ...list.map((template) => ({ label: template.name, icon: "file-text", run: () => insertTemplate(mail, template) })),
    "line",
    { label: t("template.save"), icon: "file-plus", run: () => void keepAsTemplate(mail) },
  ];
}
