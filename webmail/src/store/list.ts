// A list of mails as the server orders it: a folder or a search. Only windows of it are known: `ids` is sparse, its
// length is the total. Pages are fetched when they come into sight; after a push `Email/queryChanges` mends what is
// known, and where the server cannot say what changed, the visible pages are asked for again (RFC 8620 §5.5, §5.6).
import { signal } from "@preact/signals";
import { JmapError, ref } from "../jmap/client";
import type {
  Comparator,
  EmailRow,
  Filter,
  GetResponse,
  Id,
  QueryChangesResponse,
  QueryResponse,
  SearchSnippet,
  Thread,
} from "../jmap/types";
import { emailStateIs, ROW_PROPERTIES, row, takeRows, takeThreads, thread } from "./emails";
import { jmap } from "./session";

export const PAGE = 50;

export interface ListQuery {
  filter: Filter | null;
  sort: Comparator[];
  collapse: boolean;
  /** Searches show where the words were found. */
  snippets?: boolean;
}

export class MailList {
  /** Goes up with every change of what the rows show or how many there are. */
  readonly version = signal(0);
  /** Undefined until the first answer. */
  readonly total = signal<number | undefined>(undefined);
  readonly failure = signal<JmapError | undefined>(undefined);
  readonly snippets = new Map<Id, SearchSnippet>();

  private ids: Id[] = [];
  private state = "";
  private exact = true;
  private readonly loading = new Set<number>();
  private stale = new Set<number>();
  /** Removed here before the server said so; true once the change is made there. */
  private readonly gone = new Map<Id, boolean>();
  private refreshing: Promise<void> | undefined;
  private visible: [number, number] = [0, PAGE];
  private epoch = 0;

  constructor(
    readonly key: string,
    readonly query: ListQuery,
  ) {}

  get length(): number {
    return this.total.value ?? 0;
  }
  at(index: number): Id | undefined {
    return this.ids[index];
  }
  indexOf(id: Id): number {
    return this.ids.indexOf(id);
  }
  /** The ids that are known, with their places. */
  known(): Id[] {
    return this.ids.filter(Boolean);
  }

  /** What was seen at the end of the last visit; the server's answer replaces it. */
  seed(ids: Id[], total: number): void {
    this.ids = [...ids];
    this.resize(total);
    this.stale.add(0);
    this.version.value++;
  }

  private args(position: number, first: boolean): Record<string, unknown> {
    return {
      filter: this.query.filter,
      sort: this.query.sort,
      collapseThreads: this.query.collapse,
      position,
      limit: PAGE,
      calculateTotal: first,
    };
  }

  /** Makes sure that the rows from `start` to `end` are known or on their way. */
  load(start: number, end: number): void {
    this.visible = [start, end];
    const total = this.total.peek();
    const last = total === undefined ? end : Math.min(end, total - 1);
    for (let page = Math.floor(Math.max(0, start) / PAGE); page * PAGE <= last || page === 0; page++) {
      if (this.needs(page)) void this.fetch(page);
      if (total === undefined) break;
    }
  }

  private needs(page: number): boolean {
    if (this.loading.has(page)) return false;
    if (this.total.peek() === undefined || this.stale.has(page)) return true;
    const end = Math.min((page + 1) * PAGE, this.total.peek() ?? 0);
    for (let i = page * PAGE; i < end; i++) if (this.ids[i] === undefined) return true;
    return false;
  }

  private async fetch(page: number): Promise<void> {
    this.loading.add(page);
    const epoch = this.epoch;
    try {
      const first = this.total.peek() === undefined || this.stale.size > 0;
      const client = jmap();
      const query = client.call<QueryResponse>("Email/query", this.args(page * PAGE, first));
      const emails = client.call<GetResponse<EmailRow>>("Email/get", {
        "#ids": ref(query, "/ids"),
        properties: ROW_PROPERTIES,
      });
      const more: Promise<unknown>[] = [];
      if (this.query.collapse) {
        const threads = client.call<GetResponse<Thread>>("Thread/get", { "#ids": ref(emails, "/list/*/threadId") });
        const others = client.call<GetResponse<EmailRow>>("Email/get", {
          "#ids": ref(threads, "/list/*/emailIds"),
          properties: ["id", "threadId", "mailboxIds", "keywords", "from", "receivedAt", "hasAttachment", "subject"],
        });
        // Conversations too long for one answer only lose their count.
        more.push(
          others.then(
            (response) => takeRows(response.list),
            () => undefined,
          ),
          threads.then((response) => takeThreads(response.list)),
        );
      }
      const [answer, got] = await Promise.all([query, emails]);
      takeRows(got.list);
      await Promise.all(more);
      emailStateIs(got.state);
      if (epoch !== this.epoch) return;
      this.failure.value = undefined;
      this.take(page, answer);
      // Rows do not wait for the places where the words were found.
      if (this.query.snippets && answer.ids.length > 0) void this.fetchSnippets(answer.ids);
    } catch (error) {
      this.failure.value = error instanceof JmapError ? error : new JmapError("bug", String(error));
    } finally {
      this.loading.delete(page);
    }
  }

