import { describe, expect, test } from "vitest";
import { isLookAlike, linkify, lyingTarget, registrable } from "./links";

const links = (text: string) => linkify(text).flatMap((p) => ("href" in p ? [[p.text, p.href]] : []));

describe("links in plain text", () => {
  test("the text is kept whole", () => {
    for (const text of [
      "see https://a.example/x?y=(1), or www.b.example.",
      "a@b.example",
      "<https://c.example>",
      "no link",
    ]) {
      expect(
        linkify(text)
          .map((p) => p.text)
          .join(""),
      ).toBe(text);
    }
  });
  test("signs of the sentence stay outside", () => {
    expect(links("See https://a.example/x, please.")).toEqual([["https://a.example/x", "https://a.example/x"]]);
    expect(links("(https://a.example/x)")).toEqual([["https://a.example/x", "https://a.example/x"]]);
    expect(links("https://a.example/x_(y)")).toEqual([["https://a.example/x_(y)", "https://a.example/x_(y)"]]);
  });
  test("addresses and bare hosts get a scheme", () => {
    expect(links("ann@example.org")).toEqual([["ann@example.org", "mailto:ann@example.org"]]);
    expect(links("www.example.org/a")).toEqual([["www.example.org/a", "https://www.example.org/a"]]);
  });
  test("nothing else becomes a link", () => {
    for (const text of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"])
      expect(links(text)).toEqual([]);
  });
});

describe("links that lie", () => {
  test("the text names another registrable domain", () => {
    expect(lyingTarget("www.bank.example", "https://evil.example/login")).toBe("evil.example");
    expect(lyingTarget("https://bank.co.uk/x", "https://other.co.uk/x")).toBe("other.co.uk");
  });
  test("subdomains, words and file names are no lies", () => {
    expect(lyingTarget("bank.example", "https://login.bank.example/")).toBeUndefined();
    expect(lyingTarget("Click here", "https://evil.example/")).toBeUndefined();
    expect(lyingTarget("report.pdf", "https://files.example/report.pdf")).toBeUndefined();
  });
  test("the registrable domain", () => {
    expect(registrable("a.b.example.co.uk")).toBe("example.co.uk");
    expect(registrable("www.example.org")).toBe("example.org");
  });
  test("mixed alphabets look alike", () => {
    expect(isLookAlike("pаypal.example")).toBe(true);
    expect(isLookAlike("xn--pypal-4ve.example")).toBe(true);
    expect(isLookAlike("пример.example")).toBe(false);
  });
});
