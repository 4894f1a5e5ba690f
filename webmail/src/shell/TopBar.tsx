// The search field: `/` focuses it; while typing it offers operators, people, and searches made before. What is typed and
// the chips below are the same search: each can be edited.
import { batch, signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Key, t } from "../i18n";
import { go, route } from "../router";
import { OPERATORS, parseSearch, writeSearch, writeTerm } from "../search/language";
import { currentMailbox, NO_VIEW, view } from "../store/lists";
import { mailboxes, mailboxName } from "../store/mailboxes";
import { rememberSearch, savedSearches, saveSearch } from "../store/searches";
import { jmap } from "../store/session";
import { settings } from "../store/settings";
import { onePane } from "../theme";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { ask } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { drawerOpen } from "./Sidebar";

const focusWish = signal(0);
export function focusSearch(): void {
  // At once where the field is there: what is typed after the key must not be taken for commands.
  const field = document.querySelector<HTMLInputElement>(".search-field input");
  field?.focus();
  field?.select();
  if (!field) focusWish.value++;
}

interface Offer {
  key: string;
  text: string;
  hint?: string;
  icon?: string;
  person?: { name: string; email: string };
  /** The whole field after choosing; searched at once when `done`. */
  query: string;
  done: boolean;
}
interface Person {
  name: string | null;
  email: string;
}

export function TopBar() {
  const at = route.value;
  const input = useRef<HTMLInputElement>(null);
  const text = useSignal(at.at === "search" ? at.query : "");
  const open = useSignal(false);
  const picked = useSignal(-1);
  const people = useSignal<Person[]>([]);
  const asked = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const typing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    if (document.activeElement !== input.current) text.value = at.at === "search" ? at.query : "";
  }, [address(at)]);
  useEffect(() => {
    if (focusWish.value > 0) {
      input.current?.focus();
      input.current?.select();
    }
  }, [focusWish.value]);

  const search = (query: string, remember: boolean) => {
    clearTimeout(typing.current);
    const clean = query.trim();
    if (!clean) {
      if (route.peek().at === "search") go({ at: "mail", mailbox: "inbox" });
      return;
    }
    if (remember) rememberSearch(clean);
    if (view.peek() !== NO_VIEW) view.value = NO_VIEW;
    go({ at: "search", query: clean }, route.peek().at === "search");
  };
  const onInput = () => {
    const value = input.current?.value ?? "";
    batch(() => {
      text.value = value;
      open.value = true;
      picked.value = -1;
    });
    clearTimeout(asked.current);
    clearTimeout(typing.current);
    const word = lastWord(value).replace(/^-?(from|to|cc):/i, "");
    if (word.length >= 2 && jmap().has("urn:tamanoir:jmap:suggest")) {
      asked.current = setTimeout(async () => {
        try {
          const answer = await jmap().call<{ list: Person[] }>("Suggestion/get", { text: word, limit: 5 });
          if (input.current?.value === value) people.value = answer.list;
        } catch {
          people.value = [];
        }
      }, 80);
    } else people.value = [];
    // Answers while typing, once the last word says something.
    if (value.trim().length >= 2) typing.current = setTimeout(() => search(value, false), 120);
  };
  const offers = open.value ? offersFor(text.value, people.value) : [];
  const choose = (offer: Offer) => {
    text.value = offer.query;
    if (offer.done) {
      open.value = false;
      search(offer.query, true);
      input.current?.blur();
    } else {
      input.current?.focus();
      setTimeout(() => input.current?.setSelectionRange(offer.query.length, offer.query.length));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      open.value = true;
      const next = picked.value + step;
      picked.value = next < -1 ? offers.length - 1 : next >= offers.length ? -1 : next;
      event.preventDefault();
    } else if (event.key === "Enter") {
      const offer = offers[picked.value];
      if (offer) choose(offer);
      else {
        open.value = false;
        search(text.value, true);
        input.current?.blur();
      }
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (open.value && offers.length > 0) open.value = false;
      else {
        text.value = "";
        input.current?.blur();
        if (route.peek().at === "search") go({ at: "mail", mailbox: "inbox" });
      }
    }
  };
  const here = currentMailbox.value;
  return (
    <header class="top-bar">
      {onePane.value && <Button icon="menu" label={t("nav.open")} onClick={() => (drawerOpen.value = true)} />}
      <search class="search">
        <div class="search-field">
          <Icon name="search" />
          <input
            ref={input}
            class="bare"
            type="text"
            inputMode="search"
            enterkeyhint="search"
            role="combobox"
            aria-expanded={offers.length > 0}
            aria-controls="search-offers"
            aria-activedescendant={picked.value >= 0 ? `offer-${picked.value}` : undefined}
            aria-label={t("search")}
            placeholder={t("search.placeholder")}
            autocomplete="off"
            spellcheck={false}
            value={text.value}
            onInput={onInput}
            onFocus={() => (open.value = true)}
            onBlur={() => (open.value = false)}
            onKeyDown={onKeyDown}
          />
          {text.value && (
            <Button
              small
              icon="x"
              label={t("search.clear")}
              onClick={() => {
                text.value = "";
                search("", false);
                input.current?.focus();
              }}
            />
          )}
        </div>
        {offers.length > 0 && (
          <div
            class="offers"
            id="search-offers"
            role="listbox"
            aria-label={t("search.offers")}
            onMouseDown={(e) => e.preventDefault()}
          >
            {offers.map((offer, index) => (
              <div
                key={offer.key}
                id={`offer-${index}`}
                role="option"
                aria-selected={index === picked.value}
                class={index === picked.value ? "offer picked" : "offer"}
                onClick={() => choose(offer)}
              >
                {offer.person ? (
                  <Avatar name={offer.person.name} email={offer.person.email} size={24} />
                ) : (
                  <Icon name={offer.icon ?? "search"} />
                )}
                <bdi class="truncate">{offer.text}</bdi>
                {offer.hint && <span class="offer-hint truncate">{offer.hint}</span>}
              </div>
            ))}
          </div>
        )}
      </search>
      {at.at === "search" && <Chips query={at.query} />}
      {at.at === "mail" && here && open.value && text.value === "" && null}
    </header>
  );
}

