// The frame that shows an HTML body. Its document is a file of the server with a policy of its own: no script, no request
// but pictures that are blobs (strict) or come through our proxy (remote). Listeners may not run inside (WebKit), so
// nothing depends on them: links open by <base target>, quotes fold by <details>, the height is measured from here.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { openComposer } from "../../compose/intent";
import { t } from "../../i18n";
import type { BodyPart, Email } from "../../jmap/types";
import { dispatch } from "../../keys";
import { route } from "../../router";
import { wordsOf } from "../../search/language";
import { jmap, send } from "../../store/session";
import { dark } from "../../theme";
import { type CleanBody, clean, rebuild } from "./clean";
import { linkify, lyingTarget } from "./links";
import { recolour } from "./recolour";
import { copyStyle, readDeclarations } from "./styles";

export interface FrameProps {
  email: Email;
  html: string;
  pictures: boolean;
  originalColours: boolean;
  /** Told what the body holds, for the lines above it. */
  onFound: (found: { remote: number; trackers: number; knowsDark: boolean; empty: boolean }) => void;
}

export function Frame({ email, html, pictures, originalColours, onFound }: FrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const height = useSignal(0);
  const loaded = useSignal(0);
  const isDark = dark.value && !originalColours;

  useEffect(() => {
    const node = frame.current;
    const doc = node?.contentDocument;
    // Until it is loaded, a frame shows a blank document of the app's own policy.
    if (!node || !doc?.body || !doc.URL.startsWith(node.src)) return;
    const end = new AbortController();
    void fill(node, email, html, pictures, isDark, end.signal, onFound, height);
    return () => end.abort();
  }, [email.id, html, pictures, isDark, loaded.value]);

  return (
    <iframe
      ref={frame}
      key={pictures ? "remote" : "strict"}
      class="body-frame"
      src={pictures ? "/frame/remote.html" : "/frame/strict.html"}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      title={t("frame.title", { subject: email.subject ?? "" })}
      style={{ blockSize: `${height.value}px` }}
      onLoad={() => {
        loaded.value++;
      }}
    />
  );
}

const BASE_STYLE = `
  :root { color-scheme: light; }
  html { overflow: hidden; }
  body { margin: 0; padding: 1px 0; font: 15px/1.47 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
    color: #1b2320; background: transparent; overflow-wrap: break-word; overflow-x: auto; overflow-y: hidden; }
  body > p:first-child { margin-top: 0; }
  body > p:last-child { margin-bottom: 0; }
  img { max-width: 100%; }
  img[height]:not([width]) { width: auto; }
  img:not([height]) { height: auto; }
  img.tm-blocked { background: rgba(128, 128, 128, 0.14); outline: 1px dashed rgba(128, 128, 128, 0.5); outline-offset: -1px;
    min-width: 8px; min-height: 8px; }
  img.tm-tracker { display: none !important; }
  a { color: #0f6b52; }
  pre { white-space: pre-wrap; }
  table { max-width: 100%; }
  blockquote { margin: 0.5em 0; padding-left: 12px; border-left: 2px solid #c6cec9; }
  .tm-quote > summary { display: inline-block; list-style: none; cursor: pointer; padding: 0 8px; margin: 4px 0; border-radius: 6px;
    background: #eff2ef; color: #4c5752; font: 13px/22px system-ui, sans-serif; user-select: none; }
  .tm-quote > summary::-webkit-details-marker { display: none; }
  .tm-quote[open] > summary { margin-bottom: 8px; }
  .tm-lie { margin: 0 4px; padding: 0 5px; border-radius: 4px; background: #fff4dc; color: #6b4500; font: 12px/18px system-ui, sans-serif; }
  mark.tm-mark { background: #ffe9a8; color: inherit; }
`;
const DARK_STYLE = `
  :root { color-scheme: dark; }
  body { color: #e8ecea; }
  a { color: #6ccbaa; }
  blockquote { border-left-color: #4a5550; }
  .tm-quote > summary { background: #2b3330; color: #b4bdb8; }
  .tm-lie { background: #3a2e12; color: #f2c265; }
  mark.tm-mark { background: #5c4a12; }
`;

