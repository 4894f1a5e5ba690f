// Who is signed in. The sign-in answer carries the JMAP session, so that the first list costs no extra trip.
import { signal } from "@preact/signals";
import { JmapClient } from "../jmap/client";
import type { Session } from "../jmap/types";

export type SignInState = "unknown" | "out" | "in" | "expired";
export const signInState = signal<SignInState>("unknown");
/** The client of the signed-in person. Only read it after sign-in; `jmap()` says so if not. */
export const client = signal<JmapClient | undefined>(undefined);

export function jmap(): JmapClient {
  if (!client.value) throw new Error("Nobody is signed in.");
  return client.value;
}

export class SignInError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly retryAfter = 0,
  ) {
    super(message);
  }
}

// The session object of the last time lets the first request of all leave without waiting for it. It holds no secret:
// what it allows is asked of the cookie each time.
const MIRROR = "tamanoir-session";
let confirmed = false;
let askedAt = 0;

function recall(): Session | undefined {
  try {
    return (JSON.parse(localStorage.getItem(MIRROR) ?? "null") as Session | null) ?? undefined;
  } catch {
    return undefined;
  }
}
function keep(session: Session | undefined): void {
  try {
    if (session) localStorage.setItem(MIRROR, JSON.stringify(session));
    else for (const key of [MIRROR, "tamanoir-folders", "tamanoir-list"]) localStorage.removeItem(key);
  } catch {
    // Without storage the start takes one more trip.
  }
}

function adopt(session: Session): void {
  const known = client.value;
  if (known && known.session.username === session.username) known.session = session;
  else client.value = new JmapClient(session);
  jmap().onSignedOut = () => {
    // What is on the screen stays, so that nothing half written is lost; a dialog asks for the password again.
    if (signInState.value === "in" && confirmed) signInState.value = "expired";
  };
  // RFC 8620 §3.4: another session state means that the object should be asked for again.
  jmap().onSessionState = () => {
    if (confirmed && Date.now() - askedAt > 60_000) void confirmSession();
  };
  signInState.value = "in";
}

/** Is there a session from before? With the one of the last time the page starts at once and asks beside it. */
export async function resume(): Promise<void> {
  const last = recall();
  if (last) adopt(last);
  const asked = confirmSession();
  if (!last) await asked;
}

async function confirmSession(): Promise<void> {
  askedAt = Date.now();
  try {
    const response = await fetch("/auth/session", { headers: { Accept: "application/json" } });
    if (response.ok) {
      const { session } = (await response.json()) as { session: Session };
      const other = client.peek() && client.peek()?.session.username !== session.username;
      keep(session);
      // Somebody else signed in meanwhile: nothing of the page is theirs.
      if (other) location.reload();
      confirmed = true;
      adopt(session);
    } else if (response.status === 401) {
      keep(undefined);
      if (!confirmed) signInState.value = "out";
      else if (signInState.peek() === "in") signInState.value = "expired";
    }
  } catch {
    // Without a network a known session goes on with what is kept here.
  }
  if (signInState.peek() === "unknown") signInState.value = "out";
}

export async function signIn(name: string, password: string): Promise<void> {
  const response = await fetch("/auth/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ name, password }),
  }).catch(() => {
    throw new SignInError("", 0);
  });
  const body = (await response.json().catch(() => ({}))) as { session?: Session; detail?: string; retryAfter?: number };
  if (!response.ok || !body.session) throw new SignInError(body.detail ?? "", response.status, body.retryAfter);
  confirmed = true;
  keep(body.session);
  adopt(body.session);
}

const beforeLeaving: (() => Promise<unknown>)[] = [];
/** Something to bring to the server while that is still possible: a mail that is being written. */
export function beforeSignOut(action: () => Promise<unknown>): void {
  beforeLeaving.push(action);
}

export async function signOut(): Promise<void> {
  await Promise.allSettled(beforeLeaving.map((action) => action()));
  await fetch("/auth/sign-out", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }).catch(
    () => undefined,
  );
  keep(undefined);
  try {
    localStorage.removeItem("tamanoir-settings");
    localStorage.removeItem("tamanoir-waiting");
  } catch {
    // Nothing was kept.
  }
  location.assign("/");
}

/** A POST or DELETE to one of the server's own paths (`/auth/...`, `/pictures/sign`); throws with the server's words. */
export async function send<T>(method: "POST" | "DELETE" | "GET", path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
  });
  if (response.status === 401 && signInState.value === "in") signInState.value = "expired";
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok)
    throw new SignInError((answer as { detail?: string }).detail ?? `${response.status}`, response.status);
  return answer as T;
}
