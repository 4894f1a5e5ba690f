// The styles of a mail, by the browser's own parser: a sheet that is never part of a document is filled with the text, and
// what it understood is written anew from a list of allowed properties. No url() survives unless the caller maps it.

/** Longhands; shorthands are taken apart by the parser. */
const ALLOWED = new Set(
  `azimuth background-attachment background-clip background-color background-image background-origin background-position-x
  background-position-y background-repeat background-size border-bottom-color border-bottom-left-radius
  border-bottom-right-radius border-bottom-style border-bottom-width border-collapse border-left-color border-left-style
  border-left-width border-right-color border-right-style border-right-width border-spacing border-top-color
  border-top-left-radius border-top-right-radius border-top-style border-top-width bottom box-shadow box-sizing break-inside
  caption-side clear color column-count column-gap column-width direction display empty-cells flex-basis flex-direction
  flex-grow flex-shrink flex-wrap float font-family font-size font-stretch font-style font-variant font-variant-caps
  font-weight height hyphens justify-content left letter-spacing line-height list-style-image list-style-position
  list-style-type margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width object-fit
  opacity order orphans outline-color outline-style outline-width overflow-wrap overflow-x overflow-y padding-bottom
  padding-left padding-right padding-top page-break-after page-break-before page-break-inside position quotes right row-gap
  align-content align-items align-self table-layout text-align text-align-last text-decoration-color text-decoration-line
  text-decoration-style text-decoration-thickness text-indent text-overflow text-shadow text-transform
  text-underline-offset top unicode-bidi vertical-align visibility white-space white-space-collapse text-wrap-mode widows
  width word-break word-spacing word-wrap z-index margin-inline-start margin-inline-end padding-inline-start
  padding-inline-end`.split(/\s+/),
);

/** Says what stands for an address in `url()`: a blob or a signed path of our proxy; undefined drops the declaration. */
export type MapUrl = (url: string) => string | undefined;

const FUNCTION_URL = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)]*))\s*\)/gi;
/** Anything that can fetch, refer, or look at the outside. */
const FORBIDDEN =
  /(?:^|[^a-z-])(?:image-set|-webkit-image-set|image|cross-fade|element|paint|src|var|env|attr|expression|-webkit-cross-fade)\s*\(|\\/i;
const VIEWPORT_UNIT = /\d(?:vh|vmin|vmax|[sdl]vh|vb|[sdl]vb)\b/i;

function cleanValue(property: string, value: string, map: MapUrl): string | undefined {
  if (FORBIDDEN.test(value)) return undefined;
  if (property === "position" && !/^(static|relative|absolute)$/.test(value)) return undefined;
  if (property.startsWith("margin") && /^-/.test(value)) return undefined;
  // A height of the window would grow with the frame that grows with it.
  if (VIEWPORT_UNIT.test(value)) return undefined;
  if (!/url\(/i.test(value)) return value;
  let dropped = false;
  const mapped = value.replace(FUNCTION_URL, (_, double?: string, single?: string, bare?: string) => {
    const url = map((double ?? single ?? bare ?? "").trim());
    if (url === undefined || /["\\\n)(]/.test(url)) {
      dropped = true;
      return "none";
    }
    return `url("${url}")`;
  });
  return dropped ? undefined : mapped;
}

/** Copies what is allowed from one declaration block to another. */
export function copyStyle(from: CSSStyleDeclaration, to: CSSStyleDeclaration, map: MapUrl): void {
  for (const property of from) {
    if (!ALLOWED.has(property)) continue;
    const value = cleanValue(property, from.getPropertyValue(property), map);
    if (value !== undefined && value !== "") to.setProperty(property, value, from.getPropertyPriority(property));
  }
}

const scratch = typeof CSSStyleSheet === "undefined" ? undefined : new CSSStyleSheet();

/** Reads the text of a style attribute. The block is only valid until the next call. */
export function readDeclarations(text: string): CSSStyleDeclaration | undefined {
  scratch?.replaceSync(`x{${text}}`);
  const rule = scratch?.cssRules[0];
  return rule instanceof CSSStyleRule ? rule.style : undefined;
}

export interface CleanSheet {
  text: string;
  /** It speaks of dark mode itself. */
  knowsDark: boolean;
}

/** Rewrites a style element. `dark` says which colour scheme counts: the app's, not the system's. */
export function cleanSheet(text: string, media: string, dark: boolean, map: MapUrl): CleanSheet {
  const sheet = new CSSStyleSheet();
  try {
    sheet.replaceSync(media && !/^all$/i.test(media) ? `@media ${media.replace(/[{};]/g, "")} {${text}}` : text);
  } catch {
    return { text: "", knowsDark: false };
  }
  const holder = document.implementation.createHTMLDocument("").createElement("i").style;
  const out = { text: "", knowsDark: false };
  const write = (rules: CSSRuleList): string => {
    let written = "";
    for (const rule of rules) {
      if (rule instanceof CSSStyleRule) written += writeRule(rule);
      else if (rule instanceof CSSMediaRule) {
        const condition = rule.conditionText || rule.media.mediaText;
        const scheme = /prefers-color-scheme\s*:\s*(dark|light)/i.exec(condition);
        if (scheme) {
          if (scheme[1]?.toLowerCase() === "dark") out.knowsDark = true;
          if ((scheme[1]?.toLowerCase() === "dark") === dark) written += write(rule.cssRules);
          continue;
        }
        if (/^[\w\s(),:.><=/-]*$/.test(condition)) written += `@media ${condition}{${write(rule.cssRules)}}`;
      } else if (rule instanceof CSSSupportsRule) written += write(rule.cssRules);
    }
    return written;
  };
  const writeRule = (rule: CSSStyleRule): string => {
    const selector = rule.selectorText;
    if (/:visited|:has\(|::?-moz|[{}<]|\\/i.test(selector)) return "";
    holder.cssText = "";
    copyStyle(rule.style, holder, map);
    if (!holder.cssText) return "";
    // Ids are prefixed in the body; the selectors follow. Ours are out of reach.
    const named = selector.replace(/#([\w-])/g, "#user-content-$1");
    if (/\.tm-|data-tm/.test(named)) return "";
    return `${named}{${holder.cssText}}`;
  };
  out.text = write(sheet.cssRules);
  return out;
}
