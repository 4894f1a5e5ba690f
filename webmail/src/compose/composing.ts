// One mail that is being written: its fields, its text, its copies here and on the server, its way out.
//
// The server's copy: every saving creates the new state and destroys the one before in one request, one saving at a
// time. All states have the same Message-ID, so that a copy whose answer got lost is found and taken away. The local copy
// is written first and only goes when the mail is closed.
import { computed, signal } from "@preact/signals";
import { type Key, t } from "../i18n";
import { JmapError } from "../jmap/client";
import type { Email, EmailAddress, GetResponse, Id, Identity, QueryResponse, SetResponse } from "../jmap/types";
import { identities } from "../store/identities";
import { jmap } from "../store/session";
import { settings } from "../store/settings";
import { type Attached, adoptBlobs, type Draft, emptyDraft, isEmpty, toEmail } from "./draft";
import { type Formats, NO_FORMATS, RichText } from "./editor";
import { ownWords } from "./forgotten";
import { clean, written } from "./html";
import { forget, hold, keep } from "./keep";
import { roomForFiles } from "./limits";
import { folder, scheduledFolder } from "./places";
import { toUtc } from "./schedule";
import { place, placeInText, QUOTE_CLASS, SIGNATURE_CLASS } from "./signature";
import { fromText, toText } from "./text";

export type Field = "to" | "cc" | "bcc";
export type SaveState = "new" | "dirty" | "saving" | "saved" | "failed";
/** A file on its way or arrived. */
export interface Upload extends Attached {
  file: Blob | undefined;
  /** 0 to 1; 1 is arrived. */
  progress: number;
  problem: string;
  abort: AbortController | undefined;
}
export interface Hold {
  seconds?: number;
  until?: Date;
}
export interface Sent {
  submissionId: Id;
  emailId: Id;
}

export const newMessageId = () => {
  const host = jmap().session.username.split("@")[1] ?? location.hostname;
  return `${crypto.randomUUID()}@${host}`;
};

export class Composing {
  readonly key = crypto.randomUUID();
  readonly identityId = signal<Id>("");
  readonly fromEmail = signal("");
  readonly to = signal<EmailAddress[]>([]);
  readonly cc = signal<EmailAddress[]>([]);
  readonly bcc = signal<EmailAddress[]>([]);
  /** What is typed in a recipient field and not yet an address. */
  readonly typed = { to: signal(""), cc: signal(""), bcc: signal("") };
  readonly showCc = signal(false);
  readonly showBcc = signal(false);
  readonly subject = signal("");
  readonly mode = signal<"rich" | "plain">("rich");
  readonly plain = signal("");
  readonly files = signal<Upload[]>([]);
  readonly language = signal("");
  readonly receipt = signal(false);
  readonly important = signal(false);

  readonly size = signal<"sheet" | "full" | "min">("sheet");
  readonly formats = signal<Formats>(NO_FORMATS);
  readonly picture = signal<HTMLImageElement | undefined>(undefined);
  readonly saveState = signal<SaveState>("new");
  readonly savedAt = signal<Date | undefined>(undefined);
  readonly sending = signal(false);
  /** Shown above the text until it is closed or over. */
  readonly problem = signal<{ text: string; retry?: () => void } | undefined>(undefined);
  readonly notice = signal<{ text: string; action?: { label: string; run: () => void } } | undefined>(undefined);

  readonly identity = computed<Identity | undefined>(() =>
    identities.value.find((i) => i.id === this.identityId.value),
  );
  readonly uploading = computed(() => this.files.value.some((f) => !f.blobId && !f.problem));

  /** The editable element; it belongs to this object, so that closing and opening the sheet loses nothing. */
  readonly root: HTMLDivElement;
  readonly editor: RichText;
  serverId: Id | undefined;
  private messageId: string;
  private inReplyTo: string[] | null = null;
  private references: string[] | null = null;
  private relation: Draft["relation"];
  private release: () => void;
  private lastSaved = "";
  private saving: Promise<boolean> | undefined;
  /** A request may have been carried out although its answer did not come. */
  private lostAnswer = false;
  private localTimer: ReturnType<typeof setTimeout> | undefined;
  private serverTimer: ReturnType<typeof setTimeout> | undefined;
  private dirtySince = 0;
  private closed = false;
  private baseline = "";
  private readonly objectUrls = new Map<string, string>();

