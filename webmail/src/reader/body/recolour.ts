// Dark mode for mails that know only paper: every colour is looked at as it came out for its node, and moved in OKLab,
// where lightness is what the eye sees. Light grounds become dark, text that would no longer be readable becomes light,
// hues stay. Pictures are not touched.

interface Colour {
  r: number;
  g: number;
  b: number;
  a: number;
}
type Lab = [number, number, number];

export function parseColour(text: string): Colour | undefined {
  const match = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+%?))?\s*\)$/i.exec(text);
  if (!match) return undefined;
  const alpha =
    match[4] === undefined ? 1 : match[4].endsWith("%") ? Number.parseFloat(match[4]) / 100 : Number(match[4]);
  return { r: Number(match[1]), g: Number(match[2]), b: Number(match[3]), a: alpha };
}

const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const gamma = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** sRGB to OKLab (Björn Ottosson's matrices). */
export function toLab({ r, g, b }: Colour): Lab {
  const [lr, lg, lb] = [linear(r / 255), linear(g / 255), linear(b / 255)];
  const l = Math.cbrt(0.4122214708 * lr + 0.5363325363 * lg + 0.0514459929 * lb);
  const m = Math.cbrt(0.2119034982 * lr + 0.6806995451 * lg + 0.1073969566 * lb);
  const s = Math.cbrt(0.0883024619 * lr + 0.2817188376 * lg + 0.6299787005 * lb);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
export function fromLab([L, A, B]: Lab, a = 1): Colour {
  const l = (L + 0.3963377774 * A + 0.2158037573 * B) ** 3;
  const m = (L - 0.1055613458 * A - 0.0638541728 * B) ** 3;
  const s = (L - 0.0894841775 * A - 1.291485548 * B) ** 3;
  const clamp = (c: number) => Math.round(Math.max(0, Math.min(1, gamma(Math.max(0, c)))) * 255);
  return {
    r: clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    g: clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    b: clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    a,
  };
}

const luminance = ({ r, g, b }: Colour) =>
  0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
/** WCAG contrast of two opaque colours. */
export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

export const PAPER: Colour = { r: 26, g: 31, b: 29, a: 1 };
const PAPER_LAB = toLab(PAPER);
const INK: Colour = { r: 232, g: 236, b: 234, a: 1 };

/** A light ground becomes a dark one of the same hue: white becomes our paper, a tint becomes a deep tone. */
export function darkGround(colour: Colour): Colour {
  const [L, A, B] = toLab(colour);
  if (L < 0.5) return colour;
  const paper = PAPER_LAB[0];
  // 1 (white) falls on the paper, 0.5 stays where it is; colour is kept but calmed.
  const lightness = paper + (1 - L) * ((0.5 - paper) / 0.5);
  const calm = Math.min(1, 0.55 + (1 - L));
  // The nearer to white, the more it takes the tone of our paper, so that a white mail has no edge.
  const white = Math.max(0, (L - 0.5) / 0.5);
  return fromLab([lightness, A * calm + PAPER_LAB[1] * white, B * calm + PAPER_LAB[2] * white], colour.a);
}

/** Text of the same hue that can be read on a ground (4.5:1). */
export function readable(colour: Colour, ground: Colour): Colour {
  if (contrast(colour, ground) >= 4.5) return colour;
  const [L, A, B] = toLab(colour);
  const light = luminance(ground) < 0.18;
  // Mirrored lightness keeps the order of importance: black is the brightest, grey stays behind.
  let lightness = light ? Math.max(0.62, Math.min(0.93, 1 - 0.55 * L)) : Math.min(L, 0.45);
  for (let i = 0; i < 12; i++) {
    const tried = fromLab([Math.min(0.96, lightness), A * 0.9, B * 0.9], colour.a);
    if (contrast(tried, ground) >= 4.5) return tried;
    lightness += light ? 0.04 : -0.04;
  }
  return light ? INK : { r: 20, g: 26, b: 23, a: 1 };
}

const css = ({ r, g, b, a }: Colour) => (a >= 1 ? `rgb(${r}, ${g}, ${b})` : `rgba(${r}, ${g}, ${b}, ${a})`);
const over = (top: Colour, bottom: Colour): Colour => ({
  r: Math.round(top.r * top.a + bottom.r * (1 - top.a)),
  g: Math.round(top.g * top.a + bottom.g * (1 - top.a)),
  b: Math.round(top.b * top.a + bottom.b * (1 - top.a)),
  a: 1,
});

const BORDERS = ["border-top-color", "border-right-color", "border-bottom-color", "border-left-color"];
const MOST_NODES = 6000;

/** Recolours a frame's body in place. All styles are read before any is written, so the page is laid out once. */
export function recolour(body: HTMLElement): void {
  const view = body.ownerDocument.defaultView;
  if (!view) return;
  const writes: [HTMLElement, string, string][] = [];
  const moved = new Set<Element>();
  const grounds = new Map<Element, Colour | null>([[body.parentElement as Element, PAPER]]);
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_ELEMENT);
  let count = 0;
  for (let node: Node | null = body; node && count < MOST_NODES; node = walker.nextNode(), count++) {
    const element = node as HTMLElement;
    const style = view.getComputedStyle(element);
    const inherited = grounds.get(element.parentElement as Element);
    let ground = inherited === undefined ? PAPER : inherited;
    if (style.backgroundImage !== "none") {
      // On a picture nothing is known about the ground: what is in it stays as it was made.
      grounds.set(element, null);
      continue;
    }
    if (ground === null) {
      grounds.set(element, null);
      continue;
    }
    const own = parseColour(style.backgroundColor);
    if (own && own.a > 0) {
      const changed = darkGround(own);
      if (changed !== own) writes.push([element, "background-color", css(changed)]);
      ground = over(changed, ground);
    }
    grounds.set(element, ground);
    const text = parseColour(style.color);
    if (text) {
      const changed = readable(text, ground);
      if (changed !== text) {
        writes.push([element, "color", css(changed)]);
        moved.add(element);
      } else if (element.parentElement && moved.has(element.parentElement)) {
        // It was readable as it is, and must not inherit its parent's new colour.
        writes.push([element, "color", css(text)]);
      }
    }
    for (const border of BORDERS) {
      if (style.getPropertyValue(border.replace("color", "width")) === "0px") continue;
      const colour = parseColour(style.getPropertyValue(border));
      if (!colour || colour.a === 0) continue;
      const [L] = toLab(colour);
      if (L > 0.75) writes.push([element, border, css(darkGround({ ...colour }))]);
    }
  }
  for (const [element, property, value] of writes) element.style.setProperty(property, value, "important");
}
