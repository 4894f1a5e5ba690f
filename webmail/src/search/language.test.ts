import { describe, expect, test } from "vitest";
import { bytes, days, parseSearch, toFilter, wordsOf, writeSearch } from "./language";

const names = {
  mailbox: (name: string) => (name === "inbox" ? "m1" : undefined),
  leaveOut: ["m8", "m9"],
  labels: [{ keyword: "garden", name: "Garden" }],
};
const now = new Date(2026, 10, 25, 12);
const filter = (text: string) => toFilter(parseSearch(text), { ...names, leaveOut: [] }, now);

describe("the search language", () => {
  test("words must all be found, in every folder but trash and junk", () => {
    expect(toFilter(parseSearch("tulips spring"), names, now)).toEqual({
      operator: "AND",
      conditions: [{ text: "tulips" }, { text: "spring" }, { inMailboxOtherThan: ["m8", "m9"] }],
    });
  });
  test("in: names the folder and ends the leaving out", () => {
    expect(toFilter(parseSearch("in:inbox tulips"), names, now)).toEqual({
      operator: "AND",
      conditions: [{ inMailbox: "m1" }, { text: "tulips" }],
    });
  });
  test("a phrase stays together", () => expect(filter('"red tulips"')).toEqual({ text: '"red tulips"' }));
  test("OR makes either do", () =>
    expect(filter("from:ana OR from:bob")).toEqual({ operator: "OR", conditions: [{ from: "ana" }, { from: "bob" }] }));
  test("minus forbids", () => expect(filter("-from:ana")).toEqual({ operator: "NOT", conditions: [{ from: "ana" }] }));
  test("states, labels and files are keywords and properties", () => {
    expect(filter("is:unread")).toEqual({ notKeyword: "$seen" });
    expect(filter("label:Garden")).toEqual({ hasKeyword: "garden" });
    expect(filter("has:attachment")).toEqual({ hasAttachment: true });
  });
  test("sizes and dates are read as people write them", () => {
    expect(bytes("5M")).toBe(5_000_000);
    expect(bytes("1,5k")).toBe(1500);
    expect(days("2026-11", now)).toEqual([new Date(2026, 10, 1), new Date(2026, 11, 1)]);
    expect(days("7d", now)?.[0]).toEqual(new Date(2026, 10, 18));
  });
  test("an address of the web is a word, not an operator", () =>
    expect(filter("https://example.org")).toEqual({ text: "https://example.org" }));
  test("what is written is read again as the same", () => {
    for (const text of [
      'from:ana "red tulips" -is:unread',
      "a OR b c",
      'subject:"x y" OR -in:inbox larger:5M',
      '"OR"',
    ]) {
      expect(writeSearch(parseSearch(text))).toBe(text);
      expect(parseSearch(writeSearch(parseSearch(text)))).toEqual(parseSearch(text));
    }
  });
  test("any text is read without fault", () => {
    for (const text of ['"', "-", ":", "from:", '-"', "OR", "OR OR", "  ", 'a:"b', "é漢字:x"])
      expect(() => filter(text)).not.toThrow();
  });
  test("only words that say something are marked", () =>
    expect(wordsOf("tulips -roses is:unread subject:red")).toEqual(["tulips", "red"]));
});
