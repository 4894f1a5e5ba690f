import { describe, expect, test } from "vitest";
import { contrast, darkGround, fromLab, PAPER, parseColour, readable, toLab } from "./recolour";

const white = { r: 255, g: 255, b: 255, a: 1 };
const black = { r: 0, g: 0, b: 0, a: 1 };

describe("dark mode of mails", () => {
  test("the perceptual space is left as it was entered", () => {
    for (const colour of [white, black, { r: 12, g: 200, b: 99, a: 1 }]) expect(fromLab(toLab(colour))).toEqual(colour);
  });
  test("white becomes the paper", () => {
    const ground = darkGround(white);
    for (const part of ["r", "g", "b"] as const) expect(Math.abs(ground[part] - PAPER[part])).toBeLessThanOrEqual(1);
  });
  test("dark grounds stay", () =>
    expect(darkGround({ r: 10, g: 60, b: 40, a: 1 })).toEqual({ r: 10, g: 60, b: 40, a: 1 }));
  test("any text can be read on any ground it may come to", () => {
    for (let i = 0; i < 400; i++) {
      const next = (n: number) => (i * n * 7919) % 256;
      const ground = darkGround({ r: next(3), g: next(5), b: next(11), a: 1 });
      const text = readable({ r: next(13), g: next(17), b: next(23), a: 1 }, ground);
      expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.49);
    }
  });
  test("colours are read as the browser writes them", () => {
    expect(parseColour("rgba(1, 2, 3, 0.5)")).toEqual({ r: 1, g: 2, b: 3, a: 0.5 });
    expect(parseColour("transparent")).toBeUndefined();
  });
});