  constructor(start: Partial<Draft> = {}, files: Record<string, Blob> = {}) {
    const draft = { ...emptyDraft(""), ...start };
    this.messageId = draft.messageId || newMessageId();
    this.release = hold(this.key);
    this.root = document.createElement("div");
    this.root.className = "compose-text";
    this.root.setAttribute("role", "textbox");
    this.root.setAttribute("aria-multiline", "true");
    this.root.spellcheck = true;
    this.root.dir = "auto";
    this.editor = new RichText(this.root, (cid) => this.pictureFor(cid));
    this.take(draft, files);
    this.editor.addEventListener("input", () => this.changed());
    const look = () => {
      this.formats.value = this.editor.formats();
    };
    for (const event of ["pathChange", "select", "cursor"]) this.editor.addEventListener(event, look);
  }

  private take(draft: Draft, files: Record<string, Blob>): void {
    this.identityId.value = draft.identityId || settings.value.defaultIdentity || (identities.value[0]?.id ?? "");
    if (!this.identity.value) this.identityId.value = identities.value[0]?.id ?? "";
    this.fromEmail.value = draft.fromEmail || (this.identity.value?.email ?? "");
    this.to.value = draft.to;
    this.cc.value = draft.cc;
    this.bcc.value = draft.bcc;
    this.showCc.value = draft.cc.length > 0;
    this.showBcc.value = draft.bcc.length > 0;
    this.subject.value = draft.subject;
    this.mode.value = draft.mode;
    this.plain.value = draft.text;
    this.inReplyTo = draft.inReplyTo;
    this.references = draft.references;
    this.relation = draft.relation;
    this.setLanguage(draft.language);
    this.receipt.value = draft.receipt;
    this.important.value = draft.important;
    this.files.value = draft.attachments.map((a) => ({
      ...a,
      file: files[a.key],
      progress: a.blobId ? 1 : 0,
      problem: "",
      abort: undefined,
    }));
    for (const file of this.files.value) if (!file.blobId && file.file) void this.upload(file.key);
    if (draft.mode === "rich") this.editor.setContent(clean(draft.html, (cid) => this.pictureFor(cid)));
  }

  setThreading(inReplyTo: string[] | null, references: string[] | null, relation: Draft["relation"]): void {
    this.inReplyTo = inReplyTo;
    this.references = references;
    this.relation = relation;
  }

  /** Goes on with a copy of the server; others with the same Message-ID go with the next saving. */
  adoptServerCopy(id: Id | undefined, others: boolean): void {
    this.serverId = id;
    this.lostAnswer ||= others;
  }

  /** The same answer asked for twice is one answer. */
  answers(emailId: Id, kind: string): boolean {
    return this.relation?.kind === "reply" && this.relation.emailId === emailId && this.replyKind === kind;
  }
  replyKind = "";
  /** Where the cursor of a plain text starts. */
  caret: number | undefined;

  /** Is this the mail that the server knows under this name? */
  is(emailId: Id): boolean {
    return this.serverId === emailId;
  }

  /** Starts with a text that was made as nodes: an answer with its quote. */
  begin(content: DocumentFragment): void {
    this.editor.setContent(content);
  }

  setLanguage(language: string): void {
    this.language.value = language;
    if (language) this.root.lang = language;
    else this.root.removeAttribute("lang");
  }

  pictureUrl(cid: string): string | undefined {
    return this.pictureFor(cid);
  }

  private pictureFor(cid: string): string | undefined {
    const file = this.files.value.find((f) => f.cid === cid);
    if (!file) return undefined;
    if (file.file) {
      let url = this.objectUrls.get(cid);
      if (!url) this.objectUrls.set(cid, (url = URL.createObjectURL(file.file)));
      return url;
    }
    return file.blobId ? jmap().downloadUrl(file.blobId, file.name, file.type, true) : undefined;
  }

