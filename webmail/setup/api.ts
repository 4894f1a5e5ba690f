// What the page asks the server: /setup/api/*, with the token of the console in a header.
import { locale } from "../src/i18n";

export type Grade = "ok" | "warn" | "fail" | "unknown";

export interface State {
  domain: string;
  host: string;
  named: boolean;
  address: string;
  name: string;
  /** Where mail programs connect; 0 when that service is off. */
  imaps: number;
  submissions: number;
}
export interface Finding {
  check: string;
  grade: Grade;
  title: string;
  text: string;
  advice: string;
}
export interface Advice {
  strength: "refused" | "weak" | "fair" | "strong";
  text: string;
}
export interface Arrived {
  mailbox: string;
  subject: string;
  millis: number;
  header: string;
}
export interface DnsRecord {
  kind: string;
  name: string;
  type: string;
  value: string;
  grade: Grade;
  found: string[];
  why: string;
}

/** What the server answered instead; status 0 when it did not answer. */
export class Trouble extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

const KEY = "setup-token";

/** The token of the address; it is taken out of the address bar at once, and a reload of this tab keeps it. */
export function takeToken(): string {
  const given = new URLSearchParams(location.search).get("token");
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", "/setup");
  }
  return sessionStorage.getItem(KEY) ?? "";
}

/** A token that was typed, or a whole address that was pasted. */
export function useToken(text: string): void {
  const token = /[?&]token=([^&\s]+)/.exec(text)?.[1] ?? text.trim();
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

export async function ask<T>(method: "GET" | "POST", question: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/setup/api/${question}`, {
      method,
      headers: {
        "X-Setup-Token": sessionStorage.getItem(KEY) ?? "",
        "Accept-Language": locale.value,
        ...(method === "POST" ? { "Content-Type": "application/json" } : {}),
      },
      body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
    });
  } catch {
    throw new Trouble(0, "");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Trouble(response.status, String(answer.detail ?? ""));
  return answer as T;
}
