// What the person has chosen: one JSON object kept by the server (`urn:tamanoir:jmap:settings`, id "singleton") and
// mirrored in localStorage, so that the first frame already has the right theme. A change is shown at once and saved
// after half a second; there is no save button.
import { computed, signal } from "@preact/signals";
import type { GetResponse, SetResponse } from "../jmap/types";
import { beforeSignOut, client, jmap } from "./session";

export type LabelColour = "green" | "blue" | "violet" | "rose" | "amber" | "teal" | "slate" | "brick";
export const LABEL_COLOURS: LabelColour[] = ["green", "blue", "violet", "rose", "amber", "teal", "slate", "brick"];

export interface Label {
  /** The keyword on the server; IMAP clients see it. */
  keyword: string;
  name: string;
  colour: LabelColour;
}

export interface Settings {
  theme: "system" | "light" | "dark";
  layout: "right" | "below" | "none";
  density: "roomy" | "normal" | "compact" | "table";
  fontSize: "s" | "m" | "l" | "xl";
  /** Empty: the browser's language. */
  language: string;
  clock: "auto" | "24" | "12";
  dayLabels: boolean;
  sidebarWidth: number;
  sidebarRail: boolean;
  listWidth: number;
  listHeight: number;

  conversations: boolean;
  /** Folders in which the other way than `conversations` was chosen. */
  conversationExceptions: string[];
  newestFirst: boolean;
  markRead: "at-once" | "after-2s" | "never";
  afterMove: "next" | "list";
  archive: "single" | "year" | "month";
  confirmDelete: boolean;
  remotePictures: "ask" | "always";
  trustedSenders: string[];
  originalColours: string[];
  preferPlainText: boolean;
  /** Fetches mails ahead that are likely to be opened next. */
  prefetch: boolean;

  labels: Label[];
  collapsedFolders: string[];
  recentSearches: string[];

  shortcuts: boolean;
  /** Command to keys, only where the person changed them. */
  keys: Record<string, string>;

  notifications: boolean;

  composeMode: "rich" | "plain";
  composeFont: string;
  composeFontSize: string;
  undoSendSeconds: number;
  replyAll: boolean;
  signatureAbove: boolean;
  defaultIdentity: string;
  /** The answer above the quote, below it, or without one. */
  replyPlace: "above" | "below" | "none";
  formatBar: boolean;
  /** Spelling language of new mails; empty is the browser's. */
  spellLanguage: string;
  askReceipt: boolean;
  attachmentCheck: boolean;
}

export const DEFAULTS: Settings = {
  theme: "system",
  layout: "right",
  density: "normal",
  fontSize: "m",
  language: "",
  clock: "auto",
  dayLabels: true,
  sidebarWidth: 248,
  sidebarRail: false,
  listWidth: 420,
  listHeight: 360,
  conversations: true,
  conversationExceptions: [],
  newestFirst: false,
  markRead: "at-once",
  afterMove: "next",
  archive: "single",
  confirmDelete: false,
  remotePictures: "ask",
  trustedSenders: [],
  originalColours: [],
  preferPlainText: false,
  prefetch: true,
  labels: [],
  collapsedFolders: [],
  recentSearches: [],
  shortcuts: true,
  keys: {},
  notifications: false,
  composeMode: "rich",
  composeFont: "",
  composeFontSize: "",
  undoSendSeconds: 10,
  replyAll: false,
  signatureAbove: true,
  defaultIdentity: "",
  replyPlace: "above",
  formatBar: true,
  spellLanguage: "",
  askReceipt: false,
  attachmentCheck: true,
};

const MIRROR = "tamanoir-settings";
function mirrored(): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(MIRROR) ?? "{}") as Partial<Settings>) };
  } catch {
    return DEFAULTS;
  }
}

export const settings = signal<Settings>(typeof localStorage === "undefined" ? DEFAULTS : mirrored());
/** "saved", "saving" or "failed": the settings page shows it. */
export const settingsState = signal<"saved" | "saving" | "failed">("saved");

/** One setting as a value that redraws only what reads it. */
export const setting = <K extends keyof Settings>(name: K) => computed(() => settings.value[name]);

let unsaved: Partial<Settings> = {};
let timer: ReturnType<typeof setTimeout> | undefined;

/** Changes settings: shown at once, saved by the server shortly after. */
export function change(patch: Partial<Settings>): void {
  settings.value = { ...settings.value, ...patch };
  unsaved = { ...unsaved, ...patch };
  mirror();
  settingsState.value = "saving";
  clearTimeout(timer);
  timer = setTimeout(() => void save(), 500);
}

// A page that is closed within the half second leaves its changes here, under the name of who made them.
const WAITING = "tamanoir-settings-unsaved";
function mirror(): void {
  try {
    localStorage.setItem(MIRROR, JSON.stringify(settings.value));
    const username = client.peek()?.session.username;
    if (Object.keys(unsaved).length === 0) localStorage.removeItem(WAITING);
    else if (username) localStorage.setItem(WAITING, JSON.stringify({ username, patch: unsaved }));
  } catch {
    // A full or forbidden localStorage only costs the right theme in the first frame.
  }
}

async function save(): Promise<void> {
  if (!client.value || Object.keys(unsaved).length === 0) return;
  clearTimeout(timer);
  timer = undefined;
  const patch = unsaved;
  unsaved = {};
  try {
    const response = await jmap().call<SetResponse>("Settings/set", { update: { singleton: patch } });
    settingsState.value = response.notUpdated ? "failed" : "saved";
    mirror();
  } catch {
    unsaved = { ...patch, ...unsaved };
    settingsState.value = "failed";
    timer = setTimeout(() => void save(), 10_000);
  }
}

/** Takes over what the server has; called at start and when another device changed something. */
export async function loadSettings(): Promise<void> {
  if (!jmap().has("urn:tamanoir:jmap:settings")) return;
  const response = await jmap().call<GetResponse<Partial<Settings> & { id: string }>>("Settings/get", {
    ids: ["singleton"],
  });
  recallUnsaved();
  const { id: _, ...own } = response.list[0] ?? { id: "singleton" };
  const present = Object.fromEntries(Object.entries(own).filter(([name, value]) => name in DEFAULTS && value !== null));
  settings.value = { ...DEFAULTS, ...(present as Partial<Settings>), ...unsaved };
  mirror();
}

let recalled = false;
function recallUnsaved(): void {
  if (recalled) return;
  recalled = true;
  try {
    const kept = JSON.parse(localStorage.getItem(WAITING) ?? "{}") as { username?: string; patch?: Partial<Settings> };
    if (kept.username !== jmap().session.username || !kept.patch) return;
    unsaved = { ...kept.patch, ...unsaved };
    timer ??= setTimeout(() => void save(), 0);
  } catch {
    // Nothing readable was left.
  }
}
if (typeof window !== "undefined") beforeSignOut(save);