  private async fetchSnippets(emailIds: Id[]): Promise<void> {
    try {
      const { list } = await jmap().call<{ list: SearchSnippet[] }>("SearchSnippet/get", {
        filter: this.query.filter,
        emailIds,
      });
      for (const snippet of list) this.snippets.set(snippet.emailId, snippet);
      this.version.value++;
    } catch {
      // The beginnings of the mails stand in their place.
    }
  }

  private take(page: number, answer: QueryResponse): void {
    if (this.state && answer.queryState !== this.state && !this.stale.has(page)) {
      // The list moved between two windows: what is known may be shifted. Mend the rest.
      if (answer.canCalculateChanges && this.exact) void this.refresh();
      else this.invalidate(page);
    }
    if (!this.state || this.stale.has(page)) this.state = answer.queryState;
    this.stale.delete(page);
    if (answer.total !== undefined) this.resize(answer.total);
    else if (this.total.peek() === undefined) this.resize(answer.ids.length);
    const ids = answer.ids.filter((id) => !this.gone.has(id));
    for (let i = 0; i < PAGE; i++) {
      const index = page * PAGE + i;
      const id = ids[i];
      if (id !== undefined) this.ids[index] = id;
      else if (index < this.ids.length && i >= answer.ids.length) delete this.ids[index];
    }
    if (
      answer.ids.length < PAGE &&
      page * PAGE + answer.ids.length < (this.total.peek() ?? 0) &&
      ids.length === answer.ids.length
    ) {
      this.resize(page * PAGE + answer.ids.length);
    }
    this.version.value++;
  }

  private resize(total: number): void {
    this.ids.length = total;
    this.total.value = total;
  }

  /** Everything known may be wrong; what is in sight is asked for when the list is shown. */
  spoil(): void {
    this.exact = false;
  }

  /** Everything known may be wrong: pages in sight are asked for now, others when they come into sight. */
  invalidate(except?: number): void {
    this.stale = new Set();
    for (const id of this.settled()) this.gone.delete(id);
    for (let page = 0; page * PAGE < Math.max(1, this.ids.length); page++) if (page !== except) this.stale.add(page);
    this.load(...this.visible);
  }

