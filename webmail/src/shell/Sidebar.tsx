// Folders, labels, saved searches; above them who is signed in and the one filled button; below them the other parts.
import { signal } from "@preact/signals";
import { openComposer, preloadComposer } from "../compose/intent";
import { WaitingMails } from "../compose/Waiting";
import { number, t } from "../i18n";
import type { Id, Mailbox } from "../jmap/types";
import { hint } from "../keys";
import * as act from "../list/act";
import { editLabel, openContextMenu } from "../list/menus";
import { go, path, route } from "../router";
import { applyToAll, destroyAll, failed, wholesale } from "../store/actions";
import { identities } from "../store/identities";
import { MailList } from "../store/list";
import { currentMailbox, NO_VIEW, view } from "../store/lists";
import {
  addressOf,
  createMailbox,
  destroyMailbox,
  mailboxes,
  mailboxIcon,
  mailboxName,
  mailboxPath,
  type TreeNode,
  tree,
  updateMailbox,
} from "../store/mailboxes";
import { removeSearch, savedSearches } from "../store/searches";
import { jmap, signOut } from "../store/session";
import { change, settings } from "../store/settings";
import { dark, medium, onePane, phone } from "../theme";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { ask, confirm } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { MenuButton, type MenuItem } from "../ui/Menu";
import { askFolderParent } from "./folders";
import { openHelp } from "./Help";
import { Resizer } from "./Resizer";

/** On a phone and in a narrow window the side bar slides in. */
export const drawerOpen = signal(false);

/** Only the icons are shown. */
const isRail = () => (settings.value.sidebarRail || medium.value) && !drawerOpen.value && !onePane.value;

export function Sidebar() {
  const rail = isRail();
  return (
    <nav class={`sidebar${rail ? " rail" : ""}${drawerOpen.value ? " open" : ""}`} aria-label={t("nav.folders")}>
      <div class="sidebar-top">
        <Account />
      </div>
      <Button
        kind="primary"
        icon="square-pen"
        class="large compose-button"
        title={rail ? t("compose") : undefined}
        aria-keyshortcuts={hint("compose")}
        onPointerEnter={() => void preloadComposer()}
        onClick={() => {
          drawerOpen.value = false;
          void openComposer({ kind: "new" });
        }}
      >
        {t("compose")}
      </Button>
      <div class="sidebar-scroll">
        <Folders />
        <Labels />
        <Searches />
      </div>
      <div class="sidebar-apps">
        <AppLink
          to="/mail/inbox"
          icon="mail"
          label={t("app.mail")}
          active={route.value.at === "mail" || route.value.at === "search"}
        />
        <AppLink to="/contacts" icon="book-user" label={t("app.contacts")} active={route.value.at === "contacts"} />
        <AppLink to="/settings" icon="settings" label={t("app.settings")} active={route.value.at === "settings"} />
        {!phone.value && (
          <Button
            small
            icon={rail ? "chevrons-right" : "chevrons-left"}
            flip
            class="rail-toggle"
            label={t(rail ? "nav.widen" : "nav.narrow")}
            onClick={() => {
              if (medium.peek()) drawerOpen.value = !drawerOpen.peek();
              else change({ sidebarRail: !settings.peek().sidebarRail });
            }}
          />
        )}
      </div>
      {!rail && !onePane.value && !medium.value && (
        <Resizer
          label={t("resize.sidebar")}
          value={settings.value.sidebarWidth}
          min={200}
          max={340}
          onChange={(sidebarWidth) => change({ sidebarWidth })}
        />
      )}
    </nav>
  );
}

const AppLink = (props: { to: string; icon: string; label: string; active: boolean }) => (
  <a
    href={props.to}
    class={props.active ? "app-link active" : "app-link"}
    aria-label={props.label}
    title={props.label}
    aria-current={props.active ? "page" : undefined}
    onClick={() => (drawerOpen.value = false)}
  >
    <Icon name={props.icon} />
  </a>
);

