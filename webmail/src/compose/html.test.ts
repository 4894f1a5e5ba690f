// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import type { Email, Identity } from "../jmap/types";
import { clean, written } from "./html";
import { bodyText, forwardQuote, replyQuote, replyQuoteText } from "./quote";
import { place, placeInText } from "./signature";
import { fromText, toText } from "./text";

const box = (html: string) => {
  const root = document.createElement("div");
  root.append(clean(html, (cid) => (cid === "known" ? "/jmap/download/a/b/c" : undefined)));
  return root;
};
const identity = (htmlSignature: string, textSignature = ""): Identity =>
  ({
    id: "i",
    name: "Me",
    email: "me@x.example",
    replyTo: null,
    bcc: null,
    htmlSignature,
    textSignature,
    mayDelete: true,
  }) as Identity;
const words = {
  wrote: (date: string, name: string) => `On ${date}, ${name} wrote:`,
  forwarded: "Forwarded mail",
  from: "From",
  date: "Date",
  subject: "Subject",
  to: "To",
  cc: "Cc",
  formatDate: () => "Monday",
};
const part = (partId: string, type: string) => ({
  partId,
  type,
  blobId: `b${partId}`,
  size: 1,
  name: null,
  charset: null,
  disposition: null,
  cid: null,
});
const mail = (html: string, text = ""): Email =>
  ({
    id: "e",
    from: [{ name: "Ana", email: "ana@a.example" }],
    to: [{ name: null, email: "me@x.example" }],
    cc: null,
    subject: "S",
    receivedAt: "2026-11-25T04:00:00Z",
    sentAt: null,
    headers: [],
    htmlBody: html ? [part("1", "text/html")] : [part("2", "text/plain")],
    textBody: text ? [part("2", "text/plain")] : [part("1", "text/html")],
    bodyValues: { "1": { value: html }, "2": { value: text } },
    attachments: [],
  }) as unknown as Email;

describe("foreign HTML", () => {
  test("nothing in it acts", () => {
    const root = box(
      '<script>x</script><img src=x onerror=alert(1)><a href="javascript:x">y</a><form><input name=a></form><svg><script/></svg><iframe src=//x></iframe>',
    );
    expect(root.querySelector("script, form, input, svg, iframe")).toBeNull();
    expect(written(root)).not.toMatch(/onerror|javascript/);
  });
  test("its tables, widths and colours stay", () => {
    const html =
      '<table width="600" cellpadding="4" bgcolor="#ffeecc"><tbody><tr><td valign="top" align="right" style="color: rgb(1, 2, 3); padding: 4px;">x</td></tr></tbody></table>';
    expect(written(box(html))).toBe(html);
  });
  test("pictures from outside are not fetched, and are back when it is sent", () => {
    const root = box('<img src="https://t.example/p.png" alt="p" width="10">');
    expect(root.querySelector("img")?.hasAttribute("src")).toBe(false);
    expect(written(root)).toContain('src="https://t.example/p.png"');
  });
  test("grounds from outside are not fetched, and are back when it is sent", () => {
    const root = box('<div style="background-image: url(https://t.example/p.png); color: red">x</div>');
    expect(root.querySelector("div")?.getAttribute("style")).not.toContain("url");
    expect(written(root)).toContain("https://t.example/p.png");
  });
  test("pictures of the mail are shown by their download address and leave by their name", () => {
    const root = box('<img src="cid:known"><img src="cid:unknown">');
    expect(root.querySelector("img")?.getAttribute("src")).toBe("/jmap/download/a/b/c");
    expect(written(root)).toBe('<img src="cid:known"><img src="cid:unknown">');
  });
  test("it cannot cover the program", () => {
    const style = box('<div style="position: fixed; z-index: 9; top: 0; color: red">x</div>')
      .querySelector("div")
      ?.getAttribute("style");
    expect(style).not.toMatch(/fixed|z-index/);
    expect(style).toContain("red");
  });
  test("its classes and ids do not meet ours", () => {
    expect(box('<p class="button primary" id="app">x</p>').firstElementChild?.outerHTML).toBe("<p>x</p>");
  });
});

describe("text out of HTML", () => {
  test.each([
    ["<div>a</div><div>b</div>", "a\nb"],
    ["<p>a</p><p>b</p>", "a\n\nb"],
    ["<div>a</div><div><br></div><div>b</div>", "a\n\nb"],
    ["a<br>b", "a\nb"],
    ["<div>a<br></div><div>b</div>", "a\nb"],
    ["<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"],
    ["<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"],
    ["<div>x</div><blockquote><div>a</div><blockquote><div>b</div></blockquote></blockquote>", "x\n\n> a\n>\n>> b"],
    [
      '<a href="https://x.example/">here</a> <a href="https://y.example">y.example</a>',
      "here <https://x.example/> y.example",
    ],
    ["<pre>a\n  b</pre>", "a\n  b"],
    ["<div>-- </div><div>Me</div>", "-- \nMe"],
    ['<img src="cid:x" alt="A cat">', "[A cat]"],
  ])("%s", (html, text) => expect(toText(box(html))).toBe(text));
  test("plain text keeps its shape on the way to HTML and back", () => {
    const text = "Hello\n\nsee https://x.example/a?b=c.\n\n> one\n>> two\n\nend";
    const root = document.createElement("div");
    root.append(fromText(text));
    expect(root.querySelector("a")?.getAttribute("href")).toBe("https://x.example/a?b=c");
    expect(toText(root).replace(/>\n/g, "")).toContain("> one");
    expect(fromText("<b>x</b>").querySelector("b")).toBeNull();
  });
});

