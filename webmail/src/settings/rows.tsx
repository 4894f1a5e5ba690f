// Every setting, in the order of the page; the search looks through the same list.
import type { ComponentType } from "preact";
import { openScheduled } from "../compose/intent";
import { bestLocale, type Key, languageName, languages, SPELLING_LANGUAGES, t, useLocale } from "../i18n";
import { identities } from "../store/identities";
import { change, settings } from "../store/settings";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Password, Quotas, Sessions, Tokens } from "./account";
import { Choice, Select, Toggle } from "./controls";
import { FolderRoles } from "./folders";
import { Identities } from "./identities";
import { Keyboard } from "./keyboard";
import { Labels } from "./labels";
import { Searches } from "./searches";
import { Templates } from "./templates";

export type SectionId =
  | "appearance"
  | "reading"
  | "writing"
  | "identities"
  | "templates"
  | "labels"
  | "folders"
  | "searches"
  | "keyboard"
  | "account";
export interface Section {
  id: SectionId;
  label: Key;
  icon: string;
}
export const SECTIONS: Section[] = [
  { id: "appearance", label: "settings.appearance", icon: "sun" },
  { id: "reading", label: "settings.reading", icon: "mail-open" },
  { id: "writing", label: "settings.writing", icon: "square-pen" },
  { id: "identities", label: "settings.identities", icon: "user" },
  { id: "templates", label: "settings.templates", icon: "file-text" },
  { id: "labels", label: "settings.labels", icon: "tag" },
  { id: "folders", label: "settings.folders", icon: "folder" },
  { id: "searches", label: "settings.searches", icon: "search" },
  { id: "keyboard", label: "settings.keyboard", icon: "keyboard" },
  { id: "account", label: "settings.account", icon: "lock" },
];

export interface Row {
  id: string;
  section: SectionId;
  label: Key;
  hint?: Key;
  /** More that the search finds it by. */
  words?: Key[];
  /** A part with a heading of its own. */
  block?: boolean;
  /** `alone`: the block is headed by an h2, not an h3. */
  control: ComponentType<{ alone?: boolean }>;
}