function Account() {
  const username = jmap().session.username;
  const name = identities.value[0]?.name || username.split("@")[0] || username;
  return (
    <MenuButton
      class="account"
      items={() => [
        { heading: username },
        { label: t("app.settings"), icon: "settings", run: () => go("/settings") },
        {
          label: t(dark.value ? "theme.light" : "theme.dark"),
          icon: dark.value ? "sun" : "moon",
          run: () => change({ theme: dark.peek() ? "light" : "dark" }),
        },
        { label: t("help.keys"), icon: "keyboard", hint: hint("help"), run: openHelp },
        "line",
        { label: t("signout"), icon: "log-out", run: () => void signOut() },
      ]}
    >
      <Avatar name={name} email={username} size={28} />
      <span class="sr">{t("account.menu", { name: "" })}</span>
      <span class="account-name">
        <span class="truncate">{name}</span> <span class="truncate account-address">{username}</span>
      </span>
      <Icon name="chevron-down" size={16} />
    </MenuButton>
  );
}

// ---- folders ---------------------------------------------------------------------------------------------------------

function Folders() {
  const nodes = tree.value;
  // Scheduled mail has a line of its own, with times and ways back.
  const here = currentMailbox.value?.id;
  const system = nodes.filter((n) => n.mailbox.role && (n.mailbox.role !== "scheduled" || n.mailbox.id === here));
  const own = nodes.filter((n) => !n.mailbox.role && isVisible(n));
  const hidden = hiddenFolders();
  return (
    <>
      <ul class="folders" role="tree" aria-label={t("nav.folders")} onKeyDown={treeKeys}>
        {system.map((node) => (
          <Folder key={node.mailbox.id} node={node} />
        ))}
      </ul>
      <WaitingMails />
      <div class="section-head">
        <h2>{t("nav.ownFolders")}</h2>
        <span>
          {hidden.length > 0 && <MenuButton small icon="eye" label={t("folder.hidden")} items={hiddenItems} />}
          <Button small icon="plus" label={t("folder.create")} onClick={() => void makeFolder(null)} />
        </span>
      </div>
      <ul class="folders" role="tree" aria-label={t("nav.ownFolders")} onKeyDown={treeKeys}>
        {own.map((node) => (
          <Folder key={node.mailbox.id} node={node} />
        ))}
      </ul>
    </>
  );
}

/** Folders that are not subscribed stay away, unless something below them is wanted or they are open. */
function isVisible(node: TreeNode): boolean {
  const { mailbox, children } = node;
  return (
    mailbox.isSubscribed || mailbox.role !== null || mailbox.id === currentMailbox.value?.id || children.some(isVisible)
  );
}