  /** Brings the list up to date after a change on the server. One at a time; a call meanwhile waits for the next. */
  refresh(): Promise<void> {
    // Without a state there is nothing to change from: the first window is on its way or will be asked for.
    if (!this.state) return Promise.resolve();
    if (!this.exact) {
      this.exact = true;
      this.invalidate();
      return Promise.resolve();
    }
    this.refreshing ??= this.mend().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async mend(): Promise<void> {
    const epoch = this.epoch;
    const before = this.state;
    const settled = this.settled();
    try {
      const client = jmap();
      const changes = client.call<QueryChangesResponse>("Email/queryChanges", {
        filter: this.query.filter,
        sort: this.query.sort,
        collapseThreads: this.query.collapse,
        sinceQueryState: this.state,
        calculateTotal: true,
        maxChanges: 500,
      });
      const emails = client.call<GetResponse<EmailRow>>("Email/get", {
        "#ids": ref(changes, "/added/*/id"),
        properties: ROW_PROPERTIES,
      });
      const [change, got] = await Promise.all([changes, emails]);
      takeRows(got.list);
      if (epoch !== this.epoch || before !== this.state) return;
      this.apply(change, settled);
      if (this.query.collapse) {
        const unknown = got.list.map((e) => e.threadId).filter((id) => thread(id).peek() === undefined);
        if (unknown.length > 0) {
          const threads = await client.call<GetResponse<Thread>>("Thread/get", { ids: unknown });
          takeThreads(threads.list);
        }
      }
    } catch (error) {
      if (error instanceof JmapError && error.type === "offline") return;
      this.invalidate();
    }
  }

  private apply(change: QueryChangesResponse, settled: Id[]): void {
    const added = new Map(change.added.map((item) => [item.id, item]));
    const places: number[] = [];
    let lost = false;
    for (const id of change.removed) {
      const index = this.ids.indexOf(id);
      if (index >= 0) places.push(index);
      else if (!this.gone.delete(id) && !added.has(id) && this.holes()) lost = true;
    }
    for (const id of settled) this.gone.delete(id);
    for (const index of places.sort((a, b) => b - a)) this.ids.splice(index, 1);
    for (const { id, index } of [...change.added].sort((a, b) => a.index - b.index)) {
      if (this.gone.has(id)) continue;
      const there = this.ids.indexOf(id);
      if (there === index) continue;
      if (there >= 0) this.ids.splice(there, 1);
      if (index > this.ids.length) this.ids.length = index;
      this.ids.splice(index, 0, id);
    }
    this.state = change.newQueryState;
    const total = change.total ?? this.ids.length;
    this.resize(Math.max(0, total - this.stillGone(change)));
    this.version.value++;
    // A row went whose place was never known: windows behind it may be shifted by one.
    if (lost) this.invalidate();
  }

  /** Rows that are still in the server's count although they were removed here. */
  private stillGone(change: QueryChangesResponse): number {
    if (change.total === undefined) return 0;
    return this.gone.size;
  }

  private holes(): boolean {
    let known = 0;
    for (const _ in this.ids) known++;
    return known < this.ids.length;
  }

  // ---- before the server answers -------------------------------------------------------------------------------------

  /** Takes rows out at once. The answer puts them back where they were. */
  remove(ids: ReadonlySet<Id>): () => void {
    const removed: [number, Id][] = [];
    for (let i = this.ids.length - 1; i >= 0; i--) {
      const id = this.ids[i];
      if (id !== undefined && ids.has(id)) {
        removed.push([i, id]);
        this.ids.splice(i, 1);
        this.gone.set(id, false);
      }
    }
    if (removed.length === 0) return () => {};
    this.total.value = this.ids.length;
    this.version.value++;
    return () => {
      for (const [index, id] of removed.reverse()) {
        this.gone.delete(id);
        if (!this.ids.includes(id)) this.ids.splice(Math.min(index, this.ids.length), 0, id);
      }
      this.total.value = this.ids.length;
      this.version.value++;
    };
  }

  /** The server has made the change: what it lists from now on is the truth. */
  settle(ids: Iterable<Id>): void {
    for (const id of ids) if (this.gone.has(id)) this.gone.set(id, true);
  }

  private settled(): Id[] {
    return [...this.gone].filter(([, made]) => made).map(([id]) => id);
  }

  /** The ids from one place to another, asked for where they are not known. */
  async range(start: number, end: number): Promise<Id[]> {
    const [from, to] = start <= end ? [start, end] : [end, start];
    const out: Id[] = [];
    for (let at = from; at <= to; ) {
      const known = this.ids[at];
      if (known !== undefined) {
        out.push(known);
        at++;
        continue;
      }
      const query = jmap().call<QueryResponse>("Email/query", {
        ...this.args(at, false),
        limit: Math.min(500, to - at + 1),
      });
      const emails = jmap().call<GetResponse<EmailRow>>("Email/get", {
        "#ids": ref(query, "/ids"),
        properties: ROW_PROPERTIES,
      });
      const [answer, got] = await Promise.all([query, emails]);
      takeRows(got.list);
      if (answer.ids.length === 0) break;
      for (const id of answer.ids) this.ids[at++] = id;
      out.push(...answer.ids);
    }
    return out;
  }

  /** Every id of the list, in pages from the server; for "select all". */
  async *everyId(only?: Filter): AsyncGenerator<Id[]> {
    const conditions = [this.query.filter, only].filter((f): f is Filter => Boolean(f));
    const seen = new Set<Id>();
    for (;;) {
      const response = await jmap().call<QueryResponse>("Email/query", {
        filter: conditions.length > 1 ? { operator: "AND", conditions } : (conditions[0] ?? null),
        sort: this.query.sort,
        collapseThreads: false,
        position: seen.size,
        limit: 500,
      });
      const fresh = response.ids.filter((id) => !seen.has(id));
      if (fresh.length === 0) return;
      fresh.forEach((id) => seen.add(id));
      yield fresh;
    }
  }

  /** A row of this list with what is known about its conversation. */
  members(id: Id): Id[] {
    const email = row(id).peek();
    if (!this.query.collapse || !email) return [id];
    return thread(email.threadId).peek() ?? [id];
  }
}
