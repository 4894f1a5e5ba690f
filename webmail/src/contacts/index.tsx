// The page at /contacts: books and groups, the list, one card. `rest[0]` is the card that is open.
import { computed, signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { openComposer } from "../compose/intent";
import { t } from "../i18n";
import { register } from "../keys";
import { address, go } from "../router";
import { pushed } from "../store/live";
import { jmap } from "../store/session";
import { onePane } from "../theme";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { ask, confirm } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { MenuButton, type MenuItem } from "../ui/Menu";
import { showError, showToast } from "../ui/Toast";
import { Card } from "./Card";
import {
  type ContactCard,
  cardFor,
  displayName,
  duplicates,
  isGroup,
  mainEmail,
  matches,
  photoOf,
  values,
} from "./card";
import { openDuplicates } from "./Duplicates";
import { exportCards, importFile, photoUrl } from "./exchange";
import { GroupForm } from "./GroupForm";
import { PersonForm } from "./PersonForm";
import {
  books,
  contacts,
  defaultBook,
  groupMembers,
  loadContacts,
  loaded,
  memberCards,
  refreshContacts,
  removeBook,
  saveBook,
} from "./store";
import "./contacts.css";

/** What the list shows: everybody, one book, or the members of a group. */
type Choice = { kind: "all" } | { kind: "book"; id: string } | { kind: "group"; id: string };
const choice = signal<Choice>({ kind: "all" });
const query = signal("");
/** The form that is open instead of a card. */
export const editing = signal<
  { kind: "person" | "group"; card: ContactCard | undefined; start?: Partial<ContactCard> } | undefined
>(undefined);
const failure = signal("");

const groups = computed(() => contacts.value.filter(isGroup));
const shown = computed(() => {
  const chosen = choice.value;
  let list = contacts.value;
  if (chosen.kind === "book") list = list.filter((c) => c.addressBookIds[chosen.id]);
  if (chosen.kind === "group") {
    const group = list.find((c) => c.id === chosen.id);
    list = group ? memberCards(group) : [];
  } else list = list.filter((c) => !isGroup(c) || query.value !== "");
  return query.value.trim() ? list.filter((c) => matches(c, query.value)) : list;
});

const load = () => {
  failure.value = "";
  loadContacts().catch((error: Error) => {
    failure.value = error.message;
  });
};

export default function Page({ rest }: { rest: string[] }) {
  const id = rest[0];
  const card = contacts.value.find((c) => c.id === id);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    load();
    return register(
      {
        id: "contacts.search",
        label: "contacts.search",
        scope: "global",
        keys: "/",
        run: () => search.current?.focus(),
      },
      {
        id: "contacts.new",
        label: "contacts.newPerson",
        scope: "global",
        keys: "n",
        run: () => edit("person", undefined),
      },
      {
        id: "contacts.edit",
        label: "contacts.edit",
        scope: "global",
        keys: "Shift+e",
        run: () => (current() ? edit(isGroup(current()!) ? "group" : "person", current()) : false),
      },
    );
  }, []);
  useEffect(() => {
    const states = pushed.value;
    if ("ContactCard" in states || "AddressBook" in states || "*" in states) void refreshContacts();
  }, [pushed.value]);
  // Going to another card leaves the form; /contacts/new?name=...&email=... starts one, or shows whom one knows already.
  useEffect(() => {
    if (id !== "new") {
      if (editing.peek()?.card?.id !== id) editing.value = undefined;
      return;
    }
    if (!loaded.value) return;
    const asked = new URL(address.peek(), location.origin).searchParams;
    const email = asked.get("email") ?? "";
    const known = contacts
      .peek()
      .find((c) => email && values(c.emails).some((e) => e.address.toLowerCase() === email.toLowerCase()));
    if (known) go(`/contacts/${encodeURIComponent(known.id)}`, true);
    else
      editing.value = {
        kind: "person",
        card: undefined,
        start: email ? cardFor({ name: asked.get("name") || null, email }, "") : undefined,
      };
  }, [id, loaded.value]);
  const current = () => contacts.peek().find((c) => c.id === location.pathname.split("/")[2]);
  const small = onePane.value;
  const detail = editing.value !== undefined || id !== undefined;

  if (!jmap().has("urn:ietf:params:jmap:contacts"))
    return (
      <main class="page" id="main">
        <div class="empty">
          <h1>{t("contacts.unavailable")}</h1>
          <p>{t("contacts.unavailable.why")}</p>
        </div>
      </main>
    );
  return (
    <main class="contacts" id="main">
      {(!small || !detail) && (
        <section class="contacts-list" aria-label={t("contacts.title")}>
          <header class="contacts-head">
            <h1>{t("contacts.title")}</h1>
            <MenuButton
              icon="plus"
              label={t("contacts.new")}
              items={() => [
                { label: t("contacts.newPerson"), icon: "user", run: () => edit("person", undefined) },
                { label: t("contacts.newGroup"), icon: "users", run: () => edit("group", undefined) },
                { label: t("contacts.newBook"), icon: "book-user", run: () => void newBook() },
              ]}
            />
            <MenuButton icon="ellipsis" label={t("contacts.more")} items={moreItems} />
          </header>
          <div class="search-field contacts-search">
            <Icon name="search" />
            <input
              ref={search}
              type="search"
              class="bare"
              placeholder={t("contacts.search")}
              aria-label={t("contacts.search")}
              value={query.value}
              onInput={(event) => {
                query.value = event.currentTarget.value;
              }}
              onKeyDown={(event) => {
                if (event.key === "Escape" && query.value) {
                  query.value = "";
                  event.stopPropagation();
                }
                if (event.key === "ArrowDown") {
                  event.preventDefault();
                  document.querySelector<HTMLElement>(".contact-row")?.focus();
                }
              }}
            />
          </div>
          <Chooser />
          {failure.value ? (
            <div class="empty" role="alert">
              <p>{t("contacts.failed", { why: failure.value })}</p>
              <Button kind="primary" onClick={load}>
                {t("retry")}
              </Button>
            </div>
          ) : !loaded.value ? (
            <div class="contacts-waiting" aria-busy="true">
              {Array.from({ length: 8 }, (_, i) => (
                <i key={i} />
              ))}
            </div>
          ) : shown.value.length === 0 ? (
            <Nothing />
          ) : (
            <Rows list={shown.value} openId={id} />
          )}
        </section>
      )}
      {(!small || detail) && (
        <section class="contacts-detail" aria-label={t("contacts.detail")}>
          {editing.value?.kind === "person" ? (
            <PersonForm
              key={editing.value.card?.id ?? "new"}
              card={editing.value.card}
              start={editing.value.start}
              book={bookForNew()}
              done={formDone}
            />
          ) : editing.value?.kind === "group" ? (
            <GroupForm
              key={editing.value.card?.id ?? "new"}
              card={editing.value.card}
              book={bookForNew()}
              done={formDone}
            />
          ) : card ? (
            <Card card={card} edit={() => edit(isGroup(card) ? "group" : "person", card)} />
          ) : (
            <div class="empty">
              <Icon name="book-user" size={48} />
              <p>{id && loaded.value ? t("contacts.gone") : t("contacts.choose")}</p>
              {small && (
                <Button kind="outline" onClick={() => go("/contacts")}>
                  {t("contacts.back")}
                </Button>
              )}
            </div>
          )}
        </section>
      )}
    </main>
  );
}