/** Arrow keys go through the visible folders; right and left open and close one. */
function treeKeys(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=treeitem] > .folder")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  const id = items[at]?.dataset.id ?? "";
  const open = !settings.peek().collapsedFolders.includes(id);
  if (event.key === "ArrowDown") items[at + 1]?.focus();
  else if (event.key === "ArrowUp") items[at - 1]?.focus();
  else if (event.key === "Home") items[0]?.focus();
  else if (event.key === "End") items.at(-1)?.focus();
  else if (event.key === "ArrowRight" && !open) fold(id, false);
  else if (event.key === "ArrowLeft" && open) fold(id, true);
  else if ((event.key === "F10" && event.shiftKey) || event.key === "ContextMenu") {
    const box = items[at]?.getBoundingClientRect();
    const mailbox = mailboxes.peek().get(id);
    if (box && mailbox) openContextMenu(box.left + 24, box.bottom, folderItems(mailbox));
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function fold(id: Id, closed: boolean): void {
  const others = settings.peek().collapsedFolders.filter((f) => f !== id);
  change({ collapsedFolders: closed ? [...others, id] : others });
}

const dropTarget = signal<Id | undefined>(undefined);

function Folder({ node }: { node: TreeNode }) {
  const { mailbox, children, depth } = node;
  const active = currentMailbox.value?.id === mailbox.id;
  const visibleChildren = children.filter(isVisible);
  const closed = settings.value.collapsedFolders.includes(mailbox.id);
  // Drafts show how many there are; the others what is unread. Trash and junk are quiet.
  const quiet =
    mailbox.role === "trash" || mailbox.role === "junk" || mailbox.role === "sent" || mailbox.role === "archive";
  const waiting = mailbox.role === "drafts" || mailbox.role === "snoozed";
  const figure = waiting ? mailbox.totalEmails : quiet ? 0 : mailbox.unreadEmails;
  const name = mailboxName(mailbox);
  // Beside its icon the name is read as it stands; on the rail nothing of it is seen.
  const rail = isRail();
  const mayDrop = mailbox.myRights.mayAddItems && mailbox.role !== "snoozed";
  return (
    <li
      role="treeitem"
      aria-expanded={visibleChildren.length > 0 ? !closed : undefined}
      aria-selected={active}
      aria-level={depth + 1}
    >
      <a
        href={path({ at: "mail", mailbox: addressOf(mailbox) })}
        class={`folder${active ? " active" : ""}${dropTarget.value === mailbox.id ? " drop" : ""}`}
        style={{ paddingInlineStart: `${18 + depth * 16}px` }}
        data-id={mailbox.id}
        title={t("folder.total", { name, n: mailbox.totalEmails })}
        aria-label={rail ? (figure > 0 && !waiting ? t("folder.unread", { name, n: figure }) : name) : undefined}
        aria-current={active ? "page" : undefined}
        draggable={!mailbox.role}
        onClick={() => {
          drawerOpen.value = false;
          if (!active) view.value = NO_VIEW;
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          openContextMenu(event.clientX, event.clientY, folderItems(mailbox));
        }}
        onDragStart={(event) => event.dataTransfer?.setData("application/x-tamanoir-folder", mailbox.id)}
        onDragOver={(event) => {
          const types = event.dataTransfer?.types ?? [];
          const mails = types.includes("application/x-tamanoir-mails") && mayDrop;
          const folder = types.includes("application/x-tamanoir-folder") && mailbox.myRights.mayCreateChild;
          if (!mails && !folder) return;
          event.preventDefault();
          dropTarget.value = mailbox.id;
          if (event.dataTransfer) event.dataTransfer.dropEffect = event.ctrlKey && mails ? "copy" : "move";
        }}
        onDragLeave={() => (dropTarget.value = undefined)}
        onDrop={(event) => drop(event, mailbox)}
      >
        {visibleChildren.length > 0 && (
          <button
            type="button"
            class="fold"
            tabIndex={-1}
            aria-label={t(closed ? "folder.expand" : "folder.collapse", { name })}
            style={{ insetInlineStart: `${depth * 16 + 3}px` }}
            onClick={(event) => {
              event.preventDefault();
              event.stopPropagation();
              fold(mailbox.id, !closed);
            }}
          >
            <Icon name={closed ? "chevron-right" : "chevron-down"} size={14} flip={closed} />
          </button>
        )}
        <Icon name={mailboxIcon(mailbox)} />
        <span class="folder-name truncate">
          <bdi>{name}</bdi>
        </span>
        {figure > 0 && (
          <span class={waiting ? "number quiet digits" : "number digits"}>
            {number(figure)}
            {!waiting && <span class="sr"> {t("unread")}</span>}
          </span>
        )}
      </a>
      {visibleChildren.length > 0 && !closed && (
        <ul role="group">
          {visibleChildren.map((child) => (
            <Folder key={child.mailbox.id} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function drop(event: DragEvent, mailbox: Mailbox): void {
  event.preventDefault();
  dropTarget.value = undefined;
  const mails = event.dataTransfer?.getData("application/x-tamanoir-mails");
  if (mails) {
    const rows = JSON.parse(mails) as Id[];
    if (event.ctrlKey) void act.copyTo(mailbox.id, rows);
    else if (mailbox.role === "archive") void act.archive(rows);
    else if (mailbox.role === "junk") void act.junk(rows, true);
    else void act.moveTo(mailbox.id, rows);
    return;
  }
  const folder = event.dataTransfer?.getData("application/x-tamanoir-folder");
  if (folder && folder !== mailbox.id) void moveFolder(folder, mailbox.id);
}

async function attempt(what: () => Promise<unknown>): Promise<void> {
  try {
    await what();
  } catch (error) {
    failed(error, () => void attempt(what));
  }
}

async function makeFolder(parentId: Id | null): Promise<void> {
  const name = await ask(t("folder.create"), t("folder.name"), "", t("create"));
  if (name) await attempt(() => createMailbox(name, parentId));
}
async function renameFolder(mailbox: Mailbox): Promise<void> {
  const name = await ask(t("folder.rename"), t("folder.name"), mailbox.name, t("rename"));
  if (name && name !== mailbox.name) await attempt(() => updateMailbox(mailbox.id, { name }));
}
async function moveFolder(id: Id, parentId: Id | null): Promise<void> {
  await attempt(() => updateMailbox(id, { parentId }));
}
async function deleteFolder(mailbox: Mailbox): Promise<void> {
  const sure = await confirm(
    t("folder.delete.title", { name: mailbox.name }),
    t("folder.delete.text", { n: mailbox.totalEmails }),
    t("delete"),
    true,
  );
  if (!sure) return;
  if (currentMailbox.peek()?.id === mailbox.id) go({ at: "mail", mailbox: "inbox" });
  await attempt(() => destroyMailbox(mailbox.id));
}

/** Reads every unread mail of a folder, also those never fetched. */
async function markAllRead(mailbox: Mailbox): Promise<void> {
  const list = new MailList(`mail ${mailbox.id}`, {
    filter: { operator: "AND", conditions: [{ inMailbox: mailbox.id }, { notKeyword: "$seen" }] },
    sort: [],
    collapse: false,
  });
  await attempt(async () => {
    await applyToAll(list, wholesale.keyword("$seen", true), (n) => t("done.read", { n }));
  });
}

async function emptyFolder(mailbox: Mailbox): Promise<void> {
  const sure = await confirm(
    t("folder.empty.title", { name: mailboxName(mailbox) }),
    t("folder.empty.text", { n: mailbox.totalEmails }),
    t("folder.empty"),
    true,
  );
  if (!sure) return;
  await attempt(async () => {
    const list = new MailList(`mail ${mailbox.id}`, { filter: { inMailbox: mailbox.id }, sort: [], collapse: false });
    await destroyAll(list);
  });
}

export function folderItems(mailbox: Mailbox): MenuItem[] {
  const rights = mailbox.myRights;
  const items: MenuItem[] = [
    { heading: mailboxPath(mailbox) },
    {
      label: t("folder.markRead"),
      icon: "mail-open",
      disabled: mailbox.unreadEmails === 0,
      run: () => void markAllRead(mailbox),
    },
    {
      label: t("folder.createIn"),
      icon: "folder-plus",
      disabled: !rights.mayCreateChild,
      run: () => void makeFolder(mailbox.id),
    },
  ];
  if (mailbox.role === "trash" || mailbox.role === "junk") {
    items.push({
      label: t("folder.empty"),
      icon: "trash-2",
      danger: true,
      disabled: mailbox.totalEmails === 0,
      run: () => void emptyFolder(mailbox),
    });
  }
  if (!mailbox.role) {
    items.push(
      { label: t("folder.rename"), icon: "pencil", disabled: !rights.mayRename, run: () => void renameFolder(mailbox) },
      {
        label: t("folder.move"),
        icon: "folder-input",
        disabled: !rights.mayRename,
        run: () => askFolderParent(mailbox, (parent) => void moveFolder(mailbox.id, parent)),
      },
      {
        label: t(mailbox.isSubscribed ? "folder.hide" : "folder.show"),
        icon: mailbox.isSubscribed ? "eye-off" : "eye",
        run: () => void attempt(() => updateMailbox(mailbox.id, { isSubscribed: !mailbox.isSubscribed })),
      },
      "line",
      {
        label: t("delete"),
        icon: "trash-2",
        danger: true,
        disabled: !rights.mayDelete,
        run: () => void deleteFolder(mailbox),
      },
    );
  }
  return items;
}

const hiddenFolders = () => [...mailboxes.value.values()].filter((m) => !m.isSubscribed && !m.role);
/** Goes to a folder that is not in the side bar, or puts it there. */
function hiddenItems(): MenuItem[] {
  const hidden = hiddenFolders();
  return [
    { heading: t("folder.hidden") },
    ...hidden.map(
      (m): MenuItem => ({
        label: mailboxPath(m),
        icon: "folder",
        hint: m.unreadEmails > 0 ? number(m.unreadEmails) : undefined,
        run: () => go({ at: "mail", mailbox: addressOf(m) }),
      }),
    ),
    "line",
    {
      label: t("folder.showAll"),
      icon: "eye",
      run: () => void attempt(async () => Promise.all(hidden.map((m) => updateMailbox(m.id, { isSubscribed: true })))),
    },
  ];
}

// ---- labels and saved searches ---------------------------------------------------------------------------------------

function Labels() {
  const labels = settings.value.labels;
  const at = route.value;
  const remove = async (keyword: string, name: string) => {
    if (!(await confirm(t("label.delete.title", { name }), t("label.delete.text"), t("delete"), true))) return;
    change({ labels: settings.peek().labels.filter((l) => l.keyword !== keyword) });
  };
  return (
    <>
      <div class="section-head">
        <h2>{t("labels")}</h2>
        <Button small icon="plus" label={t("label.new")} onClick={() => editLabel()} />
      </div>
      <ul class="folders">
        {labels.map((label) => {
          const query = `label:${/\s/.test(label.name) ? `"${label.name}"` : label.name}`;
          const active = at.at === "search" && at.query === query;
          const items = (): MenuItem[] => [
            { label: t("label.edit"), icon: "pencil", run: () => editLabel(label) },
            { label: t("delete"), icon: "trash-2", danger: true, run: () => void remove(label.keyword, label.name) },
          ];
          return (
            <li key={label.keyword}>
              <a
                href={path({ at: "search", query })}
                class={`folder${active ? " active" : ""}${dropTarget.value === label.keyword ? " drop" : ""}`}
                onClick={() => (drawerOpen.value = false)}
                onContextMenu={(event) => {
                  event.preventDefault();
                  openContextMenu(event.clientX, event.clientY, items());
                }}
                onDragOver={(event) => {
                  if (!event.dataTransfer?.types.includes("application/x-tamanoir-mails")) return;
                  event.preventDefault();
                  dropTarget.value = label.keyword;
                }}
                onDragLeave={() => (dropTarget.value = undefined)}
                onDrop={(event) => {
                  event.preventDefault();
                  dropTarget.value = undefined;
                  const rows = JSON.parse(event.dataTransfer?.getData("application/x-tamanoir-mails") || "[]") as Id[];
                  void act.label(label.keyword, label.name, true, rows);
                }}
              >
                <span class="folder-dot">
                  <i class={`dot label-${label.colour}`} />
                </span>
                <span class="folder-name truncate">
                  <bdi>{label.name}</bdi>
                </span>
              </a>
              <MenuButton
                small
                icon="ellipsis"
                class="folder-more"
                label={t("label.menu", { name: label.name })}
                items={items}
              />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Searches() {
  const searches = savedSearches.value;
  const at = route.value;
  if (searches.length === 0) return null;
  return (
    <>
      <div class="section-head">
        <h2>{t("search.saved")}</h2>
      </div>
      <ul class="folders">
        {searches.map((search) => (
          <li key={search.id}>
            <a
              href={path({ at: "search", query: search.query })}
              class={at.at === "search" && at.query === search.query ? "folder active" : "folder"}
              onClick={() => (drawerOpen.value = false)}
            >
              <Icon name="search" />
              <span class="folder-name truncate">
                <bdi>{search.name}</bdi>
              </span>
            </a>
            <MenuButton
              small
              icon="ellipsis"
              class="folder-more"
              label={t("label.menu", { name: search.name })}
              items={() => [
                { label: t("delete"), icon: "trash-2", danger: true, run: () => void removeSearch(search) },
              ]}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
