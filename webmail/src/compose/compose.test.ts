import { describe, expect, test } from "vitest";
import type { Email, Identity } from "../jmap/types";
import { format, isValid, parse, parseOne, split } from "./addresses";
import { adoptBlobs, emptyDraft, fromEmail, toEmail } from "./draft";
import { announced, ownWords } from "./forgotten";
import { parseMailto } from "./mailto";
import { fill, firstName, unfilled } from "./placeholders";
import { hasOthers, listPost, replyTo, senderFor, threading } from "./recipients";
import { judge, presets, toLocalInput, toUtc } from "./schedule";
import { bare, forwardSubject, replySubject } from "./subject";
import { quoteText, unflow, withoutSignature } from "./text";

const who = (email: string, name: string | null = null) => ({ name, email });
const mail = (over: Partial<Email>): Email =>
  ({
    id: "e1",
    from: [who("ana@other.example", "Ana")],
    to: [who("me@home.example")],
    cc: null,
    bcc: null,
    replyTo: null,
    headers: [],
    messageId: ["m2@other.example"],
    inReplyTo: ["m1@home.example"],
    references: ["m0@home.example", "m1@home.example"],
    subject: "Hello",
    bodyValues: {},
    textBody: [],
    htmlBody: [],
    attachments: [],
    receivedAt: "2026-11-25T04:00:00Z",
    sentAt: null,
    ...over,
  }) as Email;
const identity = (email: string, id = email): Identity =>
  ({
    id,
    name: "Me",
    email,
    replyTo: null,
    bcc: null,
    textSignature: "",
    htmlSignature: "",
    mayDelete: true,
  }) as Identity;
const own = (email: string) => email.endsWith("@home.example");
const list = (value: string) => [{ name: "List-Post", value }];

describe("typed addresses", () => {
  test("a pasted line becomes addresses with their names", () => {
    expect(parse('Ana <ana@a.example>, "Silva, Bob" <bob@b.example>; chris@c.example').addresses).toEqual([
      who("ana@a.example", "Ana"),
      who("bob@b.example", "Silva, Bob"),
      who("chris@c.example"),
    ]);
  });
  test("what is not an address stays typed", () => {
    expect(parse("ana@a.example, bo")).toEqual({ addresses: [who("ana@a.example")], rest: "bo" });
  });
  test("addresses with only spaces between them are several", () => {
    expect(parse("a@a.example b@b.example").addresses).toHaveLength(2);
  });
  test.each(["a@b.example", "a.b+c@b-c.example", "jürgen@müller.example", "a@[127.0.0.1]", '"a b"@b.example'])(
    "%s is an address",
    (email) => {
      expect(isValid(email)).toBe(true);
    },
  );
  test.each([
    "a@b",
    "@b.example",
    "a@",
    "a b@c.example",
    "a..b@c.example",
    ".a@c.example",
    "a@-b.example",
    "a@b..example",
  ])("%s is none", (email) => {
    expect(isValid(email)).toBe(false);
  });
  test("commas in quotes and comments do not cut", () => {
    expect(split('"a, b" <c@d.example>, e@f.example (x, y)')).toHaveLength(2);
  });
  test("a name in a comment, a table row and a mailto are understood", () => {
    expect(parseOne("a@b.example (Ana)")).toEqual(who("a@b.example", "Ana"));
    expect(parseOne("Ana Silva\ta@b.example")).toEqual(who("a@b.example", "Ana Silva"));
    expect(parseOne("mailto:a@b.example")).toEqual(who("a@b.example"));
  });
  test("what is written is read again", () => {
    for (const address of [who("a@b.example", 'Silva, "Ana"'), who("a@b.example"), who("a@b.example", "Ana")])
      expect(parseOne(format(address))).toEqual(address);
  });
});

