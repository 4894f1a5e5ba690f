// The JMAP client (RFC 8620). Method calls of the same tick travel in one request; a call can use the result of an
// earlier one by `ref` (RFC 8620 §3.7), and calls bound by a reference are never split over two requests.
import { signal } from "@preact/signals";
import type { Session, SetError } from "./types";

export const CAPABILITIES = [
  "urn:ietf:params:jmap:core",
  "urn:ietf:params:jmap:mail",
  "urn:ietf:params:jmap:submission",
  "urn:ietf:params:jmap:quota",
  "urn:ietf:params:jmap:contacts",
  "urn:ietf:params:jmap:blob",
  "urn:tamanoir:jmap:settings",
  "urn:tamanoir:jmap:snooze",
  "urn:tamanoir:jmap:suggest",
];

/** Anything that went wrong between here and the server, in plain words. */
export class JmapError extends Error {
  constructor(
    /** The JMAP error type, or `offline`, `signedOut`, `tooMany`, `http`. */
    readonly type: string,
    message: string,
    readonly status = 0,
  ) {
    super(message);
    this.name = "JmapError";
  }
  static of(error: SetError): JmapError {
    return new JmapError(error.type, error.description ?? error.type);
  }
}

export interface ResultReference {
  resultOf: string;
  name: string;
  path: string;
}
/** A call that is on its way: a promise of its response, and something that later calls can refer to. */
export interface Call<T> extends Promise<T> {
  readonly callId: string;
  readonly method: string;
}
interface Pending {
  id: string;
  method: string;
  args: Record<string, unknown>;
  group: string;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** `{"#ids": ref(query, "/ids")}`: use a part of an earlier call's result as an argument. */
export function ref(call: Call<unknown>, path: string): ResultReference {
  return { resultOf: call.callId, name: call.method, path };
}

/** Whether the last request reached the server. */
export const online = signal(true);
/** Requests on their way; the thin line at the top shows while it is above zero. */
export const busy = signal(0);

export class JmapClient {
  private queue: Pending[] = [];
  private counter = 0;
  private scheduled = false;
  /** Called when the server says that nobody is signed in any more. */
  onSignedOut: () => void = () => {};
  /** Called when the session object is no longer the server's. */
  onSessionState: (state: string) => void = () => {};

  constructor(public session: Session) {}

  account(capability = "urn:ietf:params:jmap:mail"): string {
    return this.session.primaryAccounts[capability] ?? Object.keys(this.session.accounts)[0] ?? "";
  }

  has(capability: string): boolean {
    return capability in this.session.capabilities;
  }

  /** What the capability says about the account. */
  ofAccount(capability: string): Record<string, unknown> | undefined {
    return this.session.accounts[this.account(capability)]?.accountCapabilities[capability];
  }

  /** Calls one method; `accountId` is filled in. Everything called before the next tick shares a request. */
  call<T>(method: string, args: Record<string, unknown>): Call<T> {
    const id = `c${this.counter++}`;
    let group = id;
    for (const [name, value] of Object.entries(args)) {
      if (!name.startsWith("#")) continue;
      const earlier = this.queue.find((p) => p.id === (value as ResultReference).resultOf);
      if (earlier) {
        // Two groups that meet in this call become one.
        const old = group;
        group = earlier.group;
        for (const p of this.queue) if (p.group === old) p.group = group;
      }
    }
    const promise = new Promise<unknown>((resolve, reject) => {
      this.queue.push({ id, method, args: { accountId: this.account(), ...args }, group, resolve, reject });
    });
    // Of calls that travel together the first failure is told; the others, which nobody came to wait for, are not accidents.
    promise.catch(() => undefined);
    if (!this.scheduled) {
      this.scheduled = true;
      queueMicrotask(() => this.flush());
    }
    return Object.assign(promise, { callId: id, method }) as unknown as Call<T>;
  }

  private flush(): void {
    this.scheduled = false;
    const pending = this.queue;
    this.queue = [];
    const core = this.session.capabilities["urn:ietf:params:jmap:core"] ?? {};
    const limit = Number(core.maxCallsInRequest ?? 16);
    let batch: Pending[] = [];
    for (const group of groupsOf(pending)) {
      if (batch.length > 0 && batch.length + group.length > limit) {
        void this.send(batch);
        batch = [];
      }
      batch.push(...group);
    }
    if (batch.length > 0) void this.send(batch);
  }