  /** What the person wrote, without quote and signature. */
  ownText(): string {
    if (this.mode.value === "plain") return ownWords(this.plain.value);
    return toText(this.root, `.${QUOTE_CLASS}, .${SIGNATURE_CLASS}, blockquote`);
  }

  collect(marks = true): Draft {
    const rich = this.mode.value === "rich";
    return {
      writer: this.key,
      messageId: this.messageId,
      identityId: this.identityId.value,
      fromEmail: this.fromEmail.value,
      to: this.to.value,
      cc: this.cc.value,
      bcc: this.bcc.value,
      subject: this.subject.value,
      mode: this.mode.value,
      html: rich ? written(this.root, marks) : "",
      text: rich ? toText(this.root) : this.plain.value,
      attachments: this.files.value.map(({ key, name, type, size, blobId, cid, inline }) => ({
        key,
        name,
        type,
        size,
        blobId,
        cid,
        inline,
      })),
      inReplyTo: this.inReplyTo,
      references: this.references,
      relation: this.relation,
      language: this.language.value,
      receipt: this.receipt.value,
      important: this.important.value,
    };
  }

  /** What the program itself put in (a quote, a signature) is nobody's work: closing at once leaves no draft. */
  pristine(): void {
    // The editor tells of changes in a microtask.
    setTimeout(() => {
      clearTimeout(this.localTimer);
      clearTimeout(this.serverTimer);
      this.dirtySince = 0;
      this.baseline = JSON.stringify(this.collect());
      this.saveState.value = this.serverId ? "saved" : "new";
      this.lastSaved = this.serverId ? this.baseline : "";
    });
  }

  isEmpty(): boolean {
    if (!this.serverId && !this.sending.value && this.baseline === JSON.stringify(this.collect())) return true;
    return isEmpty(
      {
        ...emptyDraft(""),
        to: this.to.value,
        cc: this.cc.value,
        bcc: this.bcc.value,
        subject: this.relation ? "" : this.subject.value,
        attachments: this.files.value,
      },
      this.ownText(),
    );
  }

  // ---- identity, signature, mode

  chooseIdentity(id: Id, email?: string): void {
    const before = this.identity.value;
    this.identityId.value = id;
    this.fromEmail.value = email ?? this.identity.value?.email ?? "";
    const outcome = this.placeSignature(before);
    if (outcome === "kept")
      this.notice.value = {
        text: t("compose.signature.kept"),
        action: { label: t("compose.signature.replace"), run: () => this.placeSignature(undefined, true) },
      };
    this.changed();
  }

  placeSignature(before?: Identity, force = false): string {
    // Below the quote an answer ends with the signature, whatever is wished for answers above it.
    const above = settings.value.signatureAbove && settings.value.replyPlace !== "below";
    if (this.mode.value === "rich") {
      this.editor.saveUndoState();
      return place(this.root, this.identity.value, above, force);
    }
    const { text, outcome } = placeInText(this.plain.value, this.identity.value, before, above);
    this.plain.value = text;
    return outcome;
  }

  setMode(mode: "rich" | "plain"): void {
    if (mode === this.mode.value) return;
    if (mode === "plain") this.plain.value = toText(this.root);
    else this.editor.setContent(fromText(this.plain.value));
    this.mode.value = mode;
    this.changed();
  }

  /** Goes back to a state that `collect` gave: Undo of a change that cannot be undone letter by letter. */
  restore(draft: Draft): void {
    this.mode.value = draft.mode;
    this.plain.value = draft.text;
    if (draft.mode === "rich") this.editor.setContent(clean(draft.html, (cid) => this.pictureFor(cid)));
    this.changed();
  }

  // ---- files

  attach(list: Iterable<File>): void {
    for (const file of list) {
      const key = crypto.randomUUID();
      const upload: Upload = {
        key,
        name: file.name || t("compose.file.pasted"),
        type: file.type,
        size: file.size,
        blobId: undefined,
        cid: undefined,
        inline: false,
        file,
        progress: 0,
        problem: "",
        abort: undefined,
      };
      this.files.value = [...this.files.value, upload];
      void this.upload(key);
    }
    this.changed();
  }

