// Between HTML and plain text: the text alternative of a mail, the plain mode of the composer, quotes with ">".

const BLOCK =
  /^(?:ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|CENTER|DD|DIV|DL|DT|FIGCAPTION|FIGURE|FOOTER|FORM|H[1-6]|HEADER|HR|LI|MAIN|NAV|OL|P|PRE|SECTION|TABLE|TBODY|TFOOT|THEAD|TR|UL)$/;
const AIRY = /^(?:P|H[1-6]|BLOCKQUOTE|UL|OL|TABLE|PRE|DL)$/;

interface Out {
  lines: string[];
  line: string;
  prefix: string;
  /** An empty line is due before the next text. */
  gap: boolean;
  skip: string | undefined;
}

/** The text of a tree: blocks are lines, quotes get ">", links their address, lists their signs. `skip` leaves parts out. */
export function toText(root: Node, skip?: string): string {
  const out: Out = { lines: [], line: "", prefix: "", gap: false, skip };
  walk(root, out, false);
  flush(out);
  return out.lines
    .map((line) => line.replace(/[ \t\u00a0]+$/u, (end) => (/^(?:> ?)*-- $/.test(line) ? " " : end.replace(/./gu, ""))))
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}

function flush(out: Out, force = false): void {
  if (out.line.trim() === "" && !force) {
    out.line = "";
    return;
  }
  if (out.gap && out.lines.length > 0 && bareLine(out.lines[out.lines.length - 1] ?? "") !== "")
    out.lines.push(out.prefix.trimEnd());
  out.gap = false;
  out.lines.push(out.prefix + (/^-- ?$/.test(out.line.replace(/\u00a0/g, " ")) ? "-- " : out.line.trimEnd()));
  out.line = "";
}
const bareLine = (line: string) => line.replace(/^(?:>\s?)+/, "");

function walk(node: Node, out: Out, pre: boolean): void {
  if (node.nodeType === 3) {
    const text = (node.nodeValue ?? "").replace(/\u200b/g, "");
    if (pre) {
      const parts = text.split("\n");
      parts.forEach((part, i) => {
        if (i > 0) flush(out, true);
        out.line += part;
      });
    } else {
      const flat = text.replace(/[ \t\r\n]+/g, " ");
      out.line += out.line === "" || out.line.endsWith(" ") ? flat.replace(/^ /, "") : flat;
    }
    return;
  }
  if (node.nodeType !== 1) {
    for (const child of node.childNodes) walk(child, out, pre);
    return;
  }
  const element = node as HTMLElement;
  const name = element.nodeName;
  if (
    /^(?:SCRIPT|STYLE|TITLE|HEAD|TEMPLATE)$/.test(name) ||
    element.classList?.contains("squire-image-resize-container")
  )
    return;
  if (out.skip && element.matches(out.skip)) return;
  if (name === "BR") {
    flush(out, true);
    return;
  }
  if (name === "IMG") {
    const alt = element.getAttribute("alt");
    if (alt) out.line += `[${alt}]`;
    return;
  }
  if (name === "HR") {
    flush(out);
    out.line = "-".repeat(40);
    flush(out);
    return;
  }
  if (name === "A") {
    const before = out.line.length;
    for (const child of element.childNodes) walk(child, out, pre);
    const shown = out.line.slice(before).trim();
    const target = (element.getAttribute("href") ?? "").replace(/^mailto:/i, "");
    if (target && !target.startsWith("#") && shown && !same(shown, target)) out.line += ` <${target}>`;
    return;
  }
  if ((name === "TD" || name === "TH") && element.previousElementSibling && out.line.trim() !== "")
    out.line += " \u00a0";
  if (!BLOCK.test(name)) {
    for (const child of element.childNodes) walk(child, out, pre);
    return;
  }
  flush(out);
  if (AIRY.test(name) && !(name === "UL" || name === "OL" ? element.closest("li") : false)) out.gap = true;
  const prefix = out.prefix;
  if (name === "BLOCKQUOTE") {
    // The empty line belongs before the quote, not into it.
    if (out.gap && out.lines.length > 0 && bareLine(out.lines[out.lines.length - 1] ?? "") !== "")
      out.lines.push(prefix.trimEnd());
    out.gap = false;
    out.prefix = prefix.startsWith(">") || prefix === "" ? `>${prefix === "" ? " " : prefix}` : `${prefix}> `;
  } else if (name === "LI") {
    const list = element.parentElement;
    const number =
      list?.nodeName === "OL"
        ? `${[...list.children].indexOf(element) + Number(list.getAttribute("start") ?? 1)}. `
        : "- ";
    out.line = number;
    for (const child of element.childNodes) {
      if (child.nodeName === "UL" || child.nodeName === "OL") {
        flush(out);
        out.prefix = `${prefix}  `;
        walk(child, out, pre);
        out.prefix = prefix;
      } else if (child.nodeName === "DIV" || child.nodeName === "P")
        for (const inner of child.childNodes) walk(inner, out, pre);
      else walk(child, out, pre);
    }
    flush(out, true);
    return;
  }
  const only = element.childNodes.length === 1 ? element.firstChild?.nodeName : "";
  if ((name === "DIV" || name === "P") && (only === "BR" || element.childNodes.length === 0)) {
    if (only === "BR") flush(out, true);
    return;
  }
  const last = element.lastChild;
  for (const child of element.childNodes) {
    // A <br> at the end of a block draws no line of its own.
    if (child === last && child.nodeName === "BR" && out.line.trim() !== "") break;
    walk(child, out, pre || name === "PRE");
  }
  flush(out);
  out.prefix = prefix;
  if (AIRY.test(name) && !element.closest("li")) out.gap = true;
}
const same = (shown: string, target: string) =>
  shown.replace(/\/$/, "") === target.replace(/\/$/, "") ||
  `http://${shown}` === target ||
  `https://${shown}` === target.replace(/\/$/, "");

