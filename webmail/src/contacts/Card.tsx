import type { ComponentChildren } from "preact";
import { openComposer } from "../compose/intent";
import { intlLocale, t } from "../i18n";
import { go } from "../router";
import { onePane } from "../theme";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { MenuButton, type MenuItem } from "../ui/Menu";
import { showError, showToast } from "../ui/Toast";
import { type ContactCard, displayName, isGroup, mainEmail, values } from "./card";
import { exportCards } from "./exchange";
import { Face } from "./index";
import { contacts, groupMembers, memberCards, removeCards, saveCard } from "./store";
import { Title } from "./Title";

/** One person or group, to read. */
export function Card({ card, edit }: { card: ContactCard; edit: () => void }) {
  const name = displayName(card) || t("contacts.noName");
  const group = isGroup(card);
  const people = group ? groupMembers(card) : [mainEmail(card)].flatMap((a) => a ?? []);
  const subtitle = [
    values(card.titles)[0]?.name,
    values(card.organizations).map((o) =>
      [o.name, ...(o.units ?? []).map((u) => u.name)].filter(Boolean).join(", "),
    )[0],
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <article class="contact-card">
      <div class="contact-bar">
        {onePane.value && <Button icon="arrow-left" flip label={t("contacts.back")} onClick={() => go("/contacts")} />}
        <span class="contact-gap" />
        <Button icon="pencil" onClick={edit}>
          {t("contacts.edit")}
        </Button>
        <MenuButton icon="ellipsis" label={t("more")} items={() => menu(card)} />
      </div>
      <header>
        <Face card={card} size={88} />
        <div>
          <Title>
            <bdi>{name}</bdi>
          </Title>
          {values(card.nicknames)[0]?.name && <p class="contact-sub">“{values(card.nicknames)[0]?.name}”</p>}
          {subtitle && <p class="contact-sub">{subtitle}</p>}
          <p class="contact-actions">
            <Button
              kind="primary"
              icon="square-pen"
              disabled={people.length === 0}
              onClick={() => void openComposer({ kind: "new", to: people })}
            >
              {t(group ? "contacts.writeAll" : "contacts.write")}
            </Button>
            {!group && people[0] && (
              <Button
                kind="outline"
                icon="search"
                onClick={() => go({ at: "search", query: `from:${people[0]?.email} OR to:${people[0]?.email}` })}
              >
                {t("contacts.mails")}
              </Button>
            )}
          </p>
        </div>
      </header>
      {group ? <Members card={card} /> : <Facts card={card} />}
    </article>
  );
}

function menu(card: ContactCard): MenuItem[] {
  const groups = contacts.value.filter(isGroup);
  const inside = (group: ContactCard) => Boolean(card.uid && group.members?.[card.uid]);
  return [
    { label: t("contacts.exportOne"), icon: "download", run: () => void exportCards([card], displayName(card)) },
    ...(isGroup(card) || groups.length === 0
      ? []
      : ([
          { heading: t("contacts.groups") },
          ...groups.map((group) => ({
            label: displayName(group),
            icon: "users",
            checked: inside(group),
            run: () => void toggleMember(group, card, !inside(group)),
          })),
        ] as MenuItem[])),
    "line",
    { label: t("delete"), icon: "trash-2", danger: true, run: () => void remove(card) },
  ];
}

async function toggleMember(group: ContactCard, card: ContactCard, member: boolean): Promise<void> {
  if (!card.uid) return;
  const members = { ...group.members };
  if (member) members[card.uid] = true;
  else delete members[card.uid];
  try {
    await saveCard(group.id, { members });
    showToast({
      text: t(member ? "contacts.added" : "contacts.takenOut", { name: displayName(card), group: displayName(group) }),
      undo: () => toggleMember({ ...group, members }, card, !member),
    });
  } catch (error) {
    showError((error as Error).message);
  }
}

async function remove(card: ContactCard): Promise<void> {
  try {
    const undo = await removeCards([card.id]);
    go("/contacts");
    showToast({ text: t("contacts.deleted", { name: displayName(card) }), undo });
  } catch (error) {
    showError((error as Error).message);
  }
}

function Members({ card }: { card: ContactCard }) {
  const list = memberCards(card);
  if (list.length === 0) return <p class="contact-none">{t("contacts.group.empty")}</p>;
  return (
    <ul class="contact-members">
      {list.map((member) => (
        <li key={member.id}>
          <a class="contact-row" href={`/contacts/${encodeURIComponent(member.id)}`}>
            <Face card={member} size={32} />
            <span class="contact-text">
              <bdi class="truncate contact-name">{displayName(member)}</bdi>
              <span class="truncate contact-second">{mainEmail(member)?.email}</span>
            </span>
          </a>
          <Button
            small
            icon="x"
            label={t("contacts.takeOut", { name: displayName(member) })}
            onClick={() => void toggleMember(card, member, false)}
          />
        </li>
      ))}
    </ul>
  );
}