  /** Files the server has already: attachments of a forwarded mail. */
  adopt(list: Attached[]): void {
    this.files.value = [
      ...this.files.value,
      ...list.map((a) => ({ ...a, file: undefined, progress: 1, problem: "", abort: undefined })),
    ];
  }

  /** A picture in the text; without the rich editor it is attached. */
  insertPicture(file: File): void {
    if (this.mode.value === "plain") {
      this.attach([file]);
      return;
    }
    const cid = `${crypto.randomUUID().slice(0, 13)}@tamanoir`;
    const key = crypto.randomUUID();
    const name = file.name || `picture.${file.type.split("/")[1] ?? "png"}`;
    this.files.value = [
      ...this.files.value,
      {
        key,
        name,
        type: file.type,
        size: file.size,
        blobId: undefined,
        cid,
        inline: true,
        file,
        progress: 0,
        problem: "",
        abort: undefined,
      },
    ];
    const picture = this.editor.insertImage(this.pictureFor(cid) ?? "", { "data-cid": cid, alt: "" });
    picture.addEventListener(
      "load",
      () => {
        // A photograph would otherwise be as wide as the camera made it.
        if (picture.naturalWidth > 600) picture.width = 600;
        this.changed();
      },
      { once: true },
    );
    void this.upload(key);
    this.changed();
  }

  async upload(key: string): Promise<void> {
    const start = this.files.value.find((f) => f.key === key);
    if (!start?.file) return;
    const abort = new AbortController();
    this.patchFile(key, { abort, progress: 0, problem: "" });
    const others = this.files.value.filter((f) => f.key !== key && !f.problem).reduce((sum, f) => sum + f.size, 0);
    if (start.size > roomForFiles(jmap()) - others) {
      this.patchFile(key, { problem: t("compose.file.tooLarge"), abort: undefined });
      return;
    }
    try {
      const blob = await jmap().upload(
        start.file,
        (progress) => this.patchFile(key, { progress: Math.min(progress, 0.99) }),
        abort.signal,
      );
      this.patchFile(key, { blobId: blob.blobId, progress: 1, abort: undefined, type: start.type || blob.type });
      this.changed();
    } catch (error) {
      if ((error as JmapError).type === "aborted") return;
      this.patchFile(key, { problem: problemText(error), abort: undefined });
    }
  }

  removeFile(key: string): void {
    const file = this.files.value.find((f) => f.key === key);
    file?.abort?.abort();
    this.files.value = this.files.value.filter((f) => f.key !== key);
    this.changed();
  }

  private patchFile(key: string, patch: Partial<Upload>): void {
    this.files.value = this.files.value.map((f) => (f.key === key ? { ...f, ...patch } : f));
  }

  // ---- saving