const all: Row[] = [
  {
    id: "theme",
    section: "appearance",
    label: "set.theme",
    words: ["set.theme.dark", "set.theme.light"],
    control: () => (
      <Choice
        name="theme"
        label="set.theme"
        options={[
          ["system", "set.theme.system"],
          ["light", "set.theme.light"],
          ["dark", "set.theme.dark"],
        ]}
      />
    ),
  },
  {
    id: "layout",
    section: "appearance",
    label: "set.layout",
    words: ["set.layout.right", "set.layout.below"],
    control: () => (
      <Choice
        name="layout"
        label="set.layout"
        options={[
          ["right", "set.layout.right"],
          ["below", "set.layout.below"],
          ["none", "set.layout.none"],
        ]}
      />
    ),
  },
  {
    id: "density",
    section: "appearance",
    label: "set.density",
    hint: "set.density.hint",
    control: () => (
      <Choice
        name="density"
        label="set.density"
        hint="set.density.hint"
        options={[
          ["roomy", "set.density.roomy"],
          ["normal", "set.density.normal"],
          ["compact", "set.density.compact"],
          ["table", "set.density.table"],
        ]}
      />
    ),
  },
  {
    id: "fontSize",
    section: "appearance",
    label: "set.fontSize",
    control: () => (
      <Choice
        name="fontSize"
        label="set.fontSize"
        options={[
          ["s", "set.fontSize.s"],
          ["m", "set.fontSize.m"],
          ["l", "set.fontSize.l"],
          ["xl", "set.fontSize.xl"],
        ]}
      />
    ),
  },
  {
    id: "language",
    section: "appearance",
    label: "set.language",
    control: () => (
      <Select
        label="set.language"
        value={settings.value.language}
        options={[["", t("set.language.browser")], ...Object.entries(languages)]}
        set={(language) => {
          change({ language });
          void useLocale(bestLocale(language ? [language] : navigator.languages));
        }}
      />
    ),
  },
  {
    id: "clock",
    section: "appearance",
    label: "set.clock",
    words: ["set.dates"],
    control: () => (
      <Choice
        name="clock"
        label="set.clock"
        options={[
          ["auto", "set.clock.auto"],
          ["24", "set.clock.24"],
          ["12", "set.clock.12"],
        ]}
      />
    ),
  },
  {
    id: "dayLabels",
    section: "appearance",
    label: "set.dayLabels",
    hint: "set.dayLabels.hint",
    control: () => <Toggle name="dayLabels" label="set.dayLabels" hint="set.dayLabels.hint" />,
  },

  {
    id: "conversations",
    section: "reading",
    label: "set.conversations",
    hint: "set.conversations.hint",
    control: () => <Toggle name="conversations" label="set.conversations" hint="set.conversations.hint" />,
  },
  {
    id: "newestFirst",
    section: "reading",
    label: "set.newestFirst",
    control: () => <Toggle name="newestFirst" label="set.newestFirst" />,
  },
  {
    id: "markRead",
    section: "reading",
    label: "set.markRead",
    control: () => (
      <Choice
        name="markRead"
        label="set.markRead"
        options={[
          ["at-once", "set.markRead.once"],
          ["after-2s", "set.markRead.after"],
          ["never", "set.markRead.never"],
        ]}
      />
    ),
  },
  {
    id: "afterMove",
    section: "reading",
    label: "set.afterMove",
    control: () => (
      <Choice
        name="afterMove"
        label="set.afterMove"
        options={[
          ["next", "set.afterMove.next"],
          ["list", "set.afterMove.list"],
        ]}
      />
    ),
  },
  {
    id: "archive",
    section: "reading",
    label: "set.archive",
    control: () => (
      <Choice
        name="archive"
        label="set.archive"
        options={[
          ["single", "set.archive.single"],
          ["year", "set.archive.year"],
          ["month", "set.archive.month"],
        ]}
      />
    ),
  },
  {
    id: "confirmDelete",
    section: "reading",
    label: "set.confirmDelete",
    hint: "set.confirmDelete.hint",
    control: () => <Toggle name="confirmDelete" label="set.confirmDelete" hint="set.confirmDelete.hint" />,
  },
  {
    id: "preferPlainText",
    section: "reading",
    label: "set.preferPlain",
    control: () => <Toggle name="preferPlainText" label="set.preferPlain" />,
  },
  {
    id: "prefetch",
    section: "reading",
    label: "set.prefetch",
    hint: "set.prefetch.hint",
    control: () => <Toggle name="prefetch" label="set.prefetch" hint="set.prefetch.hint" />,
  },
  {
    id: "remotePictures",
    section: "reading",
    label: "set.pictures",
    hint: "set.pictures.hint",
    control: () => (
      <Choice
        name="remotePictures"
        label="set.pictures"
        hint="set.pictures.hint"
        options={[
          ["ask", "set.pictures.ask"],
          ["always", "set.pictures.always"],
        ]}
      />
    ),
  },
  {
    id: "trusted",
    section: "reading",
    label: "set.trusted",
    hint: "set.trusted.hint",
    block: true,
    control: () => <Senders name="trustedSenders" none="set.trusted.none" />,
  },
  {
    id: "original",
    section: "reading",
    label: "set.original",
    hint: "set.original.hint",
    block: true,
    control: () => <Senders name="originalColours" none="set.original.none" />,
  },
  {
    id: "notifications",
    section: "reading",
    label: "set.notifications",
    hint: "set.notifications.hint",
    control: Notifications,
  },

  {
    id: "composeMode",
    section: "writing",
    label: "set.mode",
    control: () => (
      <Choice
        name="composeMode"
        label="set.mode"
        options={[
          ["rich", "set.mode.rich"],
          ["plain", "set.mode.plain"],
        ]}
      />
    ),
  },
  {
    id: "undo",
    section: "writing",
    label: "set.undo",
    hint: "set.undo.hint",
    control: () => (
      <Select
        label="set.undo"
        hint="set.undo.hint"
        value={String(settings.value.undoSendSeconds)}
        options={[0, 5, 10, 20, 30, 60].map((n) => [
          String(n),
          n === 0 ? t("set.undo.off") : t("set.undo.seconds", { n }),
        ])}
        set={(value) => change({ undoSendSeconds: Number(value) })}
      />
    ),
  },
  {
    id: "replyPlace",
    section: "writing",
    label: "set.replyPlace",
    control: () => (
      <Choice
        name="replyPlace"
        label="set.replyPlace"
        options={[
          ["above", "set.replyPlace.above"],
          ["below", "set.replyPlace.below"],
          ["none", "set.replyPlace.none"],
        ]}
      />
    ),
  },
  {
    id: "signatureAbove",
    section: "writing",
    label: "set.signatureAbove",
    control: () => <Toggle name="signatureAbove" label="set.signatureAbove" />,
  },
  {
    id: "replyAll",
    section: "writing",
    label: "set.replyAll",
    control: () => <Toggle name="replyAll" label="set.replyAll" />,
  },
  {
    id: "attachmentCheck",
    section: "writing",
    label: "set.attachmentCheck",
    hint: "set.attachmentCheck.hint",
    control: () => <Toggle name="attachmentCheck" label="set.attachmentCheck" hint="set.attachmentCheck.hint" />,
  },
  {
    id: "askReceipt",
    section: "writing",
    label: "set.askReceipt",
    control: () => <Toggle name="askReceipt" label="set.askReceipt" />,
  },
  {
    id: "spelling",
    section: "writing",
    label: "set.spelling",
    control: () => (
      <Select
        label="set.spelling"
        value={settings.value.spellLanguage}
        options={[
          ["", t("set.language.browser")],
          ...SPELLING_LANGUAGES.map((code): [string, string] => [code, languageName(code)]),
        ]}
        set={(spellLanguage) => change({ spellLanguage })}
      />
    ),
  },
  { id: "scheduled", section: "writing", label: "set.scheduled", control: Scheduled },
  { id: "mailto", section: "writing", label: "set.mailto", hint: "set.mailto.hint", control: MailLinks },

  {
    id: "defaultIdentity",
    section: "identities",
    label: "set.defaultIdentity",
    control: () => (
      <Select
        label="set.defaultIdentity"
        value={settings.value.defaultIdentity || (identities.value[0]?.id ?? "")}
        options={identities.value.map((i) => [i.id, i.name ? `${i.name} <${i.email}>` : i.email])}
        set={(defaultIdentity) => change({ defaultIdentity })}
      />
    ),
  },
  {
    id: "identities",
    section: "identities",
    label: "set.identities",
    hint: "set.identities.hint",
    words: ["identity.signature"],
    block: true,
    control: Identities,
  },
  {
    id: "templates",
    section: "templates",
    label: "settings.templates",
    hint: "set.templates.hint",
    block: true,
    control: Templates,
  },
  { id: "labels", section: "labels", label: "settings.labels", hint: "set.labels.hint", block: true, control: Labels },
  { id: "folders", section: "folders", label: "set.roles", hint: "set.roles.hint", block: true, control: FolderRoles },
  {
    id: "searches",
    section: "searches",
    label: "settings.searches",
    hint: "set.searches.hint",
    block: true,
    control: Searches,
  },
  {
    id: "shortcuts",
    section: "keyboard",
    label: "set.shortcuts",
    hint: "set.shortcuts.hint",
    control: () => <Toggle name="shortcuts" label="set.shortcuts" hint="set.shortcuts.hint" />,
  },
  { id: "keys", section: "keyboard", label: "set.keys", hint: "set.keys.hint", block: true, control: Keyboard },
  { id: "quota", section: "account", label: "set.quota", block: true, control: Quotas },
  { id: "password", section: "account", label: "set.password", block: true, control: Password },
  {
    id: "sessions",
    section: "account",
    label: "set.sessions",
    hint: "set.sessions.hint",
    block: true,
    control: Sessions,
  },
  { id: "tokens", section: "account", label: "set.tokens", hint: "set.tokens.hint", block: true, control: Tokens },
];