const address = (at: { at: string; query?: string }) => `${at.at} ${at.query ?? ""}`;
const lastWord = (text: string) => /\S*$/.exec(text)?.[0] ?? "";

function offersFor(text: string, people: Person[]): Offer[] {
  const word = lastWord(text);
  const before = text.slice(0, text.length - word.length);
  const offers: Offer[] = [];
  if (!text.trim()) {
    const here = currentMailbox.peek();
    for (const query of settings.peek().recentSearches.slice(0, 5)) {
      offers.push({ key: `r${query}`, text: query, icon: "clock", hint: t("search.recent"), query, done: true });
    }
    for (const saved of savedSearches.peek().slice(0, 4)) {
      offers.push({
        key: `s${saved.id}`,
        text: saved.name,
        icon: "search",
        hint: saved.query,
        query: saved.query,
        done: true,
      });
    }
    const chips: [string, Key][] = [
      ["is:unread", "chip.unread"],
      ["has:attachment", "chip.files"],
      ["is:starred", "chip.starred"],
      ["after:7d", "chip.week"],
    ];
    for (const [query, key] of chips)
      offers.push({ key: query, text: t(key), icon: "list-filter", hint: query, query: `${query} `, done: false });
    if (here && here.role !== "inbox") {
      const query = `in:${/\s/.test(mailboxName(here)) ? `"${here.name}"` : (here.role ?? here.name)} `;
      offers.push({
        key: "in",
        text: t("chip.here", { folder: mailboxName(here) }),
        icon: "folder",
        hint: query,
        query,
        done: false,
      });
    }
    return offers;
  }
  const operator = /^-?([a-z]+):(.*)$/i.exec(word);
  if (operator) {
    const [, name = "", value = ""] = operator;
    const low = value.toLowerCase();
    const values: Record<string, string[]> = {
      is: ["unread", "read", "starred", "answered", "draft"],
      has: ["attachment"],
      label: settings.peek().labels.map((l) => l.name),
      in: ["anywhere", ...[...mailboxes.peek().values()].map((m) => m.role ?? m.name)],
      before: ["today", "7d", "1m", "1y"],
      after: ["today", "7d", "1m", "1y"],
      larger: ["1M", "5M", "20M"],
      smaller: ["100k", "1M"],
    };
    for (const candidate of (values[name.toLowerCase()] ?? [])
      .filter((v) => v.toLowerCase().startsWith(low))
      .slice(0, 8)) {
      const written = /\s/.test(candidate) ? `"${candidate}"` : candidate;
      offers.push({
        key: candidate,
        text: `${name}:${candidate}`,
        icon: "list-filter",
        query: `${before}${name}:${written} `,
        done: true,
      });
    }
  } else if (word.length > 0 && /^[a-z]+$/i.test(word)) {
    for (const name of OPERATORS.filter((o) => o.startsWith(word.toLowerCase())).slice(0, 3)) {
      offers.push({
        key: name,
        text: `${name}:`,
        icon: "list-filter",
        hint: t(`operator.${name}` as Key),
        query: `${before}${name}:`,
        done: false,
      });
    }
  }
  for (const person of people) {
    const prefix = operator && /^(from|to|cc)$/i.test(operator[1] ?? "") ? operator[1] : "from";
    offers.push({
      key: `p${person.email}`,
      text: person.name || person.email,
      hint: person.name ? person.email : undefined,
      person: { name: person.name ?? "", email: person.email },
      query: `${before}${prefix}:${person.email} `,
      done: true,
    });
  }
  const recent = settings
    .peek()
    .recentSearches.filter((q) => q !== text && q.toLowerCase().includes(text.trim().toLowerCase()));
  for (const query of recent.slice(0, 3))
    offers.push({ key: `r${query}`, text: query, icon: "clock", query, done: true });
  return offers;
}

/** The search as chips: each can be taken away. */
function Chips({ query }: { query: string }) {
  const search = parseSearch(query);
  const saved = savedSearches.value.some((s) => s.query === query);
  const without = (index: number) => {
    const rest = search.filter((_, i) => i !== index);
    if (rest.length > 0) go({ at: "search", query: writeSearch(rest) }, true);
    else go({ at: "mail", mailbox: "inbox" });
  };
  return (
    <div class="chips top-chips">
      {search.length > 1 &&
        search.map((group, index) => {
          const chip = group.map(writeTerm).join(" OR ");
          return (
            <button
              key={index}
              type="button"
              class="chip"
              title={t("chip.remove", { chip })}
              onClick={() => without(index)}
            >
              <bdi class="truncate">{chip}</bdi>
              <Icon name="x" size={14} />
            </button>
          );
        })}
      {!saved && jmap().has("urn:tamanoir:jmap:settings") && (
        <Button
          small
          icon="star"
          label={t("search.save")}
          onClick={async () => {
            const name = await ask(t("search.save"), t("search.name"), query, t("save"));
            if (name) await saveSearch(name, query);
          }}
        />
      )}
    </div>
  );
}