  changed(): void {
    if (this.closed) return;
    if (this.saveState.value !== "saving") this.saveState.value = "dirty";
    const now = Date.now();
    this.dirtySince ||= now;
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => void this.keepHere(true), 300);
    clearTimeout(this.serverTimer);
    // Two seconds after the last key, at most twelve after the first.
    this.serverTimer = setTimeout(() => void this.save(), Math.max(0, Math.min(2000, this.dirtySince + 12_000 - now)));
  }

  /** Writes the local copy. */
  async keepHere(dirty: boolean): Promise<void> {
    if (this.closed || (this.isEmpty() && !this.serverId)) return;
    const files: Record<string, Blob> = {};
    for (const file of this.files.value) if (file.file && !file.blobId) files[file.key] = file.file;
    await keep({
      id: this.key,
      username: jmap().session.username,
      at: Date.now(),
      draft: this.collect(),
      serverId: this.serverId,
      dirty,
      files,
    });
  }

  /** Brings the present state to the server. True when it is there. */
  async save(): Promise<boolean> {
    clearTimeout(this.serverTimer);
    if (this.saving) {
      await this.saving;
      if (this.closed) return true;
    }
    if (this.isEmpty() && !this.serverId) {
      this.saveState.value = "new";
      return true;
    }
    this.saving = this.saveNow().finally(() => {
      this.saving = undefined;
    });
    return this.saving;
  }

  private async saveNow(): Promise<boolean> {
    const draft = this.collect();
    const print = JSON.stringify(draft);
    if (print === this.lastSaved && this.serverId && !this.lostAnswer) {
      this.saveState.value = "saved";
      return true;
    }
    this.saveState.value = "saving";
    this.dirtySince = 0;
    try {
      const mailboxId = await folder("drafts");
      const email = toEmail(draft, { identity: this.identity.value, mailboxId, final: false, date: toUtc(new Date()) });
      const old = this.serverId;
      // With files the one before goes only when the new one is there: it may hold the only copy of a file.
      const careful = draft.attachments.some((a) => a.blobId);
      const response = await jmap().call<SetResponse>("Email/set", {
        create: { draft: email },
        destroy: old && !careful ? [old] : [],
      });
      const created = response.created?.draft;
      if (!created) {
        // When the one before is gone and the new one refused, the next saving must not believe in a copy.
        if (old && response.destroyed?.includes(old)) this.serverId = undefined;
        throw JmapError.of(response.notCreated?.draft ?? { type: "unknown" });
      }
      await this.adoptSaved(created.id, careful ? old : undefined);
      this.lastSaved = JSON.stringify(this.collect());
      const moved =
        JSON.stringify({ ...draft, attachments: [] }) !== JSON.stringify({ ...this.collect(), attachments: [] });
      this.savedAt.value = new Date();
      this.saveState.value = moved ? "dirty" : "saved";
      if (moved) this.changed();
      await this.keepHere(moved);
      return true;
    } catch (error) {
      if (fateUnknown(error)) this.lostAnswer = true;
      this.saveState.value = "failed";
      this.dirtySince = Date.now();
      clearTimeout(this.serverTimer);
      this.serverTimer = setTimeout(() => void this.save(), 8000);
      void this.keepHere(true);
      if (error instanceof JmapError && error.type !== "offline" && error.type !== "signedOut")
        this.problem.value = {
          text: t("compose.save.failed", { why: problemText(error) }),
          retry: () => void this.save(),
        };
      return false;
    }
  }

  private async adoptSaved(id: Id, before: Id | undefined): Promise<void> {
    this.serverId = id;
    this.problem.value = undefined;
    await this.renewBlobs(id, before);
    if (this.lostAnswer) await this.removeTwins(id);
    this.lostAnswer = false;
  }

  /** The files of a saved mail have new names; the mail before can go. */
  private async renewBlobs(id: Id, before?: Id): Promise<void> {
    if (!this.files.value.some((f) => f.blobId)) return;
    const gone = before ? jmap().call<SetResponse>("Email/set", { destroy: [before] }) : undefined;
    const got = await jmap().call<GetResponse<Email>>("Email/get", {
      ids: [id],
      properties: ["id", "attachments", "htmlBody"],
    });
    await gone;
    const saved = got.list[0];
    if (!saved) return;
    const parts = [...saved.attachments, ...saved.htmlBody.filter((p) => p.type.startsWith("image/"))];
    const byKey = new Map(adoptBlobs(this.files.value, parts).map((b) => [b.key, b.blobId]));
    this.files.value = this.files.value.map((f) => ({ ...f, blobId: byKey.get(f.key) ?? f.blobId }));
  }

  /** Takes away copies of this mail whose answers got lost on the way. */
  private async removeTwins(keepId: Id): Promise<void> {
    const found = await findDrafts(this.messageId);
    const twins = found.filter((id) => id !== keepId);
    if (twins.length > 0) await jmap().call<SetResponse>("Email/set", { destroy: twins });
  }

  // ---- leaving

  /** Saves and lets go. The local copy goes once the server has everything. */
  async close(): Promise<boolean> {
    clearTimeout(this.localTimer);
    if (this.isEmpty()) {
      await this.discardServerCopy();
      await this.finish();
      return true;
    }
    const saved = await this.save();
    if (saved) await this.finish();
    return saved;
  }

  /** Puts the draft into the trash; the answer takes it back. */
  async discard(): Promise<() => Promise<void>> {
    clearTimeout(this.localTimer);
    clearTimeout(this.serverTimer);
    this.closed = true;
    for (const file of this.files.value) file.abort?.abort();
    const done = this.finish();
    if (this.saving) await this.saving;
    await done;
    const id = this.serverId;
    if (!id) return async () => this.reopen(undefined);
    const [drafts, trash] = await Promise.all([folder("drafts"), folder("trash")]);
    const move = async (from: Id, to: Id) => {
      const update = { [id]: { [`mailboxIds/${from}`]: null, [`mailboxIds/${to}`]: true } };
      await jmap().call<SetResponse>("Email/set", { update });
    };
    await move(drafts, trash);
    return async () => {
      await move(trash, drafts);
      this.reopen(id);
    };
  }

  private async discardServerCopy(): Promise<void> {
    const id = this.serverId;
    this.serverId = undefined;
    if (id)
      await jmap()
        .call<SetResponse>("Email/set", { destroy: [id] })
        .catch(() => undefined);
  }

  async finish(): Promise<void> {
    this.closed = true;
    clearTimeout(this.localTimer);
    clearTimeout(this.serverTimer);
    await forget(this.key);
    this.release();
  }

  /** Comes back after Undo. */
  reopen(serverId: Id | undefined): void {
    this.closed = false;
    this.serverId = serverId;
    this.lastSaved = "";
    this.release = hold(this.key);
    this.sending.value = false;
    this.saveState.value = "dirty";
    this.changed();
  }

  dispose(): void {
    this.editor.destroy();
    for (const url of this.objectUrls.values()) URL.revokeObjectURL(url);
  }

  // ---- sending

  recipients(): EmailAddress[] {
    return [...this.to.value, ...this.cc.value, ...this.bcc.value];
  }

  /**
   * Hands the mail to the server: the final state is created, the draft destroyed and the submission made in one
   * request; the server moves the mail to Sent when it has taken it (RFC 8621 §7.5, onSuccessUpdateEmail). What is sent
   * later waits in a place of its own till then.
   */
  async send(delay: Hold): Promise<Sent> {
    clearTimeout(this.serverTimer);
    if (this.saving) await this.saving;
    await this.keepHere(true);
    const draft = this.collect(false);
    const [drafts, sent] = await Promise.all([folder("drafts"), folder("sent")]);
    // An attempt before may have succeeded without our hearing of it: nobody gets the mail twice.
    const gone = this.lostAnswer ? await findSent(this.messageId, sent) : undefined;
    if (gone) return gone;
    const place = delay.until ? await scheduledFolder() : sent;
    const identity = this.identity.value;
    const date = toUtc(delay.until ?? new Date());
    const email = toEmail(draft, { identity, mailboxId: drafts, final: true, date });
    const old = this.serverId;
    const parameters: Record<string, string> | null = delay.until
      ? { HOLDUNTIL: toUtc(delay.until) }
      : delay.seconds
        ? { HOLDFOR: String(delay.seconds) }
        : null;
    const client = jmap();
    const careful = draft.attachments.some((a) => a.blobId);
    const emailCall = client.call<SetResponse>("Email/set", {
      create: { final: email },
      destroy: old && !careful ? [old] : [],
    });
    const submissionCall = client.call<SetResponse>("EmailSubmission/set", {
      create: {
        sub: {
          identityId: identity?.id ?? "",
          emailId: "#final",
          envelope: {
            mailFrom: { email: draft.fromEmail || identity?.email || "", parameters },
            rcptTo: unique(this.recipients()).map((address) => ({ email: address, parameters: null })),
          },
        },
      },
      onSuccessUpdateEmail: {
        "#sub": { [`mailboxIds/${drafts}`]: null, [`mailboxIds/${place}`]: true, "keywords/$draft": null },
      },
    });
    submissionCall.catch(() => {});
    let made: SetResponse;
    try {
      made = await emailCall;
    } catch (error) {
      if (fateUnknown(error)) this.lostAnswer = true;
      throw error;
    }
    const emailId = made.created?.final?.id;
    if (!emailId) {
      if (old && made.destroyed?.includes(old)) this.serverId = undefined;
      throw JmapError.of(made.notCreated?.final ?? { type: "unknown" });
    }
    this.serverId = emailId;
    this.lastSaved = "";
    const response = await submissionCall.catch(async (error: unknown) => {
      await this.renewBlobs(emailId, careful ? old : undefined).catch(() => undefined);
      throw error;
    });
    await this.renewBlobs(emailId, careful ? old : undefined).catch(() => undefined);
    const submissionId = response.created?.sub?.id;
    if (!submissionId) throw JmapError.of(response.notCreated?.sub ?? { type: "unknown" });
    if (this.relation) markRelated(this.relation, true);
    return { submissionId, emailId };
  }

  /** Takes a mail back that is still held. */
  async unsend({ submissionId, emailId }: Sent): Promise<void> {
    await cancelSubmission(submissionId, emailId);
    if (this.relation) markRelated(this.relation, false);
    this.reopen(emailId);
  }
}