describe("subjects", () => {
  test.each([
    ["Hello", "Hello"],
    ["Re: AW: Sv: Hello", "Hello"],
    ["RE[3]: Hello", "Hello"],
    ["WG: Fwd: TR: Hello", "Hello"],
    ["Re: [list] Re: Hello", "[list] Hello"],
    ["[list] Hello", "[list] Hello"],
    ["Antwort: Angebot", "Angebot"],
    ["Report: done", "Report: done"],
    ["RÉP : bonjour", "bonjour"],
  ])("%s is about %s", (full, about) => expect(bare(full)).toBe(about));
  test("one prefix is put before it", () => {
    expect(replySubject("re: Re: Hello")).toBe("Re: Hello");
    expect(forwardSubject("Fwd: Hello")).toBe("Fwd: Hello");
    expect(replySubject(null)).toBe("Re:");
  });
});

describe("who gets the answer", () => {
  test("the author", () => expect(replyTo(mail({}), "reply", own).to).toEqual([who("ana@other.example", "Ana")]));
  test("Reply-To before From", () => {
    expect(replyTo(mail({ replyTo: [who("desk@other.example")] }), "reply", own).to[0]?.email).toBe(
      "desk@other.example",
    );
  });
  test("all others, never oneself, nobody twice", () => {
    const all = replyTo(
      mail({
        to: [who("me@home.example"), who("bob@b.example")],
        cc: [who("BOB@b.example"), who("chris@c.example"), who("me+x@home.example")],
      }),
      "replyAll",
      own,
    );
    expect(all.to.map((a) => a.email)).toEqual(["ana@other.example", "bob@b.example"]);
    expect(all.cc.map((a) => a.email)).toEqual(["chris@c.example"]);
  });
  test("an answer to one's own mail goes on to its recipients", () => {
    const sent = mail({ from: [who("me@home.example")], to: [who("ana@other.example")], cc: [who("bob@b.example")] });
    expect(replyTo(sent, "reply", own).to.map((a) => a.email)).toEqual(["ana@other.example"]);
    expect(replyTo(sent, "replyAll", own).cc.map((a) => a.email)).toEqual(["bob@b.example"]);
  });
  test("a mail to oneself alone is answered to oneself", () => {
    expect(replyTo(mail({ from: [who("me@home.example")] }), "reply", own).to[0]?.email).toBe("me@home.example");
  });
  test("a list: the list, or the author even when the list took Reply-To", () => {
    const post = mail({ headers: list("<mailto:list%2Bx@l.example>"), replyTo: [who("list+x@l.example")] });
    expect(replyTo(post, "replyList", own).to[0]?.email).toBe("list+x@l.example");
    expect(replyTo(post, "reply", own).to[0]?.email).toBe("ana@other.example");
    expect(listPost(mail({ headers: list("NO") }))).toBeUndefined();
  });
  test("reply all is offered only when it reaches more people", () => {
    expect(hasOthers(mail({}), own)).toBe(false);
    expect(hasOthers(mail({ cc: [who("bob@b.example")] }), own)).toBe(true);
  });
});

describe("from which address", () => {
  const both = [identity("me@home.example"), identity("work@home.example")];
  test("the one that was written to", () =>
    expect(senderFor(mail({ to: [who("WORK@home.example")] }), both)?.identity.id).toBe("work@home.example"));
  test("also when it is only in Delivered-To", () => {
    const blind = mail({
      to: [who("list@l.example")],
      headers: [{ name: "Delivered-To", value: " work@home.example" }],
    });
    expect(senderFor(blind, both)?.identity.id).toBe("work@home.example");
  });
  test("its sub-address stays", () =>
    expect(senderFor(mail({ to: [who("me+shop@home.example")] }), both)?.email).toBe("me+shop@home.example"));
  test("a mail of one's own: the address it came from", () => {
    expect(senderFor(mail({ from: [who("work@home.example")], to: [who("me@home.example")] }), both)?.identity.id).toBe(
      "work@home.example",
    );
  });
  test("else the chosen default", () =>
    expect(senderFor(mail({ to: null }), both, both[1])?.identity.id).toBe("work@home.example"));
  test("References grow by the answered mail", () => {
    expect(threading(mail({}))).toEqual({
      inReplyTo: ["m2@other.example"],
      references: ["m0@home.example", "m1@home.example", "m2@other.example"],
    });
    expect(threading(mail({ references: null }))).toEqual({
      inReplyTo: ["m2@other.example"],
      references: ["m1@home.example", "m2@other.example"],
    });
  });
});

