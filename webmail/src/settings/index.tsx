// The page at /settings: every change counts at once; there is no save button. `rest[0]` is the section.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { preloadComposer } from "../compose/intent";
import { type Key, t } from "../i18n";
import { go } from "../router";
import { settingsState } from "../store/settings";
import { onePane } from "../theme";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { type Row, rows, SECTIONS, type Section } from "./rows";
import "./settings.css";

const query = signal("");
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export default function Page({ rest }: { rest: string[] }) {
  const small = onePane.value;
  const section = SECTIONS.find((s) => s.id === rest[0]) ?? (small ? undefined : SECTIONS[0]);
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    // Its commands belong to the list of keys.
    void preloadComposer().catch(() => undefined);
    return () => {
      query.value = "";
    };
  }, []);
  const words = plain(query.value).split(/\s+/).filter(Boolean);
  const searching = words.length > 0;
  const found = searching ? rows().filter((row) => words.every((word) => plain(textOf(row)).includes(word))) : [];
  const showNav = !small || (!section && !searching);
  // Alone on a small screen, a section is what the page is about.
  const Heading = showNav || searching ? "h2" : "h1";
  return (
    <main class="settings" id="main">
      {(showNav || searching) && (
        <nav class={searching && small ? "settings-nav searching" : "settings-nav"} aria-label={t("settings.sections")}>
          <header>
            <h1>{t("settings.title")}</h1>
          </header>
          <div class="search-field">
            <Icon name="search" />
            <input
              type="search"
              class="bare"
              placeholder={t("settings.search")}
              aria-label={t("settings.search")}
              value={query.value}
              onInput={(event) => {
                query.value = event.currentTarget.value;
              }}
            />
          </div>
          {!(searching && small) && (
            <ul>
              {SECTIONS.map((s) => (
                <li key={s.id}>
                  <a
                    href={`/settings/${s.id}`}
                    class={s === section && !searching ? "settings-link open" : "settings-link"}
                    aria-current={s === section && !searching ? "page" : undefined}
                    onClick={() => {
                      query.value = "";
                      content.current?.scrollTo(0, 0);
                    }}
                  >
                    <Icon name={s.icon} />
                    <span>{t(s.label)}</span>
                    {small && <Icon name="chevron-right" flip />}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </nav>
      )}
      {(searching || section) && (
        <section class="settings-content" ref={content} aria-labelledby="settings-heading">
          <header class="settings-head">
            {small && !searching && (
              <Button icon="arrow-left" flip label={t("settings.back")} onClick={() => go("/settings")} />
            )}
            <Heading id="settings-heading">
              {searching ? t("settings.found", { n: found.length }) : section ? t(section.label) : ""}
            </Heading>
            <SavedLine />
          </header>
          {searching ? <Found list={found} /> : section && <SectionView section={section} />}
        </section>
      )}
    </main>
  );
}

const textOf = (row: Row) =>
  [
    t(row.label),
    row.hint ? t(row.hint) : "",
    t(SECTIONS.find((s) => s.id === row.section)?.label ?? row.label),
    ...(row.words ?? []).map((w) => t(w)),
  ].join(" ");

/** Says politely that what was changed is kept. */
function SavedLine() {
  const state = settingsState.value;
  const key: Record<typeof state, Key> = {
    saved: "settings.saved",
    saving: "settings.saving",
    failed: "settings.notSaved",
  };
  return (
    <span class={state === "failed" ? "settings-state bad" : "settings-state"} role="status">
      {t(key[state])}
    </span>
  );
}

function SectionView({ section }: { section: Section }) {
  return (
    <div class="settings-rows" key={section.id}>
      {rows()
        .filter((row) => row.section === section.id)
        .map((row) => (
          <RowView key={row.id} row={row} alone={onePane.value} />
        ))}
    </div>
  );
}

function Found({ list }: { list: Row[] }) {
  if (list.length === 0) return <p class="settings-none">{t("settings.nothing")}</p>;
  let last = "";
  return (
    <div class="settings-rows">
      {list.map((row) => {
        const head = row.section !== last;
        last = row.section;
        return (
          <>
            {head && (
              <h3 key={`h${row.section}`}>{t(SECTIONS.find((s) => s.id === row.section)?.label ?? row.label)}</h3>
            )}
            <RowView key={row.id} row={row} />
          </>
        );
      })}
    </div>
  );
}

function RowView({ row, alone = false }: { row: Row; alone?: boolean }) {
  const Heading = alone ? "h2" : "h3";
  return row.block ? (
    <div class="settings-block">
      <Heading>{t(row.label)}</Heading>
      {row.hint && <p class="settings-hint">{t(row.hint)}</p>}
      <row.control alone={alone} />
    </div>
  ) : (
    <row.control />
  );
}