async function fill(
  frame: HTMLIFrameElement,
  email: Email,
  html: string,
  pictures: boolean,
  isDark: boolean,
  end: AbortSignal,
  onFound: FrameProps["onFound"],
  height: { value: number },
): Promise<void> {
  const doc = frame.contentDocument;
  if (!doc) return;
  const content = clean(html, isDark, frame.contentWindow);
  const knowsDark = content.sheets.some((s) => s.knowsDark);
  onFound({
    remote: content.remote.length - content.trackers.length,
    trackers: content.trackers.length,
    knowsDark,
    empty: !content.fragment.textContent?.trim() && !content.fragment.querySelector("img, hr, table"),
  });
  const blobs: string[] = [];
  end.addEventListener("abort", () => {
    for (const url of blobs) URL.revokeObjectURL(url);
  });

  let signed: Record<string, string> = {};
  if (pictures && content.remote.length > 0) {
    const urls = content.remote.filter((url) => !content.trackers.includes(url));
    try {
      signed = (await send<{ signed: Record<string, string> }>("POST", "/pictures/sign", { emailId: email.id, urls }))
        .signed;
    } catch {
      // Without signatures the pictures stay away; the text is shown all the same.
    }
    if (end.aborted) return;
  }
  const mapUrl = (url: string): string | undefined => {
    const path = signed[url.startsWith("//") ? `https:${url}` : url];
    return path?.startsWith("/pictures/") ? new URL(path, location.origin).href : undefined;
  };

  draw(doc, content, isDark, mapUrl);
  const body = doc.body;
  foldQuotes(body);
  linkPlain(body);
  markLies(body);
  const at = route.peek();
  if (at.at === "search") markWords(body, wordsOf(at.query));
  if (isDark && !knowsDark) recolour(body);
  listen(doc, end);

  const images = [...body.querySelectorAll("img")];
  for (const img of images) void picture(img, email, mapUrl, blobs, end);
  for (const node of body.querySelectorAll<HTMLElement>("[data-tm-bg]")) {
    const url = mapUrl(node.dataset.tmBg ?? "");
    if (url) node.style.backgroundImage = `url("${url}")`;
    node.removeAttribute("data-tm-bg");
  }
  follow(frame, doc, end, height);
}

/** Puts nodes and styles into the frame's document. */
function draw(doc: Document, content: CleanBody, isDark: boolean, map: (url: string) => string | undefined): void {
  const fragment = doc.adoptNode(content.fragment);
  // Style attributes were carried as text; here they are read by the parser and set property by property.
  for (const node of fragment.querySelectorAll<HTMLElement>("[data-tm-style]")) {
    const text = node.dataset.tmStyle ?? "";
    node.removeAttribute("data-tm-style");
    const declared = readDeclarations(text);
    if (declared) copyStyle(declared, node.style, map);
  }
  doc.body.removeAttribute("style");
  const own = readDeclarations(content.bodyStyle);
  if (own) copyStyle(own, doc.body.style, map);
  const { background, text } = content.bodyColours;
  for (const [property, value] of [
    ["background-color", background],
    ["color", text],
  ] as const) {
    const colour = value && readDeclarations(`${property}:${/^[0-9a-f]{6}$/i.test(value) ? "#" : ""}${value}`);
    if (colour && !doc.body.style.getPropertyValue(property)) copyStyle(colour, doc.body.style, () => undefined);
  }
  for (const old of doc.head.querySelectorAll("style")) old.remove();
  const sheets = [
    BASE_STYLE,
    ...(isDark ? [DARK_STYLE] : []),
    ...content.sheets.map((s) => rebuild(s, isDark, map).text),
  ];
  for (const sheet of sheets) {
    const style = doc.createElement("style");
    style.textContent = sheet;
    doc.head.append(style);
  }
  doc.documentElement.dir = "auto";
  doc.body.dir = "auto";
  doc.body.replaceChildren(fragment);
}

