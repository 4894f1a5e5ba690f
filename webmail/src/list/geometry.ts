// Rows of one height over a spacer. Browsers cap the height of an element (Firefox below 18 million px), so above
// 10 million the spacer is scaled: the scroll position is mapped in proportion, rows keep their height.

export const MAX_SPACER = 10_000_000;

export interface Span {
  first: number;
  last: number;
  /** Where the first row stands, in px from the top of the spacer. */
  top: number;
}
/** Which rows are in sight, and where they stand. */
export function span(scroll: number, height: number, rows: number, tall: number): Span {
  const whole = rows * tall;
  const spacer = Math.min(whole, MAX_SPACER);
  const overscan = 6;
  // Without scaling `virtual` is the scroll position itself.
  const room = Math.max(1, spacer - height);
  const virtual = whole > spacer ? (Math.min(scroll, room) / room) * (whole - height) : scroll;
  const first = Math.max(0, Math.floor(virtual / tall) - overscan);
  const last = Math.min(rows - 1, Math.ceil((virtual + height) / tall) + overscan);
  return { first, last, top: scroll - (virtual - first * tall) };
}
/** The scroll position that shows a row at the top. */
export function scrollFor(index: number, height: number, rows: number, tall: number): number {
  const whole = rows * tall;
  const spacer = Math.min(whole, MAX_SPACER);
  const virtual = Math.min(index * tall, Math.max(0, whole - height));
  return whole > spacer ? (virtual / (whole - height)) * (spacer - height) : virtual;
}