export const rows = (): Row[] => all;

/** Senders with a wish of their own, each with a button to forget it. */
function Senders({ name, none }: { name: "trustedSenders" | "originalColours"; none: Key }) {
  const list = settings.value[name];
  if (list.length === 0) return <p class="settings-none">{t(none)}</p>;
  return (
    <ul class="settings-list">
      {[...list].sort().map((sender) => (
        <li key={sender}>
          <bdi class="truncate">{sender}</bdi>
          <Button
            small
            icon="x"
            label={t("set.forget", { name: sender })}
            onClick={() => change({ [name]: settings.peek()[name].filter((s) => s !== sender) })}
          />
        </li>
      ))}
    </ul>
  );
}

function Notifications() {
  const known = typeof Notification !== "undefined";
  const refused = known && Notification.permission === "denied";
  return (
    <div class="settings-row">
      <label for="set-notifications">
        <span>{t("set.notifications")}</span>
        <span class="settings-hint">{t(refused ? "set.notifications.refused" : "set.notifications.hint")}</span>
      </label>
      <input
        id="set-notifications"
        type="checkbox"
        role="switch"
        class="switch"
        disabled={!known || refused}
        aria-checked={settings.value.notifications}
        checked={settings.value.notifications && known && Notification.permission === "granted"}
        onChange={async (event) => {
          const wanted = event.currentTarget.checked;
          const granted = wanted ? (await Notification.requestPermission()) === "granted" : false;
          change({ notifications: granted });
        }}
      />
    </div>
  );
}

function MailLinks() {
  return (
    <div class="settings-row">
      <span>
        <span>{t("set.mailto")}</span>
        <span class="settings-hint">{t("set.mailto.hint")}</span>
      </span>
      <Button
        kind="outline"
        disabled={typeof navigator.registerProtocolHandler !== "function"}
        onClick={() => navigator.registerProtocolHandler("mailto", `${location.origin}/compose?mailto=%s`)}
      >
        <Icon name="link" /> {t("set.mailto.do")}
      </Button>
    </div>
  );
}

function Scheduled() {
  return (
    <div class="settings-row">
      <span>{t("set.scheduled")}</span>
      <Button kind="outline" icon="clock" onClick={() => void openScheduled()}>
        {t("set.scheduled.do")}
      </Button>
    </div>
  );
}
