import { describe, expect, it } from "vitest";
import type { Email } from "../jmap/types";
import { authservId, verdict } from "./verify";

const OURS = ["mail.example.com"];
const email = (...fields: string[]) =>
  ({
    from: [{ name: null, email: "ana@sender.example" }],
    headers: fields.map((value) => ({ name: "Authentication-Results", value })),
  }) as unknown as Email;

describe("who vouches for a sender", () => {
  it("is this server's field on top", () => {
    expect(verdict(email(" mail.example.com; dkim=pass header.d=sender.example"), OURS)?.state).toBe("good");
    expect(verdict(email(" mail.example.com; dmarc=fail header.from=sender.example"), OURS)?.state).toBe("bad");
  });

  it("is nobody when another server wrote it, as in mail that was imported", () => {
    expect(verdict(email(" mx.elsewhere.example; dkim=pass header.d=sender.example"), OURS)).toBeUndefined();
    expect(verdict(email(" mail.example.com; dkim=pass header.d=sender.example"), [])).toBeUndefined();
  });

  it("is nobody when ours lies below a stranger's", () => {
    const below = email(" mx.elsewhere.example; none", " mail.example.com; dkim=pass header.d=sender.example");
    expect(verdict(below, OURS)).toBeUndefined();
  });

  it("reads the name with comments, a version, quotes and in any case", () => {
    expect(authservId(" (a) MAIL.example.com (b) 1 ; spf=pass")).toBe("mail.example.com");
    expect(authservId(' "mail.example.com"; none')).toBe("mail.example.com");
    expect(authservId(" mail.example.com evil.example; none")).toBeUndefined();
    expect(authservId(" (mail.example.com) ; none")).toBeUndefined();
  });
});
