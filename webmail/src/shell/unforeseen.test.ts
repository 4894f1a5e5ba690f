// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useLocale } from "../i18n";
import { JmapClient, JmapError, online } from "../jmap/client";
import type { Session } from "../jmap/types";
import { toast } from "../ui/Toast";
import { telling, tellUnforeseen } from "./unforeseen";

const session = {
  apiUrl: "/jmap/api",
  capabilities: {},
  primaryAccounts: {},
  accounts: {},
  state: "1",
} as unknown as Session;
const answer = (status: number, body: unknown) =>
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(body), { status })));

beforeEach(async () => {
  await useLocale("en");
  toast.value = undefined;
  online.value = true;
});
afterEach(() => vi.unstubAllGlobals());

test("an error that nobody took is told in plain words", () => {
  tellUnforeseen();
  const event = Object.assign(new Event("unhandledrejection", { cancelable: true }), {
    reason: new JmapError("http", "The store is full.", 500),
  });
  dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(toast.value?.text).toContain("The store is full.");
  expect(toast.value?.error).toBe(true);
});

test("a bug stays in the console", () => {
  const event = Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason: new TypeError("x") });
  dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);
  expect(toast.value).toBeUndefined();
});

test("what the page shows already is not said twice", () => {
  expect(telling(new JmapError("signedOut", "", 401))).toBe("");
  online.value = false;
  expect(telling(new JmapError("offline", ""))).toBe("");
});

test("401 asks for the password, and every call of the request fails as signedOut", async () => {
  answer(401, { type: "about:blank", detail: "Nobody is signed in." });
  const client = new JmapClient(session);
  let asked = 0;
  client.onSignedOut = () => asked++;
  const calls = [client.call("Mailbox/get", {}), client.call("Email/get", {})];
  for (const outcome of await Promise.allSettled(calls))
    expect(outcome).toMatchObject({ status: "rejected", reason: { type: "signedOut", status: 401 } });
  expect(asked).toBe(1);
});

test("500 gives the server's words, and a call that nobody waits for any more is no accident", async () => {
  answer(500, { detail: "The store is full." });
  const client = new JmapClient(session);
  const query = client.call("Email/query", {});
  client.call("Email/get", {});
  await expect(query).rejects.toThrow("The store is full.");
  // An unhandled rejection would fail the run of this file.
  await new Promise((resolve) => setTimeout(resolve));
});