  private async send(batch: Pending[]): Promise<void> {
    busy.value++;
    try {
      const using = CAPABILITIES.filter((c) => c in this.session.capabilities);
      const body = JSON.stringify({ using, methodCalls: batch.map((p) => [p.method, p.args, p.id]) });
      // Only what reads is tried again by itself: a lost answer to a change may hide that it was made.
      const reads = batch.every((p) => /\/(get|query|changes|queryChanges)$/.test(p.method));
      const response = await this.post(this.session.apiUrl, body, reads ? 3 : 1);
      const answer = (await response.json()) as { methodResponses: [string, unknown, string][]; sessionState: string };
      if (answer.sessionState && answer.sessionState !== this.session.state) this.onSessionState(answer.sessionState);
      const byId = new Map(batch.map((p) => [p.id, p]));
      for (const [name, value, id] of answer.methodResponses) {
        const call = byId.get(id);
        if (!call) continue;
        if (name === "error") {
          const error = value as SetError;
          call.reject(new JmapError(error.type, error.description ?? error.type));
          byId.delete(id);
        } else if (name === call.method) {
          call.resolve(value);
          byId.delete(id);
        }
      }
      for (const call of byId.values())
        call.reject(new JmapError("noAnswer", `The server did not answer ${call.method}.`));
    } catch (error) {
      for (const call of batch) call.reject(error);
    } finally {
      busy.value--;
    }
  }

  /** Sends to the server with the sign-in cookie; network faults are retried `attempts` times, slower each time. */
  async post(url: string, body: BodyInit, attempts: number, headers: Record<string, string> = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(url, {
          method: "POST",
          body,
          headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
        });
        online.value = true;
        if (response.status === 503 && attempt < attempts) {
          await pause(500 * 2 ** attempt);
          continue;
        }
        if (!response.ok) throw await this.failure(response);
        return response;
      } catch (error) {
        if (error instanceof JmapError) throw error;
        if (attempt >= attempts) {
          online.value = false;
          throw new JmapError("offline", "The server cannot be reached.");
        }
        await pause(300 * 2 ** attempt);
      }
    }
  }

  private async failure(response: Response): Promise<JmapError> {
    const detail = await response
      .json()
      .then((body: { detail?: string; type?: string }) => body.detail ?? body.type)
      .catch(() => undefined);
    if (response.status === 401) this.onSignedOut();
    const type = response.status === 401 ? "signedOut" : response.status === 429 ? "tooMany" : "http";
    return new JmapError(type, detail ?? `The server answered ${response.status}.`, response.status);
  }

  /** Uploads a blob with progress (0 to 1); abort with the signal. RFC 8620 §6.1. */
  upload(blob: Blob, progress: (share: number) => void = () => {}, abort?: AbortSignal): Promise<UploadedBlob> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.session.uploadUrl.replace("{accountId}", encodeURIComponent(this.account())));
      request.setRequestHeader("Content-Type", blob.type || "application/octet-stream");
      request.setRequestHeader("X-Requested-With", "tamanoir");
      request.responseType = "json";
      request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 0);
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve(request.response as UploadedBlob);
        else {
          if (request.status === 401) this.onSignedOut();
          const detail = (request.response as { detail?: string } | null)?.detail;
          reject(new JmapError("http", detail ?? `The server answered ${request.status}.`, request.status));
        }
      };
      request.onerror = () => reject(new JmapError("offline", "The server cannot be reached."));
      request.onabort = () => reject(new JmapError("aborted", "The upload was cancelled."));
      abort?.addEventListener("abort", () => request.abort());
      request.send(blob);
    });
  }

  /** Where a blob can be fetched. `inline` shows the safe types in the browser instead of saving them. */
  downloadUrl(blobId: string, name: string, type: string, inline = false): string {
    const url = this.session.downloadUrl
      .replace("{accountId}", encodeURIComponent(this.account()))
      .replace("{blobId}", encodeURIComponent(blobId))
      .replace("{name}", encodeURIComponent(name || "file"))
      .replace("{type}", encodeURIComponent(type || "application/octet-stream"));
    return inline ? `${url}${url.includes("?") ? "&" : "?"}inline=1` : url;
  }
}

export interface UploadedBlob {
  accountId: string;
  blobId: string;
  type: string;
  size: number;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Calls in order, those bound by references together. */
function groupsOf(pending: Pending[]): Pending[][] {
  const groups = new Map<string, Pending[]>();
  for (const p of pending) {
    const group = groups.get(p.group);
    if (group) group.push(p);
    else groups.set(p.group, [p]);
  }
  return [...groups.values()];
}
