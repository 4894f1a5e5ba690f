import { describe, expect, test } from "vitest";
import {
  type ContactCard,
  cardFor,
  displayName,
  duplicates,
  fromForm,
  mainEmail,
  matches,
  merge,
  sortName,
  splitName,
  toForm,
} from "../contacts/card";
import type { Command } from "../keys";
import { assign, conflicts, isTaken, reset } from "./remap";

const command = (id: string, keys: string, scope: Command["scope"] = "list"): Command => ({
  id,
  keys,
  scope,
  label: "close",
  run: () => {},
});

describe("keys", () => {
  const archive = command("archive", "e, y");
  const star = command("star", "s");
  const send = command("send", "Mod+Enter", "composer");
  const inbox = command("inbox", "g i", "global");
  const all = [archive, star, send, inbox];
  test("a key that another command has is found, in places that can meet", () => {
    expect(conflicts(all, {}, star, "e").map((c) => c.id)).toEqual(["archive"]);
    expect(conflicts(all, {}, star, "Mod+Enter")).toEqual([]);
    expect(conflicts(all, {}, star, "g").map((c) => c.id)).toEqual(["inbox"]);
  });
  test("it goes to the new command and leaves the old its others", () => {
    expect(assign(all, {}, star, "e")).toEqual({ star: "e", archive: "y" });
  });
  test("what is as it was from the start is not kept", () => {
    expect(assign(all, { star: "x" }, star, "s")).toEqual({});
    expect(reset(all, { star: "x", archive: "y" }, star)).toEqual({ archive: "y" });
  });
  test("keys of the browser cannot be taken", () => {
    expect(["Mod+t", "Tab", "Escape", "e"].map(isTaken)).toEqual([true, true, true, false]);
  });
});

const card = (over: Partial<ContactCard>): ContactCard => ({
  id: "c1",
  uid: "u1",
  addressBookIds: { b1: true },
  ...over,
});

describe("contacts", () => {
  const ana = card({
    name: {
      components: [
        { kind: "given", value: "Ana" },
        { kind: "surname", value: "Silva" },
      ],
      isOrdered: true,
    },
    emails: {
      a: { address: "ana@x.example", contexts: { work: true }, "example.com:x": 1 },
      b: { address: "ana@home.example", pref: 1 },
    },
    phones: { p: { number: "+49 30 1234", features: { mobile: true } } },
    "example.com:custom": { keep: "me" },
  });
  test("names, main address, sorting and searching", () => {
    expect(displayName(ana)).toBe("Ana Silva");
    expect(mainEmail(ana)).toEqual({ name: "Ana Silva", email: "ana@home.example" });
    expect(sortName(ana)).toBe("silva ana");
    expect(matches(ana, "SILVA x.ex")).toBe(true);
    expect(matches(card({ name: { full: "Jürgen Müller" } }), "muller")).toBe(true);
    expect(matches(ana, "49301234")).toBe(true);
    expect(matches(ana, "bob")).toBe(false);
  });
  test("a form that nobody changed changes nothing", () => {
    expect(fromForm(toForm(ana), ana)).toEqual({});
    const full = card({ name: { full: "Prof. Ana Silva" } });
    expect(fromForm(toForm(full), full)).toEqual({});
  });
  test("what the form does not show stays", () => {
    const form = toForm(ana);
    const first = form.emails[0];
    if (first) first.value = "new@x.example";
    expect(fromForm(form, ana)).toEqual({
      emails: {
        a: { address: "new@x.example", contexts: { work: true }, "example.com:x": 1 },
        b: { address: "ana@home.example", pref: 1 },
      },
    });
  });
  test("lines can be added, moved to another context and removed", () => {
    const form = toForm(ana);
    form.emails = [{ key: "", value: "n@x.example", context: "private" }];
    form.phones = [];
    expect(fromForm(form, ana)).toEqual({
      emails: { e1: { address: "n@x.example", contexts: { private: true } } },
      phones: null,
    });
  });
  test("a postal address and a birthday", () => {
    const form = { ...toForm(card({})), birthday: "1980-02-03" };
    form.addresses = [
      { key: "", context: "", street: "Hauptstraße 1", postcode: "10115", locality: "Berlin", region: "", country: "" },
    ];
    const made = card(fromForm(form, card({})));
    expect(toForm(made).addresses[0]).toMatchObject({ street: "Hauptstraße 1", postcode: "10115", locality: "Berlin" });
    expect(toForm(made).birthday).toBe("1980-02-03");
  });
  test("names are split as people write them", () => {
    expect(splitName("Silva, Ana Maria")).toEqual({ given: "Ana Maria", surname: "Silva" });
    expect(splitName("Cher")).toEqual({ given: "Cher", surname: "" });
    expect(cardFor({ name: "Ana Silva", email: "a@x.example" }, "b1").name?.full).toBe("Ana Silva");
    expect(cardFor({ name: null, email: "a@x.example" }, "b1").name).toBeUndefined();
  });
  test("the same person twice: by address or by whole name, also over three cards", () => {
    const cards = [
      card({ id: "1", name: { full: "Ana Silva" }, emails: { a: { address: "ANA@x.example" } } }),
      card({
        id: "2",
        name: { full: "A. Silva" },
        emails: { a: { address: "ana@x.example" }, b: { address: "as@y.example" } },
      }),
      card({ id: "3", name: { full: "Other" }, emails: { a: { address: "as@y.example" } } }),
      card({ id: "4", name: { full: "Bob" } }),
      card({ id: "5", name: { full: "Bob" } }),
    ];
    expect(duplicates(cards).map((set) => set.map((c) => c.id))).toEqual([["1", "2", "3"]]);
  });
  test("merging keeps everything once", () => {
    const merged = merge([
      ana,
      card({
        id: "2",
        emails: { z: { address: "ANA@home.example" }, y: { address: "third@x.example" } },
        phones: { q: { number: "+49301234" } },
        notes: { n: { note: "met in Rome" } },
      }),
    ]);
    expect(Object.values(merged.emails ?? {}).map((e) => e.address)).toEqual([
      "ana@x.example",
      "ana@home.example",
      "third@x.example",
    ]);
    expect(merged.phones).toBeUndefined();
    expect(merged.notes).toEqual({ m1: { note: "met in Rome" } });
  });
});
