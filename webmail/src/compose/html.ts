// HTML of mails inside the editor. The editor stands in the page, so everything that enters it is cleaned first: a
// quoted mail, a pasted page, a draft, a signature, an undo step. What a mail needs to look the same for the next reader
// is kept: style sheets become style attributes, pictures from outside keep their address but are not fetched here, and
// declarations that would fetch something are set aside; `written` puts both back when the mail leaves.
import DOMPurify from "dompurify";

/** Where a picture of the mail itself can be shown from; undefined when the mail has no such part. */
export type PictureSource = (cid: string) => string | undefined;

const FORBIDDEN = [
  "style",
  "form",
  "input",
  "button",
  "select",
  "option",
  "textarea",
  "fieldset",
  "legend",
  "label",
  "dialog",
  "details",
];
// The cleaner asks this of every attribute: what has no scheme passes (a width), and `settle` looks at addresses again.
const SCHEMES =
  /^(?:(?:https?|mailto|tel|cid|blob):|data:image\/(?:png|jpe?g|gif|webp|avif);base64,|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i;

/** Cleans HTML into nodes of this document. `keepMarks` for our own: undo steps keep the editor's bookmarks. */
export function clean(html: string, pictures: PictureSource = () => undefined, keepMarks = false): DocumentFragment {
  const { text, css } = stylesAside(html);
  const whole = DOMPurify.sanitize(text, {
    USE_PROFILES: { html: true },
    ADD_ATTR: ["data-style", "data-sig"],
    ADD_URI_SAFE_ATTR: ["data-style"],
    FORBID_TAGS: keepMarks ? FORBIDDEN.filter((tag) => tag !== "input") : FORBIDDEN,
    FORBID_ATTR: keepMarks ? ["name"] : ["id", "name", "contenteditable", "tabindex", "autofocus", "popover"],
    ALLOW_DATA_ATTR: keepMarks,
    ALLOWED_URI_REGEXP: SCHEMES,
    ALLOW_UNKNOWN_PROTOCOLS: false,
    WHOLE_DOCUMENT: true,
    RETURN_DOM: true,
  }) as unknown as HTMLElement;
  const body = whole.querySelector("body") ?? whole;
  // While the nodes are in the cleaner's document nothing is fetched; afterwards nothing is left that would be.
  settle(whole, pictures);
  const fragment = document.createDocumentFragment();
  // The colours of a mail are often on <body>.
  if (!keepMarks && (body.getAttribute("style") || body.getAttribute("bgcolor"))) {
    const box = document.createElement("div");
    for (const name of ["bgcolor", "dir", "lang"]) {
      const value = body.getAttribute(name);
      if (value) box.setAttribute(name, value);
    }
    box.style.cssText = body.style.cssText;
    box.append(...body.childNodes);
    fragment.append(document.adoptNode(box));
  } else for (const node of [...body.childNodes]) fragment.append(document.adoptNode(node));
  if (css.trim()) inlineSheets(fragment, css);
  if (!keepMarks) for (const element of fragment.querySelectorAll("[class]")) keepOwnClasses(element);
  return fragment;
}

/**
 * Style sheets are taken out and style attributes get a name that means nothing to the parser, whose document is under
 * the page's policy and would report each. What this misses is only reported; the cleaner sees everything after it.
 */
function stylesAside(html: string): { text: string; css: string } {
  let css = "";
  const text = html
    .replace(/<!--[\s\S]*?-->|<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, sheet: string | undefined) => {
      css += sheet ? `${sheet}\n` : "";
      return "";
    })
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'])style(\s*=)/gi, "$1data-style$2"));
  return { text, css };
}

/** A stranger's class must not meet a rule of this page; ours and the editor's mean something. */
function keepOwnClasses(element: Element): void {
  const own = [...element.classList].filter((name) => /^(?:tamanoir-[a-z]+|color|highlight|font|size)$/.test(name));
  if (own.length > 0) element.className = own.join(" ");
  else element.removeAttribute("class");
}

/** Styles, pictures and links of a cleaned tree, as they may be in this page. */
export function settle(root: ParentNode, pictures: PictureSource): void {
  for (const element of root.querySelectorAll<HTMLElement>("[style], [data-style]")) {
    const css = element.getAttribute("data-style") ?? element.getAttribute("style") ?? "";
    element.removeAttribute("data-style");
    applyStyle(element, css);
  }
  for (const element of root.querySelectorAll("[background]")) {
    keepAside(element as HTMLElement, `background-image:url("${element.getAttribute("background")}")`);
    element.removeAttribute("background");
  }
  for (const picture of root.querySelectorAll("img")) {
    picture.removeAttribute("srcset");
    picture.removeAttribute("loading");
    const source = picture.getAttribute("src") ?? "";
    // An undo step knows its pictures by their mark.
    const cid = picture.getAttribute("data-cid") ?? (/^cid:/i.test(source) ? decode(source.slice(4)) : undefined);
    if (cid !== undefined) {
      picture.setAttribute("data-cid", cid);
      const shown = pictures(cid);
      if (shown) picture.setAttribute("src", shown);
      else picture.removeAttribute("src");
    } else if (/^https?:/i.test(source)) {
      picture.setAttribute("data-remote", source);
      picture.removeAttribute("src");
    } else if (!/^(?:data:image|blob:|\/jmap\/download\/)/i.test(source)) picture.removeAttribute("src");
  }
  for (const other of root.querySelectorAll("source, video, audio, track, embed, object, iframe, picture > source"))
    other.remove();
  for (const link of root.querySelectorAll("a")) {
    link.removeAttribute("target");
    link.removeAttribute("rel");
    if (!/^(?:https?|mailto|tel):/i.test(link.getAttribute("href") ?? "")) link.removeAttribute("href");
  }
}