const bookForNew = () => {
  const chosen = choice.value;
  return chosen.kind === "book" ? chosen.id : (defaultBook.value?.id ?? "");
};

function edit(kind: "person" | "group", card: ContactCard | undefined): void {
  editing.value = { kind, card };
}

function formDone(id: string | undefined): void {
  editing.value = undefined;
  if (id) go(`/contacts/${encodeURIComponent(id)}`);
  else if (location.pathname === "/contacts/new") go("/contacts", true);
}

/** Everybody, books, groups: as one select on every width, so that the list keeps its room. */
function Chooser() {
  const chosen = choice.value;
  const value = chosen.kind === "all" ? "all" : `${chosen.kind} ${chosen.id}`;
  const all = contacts.value.filter((c) => !isGroup(c));
  const group = chosen.kind === "group" ? groups.value.find((g) => g.id === chosen.id) : undefined;
  const book = chosen.kind === "book" ? books.value.find((b) => b.id === chosen.id) : undefined;
  if (books.value.length < 2 && groups.value.length === 0) return null;
  return (
    <div class="contacts-chooser">
      <select
        aria-label={t("contacts.show")}
        value={value}
        onChange={(event) => {
          const [kind, id] = event.currentTarget.value.split(" ");
          choice.value = kind === "all" || !id ? { kind: "all" } : { kind: kind as "book" | "group", id };
        }}
      >
        <option value="all">{t("contacts.all", { n: all.length })}</option>
        {books.value.length > 1 && (
          <optgroup label={t("contacts.books")}>
            {books.value.map((b) => (
              <option key={b.id} value={`book ${b.id}`}>
                {b.name}
              </option>
            ))}
          </optgroup>
        )}
        {groups.value.length > 0 && (
          <optgroup label={t("contacts.groups")}>
            {groups.value.map((g) => (
              <option key={g.id} value={`group ${g.id}`}>
                {displayName(g)}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      {group && (
        <>
          <Button
            icon="send-horizontal"
            label={t("contacts.writeGroup", { name: displayName(group) })}
            onClick={() => void openComposer({ kind: "new", to: groupMembers(group) })}
          />
          <Button icon="pencil" label={t("contacts.edit")} onClick={() => edit("group", group)} />
        </>
      )}
      {book && (
        <MenuButton
          icon="ellipsis"
          label={t("contacts.book.menu", { name: book.name })}
          items={() => [
            {
              label: t("rename"),
              icon: "pencil",
              run: async () => {
                const name = await ask(t("rename"), t("contacts.book.name"), book.name, t("save"));
                if (name) await saveBook(book.id, name).catch((error: Error) => showError(error.message));
              },
            },
            {
              label: t("delete"),
              icon: "trash-2",
              danger: true,
              disabled: books.value.length < 2,
              run: async () => {
                const n = contacts.value.filter((c) => c.addressBookIds[book.id]).length;
                if (
                  !(await confirm(
                    t("contacts.book.delete", { name: book.name }),
                    t("contacts.book.delete.text", { n }),
                    t("delete"),
                    true,
                  ))
                )
                  return;
                choice.value = { kind: "all" };
                await removeBook(book.id).catch((error: Error) => showError(error.message));
              },
            },
          ]}
        />
      )}
    </div>
  );
}

async function newBook(): Promise<void> {
  const name = await ask(t("contacts.newBook"), t("contacts.book.name"), "", t("create"));
  if (!name) return;
  try {
    choice.value = { kind: "book", id: await saveBook(undefined, name) };
  } catch (error) {
    showError((error as Error).message);
  }
}

function moreItems(): MenuItem[] {
  return [
    { label: t("contacts.import"), icon: "upload", run: () => void importFile(bookForNew()) },
    {
      label: t("contacts.export"),
      icon: "download",
      disabled: contacts.value.length === 0,
      run: () => void exportCards(shown.value, "contacts"),
    },
    {
      label: t("contacts.duplicates"),
      icon: "git-merge",
      run: () => {
        if (duplicates(contacts.value).length > 0) openDuplicates();
        else showToast({ text: t("contacts.duplicates.none") });
      },
    },
  ];
}

function Nothing() {
  if (query.value)
    return (
      <div class="empty">
        <p>{t("contacts.notFound", { text: query.value })}</p>
        <Button kind="outline" onClick={() => (query.value = "")}>
          {t("contacts.clear")}
        </Button>
      </div>
    );
  return (
    <div class="empty">
      <h2>{t("contacts.none")}</h2>
      <p>{t("contacts.none.text")}</p>
      <Button kind="primary" icon="plus" onClick={() => edit("person", undefined)}>
        {t("contacts.newPerson")}
      </Button>
      <Button kind="outline" icon="upload" onClick={() => void importFile(bookForNew())}>
        {t("contacts.import")}
      </Button>
    </div>
  );
}

const ROW = 56;

/** Rows of one height; only those in view exist, and each tells its place. */
function Rows({ list, openId }: { list: ContactCard[]; openId: string | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(800);
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    const watch = new ResizeObserver(() => {
      height.value = node.clientHeight;
    });
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top.value / ROW) - 4);
  const last = Math.min(list.length, Math.ceil((top.value + height.value) / ROW) + 4);
  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(list.length - 1, index));
    const node = box.current;
    if (!node) return;
    if (to * ROW < node.scrollTop) node.scrollTop = to * ROW;
    else if ((to + 1) * ROW > node.scrollTop + node.clientHeight) node.scrollTop = (to + 1) * ROW - node.clientHeight;
    requestAnimationFrame(() => node.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus());
  };
  return (
    <div
      class="contacts-rows"
      ref={box}
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
      }}
      onKeyDown={(event) => {
        const at = Number((document.activeElement as HTMLElement | null)?.dataset.index ?? -1);
        const to = {
          ArrowDown: at + 1,
          ArrowUp: at - 1,
          Home: 0,
          End: list.length - 1,
          PageDown: at + 10,
          PageUp: at - 10,
        }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        focusRow(to);
      }}
    >
      <ul style={{ blockSize: `${list.length * ROW}px` }}>
        {list.slice(first, last).map((card, i) => {
          const index = first + i;
          const email = mainEmail(card);
          const open = card.id === openId;
          return (
            <li
              key={card.id}
              style={{ insetBlockStart: `${index * ROW}px` }}
              aria-setsize={list.length}
              aria-posinset={index + 1}
            >
              <a
                class={open ? "contact-row open" : "contact-row"}
                href={`/contacts/${encodeURIComponent(card.id)}`}
                aria-current={open ? "true" : undefined}
                data-index={index}
                tabIndex={
                  open || (!openId && index === 0) || (openId && !list.some((c) => c.id === openId) && index === 0)
                    ? 0
                    : -1
                }
              >
                <Face card={card} size={36} />
                <span class="contact-text">
                  <bdi class="truncate contact-name">{displayName(card) || t("contacts.noName")}</bdi>
                  <span class="truncate contact-second">
                    {isGroup(card)
                      ? t("contacts.members", { n: Object.keys(card.members ?? {}).length })
                      : (email?.email ?? values(card.phones)[0]?.number ?? "")}
                  </span>
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The photo, or letters on a ground. */
export function Face({ card, size }: { card: ContactCard; size: number }) {
  const url = photoUrl(photoOf(card));
  if (url) return <img class="contact-photo" src={url} width={size} height={size} alt="" />;
  if (isGroup(card))
    return (
      <span class="contact-photo group" style={{ inlineSize: `${size}px`, blockSize: `${size}px` }} aria-hidden="true">
        <Icon name="users" size={Math.round(size / 2)} />
      </span>
    );
  return <Avatar name={displayName(card)} email={mainEmail(card)?.email ?? displayName(card)} size={size} />;
}
