// A mail's HTML made harmless: parsed into an inert document, washed by DOMPurify as nodes, styles rebuilt by the style
// parser, addresses taken out and put back only where they are allowed. The result is nodes; nothing is written as text
// and read again. The frame's own policy stands behind all of this (no script, no request but pictures it names).
import DOMPurify from "dompurify";
import { type CleanSheet, cleanSheet } from "./styles";
import { parseInert } from "./trust";

const TAGS =
  `a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del
  details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav
  ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u
  ul var wbr`.split(/\s+/);
const ATTRIBUTES =
  `abbr align alt bgcolor border cellpadding cellspacing char charoff cite class clear color cols colspan
  compact datetime dir face headers height href hspace id lang noshade nowrap open reversed rowspan rules scope size span
  start summary title type valign value vspace width data-tm-src data-tm-bg data-tm-style`.split(/\s+/);
const HREF = /^(?:https?|mailto|tel):/i;
/** Without anything that could pass a scheme check and mean another: the parser's view of the address is asked too. */
const PROTOCOLS = new Set(["http:", "https:", "mailto:", "tel:"]);

export interface CleanBody {
  fragment: DocumentFragment;
  sheets: CleanSheet[];
  /** Colours and the like of the mail's own body element. */
  bodyStyle: string;
  bodyColours: { background: string; text: string; link: string };
  /** Addresses of pictures elsewhere, also those in styles. */
  remote: string[];
  /** Of those, the ones that only report that the mail was opened. */
  trackers: string[];
}

let ready: typeof DOMPurify | undefined;
function purifier(): typeof DOMPurify {
  if (ready) return ready;
  ready = DOMPurify;
  ready.addHook("afterSanitizeAttributes", (node) => {
    if (node.nodeName === "A") {
      const href = node.getAttribute("href");
      if (href !== null && !isLink(href)) node.removeAttribute("href");
      if (node.hasAttribute("href")) {
        node.setAttribute("rel", "noopener noreferrer");
        node.setAttribute("target", "_blank");
      }
    } else node.removeAttribute("href");
  });
  return ready;
}

function isLink(href: string): boolean {
  if (!HREF.test(href.trim())) return false;
  try {
    return PROTOCOLS.has(new URL(href).protocol);
  } catch {
    return false;
  }
}

const REMOTE = /^(?:https?:)?\/\//i;