export async function cancelSubmission(submissionId: Id, emailId: Id): Promise<void> {
  const response = await jmap().call<SetResponse>("EmailSubmission/set", {
    update: { [submissionId]: { undoStatus: "canceled" } },
  });
  const refused = response.notUpdated?.[submissionId];
  if (refused) throw JmapError.of(refused);
  await jmap().call<SetResponse>("Email/set", {
    update: { [emailId]: { mailboxIds: { [await folder("drafts")]: true }, "keywords/$draft": true } },
  });
}

function markRelated(relation: NonNullable<Draft["relation"]>, value: boolean): void {
  const keyword = relation.kind === "reply" ? "$answered" : "$forwarded";
  jmap()
    .call<SetResponse>("Email/set", { update: { [relation.emailId]: { [`keywords/${keyword}`]: value || null } } })
    .catch(() => undefined);
}

/** Copies of a draft on the server, by its Message-ID. */
export async function findDrafts(messageId: string): Promise<Id[]> {
  const inMailbox = await folder("drafts");
  const response = await jmap().call<QueryResponse>("Email/query", {
    filter: { operator: "AND", conditions: [{ inMailbox }, { header: ["Message-ID", messageId] }] },
    sort: [{ property: "receivedAt", isAscending: false }],
    limit: 20,
  });
  return response.ids;
}