/** The tail of quoted mail folds; <details> works without any script. */
function foldQuotes(body: HTMLElement): void {
  const doc = body.ownerDocument;
  const found = body.querySelectorAll<HTMLElement>(
    "blockquote[type=cite], .gmail_quote, .moz-cite-prefix + blockquote, .yahoo_quoted, .protonmail_quote, .tutanota_quote, blockquote.tm-cite, [id^=user-content-divRplyFwdMsg], [id=user-content-appendonsend]",
  );
  for (const quote of found) {
    if (quote.closest(".tm-quote") || !isTail(quote, body)) continue;
    const details = doc.createElement("details");
    details.className = "tm-quote";
    const summary = doc.createElement("summary");
    summary.textContent = "•••";
    summary.title = t("quote.show");
    summary.setAttribute("aria-label", t("quote.show"));
    details.append(summary);
    const before = quote.previousElementSibling;
    quote.replaceWith(details);
    if (before?.matches(".moz-cite-prefix, .gmail_attr")) details.append(before);
    // Outlook's header block is followed by the quoted mail beside it, not inside it.
    if (/divRplyFwdMsg|appendonsend/.test(quote.id)) {
      let next = details.nextSibling;
      details.append(quote);
      while (next) {
        const after = next.nextSibling;
        details.append(next);
        next = after;
      }
    } else details.append(quote);
  }
}
/** Is there nothing but white space after it, and something before it? An answer between quotes stays open. */
function isTail(node: Element, body: HTMLElement): boolean {
  const range = body.ownerDocument.createRange();
  range.setStartAfter(node);
  range.setEndAfter(body.lastChild ?? body);
  const after = range.toString().trim();
  range.setStart(body, 0);
  range.setEndBefore(node);
  return (after.length === 0 || /divRplyFwdMsg|appendonsend/.test(node.id)) && range.toString().trim().length > 0;
}

/** Addresses that stand in the text without a link become links, as elements. */
function linkPlain(body: HTMLElement): void {
  const doc = body.ownerDocument;
  const walker = doc.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node && texts.length < 5000; node = walker.nextNode()) {
    const text = node as Text;
    if (/https?:|www\.|@/i.test(text.data) && !text.parentElement?.closest("a")) texts.push(text);
  }
  for (const text of texts) {
    const pieces = linkify(text.data);
    if (!pieces.some((piece) => "href" in piece)) continue;
    const fragment = doc.createDocumentFragment();
    for (const piece of pieces) {
      if ("href" in piece) {
        const link = doc.createElement("a");
        link.href = piece.href;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        link.textContent = piece.text;
        fragment.append(link);
      } else fragment.append(piece.text);
    }
    text.replaceWith(fragment);
  }
}

function markLies(body: HTMLElement): void {
  for (const link of body.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    if (!link.hasAttribute("title")) link.setAttribute("title", href.slice(0, 300));
    const target = lyingTarget(link.textContent ?? "", href);
    if (!target) continue;
    const warning = body.ownerDocument.createElement("span");
    warning.className = "tm-lie";
    warning.textContent = t("link.lies", { target });
    link.after(warning);
  }
}

function markWords(body: HTMLElement, words: string[]): void {
  const wanted = words.filter((w) => w.length > 1).map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (wanted.length === 0) return;
  const pattern = new RegExp(`(${wanted.join("|")})`, "giu");
  const doc = body.ownerDocument;
  const walker = doc.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node && texts.length < 5000; node = walker.nextNode()) texts.push(node as Text);
  for (const text of texts) {
    const parts = text.data.split(pattern);
    if (parts.length < 2) continue;
    const fragment = doc.createDocumentFragment();
    parts.forEach((part, index) => {
      if (index % 2 === 0) fragment.append(part);
      else {
        const mark = doc.createElement("mark");
        mark.className = "tm-mark";
        mark.textContent = part;
        fragment.append(mark);
      }
    });
    text.replaceWith(fragment);
  }
}

const EMPTY = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const RASTER: [RegExp, string][] = [
  [/^\x89PNG/, "image/png"],
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^GIF8/, "image/gif"],
  [/^RIFF....WEBP/s, "image/webp"],
  [/^....ftypavi[fs]/s, "image/avif"],
];

/** Says what a picture is by its first bytes; anything else is no picture. */
async function asPicture(blob: Blob): Promise<Blob | undefined> {
  const head = String.fromCharCode(...new Uint8Array(await blob.slice(0, 16).arrayBuffer()));
  const type = RASTER.find(([pattern]) => pattern.test(head))?.[1];
  return type ? new Blob([blob], { type }) : undefined;
}

