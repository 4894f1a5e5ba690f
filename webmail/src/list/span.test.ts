import { describe, expect, test } from "vitest";
import { MAX_SPACER, scrollFor, span } from "./geometry";

describe("which rows are in sight", () => {
  test("without scaling a row stands where its number says", () => {
    const { first, last, top } = span(6400, 800, 5000, 64);
    expect(first).toBe(94);
    expect(last).toBe(119);
    expect(top).toBe(first * 64);
  });
  test("the ends of a million mails are reached", () => {
    const rows = 1_000_000;
    const height = 900;
    expect(rows * 64).toBeGreaterThan(MAX_SPACER);
    expect(span(0, height, rows, 64).first).toBe(0);
    const end = span(MAX_SPACER - height, height, rows, 64);
    expect(end.last).toBe(rows - 1);
    // The last row ends where the spacer ends.
    expect(end.top + (rows - end.first) * 64).toBeCloseTo(MAX_SPACER, 3);
  });
  test("never more rows than a screen and its margin", () => {
    for (let scroll = 0; scroll < MAX_SPACER; scroll += 333_333) {
      const { first, last } = span(scroll, 900, 1_000_000, 30);
      expect(last - first).toBeLessThan(80);
    }
  });
  test("scrolling to a row brings it into sight", () => {
    for (const index of [0, 5, 77_777, 500_000, 999_999]) {
      const { first, last } = span(scrollFor(index, 900, 1_000_000, 64), 900, 1_000_000, 64);
      expect(index).toBeGreaterThanOrEqual(first);
      expect(index).toBeLessThanOrEqual(last);
    }
  });
});