/** A mail that is out already, and its submission. */
async function findSent(messageId: string, sent: Id): Promise<Sent | undefined> {
  const found = await jmap().call<QueryResponse>("Email/query", {
    filter: { operator: "AND", conditions: [{ inMailbox: sent }, { header: ["Message-ID", messageId] }] },
    limit: 1,
  });
  const emailId = found.ids[0];
  if (!emailId) return undefined;
  const submissions = await jmap().call<QueryResponse>("EmailSubmission/query", {
    filter: { emailIds: [emailId] },
    limit: 1,
  });
  return { emailId, submissionId: submissions.ids[0] ?? "" };
}

const fateUnknown = (error: unknown) => {
  const { type, status } = error as JmapError;
  return type === "offline" || type === "noAnswer" || (type === "http" && (status ?? 0) >= 500);
};

const unique = (list: EmailAddress[]) => [...new Map(list.map((a) => [a.email.toLowerCase(), a.email])).values()];

/** What went wrong, in the person's language where we know it, else in the server's words. */
export function problemText(error: unknown): string {
  const known: Record<string, Key> = {
    offline: "compose.problem.offline",
    signedOut: "compose.problem.signedOut",
    tooMany: "compose.problem.tooMany",
    overQuota: "compose.problem.overQuota",
    tooLarge: "compose.problem.tooLarge",
    forbiddenFrom: "compose.problem.forbiddenFrom",
    forbiddenMailFrom: "compose.problem.forbiddenFrom",
    noRecipients: "compose.problem.noRecipients",
    tooManyRecipients: "compose.problem.tooManyRecipients",
    invalidRecipients: "compose.problem.invalidRecipients",
    cannotUnsend: "compose.problem.cannotUnsend",
  };
  const type = (error as JmapError).type ?? "";
  const key = known[type];
  return key ? t(key) : ((error as Error).message ?? String(error));
}