describe("quotes", () => {
  test("an answer says who wrote, and quotes", () => {
    const quote = replyQuote(mail("<p>Hi <b>you</b></p>"), words, () => undefined);
    expect(quote.outerHTML).toBe(
      '<div class="tamanoir-quote"><div>On Monday, Ana &lt;ana@a.example&gt; wrote:</div><blockquote type="cite"><p>Hi <b>you</b></p></blockquote></div>',
    );
  });
  test("in plain text too, also out of HTML", () => {
    expect(replyQuoteText(mail("", "a\nb\n-- \nAna"), words)).toBe("On Monday, Ana <ana@a.example> wrote:\n> a\n> b");
    expect(bodyText(mail("<p>a</p><p>b</p>"))).toBe("a\n\nb");
  });
  test("a forwarded mail keeps its heads and its body unindented", () => {
    const quote = forwardQuote(mail("<table><tbody><tr><td>x</td></tr></tbody></table>"), words, () => undefined);
    expect(quote.querySelector("blockquote")).toBeNull();
    expect(toText(quote)).toContain("From: Ana <ana@a.example>\nDate: Monday\nSubject: S\nTo: me@x.example");
  });
});

describe("the signature", () => {
  const count = (root: ParentNode) => root.querySelectorAll(".tamanoir-signature").length;
  const reply = () => {
    const root = document.createElement("div");
    const own = document.createElement("div");
    own.append("own");
    root.append(
      own,
      replyQuote(mail("<p>x</p>"), words, () => undefined),
    );
    return root;
  };
  test("stands above the quote, once, however often it is placed", () => {
    const root = reply();
    expect(place(root, identity("<b>Me</b>"), true)).toBe("placed");
    expect(place(root, identity("<b>Me</b>"), true)).toBe("replaced");
    expect(count(root)).toBe(1);
    expect(toText(root)).toMatch(/^own\n\n-- \nMe\n\nOn Monday/);
  });
  test("or below it", () => {
    const root = reply();
    place(root, identity("<b>Me</b>"), false);
    expect(root.lastElementChild?.className).toBe("tamanoir-signature");
  });
  test("changes with the identity, goes with one that has none", () => {
    const root = reply();
    place(root, identity("A"), true);
    expect(place(root, identity("", "B"), true)).toBe("replaced");
    expect(toText(root)).toContain("-- \nB");
    expect(place(root, identity(""), true)).toBe("removed");
    expect(count(root)).toBe(0);
  });
  test("an edited one is the person's own", () => {
    const root = reply();
    place(root, identity("A"), true);
    root.querySelector(".tamanoir-signature")?.append(" from the train");
    expect(place(root, identity("B"), true)).toBe("kept");
    expect(place(root, identity("B"), true, true)).toBe("replaced");
  });
  test("survives saving and reading", () => {
    const root = reply();
    place(root, identity("<b>A</b>"), true);
    const again = box(written(root));
    expect(place(again, identity("B"), true)).toBe("replaced");
    expect(count(again)).toBe(1);
    expect(written(again, false)).not.toContain("data-sig");
  });
  test("that of the quoted mail is not ours", () => {
    const root = document.createElement("div");
    root.append(replyQuote(mail('<div class="tamanoir-signature">-- <br>Ana</div>'), words, () => undefined));
    expect(place(root, identity("Me"), true)).toBe("placed");
    expect(toText(root)).toContain("Ana");
  });
  test("in plain text: once, switched, kept when edited", () => {
    const a = identity("", "Ann");
    const b = identity("", "Bob\nChief");
    const first = placeInText("Hi\n\nOn Monday, Ana wrote:\n> x", a, undefined, true);
    expect(first.text).toBe("Hi\n\n-- \nAnn\n\nOn Monday, Ana wrote:\n> x");
    const second = placeInText(first.text, b, a, true);
    expect(second.text).toBe("Hi\n\n-- \nBob\nChief\n\nOn Monday, Ana wrote:\n> x");
    expect(placeInText(second.text.replace("Chief", "Boss"), a, b, true).outcome).toBe("kept");
    expect(placeInText(second.text, identity(""), b, true).text).toBe("Hi\n\nOn Monday, Ana wrote:\n> x");
    expect(placeInText("Hi", a, undefined, true).text).toBe("Hi\n\n-- \nAnn");
  });
});