/** A plain text as nodes: one <div> a line, ">" as nested quotes, addresses as links. Never by way of a string. */
export function fromText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let place: Node = fragment;
  let level = 0;
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const marks = /^(?:> ?)*/.exec(line)?.[0] ?? "";
    const depth = (marks.match(/>/g) ?? []).length;
    while (level < depth) {
      const quote = document.createElement("blockquote");
      quote.setAttribute("type", "cite");
      place.appendChild(quote);
      place = quote;
      level++;
    }
    while (level > depth) {
      place = place.parentNode ?? fragment;
      level--;
    }
    const block = document.createElement("div");
    const rest = line.slice(marks.length);
    if (rest === "") block.append(document.createElement("br"));
    else appendLinked(block, rest.replace(/ {2}/g, " \u00a0"));
    place.appendChild(block);
  }
  return fragment;
}

const LINK = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'»]|\bwww\.[^\s<>"]+[^\s<>".,;:!?)\]}'»]/gu;
function appendLinked(block: HTMLElement, text: string): void {
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    block.append(text.slice(at, match.index));
    const link = document.createElement("a");
    link.setAttribute("href", match[0].startsWith("www.") ? `https://${match[0]}` : match[0]);
    link.append(match[0]);
    block.append(link);
    at = match.index + match[0].length;
  }
  block.append(text.slice(at));
}

/** Every line with one ">" more, as RFC 3676 §4.5 writes them. */
export const quoteText = (text: string) =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/\n+$/, "")
    .split("\n")
    .map((line) => (line === "" ? ">" : line.startsWith(">") ? `>${line}` : `> ${line}`))
    .join("\n");

/** Without the signature of the one who is answered (the last "-- " line and what follows). */
export function withoutSignature(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const at = lines.lastIndexOf("-- ");
  return at > 0 && lines.length - at < 20 ? lines.slice(0, at).join("\n").replace(/\n+$/, "") : text;
}

/** Undoes format=flowed (RFC 3676): lines that end in a space go on in the next one. */
export function unflow(text: string): string {
  const out: string[] = [];
  let open = false;
  let depth = -1;
  for (const raw of text.replace(/\r\n?/g, "\n").split("\n")) {
    const marks = /^>*/.exec(raw)?.[0] ?? "";
    let line = raw.slice(marks.length);
    if (line.startsWith(" ")) line = line.slice(1);
    const quote = marks.length > 0 ? `${marks} ` : "";
    if (open && depth === marks.length && line !== "-- ") out[out.length - 1] += line;
    else out.push(line === "" ? marks : quote + line);
    open = line.endsWith(" ") && line !== "-- ";
    depth = marks.length;
  }
  return out.join("\n");
}
