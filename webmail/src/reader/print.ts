// Printing: the mails one after another in a frame of their own, with headers as text and bodies washed as in the reader.

import { t } from "../i18n";
import { longDate } from "../i18n/dates";
import type { Email, EmailAddress, Id } from "../jmap/types";
import { body } from "../store/emails";
import { clean } from "./body/clean";
import { copyStyle, readDeclarations } from "./body/styles";

const STYLE = `
  body { margin: 0; font: 11pt/1.45 system-ui, sans-serif; color: #000; overflow-wrap: break-word; }
  h1 { font-size: 14pt; margin: 0 0 6pt; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 1pt 8pt; margin: 0 0 8pt; font-size: 9.5pt; }
  dt { color: #555; } dd { margin: 0; }
  article + article { border-top: 1px solid #999; margin-top: 14pt; padding-top: 10pt; }
  pre { white-space: pre-wrap; font: inherit; }
  img { max-width: 100%; height: auto; }
  img.tm-tracker, img:not([src]) { display: none; }
`;

const names = (list: EmailAddress[] | null) =>
  (list ?? []).map((a) => (a.name ? `${a.name} <${a.email}>` : a.email)).join(", ");

export async function printAll(ids: Id[]): Promise<void> {
  const emails = await Promise.all(ids.map((id) => body(id)));
  const frame = document.createElement("iframe");
  frame.className = "print-frame";
  frame.src = "/frame/strict.html";
  frame.setAttribute("sandbox", "allow-same-origin allow-modals");
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  const doc = frame.contentDocument;
  if (!doc) return;
  const style = doc.createElement("style");
  style.textContent = STYLE;
  doc.head.append(style);
  for (const email of emails) doc.body.append(article(doc, email));
  doc.title = emails[0]?.subject ?? "";
  frame.contentWindow?.focus();
  frame.contentWindow?.print();
  setTimeout(() => frame.remove(), 60_000);
}

function article(doc: Document, email: Email): HTMLElement {
  const node = doc.createElement("article");
  const title = doc.createElement("h1");
  title.textContent = email.subject || t("noSubject");
  const list = doc.createElement("dl");
  const lines: [string, string][] = [
    [t("header.from"), names(email.from)],
    [t("header.to"), names(email.to)],
    [t("header.cc"), names(email.cc)],
    [t("header.date"), longDate(new Date(email.sentAt ?? email.receivedAt))],
  ];
  for (const [label, value] of lines) {
    if (!value) continue;
    const term = doc.createElement("dt");
    const text = doc.createElement("dd");
    term.textContent = label;
    text.textContent = value;
    list.append(term, text);
  }
  node.append(title, list);
  const html = email.htmlBody.find((p) => p.type === "text/html" && p.partId);
  if (html?.partId) {
    const { fragment, sheets } = clean(email.bodyValues[html.partId]?.value ?? "", false);
    const adopted = doc.adoptNode(fragment);
    for (const element of adopted.querySelectorAll<HTMLElement>("[data-tm-style]")) {
      const declared = readDeclarations(element.dataset.tmStyle ?? "");
      if (declared) copyStyle(declared, element.style, () => undefined);
    }
    for (const sheet of sheets) {
      const style = doc.createElement("style");
      style.textContent = sheet.text;
      doc.head.append(style);
    }
    node.append(adopted);
  } else {
    const pre = doc.createElement("pre");
    pre.textContent = email.textBody.map((p) => (p.partId ? (email.bodyValues[p.partId]?.value ?? "") : "")).join("\n");
    node.append(pre);
  }
  return node;
}
