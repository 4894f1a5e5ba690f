// What an answer and a forwarded mail start with. The mail that is quoted goes into a box of its own, cleaned but not
// rebuilt, under a line that says who wrote it.
import type { BodyPart, Email, EmailAddress } from "../jmap/types";
import { format } from "./addresses";
import { clean, type PictureSource } from "./html";
import { QUOTE_CLASS } from "./signature";
import { fromText, quoteText, toText, unflow, withoutSignature } from "./text";

/** Words of the quote in the person's language. */
export interface QuoteWords {
  wrote(date: string, who: string): string;
  forwarded: string;
  from: string;
  date: string;
  subject: string;
  to: string;
  cc: string;
  formatDate(date: Date): string;
}

const joined = (parts: BodyPart[], email: Email) =>
  parts.map((part) => email.bodyValues[part.partId ?? ""]?.value ?? "");
const dateOf = (email: Email) => new Date(email.sentAt ?? email.receivedAt);
const people = (list: EmailAddress[] | null) => (list ?? []).map(format).join(", ");
const author = (email: Email) => {
  const from = email.from?.[0];
  return from ? (from.name ? `${from.name} <${from.email}>` : from.email) : "?";
};

/** Does the mail have HTML to quote? */
export const hasHtml = (email: Email) => email.htmlBody.some((part) => part.type === "text/html");

/** The body of a mail as cleaned nodes. */
export function bodyNodes(email: Email, pictures: PictureSource): DocumentFragment {
  const fragment = document.createDocumentFragment();
  email.htmlBody.forEach((part) => {
    const value = email.bodyValues[part.partId ?? ""]?.value ?? "";
    if (part.type === "text/html") fragment.append(clean(value, pictures));
    else if (part.type === "text/plain") fragment.append(fromText(unflowed(part, value)));
  });
  return fragment;
}

/** The body of a mail as text. */
export function bodyText(email: Email): string {
  if (email.textBody.length > 0 && email.textBody.every((part) => part.type !== "text/html"))
    return email.textBody
      .filter((part) => part.type === "text/plain")
      .map((part) => unflowed(part, email.bodyValues[part.partId ?? ""]?.value ?? ""))
      .join("\n\n");
  return toText(clean(joined(email.htmlBody, email).join("\n")));
}
// JMAP does not show format=flowed; text whose long paragraphs end in single spaces is.
const unflowed = (_part: BodyPart, text: string) => {
  const lines = text.split(/\r?\n/);
  const soft = lines.filter((line) => line.length > 40 && line.endsWith(" ")).length;
  return soft > 2 && soft > lines.length / 6 ? unflow(text) : text.replace(/\r\n?/g, "\n");
};

/** Below the answer: "On … Ana wrote:" and the mail in a quote. */
export function replyQuote(email: Email, words: QuoteWords, pictures: PictureSource): HTMLElement {
  const box = document.createElement("div");
  box.className = QUOTE_CLASS;
  const line = document.createElement("div");
  line.append(words.wrote(words.formatDate(dateOf(email)), author(email)));
  const quote = document.createElement("blockquote");
  quote.setAttribute("type", "cite");
  const body = bodyNodes(email, pictures);
  quote.append(body);
  box.append(line, quote);
  return box;
}

export function replyQuoteText(email: Email, words: QuoteWords): string {
  return `${words.wrote(words.formatDate(dateOf(email)), author(email))}\n${quoteText(withoutSignature(bodyText(email)))}`;
}

const heads = (email: Email, words: QuoteWords): [string, string][] =>
  (
    [
      [words.from, people(email.from)],
      [words.date, words.formatDate(dateOf(email))],
      [words.subject, email.subject ?? ""],
      [words.to, people(email.to)],
      [words.cc, people(email.cc)],
    ] as [string, string][]
  ).filter(([, value]) => value !== "");

/** A forwarded mail: its heads and its body, not indented, so that wide tables keep their width. */
export function forwardQuote(email: Email, words: QuoteWords, pictures: PictureSource): HTMLElement {
  const box = document.createElement("div");
  box.className = QUOTE_CLASS;
  const title = document.createElement("div");
  title.append(`---------- ${words.forwarded} ----------`);
  box.append(title);
  for (const [name, value] of heads(email, words)) {
    const line = document.createElement("div");
    const bold = document.createElement("b");
    bold.append(`${name}:`);
    line.append(bold, ` ${value}`);
    box.append(line);
  }
  const space = document.createElement("div");
  space.append(document.createElement("br"));
  const body = document.createElement("div");
  body.className = "tamanoir-forwarded";
  body.append(bodyNodes(email, pictures));
  box.append(space, body);
  return box;
}

export function forwardQuoteText(email: Email, words: QuoteWords): string {
  const lines = heads(email, words).map(([name, value]) => `${name}: ${value}`);
  return `---------- ${words.forwarded} ----------\n${lines.join("\n")}\n\n${bodyText(email)}`;
}