const context = (v: { contexts?: Record<string, true>; label?: string }) =>
  v.label || (v.contexts?.work ? t("contacts.work") : v.contexts?.private ? t("contacts.private") : "");

function Facts({ card }: { card: ContactCard }) {
  const row = (icon: string, key: string, label: string, content: ComponentChildren, note = "") => (
    <div class="contact-fact" key={key}>
      <dt>
        <Icon name={icon} />
        <span class="sr">{label}</span>
      </dt>
      <dd>
        {content}
        {note && <span class="contact-note"> {note}</span>}
      </dd>
    </div>
  );
  const groups = contacts.value.filter((g) => isGroup(g) && card.uid && g.members?.[card.uid]);
  const rows = [
    ...Object.entries(card.emails ?? {}).map(([key, e]) =>
      row(
        "mail",
        `e${key}`,
        t("contacts.email"),
        <a
          href={`mailto:${e.address}`}
          onClick={(event) => {
            event.preventDefault();
            void openComposer({ kind: "new", to: [{ name: displayName(card) || null, email: e.address }] });
          }}
        >
          <bdi>{e.address}</bdi>
        </a>,
        context(e),
      ),
    ),
    ...Object.entries(card.phones ?? {}).map(([key, p]) =>
      row(
        "phone",
        `p${key}`,
        t("contacts.phone"),
        <a href={`tel:${p.number.replace(/^tel:|[^\d+]/g, "")}`}>
          <bdi dir="ltr">{p.number.replace(/^tel:/, "")}</bdi>
        </a>,
        context(p),
      ),
    ),
    ...Object.entries(card.addresses ?? {}).map(([key, a]) =>
      row("map-pin", `a${key}`, t("contacts.address"), <bdi class="contact-address">{addressText(a)}</bdi>, context(a)),
    ),
    ...Object.entries(card.links ?? {}).map(([key, l]) =>
      row(
        "link",
        `l${key}`,
        t("contacts.link"),
        /^https?:/i.test(l.uri) ? (
          <a href={l.uri} target="_blank" rel="noopener noreferrer">
            {l.uri.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "")}
          </a>
        ) : (
          l.uri
        ),
        context(l),
      ),
    ),
    ...values(card.anniversaries)
      .filter((a) => a.kind === "birth")
      .map((a) => row("cake", "birth", t("contacts.birthday"), birthday(a.date))),
    ...Object.entries(card.notes ?? {}).map(([key, n]) =>
      row("file-text", `n${key}`, t("contacts.notes"), <span class="contact-long">{n.note}</span>),
    ),
    ...(groups.length > 0
      ? [
          row(
            "users",
            "groups",
            t("contacts.groups"),
            <span class="contact-groups">
              {groups.map((g) => (
                <a key={g.id} class="label label-slate" href={`/contacts/${encodeURIComponent(g.id)}`}>
                  {displayName(g)}
                </a>
              ))}
            </span>,
          ),
        ]
      : []),
  ];
  if (rows.length === 0) return <p class="contact-none">{t("contacts.nothingKnown")}</p>;
  return <dl class="contact-facts">{rows}</dl>;
}

function addressText(a: { full?: string; components?: { kind: string; value: string }[] }): string {
  if (!a.components?.length) return a.full ?? "";
  const part = (...kinds: string[]) =>
    (a.components ?? [])
      .filter((c) => kinds.includes(c.kind))
      .map((c) => c.value)
      .join(" ");
  return [
    part("building"),
    part("name", "number", "block", "apartment", "floor"),
    part("postcode", "locality"),
    part("region"),
    part("country"),
  ]
    .filter(Boolean)
    .join("\n");
}

function birthday(date: { year?: number; month?: number; day?: number; utc?: string }): string {
  if (date.utc) return new Date(date.utc).toLocaleDateString(intlLocale(), { dateStyle: "long" });
  const known = new Date(Date.UTC(date.year ?? 2000, (date.month ?? 1) - 1, date.day ?? 1));
  return new Intl.DateTimeFormat(intlLocale(), {
    day: "numeric",
    month: "long",
    ...(date.year ? { year: "numeric" } : {}),
    timeZone: "UTC",
  }).format(known);
}
