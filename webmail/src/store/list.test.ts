// The list against a small server of its own: what it shows after any series of changes must be what the server lists.
import { beforeEach, describe, expect, test } from "vitest";
import { JmapClient } from "../jmap/client";
import type { Session } from "../jmap/types";
import { MailList } from "./list";
import { client } from "./session";

const session = {
  capabilities: { "urn:ietf:params:jmap:core": {}, "urn:ietf:params:jmap:mail": {} },
  primaryAccounts: { "urn:ietf:params:jmap:mail": "a" },
  accounts: {},
  username: "a@example.org",
  apiUrl: "/jmap/api",
  state: "s",
} as unknown as Session;

class Server {
  ids: string[] = [];
  history: string[][] = [];
  exact = true;
  requests = 0;
  constructor(n: number) {
    this.ids = Array.from({ length: n }, (_, i) => `e${i}`);
    this.history.push([...this.ids]);
  }
  change(ids: string[]): void {
    this.ids = ids;
    this.history.push([...ids]);
  }
  answer(name: string, args: Record<string, unknown>): unknown {
    const state = String(this.history.length - 1);
    if (name === "Email/query") {
      const position = args.position as number;
      return {
        queryState: state,
        canCalculateChanges: this.exact,
        position,
        ids: this.ids.slice(position, position + (args.limit as number)),
        total: args.calculateTotal ? this.ids.length : undefined,
      };
    }
    if (name === "Email/queryChanges") {
      const old = this.history[Number(args.sinceQueryState)] ?? [];
      const now = new Set(this.ids);
      const before = new Set(old);
      return {
        oldQueryState: args.sinceQueryState,
        newQueryState: state,
        total: this.ids.length,
        removed: old.filter((id) => !now.has(id)),
        added: this.ids.flatMap((id, index) => (before.has(id) ? [] : [{ id, index }])),
      };
    }
    return {
      state: "1",
      list: ((args.ids as string[]) ?? []).map((id) => ({ id, threadId: `t${id}`, mailboxIds: {}, keywords: {} })),
    };
  }
  handle = async (_: unknown, init?: { body?: string }): Promise<Response> => {
    this.requests++;
    const request = JSON.parse(init?.body ?? "{}") as { methodCalls: [string, Record<string, unknown>, string][] };
    const results = new Map<string, unknown>();
    const responses = request.methodCalls.map(([name, args, id]) => {
      for (const [key, value] of Object.entries(args)) {
        if (!key.startsWith("#")) continue;
        const { resultOf, path } = value as { resultOf: string; path: string };
        let found = [results.get(resultOf)];
        for (const part of path.split("/").slice(1)) {
          found = part === "*" ? found.flat() : found.map((v) => (v as Record<string, unknown> | undefined)?.[part]);
        }
        args[key.slice(1)] = found.flat();
      }
      const refused = name === "Email/queryChanges" && !this.exact;
      const answer = refused ? { type: "cannotCalculateChanges" } : this.answer(name, args);
      results.set(id, answer);
      return [refused ? "error" : name, answer, id];
    });
    return new Response(JSON.stringify({ methodResponses: responses, sessionState: "s" }));
  };
}

let server: Server;
let list: MailList;
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const shown = () => Array.from({ length: list.length }, (_, i) => list.at(i));
const agrees = () => shown().forEach((id, i) => id !== undefined && expect([i, id]).toEqual([i, server.ids[i]]));

beforeEach(async () => {
  server = new Server(400);
  globalThis.fetch = server.handle as unknown as typeof fetch;
  client.value = new JmapClient(session);
  list = new MailList("mail m", { filter: null, sort: [], collapse: false });
  list.load(0, 20);
  await settle();
});

describe("a list of which only windows are known", () => {
  test("the first window brings the total, in one request", () => {
    expect(list.length).toBe(400);
    expect(list.at(49)).toBe("e49");
    expect(list.at(50)).toBeUndefined();
    expect(server.requests).toBe(1);
  });
  test("a jump fetches what is in sight and nothing between", async () => {
    list.load(300, 320);
    await settle();
    expect(list.at(310)).toBe("e310");
    expect(list.at(200)).toBeUndefined();
    expect(server.requests).toBe(2);
  });
  test("new mail comes in at its place", async () => {
    server.change(["new", ...server.ids]);
    await list.refresh();
    expect(list.at(0)).toBe("new");
    expect(list.length).toBe(401);
    agrees();
  });
  test("a mail that goes from a gap does not shift what is shown", async () => {
    list.load(300, 320);
    await settle();
    server.change(server.ids.filter((id) => id !== "e200"));
    await list.refresh();
    await settle();
    expect(list.length).toBe(399);
    agrees();
  });
  test("what was taken out here is not taken out twice", async () => {
    list.remove(new Set(["e3"]));
    expect(list.length).toBe(399);
    expect(list.at(3)).toBe("e4");
    server.change(server.ids.filter((id) => id !== "e3"));
    list.settle(["e3"]);
    await list.refresh();
    expect(list.length).toBe(399);
    agrees();
  });
  test("undo puts it back where it was", async () => {
    const back = list.remove(new Set(["e3", "e7"]));
    back();
    expect(list.at(3)).toBe("e3");
    expect(list.at(7)).toBe("e7");
    expect(list.length).toBe(400);
    agrees();
  });
  test("a push that overtakes the change does not bring the row back", async () => {
    list.remove(new Set(["e3"]));
    server.change(["new", ...server.ids]);
    await list.refresh();
    expect(shown().includes("e3")).toBe(false);
    expect(list.length).toBe(400);
    server.change(server.ids.filter((id) => id !== "e3"));
    list.settle(["e3"]);
    await list.refresh();
    expect(list.length).toBe(400);
    agrees();
  });
  test("where changes cannot be calculated the window is asked for again", async () => {
    server.exact = false;
    server.change(server.ids.slice(10));
    await list.refresh();
    await settle();
    expect(list.at(0)).toBe("e10");
    expect(list.length).toBe(390);
  });
  test("any series of changes ends in what the server lists", async () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let round = 0; round < 60; round++) {
      const ids = [...server.ids];
      for (let i = random(4); i > 0; i--) ids.splice(random(ids.length), 1);
      for (let i = random(3); i > 0; i--) ids.splice(random(2) ? 0 : random(ids.length), 0, `n${round}-${i}`);
      server.change(ids);
      if (random(3) === 0) list.load(random(ids.length), random(ids.length));
      if (random(2) === 0) {
        await list.refresh();
        await settle();
      }
    }
    await list.refresh();
    await settle();
    await list.refresh();
    await settle();
    expect(list.length).toBe(server.ids.length);
    agrees();
  });
  test("everything, for acting on all, in pages", async () => {
    const all: string[] = [];
    for await (const page of list.everyId()) all.push(...page);
    expect(all).toEqual(server.ids);
  });
});
