import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isValid } from "../compose/addresses";
import { type Key, t } from "../i18n";
import type { Id } from "../jmap/types";
import { Button } from "../ui/Button";
import { FormProblem } from "../ui/FormProblem";
import { Icon } from "../ui/Icon";
import { type ContactCard, type Context, type Form, fromForm, type Line, photoOf, toForm } from "./card";
import { photoUrl, shrinkPhoto } from "./exchange";
import { books, saveCard } from "./store";
import { Title } from "./Title";

const empty = (): ContactCard => ({ id: "", addressBookIds: {} });

/** A person to write down. Saved as a whole; what the form does not show stays as it was. */
export function PersonForm({
  card,
  start,
  book,
  done,
}: {
  card: ContactCard | undefined;
  /** What a new card starts with: the name and address of a sender. */
  start?: Partial<ContactCard>;
  book: Id;
  done: (id: Id | undefined) => void;
}) {
  const form = useSignal<Form>(startForm(card ?? (start ? { ...empty(), ...start } : undefined)));
  const photo = useSignal<string | undefined>(photoUrl(card && photoOf(card)));
  const newPhoto = useSignal<{ uri: string } | null | undefined>(undefined);
  const chosenBook = useSignal<Id>(Object.keys(card?.addressBookIds ?? {})[0] ?? book);
  const problem = useSignal("");
  const saving = useSignal(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    first.current?.focus();
  }, []);
  const set = <K extends keyof Form>(name: K, value: Form[K]) => {
    form.value = { ...form.value, [name]: value };
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (saving.value) return;
    const bad = form.value.emails.find((e) => e.value.trim() && !isValid(e.value.trim()));
    if (bad) {
      problem.value = t("contacts.badEmail", { text: bad.value });
      return;
    }
    const patch = fromForm(form.value, card ?? empty());
    if (newPhoto.value !== undefined) {
      const others = Object.fromEntries(Object.entries(card?.media ?? {}).filter(([, m]) => m.kind !== "photo"));
      const media = {
        ...others,
        ...(newPhoto.value ? { photo: { kind: "photo", uri: newPhoto.value.uri, mediaType: "image/jpeg" } } : {}),
      };
      patch.media = Object.keys(media).length > 0 ? media : null;
    }
    if (!card) {
      for (const [name, value] of Object.entries(patch)) if (value === null) delete patch[name];
      Object.assign(patch, {
        "@type": "Card",
        version: "1.0",
        kind: "individual",
        addressBookIds: { [chosenBook.value]: true },
      });
    } else if (!card.addressBookIds[chosenBook.value]) patch.addressBookIds = { [chosenBook.value]: true };
    if (Object.keys(patch).length === 0) return done(card?.id);
    saving.value = true;
    problem.value = "";
    try {
      done(await saveCard(card?.id, patch));
    } catch (error) {
      problem.value = t("contacts.save.failed", { why: (error as Error).message });
      saving.value = false;
    }
  };
  const text = (
    name: "given" | "surname" | "nickname" | "organization" | "unit" | "title",
    label: Key,
    ref?: typeof first,
  ) => (
    <label class="field">
      <span>{t(label)}</span>
      <input
        ref={ref}
        value={form.value[name]}
        maxLength={300}
        autocomplete="off"
        onInput={(event) => set(name, event.currentTarget.value)}
      />
    </label>
  );
  return (
    <form
      class="contact-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        done(undefined);
      }}
      aria-label={t(card ? "contacts.edit" : "contacts.newPerson")}
    >
      <div class="contact-bar">
        <Title>{t(card ? "contacts.edit" : "contacts.newPerson")}</Title>
        <span class="contact-gap" />
        <Button onClick={() => done(undefined)}>{t("cancel")}</Button>
        <Button kind="primary" type="submit" disabled={saving.value}>
          {t("save")}
        </Button>
      </div>
      <FormProblem text={problem.value} />
      <div class="contact-form-head">
        <PhotoField
          url={photo.value}
          set={(uri) => {
            photo.value = uri;
            newPhoto.value = uri ? { uri } : null;
          }}
          failed={(why) => {
            problem.value = why;
          }}
        />
        <div class="contact-pair">
          {text("given", "contacts.given", first)}
          {text("surname", "contacts.surname")}
        </div>
      </div>
      <div class="contact-pair">
        {text("organization", "contacts.organization")}
        {text("title", "contacts.jobTitle")}
        {text("unit", "contacts.unit")}
        {text("nickname", "contacts.nickname")}
      </div>
      <Lines
        legend="contacts.emails"
        add="contacts.addEmail"
        one="contacts.email"
        type="email"
        lines={form.value.emails}
        set={(lines) => set("emails", lines)}
      />
      <Lines
        legend="contacts.phones"
        add="contacts.addPhone"
        one="contacts.phone"
        type="tel"
        lines={form.value.phones}
        set={(lines) => set("phones", lines)}
      />
      <Postal form={form.value} set={set} />
      <Lines
        legend="contacts.links"
        add="contacts.addLink"
        one="contacts.link"
        type="text"
        lines={form.value.links}
        set={(lines) => set("links", lines)}
      />
      <div class="contact-pair">
        <label class="field">
          <span>{t("contacts.birthday")}</span>
          <input
            type="date"
            value={form.value.birthday}
            onInput={(event) => set("birthday", event.currentTarget.value)}
          />
        </label>
        {books.value.length > 1 && (
          <label class="field">
            <span>{t("contacts.book")}</span>
            <select
              value={chosenBook.value}
              onChange={(event) => {
                chosenBook.value = event.currentTarget.value;
              }}
            >
              {books.value.map((b) => (
                <option key={b.id} value={b.id}>
                  {b.name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <label class="field">
        <span>{t("contacts.notes")}</span>
        <textarea rows={4} value={form.value.notes} onInput={(event) => set("notes", event.currentTarget.value)} />
      </label>
    </form>
  );
}

function startForm(card: ContactCard | undefined): Form {
  const form = toForm(card ?? empty());
  if (form.emails.length === 0) form.emails.push({ key: "", value: "", context: "" });
  if (form.phones.length === 0) form.phones.push({ key: "", value: "", context: "" });
  return form;
}

function PhotoField({
  url,
  set,
  failed,
}: {
  url: string | undefined;
  set: (uri: string | undefined) => void;
  failed: (why: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="contact-photo-field">
      {url ? (
        <img class="contact-photo" src={url} width={72} height={72} alt={t("contacts.photo")} />
      ) : (
        <span class="contact-photo none" aria-hidden="true">
          <Icon name="user" size={32} />
        </span>
      )}
      <span class="contact-photo-buttons">
        <Button small onClick={() => input.current?.click()}>
          {t(url ? "contacts.photo.change" : "contacts.photo.add")}
        </Button>
        {url && (
          <Button small onClick={() => set(undefined)}>
            {t("contacts.photo.remove")}
          </Button>
        )}
      </span>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/*"
        onChange={async (event) => {
          const file = event.currentTarget.files?.[0];
          if (!file) return;
          try {
            set(await shrinkPhoto(file));
          } catch {
            failed(t("contacts.photo.failed"));
          }
        }}
      />
    </div>
  );
}

function ContextSelect({ value, set, label }: { value: Context; set: (value: Context) => void; label: string }) {
  return (
    <select
      class="contact-context"
      aria-label={label}
      value={value}
      onChange={(event) => set(event.currentTarget.value as Context)}
    >
      <option value="">{t("contacts.other")}</option>
      <option value="private">{t("contacts.private")}</option>
      <option value="work">{t("contacts.work")}</option>
    </select>
  );
}

function Lines(props: {
  legend: Key;
  add: Key;
  one: Key;
  type: "email" | "tel" | "text";
  lines: Line[];
  set: (lines: Line[]) => void;
}) {
  const box = useRef<HTMLFieldSetElement>(null);
  const change = (index: number, patch: Partial<Line>) =>
    props.set(props.lines.map((line, i) => (i === index ? { ...line, ...patch } : line)));
  return (
    <fieldset class="contact-lines" ref={box}>
      <legend>{t(props.legend)}</legend>
      {props.lines.map((line, index) => (
        <div class="contact-line" key={index}>
          <input
            type={(props.type === "email" ? "text" : props.type) as "text"}
            inputMode={props.type}
            aria-label={`${t(props.one)} ${index + 1}`}
            value={line.value}
            autocomplete="off"
            spellcheck={false}
            maxLength={1000}
            onInput={(event) => change(index, { value: event.currentTarget.value })}
          />
          <ContextSelect
            label={t("contacts.kind", { what: `${t(props.one)} ${index + 1}` })}
            value={line.context}
            set={(context) => change(index, { context })}
          />
          <Button
            icon="x"
            label={t("contacts.removeLine", { what: line.value || t(props.one) })}
            onClick={() => props.set(props.lines.filter((_, i) => i !== index))}
          />
        </div>
      ))}
      <Button
        small
        icon="plus"
        onClick={() => {
          props.set([...props.lines, { key: "", value: "", context: "" }]);
          requestAnimationFrame(() => [...(box.current?.querySelectorAll("input") ?? [])].at(-1)?.focus());
        }}
      >
        {t(props.add)}
      </Button>
    </fieldset>
  );
}

function Postal({ form, set }: { form: Form; set: (name: "addresses", value: Form["addresses"]) => void }) {
  const change = (index: number, patch: Partial<Form["addresses"][number]>) =>
    set(
      "addresses",
      form.addresses.map((a, i) => (i === index ? { ...a, ...patch } : a)),
    );
  const fields: ["street" | "postcode" | "locality" | "region" | "country", Key][] = [
    ["street", "contacts.street"],
    ["postcode", "contacts.postcode"],
    ["locality", "contacts.locality"],
    ["region", "contacts.region"],
    ["country", "contacts.country"],
  ];
  return (
    <fieldset class="contact-lines">
      <legend>{t("contacts.addresses")}</legend>
      {form.addresses.map((address, index) => (
        <div class="contact-postal" key={index}>
          {fields.map(([name, label]) => (
            <label class="field" key={name}>
              <span>{t(label)}</span>
              <input
                value={address[name]}
                autocomplete="off"
                maxLength={300}
                onInput={(event) => change(index, { [name]: event.currentTarget.value })}
              />
            </label>
          ))}
          <div class="contact-postal-end">
            <ContextSelect
              label={t("contacts.kind", { what: t("contacts.address") })}
              value={address.context}
              set={(context) => change(index, { context })}
            />
            <Button
              icon="x"
              label={t("contacts.removeLine", { what: address.street || t("contacts.address") })}
              onClick={() =>
                set(
                  "addresses",
                  form.addresses.filter((_, i) => i !== index),
                )
              }
            />
          </div>
        </div>
      ))}
      <Button
        small
        icon="plus"
        onClick={() =>
          set("addresses", [
            ...form.addresses,
            { key: "", context: "", street: "", postcode: "", locality: "", region: "", country: "" },
          ])
        }
      >
        {t("contacts.addAddress")}
      </Button>
    </fieldset>
  );
}