describe("forgotten attachments", () => {
  test.each([
    "Please find attached the report",
    "I've attached it",
    "see the attachment",
    "Vous trouverez ci-joint le contrat",
    "la pièce jointe",
    "Je vous joins le devis",
    "anbei die Rechnung",
    "im Anhang findest du",
    "Te adjunto el contrato",
    "archivo adjunto",
  ])("%s", (text) => expect(announced("", text)).toBeDefined());
  test.each([
    "No attachment needed",
    "without attachments please",
    "sans pièce jointe",
    "ohne Anhang",
    "I am attached to you",
    "see https://x.example/attachment/1",
    "Bis morgen",
    "joindre par téléphone",
  ])("not: %s", (text) => expect(announced("", text)).toBeUndefined());
  test("the quote and the signature do not count", () => {
    expect(
      announced("", ownWords("ok\n\nOn Monday Ana wrote:\n> see attachment\n-- \nattached to nature")),
    ).toBeUndefined();
  });
});

describe("plain text", () => {
  test("every level gets one more sign", () => expect(quoteText("a\n\n> b")).toBe("> a\n>\n>> b"));
  test("the other's signature is not quoted", () => expect(withoutSignature("hi\n-- \nAna")).toBe("hi"));
  test("flowed lines become one", () => expect(unflow("a \nb\n> c \n> d\n-- \nx")).toBe("a b\n> c d\n-- \nx"));
});

describe("templates", () => {
  const facts = {
    to: [who("ana@a.example", "Silva, Ana")],
    subject: "",
    me: who("me@home.example", "Me") as { name: string; email: string },
    now: new Date(2026, 10, 25),
    locale: "en",
  };
  test("what is known is filled, the rest is found before sending", () => {
    const text = fill("Dear {{firstName}}, about {{ subject }} on {{date}}", facts);
    expect(text).toBe("Dear Ana, about {{ subject }} on November 25, 2026");
    expect(unfilled(text)).toBe("{{ subject }}");
  });
  test("titles are no first names", () => expect(firstName("Dr. Ana Silva")).toBe("Ana"));
});

describe("later", () => {
  const wednesday = new Date(2026, 10, 25, 10, 0);
  test("presets are in the future and in order", () => {
    const times = presets(wednesday).map((p) => p.at.getTime());
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(times.every((t) => t > wednesday.getTime())).toBe(true);
    expect(presets(new Date(2026, 10, 29, 20)).map((p) => p.id)).toEqual(["tomorrowMorning", "tomorrowAfternoon"]);
  });
  test("limits", () => {
    expect(judge(new Date(wednesday.getTime() - 1), wednesday, 1e6)).toBe("past");
    expect(judge(new Date(wednesday.getTime() + 2e9), wednesday, 1e6)).toBe("tooFar");
    expect(judge(new Date(wednesday.getTime() + 1e6), wednesday, 1e6)).toBe("ok");
    expect(judge(new Date(Number.NaN), wednesday, 1e6)).toBe("past");
  });
  test("forms", () => {
    expect(toLocalInput(new Date(2026, 0, 2, 3, 4))).toBe("2026-01-02T03:04");
    expect(toUtc(new Date(0))).toBe("1970-01-01T00:00:00Z");
  });
});

describe("mailto", () => {
  test("all fields, plus signs kept, line ends joined", () => {
    expect(
      parseMailto(
        "mailto:a+b@c.example,d@e.example?subject=Hi%20you&cc=x@y.example&body=a%0D%0Ab&bcc=z@y.example&attach=/etc/passwd",
      ),
    ).toEqual({
      to: [who("a+b@c.example"), who("d@e.example")],
      cc: [who("x@y.example")],
      bcc: [who("z@y.example")],
      subject: "Hi you",
      body: "a\nb",
      inReplyTo: undefined,
    });
  });
  test("a header cannot be smuggled into the subject", () =>
    expect(parseMailto("mailto:?subject=a%0D%0ABcc:%20x").subject).toBe("a Bcc: x"));
  test("broken escapes do not break it", () =>
    expect(parseMailto("mailto:a@b.example?subject=100%").subject).toBe("100%"));
});