// What could draw over the program, or fetch; the rest of CSS only concerns the mail.
const NEVER = /^(?:z-index|behavior|-moz-binding|cursor|pointer-events|animation.*|transition.*|will-change|content)$/;

/** Sets a style by the object model, which the page's policy allows; declarations that would fetch are set aside. */
export function applyStyle(element: HTMLElement, css: string): void {
  element.removeAttribute("style");
  const style = element.style;
  style.cssText = css;
  const aside: string[] = [];
  for (const name of [...style]) {
    const value = style.getPropertyValue(name);
    if (NEVER.test(name) || (name === "position" && !/^(?:static|relative)$/.test(value))) style.removeProperty(name);
    else if (/url\(/i.test(value)) {
      if (/url\(["']?https?:/i.test(value)) aside.push(`${name}:${value}`);
      style.removeProperty(name);
    }
  }
  if (style.length === 0) element.removeAttribute("style");
  if (aside.length > 0) keepAside(element, aside.join(";"));
}
function keepAside(element: HTMLElement, css: string): void {
  const known = element.getAttribute("data-css");
  element.setAttribute("data-css", known ? `${known};${css}` : css);
}

/** Turns style sheets into style attributes, in the order of the cascade, so that they say nothing about our page. */
function inlineSheets(fragment: DocumentFragment, css: string): void {
  let sheet: CSSStyleSheet;
  try {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css.replace(/<!--|-->/g, "").replace(/@import[^;]+;/gi, ""));
  } catch {
    return;
  }
  const rules: { selector: string; style: CSSStyleDeclaration; weight: number }[] = [];
  const collect = (list: CSSRuleList) => {
    for (const rule of list) {
      if (rule instanceof CSSStyleRule)
        for (const selector of rule.selectorText.split(/,(?![^(]*\))/))
          rules.push({ selector: selector.trim(), style: rule.style, weight: weight(selector) });
      else if (rule instanceof CSSMediaRule && /^(?:all|screen|only screen)?$/i.test(rule.media.mediaText))
        collect(rule.cssRules);
    }
  };
  collect(sheet.cssRules);
  rules.sort((a, b) => a.weight - b.weight);
  const won = new Map<HTMLElement, Map<string, { value: string; important: boolean }>>();
  for (const { selector, style } of rules) {
    if (/::|:(?:hover|focus|active|visited|link|before|after)/.test(selector)) continue;
    let found: NodeListOf<HTMLElement>;
    try {
      found = fragment.querySelectorAll<HTMLElement>(selector);
    } catch {
      continue;
    }
    for (const element of found) {
      let mine = won.get(element);
      if (!mine) won.set(element, (mine = new Map()));
      for (const name of style) {
        const important = style.getPropertyPriority(name) === "important";
        if (mine.get(name)?.important && !important) continue;
        mine.set(name, { value: style.getPropertyValue(name), important });
      }
    }
  }
  for (const [element, properties] of won) {
    const own = element.getAttribute("style") ?? "";
    const before = [...properties].filter(([, p]) => !p.important).map(([name, p]) => `${name}:${p.value}`);
    const after = [...properties].filter(([, p]) => p.important).map(([name, p]) => `${name}:${p.value}`);
    applyStyle(element, [...before, own, ...after].filter(Boolean).join(";"));
  }
}
const weight = (selector: string) =>
  (selector.match(/#[\w-]+/g)?.length ?? 0) * 10_000 +
  (selector.match(/\.[\w-]+|\[[^\]]+\]|:(?!:)[\w-]+/g)?.length ?? 0) * 100 +
  (selector.match(/(?:^|[\s>+~])[a-z][\w-]*/gi)?.length ?? 0);

const VOID = /^(?:area|base|br|col|hr|img|wbr)$/;
const OWN_MARKS = /^(?:data-cid|data-remote|data-css|tabindex|contenteditable)$/;

/**
 * The HTML as it is sent or saved: without the editor's own things, pictures back under their names, declarations that
 * were set aside back in their styles. Written node by node: a copy of the tree would be judged by the page's policy.
 */
export function written(root: HTMLElement, marks = true): string {
  let out = "";
  const write = (node: Node) => {
    if (node.nodeType === 3) {
      out += escaped((node.nodeValue ?? "").replace(/\u200b/g, ""))
        .replace(/</g, "&lt;")
        .replace(/>/g, "&gt;");
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as HTMLElement;
    const name = element.localName;
    if (name === "input" || element.classList.contains("squire-image-resize-container")) return;
    out += `<${name}`;
    for (const [attribute, value] of attributesOf(element, name, marks))
      out += ` ${attribute}="${escaped(value).replace(/"/g, "&quot;")}"`;
    out += ">";
    if (VOID.test(name)) return;
    for (const child of node.childNodes) write(child);
    out += `</${name}>`;
  };
  for (const child of root.childNodes) write(child);
  return out;
}
const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/\u00a0/g, "&nbsp;");

function attributesOf(element: HTMLElement, name: string, marks: boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name: attribute, value } of element.attributes)
    if (!OWN_MARKS.test(attribute) && (marks || attribute !== "data-sig")) found.set(attribute, value);
  if (name === "img") {
    const cid = element.getAttribute("data-cid");
    const source = cid ? `cid:${cid}` : element.getAttribute("data-remote");
    if (source) found.set("src", source);
  }
  const aside = element.getAttribute("data-css");
  if (aside) found.set("style", [found.get("style"), aside].filter(Boolean).join(";"));
  if (name === "blockquote" && !found.get("style")) found.set("style", QUOTE_STYLE);
  return found;
}
const QUOTE_STYLE = "margin:0 0 0 0.8ex;padding-left:1ex;border-left:2px solid #c4ccc7";

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
