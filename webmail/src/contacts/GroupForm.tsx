import { useSignal } from "@preact/signals";
import { t } from "../i18n";
import type { Id } from "../jmap/types";
import { Button } from "../ui/Button";
import { FormProblem } from "../ui/FormProblem";
import { type ContactCard, displayName, isGroup, mainEmail, matches } from "./card";
import { Face } from "./index";
import { contacts, saveCard } from "./store";
import { Title } from "./Title";

/** A group: its name and who belongs to it. */
export function GroupForm({
  card,
  book,
  done,
}: {
  card: ContactCard | undefined;
  book: Id;
  done: (id: Id | undefined) => void;
}) {
  const name = useSignal(card ? displayName(card) : "");
  const members = useSignal<Record<string, true>>({ ...card?.members });
  const query = useSignal("");
  const problem = useSignal("");
  const people = contacts.value.filter((c) => !isGroup(c) && c.uid && (query.value === "" || matches(c, query.value)));
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!name.value.trim()) {
      problem.value = t("contacts.group.nameMissing");
      return;
    }
    try {
      const full = { name: { full: name.value.trim() }, members: members.value };
      done(
        await saveCard(
          card?.id,
          card ? full : { "@type": "Card", version: "1.0", kind: "group", addressBookIds: { [book]: true }, ...full },
        ),
      );
    } catch (error) {
      problem.value = t("contacts.save.failed", { why: (error as Error).message });
    }
  };
  return (
    <form class="contact-form" onSubmit={submit} aria-label={t(card ? "contacts.edit" : "contacts.newGroup")}>
      <div class="contact-bar">
        <Title>{t(card ? "contacts.edit" : "contacts.newGroup")}</Title>
        <span class="contact-gap" />
        <Button onClick={() => done(undefined)}>{t("cancel")}</Button>
        <Button kind="primary" type="submit">
          {t("save")}
        </Button>
      </div>
      <FormProblem text={problem.value} />
      <label class="field">
        <span>{t("contacts.group.name")}</span>
        <input
          autofocus
          ref={(node) => {
            if (node && !node.dataset.seen) {
              node.dataset.seen = "1";
              node.focus();
            }
          }}
          value={name.value}
          maxLength={200}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
        />
      </label>
      <fieldset class="contact-lines">
        <legend>{t("contacts.members", { n: Object.keys(members.value).length })}</legend>
        <input
          type="search"
          placeholder={t("contacts.search")}
          aria-label={t("contacts.search")}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
        <ul class="contact-pick">
          {people.slice(0, 200).map((person) => (
            <li key={person.id}>
              <label>
                <input
                  type="checkbox"
                  checked={Boolean(members.value[person.uid ?? ""])}
                  onChange={(event) => {
                    const next = { ...members.value };
                    if (event.currentTarget.checked) next[person.uid ?? ""] = true;
                    else delete next[person.uid ?? ""];
                    members.value = next;
                  }}
                />
                <Face card={person} size={28} />
                <span class="contact-text">
                  <bdi class="truncate">{displayName(person)}</bdi>
                  <span class="truncate contact-second">{mainEmail(person)?.email}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
        {people.length === 0 && <p class="contact-none">{t("contacts.none")}</p>}
      </fieldset>
    </form>
  );
}