describe("draft and Email", () => {
  const writing = {
    identity: identity("me@home.example", "i1"),
    mailboxId: "m5",
    final: false,
    date: "2026-11-25T04:00:00Z",
  };
  const draft = {
    ...emptyDraft("x@home.example"),
    identityId: "i1",
    fromEmail: "me+shop@home.example",
    to: [who("ana@a.example")],
    subject: "S",
    html: '<div>a<img src="cid:p1"></div>',
    text: "a",
    relation: { kind: "reply" as const, emailId: "e7" },
    attachments: [
      { key: "1", name: "p.png", type: "image/png", size: 1, blobId: "b1", cid: "p1", inline: true },
      { key: "2", name: "f.pdf", type: "application/pdf", size: 2, blobId: "b2", cid: undefined, inline: false },
      { key: "3", name: "gone.png", type: "image/png", size: 2, blobId: "b3", cid: "p9", inline: true },
      { key: "4", name: "on-its-way", type: "x/y", size: 2, blobId: undefined, cid: undefined, inline: false },
    ],
  };
  test("pictures in the text are related to it, files stand beside it, removed pictures are left out", () => {
    const email = toEmail(draft, writing) as {
      bodyStructure: { subParts: { type: string; subParts?: { blobId?: string; type?: string }[]; blobId?: string }[] };
    };
    expect(email.bodyStructure.subParts.map((p) => p.blobId ?? p.type)).toEqual(["multipart/related", "b2"]);
    expect(email.bodyStructure.subParts[0]?.subParts?.map((p) => p.blobId ?? p.type)).toEqual([
      "multipart/alternative",
      "b1",
    ]);
  });
  test("plain text is one part", () => {
    expect(toEmail({ ...draft, mode: "plain", attachments: [] }, writing).bodyStructure).toEqual({
      partId: "text",
      type: "text/plain",
    });
  });
  test("what is sent tells nothing about the draft", () => {
    expect(JSON.stringify(toEmail(draft, { ...writing, final: true }))).not.toContain("X-Tamanoir");
  });
  test("another device goes on where this one stopped", () => {
    const email = toEmail(draft, writing);
    const note = String(email["header:X-Tamanoir-Draft:asText"]);
    const read = fromEmail(
      mail({
        messageId: ["x@home.example"],
        from: [who("me+shop@home.example")],
        to: draft.to,
        subject: "S",
        headers: [{ name: "X-Tamanoir-Draft", value: ` ${note}` }],
        htmlBody: [
          {
            partId: "2",
            type: "text/html",
            blobId: "b8",
            size: 1,
            name: null,
            charset: null,
            disposition: null,
            cid: null,
          },
        ],
        bodyValues: { "2": { value: draft.html, isEncodingProblem: false, isTruncated: false } },
        attachments: [
          {
            partId: null,
            type: "image/png",
            blobId: "b9",
            size: 1,
            name: "p.png",
            charset: null,
            disposition: "inline",
            cid: "p1",
          },
        ],
      }),
      [writing.identity],
      () => "new",
    );
    expect(read).toMatchObject({
      messageId: "x@home.example",
      identityId: "i1",
      fromEmail: "me+shop@home.example",
      mode: "rich",
      relation: draft.relation,
    });
    expect(read.attachments[0]).toMatchObject({ inline: true, blobId: "b9", cid: "p1" });
  });
  test("after a saving the files have their new names", () => {
    const saved = [
      {
        partId: null,
        type: "application/pdf",
        blobId: "n2",
        size: 2,
        name: "f.pdf",
        charset: null,
        disposition: "attachment",
        cid: null,
      },
      {
        partId: null,
        type: "image/png",
        blobId: "n1",
        size: 1,
        name: "p.png",
        charset: null,
        disposition: "inline",
        cid: "p1",
      },
    ];
    expect(adoptBlobs(draft.attachments, saved).map((a) => a.blobId)).toEqual(["n1", "n2", "b3", undefined]);
  });
});