export function clean(html: string, dark: boolean, view?: Window | null): CleanBody {
  const doc = parseInert(html, view);
  const remote = new Set<string>();
  const trackers = new Set<string>();
  const seen = (url: string): undefined => {
    const absolute = url.startsWith("//") ? `https:${url}` : url;
    if (REMOTE.test(url)) remote.add(absolute);
    return undefined;
  };

  // Styles first: they never reach the cleaner as elements.
  const sheets: CleanSheet[] = [];
  const texts: [string, string][] = [];
  for (const style of doc.querySelectorAll("style")) {
    texts.push([style.textContent ?? "", style.getAttribute("media") ?? ""]);
    style.remove();
  }
  for (const [text, media] of texts) {
    sheets.push(cleanSheet(text, media, dark, seen));
    lastTexts.set(sheets.at(-1) as CleanSheet, [text, media]);
  }

  const own = doc.body;
  // The parts of a form hide its methods behind their names ("attributes", "remove"), so the names go first, and the
  // method for it is taken from where no mail can put another.
  const strip = Element.prototype.removeAttribute;
  for (const part of doc.querySelectorAll("[name], [form]"))
    for (const name of ["name", "form"]) strip.call(part, name);
  for (const part of doc.querySelectorAll("form [id]")) strip.call(part, "id");
  for (const node of doc.querySelectorAll("script, link, meta, base, iframe, object, embed, template, frame"))
    node.remove();
  // Addresses of pictures are set aside under names of ours; a mail's own use of those names is removed before.
  for (const node of doc.querySelectorAll("*")) {
    for (const { name } of [...node.attributes]) if (/^(?:data-|on)/i.test(name)) node.removeAttribute(name);
    const background = node.getAttribute("background");
    if (background) node.setAttribute("data-tm-bg", background.trim());
    if (node.localName === "img") {
      const src = (node.getAttribute("src") ?? "").trim();
      node.removeAttribute("srcset");
      if (src) node.setAttribute("data-tm-src", src);
      if (REMOTE.test(src)) {
        seen(src);
        if (isTracker(node, src)) {
          trackers.add(src);
          node.setAttribute("class", "tm-tracker");
        }
      }
    }
    if (background) seen(background.trim());
    // Style attributes travel as text under a name of ours: no document of ours ever applies them.
    const style = node.getAttribute("style");
    if (style && node !== own) {
      node.setAttribute("data-tm-style", style);
      node.removeAttribute("style");
    }
    if (style && /url\s*\(/i.test(style))
      for (const [, url = ""] of style.matchAll(/url\(\s*["']?([^"')]+)/gi)) seen(url);
  }

  const bodyStyle = own.getAttribute("style") ?? "";
  const bodyColours = {
    background: own.getAttribute("bgcolor") ?? "",
    text: own.getAttribute("text") ?? "",
    link: own.getAttribute("link") ?? "",
  };
  const holder = doc.createElement("div");
  holder.append(...own.childNodes);
  const fragment = purifier().sanitize(holder, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid|data):|\/\/)/i,
    // Only href is an address for the cleaner: pictures' addresses are under our names, all else is no address.
    ADD_URI_SAFE_ATTR: ATTRIBUTES.filter((name) => name !== "href"),
    SANITIZE_NAMED_PROPS: true,
    KEEP_CONTENT: true,
    FORBID_CONTENTS: [
      "script",
      "style",
      "template",
      "svg",
      "math",
      "title",
      "textarea",
      "select",
      "noscript",
      "iframe",
      "object",
    ],
    RETURN_DOM_FRAGMENT: true,
  }) as unknown as DocumentFragment;
  fragment.firstElementChild?.replaceWith(...fragment.firstElementChild.childNodes);
  return { fragment, sheets, bodyStyle, bodyColours, remote: [...remote], trackers: [...trackers] };
}

/** The source of a rebuilt sheet, to build it again when pictures are allowed. */
const lastTexts = new WeakMap<CleanSheet, [string, string]>();
export function rebuild(sheet: CleanSheet, dark: boolean, map: (url: string) => string | undefined): CleanSheet {
  const source = lastTexts.get(sheet);
  return source ? cleanSheet(source[0], source[1], dark, map) : sheet;
}

const KNOWN_TRACKERS =
  /(?:^|\.)(?:list-manage\.com|sendgrid\.net|mailgun\.org|mandrillapp\.com|hubspotemail\.net|mailtrack\.io|yesware\.com|rs6\.net|exacttarget\.com|mktdns\.com|pardot\.com|klaviyomail\.com|sparkpostmail\.com|awstrack\.me|emltrk\.com|getnotify\.com|bananatag\.com|streak\.com|superhuman\.com)$|(?:^|\/\/)(?:open|track|pixel|beacon|trk|o)\./i;

function isTracker(img: Element, src: string): boolean {
  const small = (name: string) => {
    const value = img.getAttribute(name);
    return value !== null && /^\s*[0-3](px)?\s*$/.test(value);
  };
  const style = img.getAttribute("data-tm-style") ?? img.getAttribute("style") ?? "";
  const hidden = /display\s*:\s*none|(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[0-3]px|visibility\s*:\s*hidden/i.test(
    style,
  );
  if ((small("width") && small("height")) || hidden) return true;
  try {
    const url = new URL(src.startsWith("//") ? `https:${src}` : src);
    const path = /(?:\/(?:open|track|pixel|beacon|wf\/open)(?:[/.?]|$)|[?&](?:open|track)=)/i.test(
      url.pathname + url.search,
    );
    return (
      (KNOWN_TRACKERS.test(url.hostname) && path) || (path && !img.hasAttribute("alt") && !img.hasAttribute("width"))
    );
  } catch {
    return false;
  }
}
