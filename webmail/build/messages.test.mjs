import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "./messages.mjs";

const read = (locale, area) =>
  JSON.parse(readFileSync(new URL(`../src/i18n/${locale}/${area}`, import.meta.url), "utf8"));
const inside = (parts) =>
  typeof parts === "string"
    ? []
    : parts.flatMap((part) =>
        typeof part === "string" || part[0] === "#" ? [] : [part[0], ...Object.values(part[1] ?? {}).flatMap(inside)],
      );
const names = (text) => [...new Set(inside(compile(text)))].sort();

describe("messages", () => {
  const areas = readdirSync(new URL("../src/i18n/en", import.meta.url));
  test.each(areas)("%s: French says all that English says, with the same arguments", (area) => {
    const english = read("en", area);
    const french = read("fr", area);
    expect(Object.keys(french).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) expect([key, names(french[key])]).toEqual([key, names(text)]);
  });
  test("a plural becomes a list of cases", () => {
    expect(compile("{n, plural, one {# mail} other {# mails}}")).toEqual([
      ["n", { one: [["#"], " mail"], other: [["#"], " mails"] }],
    ]);
  });
  test("an argument stands between texts", () => {
    expect(compile("Hello {name}!")).toEqual(["Hello ", ["name"], "!"]);
  });
  test("a brace that is not closed is refused", () => {
    expect(() => compile("{n, plural, one {x}")).toThrow();
  });
});