async function picture(
  img: HTMLImageElement,
  email: Email,
  map: (url: string) => string | undefined,
  blobs: string[],
  end: AbortSignal,
): Promise<void> {
  const source = img.dataset.tmSrc ?? "";
  img.removeAttribute("data-tm-src");
  img.removeAttribute("src");
  const show = (url: string) => {
    img.classList.remove("tm-blocked");
    img.src = url;
  };
  if (img.classList.contains("tm-tracker")) return;
  const remote = map(source);
  if (remote) {
    show(remote);
    return;
  }
  img.classList.add("tm-blocked");
  // A picture that is left out keeps its place when its size is said.
  if (img.hasAttribute("width") && img.hasAttribute("height")) {
    img.src = EMPTY;
    if (img.alt) img.title = img.alt;
  }
  try {
    let blob: Blob | undefined;
    if (/^cid:/i.test(source)) {
      const part = partByCid(email, source.slice(4));
      if (!part?.blobId) return;
      blob = await (
        await fetch(jmap().downloadUrl(part.blobId, part.name ?? "image", part.type), { signal: end })
      ).blob();
    } else if (/^data:image\//i.test(source)) blob = fromDataUrl(source);
    const safe = blob ? await asPicture(blob) : undefined;
    if (!safe || end.aborted) return;
    const url = URL.createObjectURL(safe);
    blobs.push(url);
    show(url);
  } catch {
    // A picture that cannot be fetched leaves its alternative text.
  }
}

export function partByCid(email: Email, cid: string): BodyPart | undefined {
  let wanted = cid;
  try {
    wanted = decodeURIComponent(cid);
  } catch {
    // As it stands.
  }
  const same = (part: BodyPart) => part.cid !== null && part.cid?.replace(/^<|>$/g, "") === wanted;
  return [...email.attachments, ...email.htmlBody].find(same);
}

function fromDataUrl(url: string): Blob | undefined {
  const match = /^data:[^,]*?(;base64)?,(.*)$/is.exec(url);
  if (!match?.[1] || (match[2]?.length ?? 0) > 14_000_000) return undefined;
  const bytes = Uint8Array.from(atob((match[2] ?? "").replace(/\s/g, "")), (c) => c.charCodeAt(0));
  return new Blob([bytes]);
}

/** Extras where listeners run inside the frame; nothing depends on them. */
function listen(doc: Document, end: AbortSignal): void {
  doc.addEventListener("keydown", (event) => dispatch(event), { signal: end });
  doc.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element | null)?.closest?.("a[href^='mailto:' i]");
      if (!link) return;
      event.preventDefault();
      void openComposer({ kind: "mailto", url: link.getAttribute("href") ?? "" });
    },
    { signal: end },
  );
}

/** Keeps the frame as high as its content: an observer where it works, and a calm look now and then everywhere. */
function follow(frame: HTMLIFrameElement, doc: Document, end: AbortSignal, height: { value: number }): void {
  let narrow = 0;
  const measure = () => {
    if (end.aborted || !doc.body) return;
    const body = doc.body;
    // Mails made for a wide window are made smaller, down to half, rather than scrolled sideways.
    if (frame.clientWidth !== narrow && frame.clientWidth > 0) {
      narrow = frame.clientWidth;
      body.style.removeProperty("zoom");
      const wide = body.scrollWidth;
      if (wide > narrow + 4) body.style.setProperty("zoom", String(Math.max(0.5, narrow / wide)));
    }
    const zoom = Number(body.style.getPropertyValue("zoom") || 1);
    const tall = Math.max(body.scrollHeight, body.getBoundingClientRect().height) * (body.currentCSSZoom ? 1 : zoom);
    const next = Math.min(60_000, Math.ceil(tall) + (body.scrollWidth > body.clientWidth + 1 ? 14 : 0));
    if (Math.abs(next - height.value) > 1) height.value = next;
  };
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(doc.body);
  observer.observe(frame);
  const timer = setInterval(measure, 500);
  for (const wait of [30, 100, 250]) setTimeout(measure, wait);
  end.addEventListener("abort", () => {
    observer.disconnect();
    clearInterval(timer);
  });
}
