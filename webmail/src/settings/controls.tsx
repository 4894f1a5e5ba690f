// The few kinds of controls that settings need; each reads and writes one setting.
import { useId } from "preact/hooks";
import { type Key, t } from "../i18n";
import { change, type Settings, settings } from "../store/settings";

type Of<T> = { [K in keyof Settings]: Settings[K] extends T ? K : never }[keyof Settings];

export function Toggle({ name, label, hint }: { name: Of<boolean>; label: Key; hint?: Key }) {
  const id = useId();
  return (
    <div class="settings-row">
      <label for={id}>
        <span>{t(label)}</span>
        {hint && (
          <span class="settings-hint" id={`${id}-hint`}>
            {t(hint)}
          </span>
        )}
      </label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch"
        aria-describedby={hint ? `${id}-hint` : undefined}
        aria-checked={settings.value[name] as boolean}
        checked={settings.value[name] as boolean}
        onChange={(event) => change({ [name]: event.currentTarget.checked } as Partial<Settings>)}
      />
    </div>
  );
}

/** One of a few: buttons side by side where they fit. */
export function Choice<K extends Of<string>>({
  name,
  label,
  hint,
  options,
}: {
  name: K;
  label: Key;
  hint?: Key;
  options: [Settings[K], Key][];
}) {
  const id = useId();
  return (
    <fieldset class="settings-row" aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend>
        <span>{t(label)}</span>
        {hint && (
          <span class="settings-hint" id={`${id}-hint`}>
            {t(hint)}
          </span>
        )}
      </legend>
      <span class="segments">
        {options.map(([value, text]) => (
          <label key={String(value)}>
            <input
              type="radio"
              class="sr"
              name={id}
              checked={settings.value[name] === value}
              onChange={() => change({ [name]: value } as Partial<Settings>)}
            />
            <span>{t(text)}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}

export function Select({
  label,
  hint,
  value,
  options,
  set,
}: {
  label: Key;
  hint?: Key;
  value: string;
  options: [string, string][];
  set: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="settings-row">
      <label for={id}>
        <span>{t(label)}</span>
        {hint && <span class="settings-hint">{t(hint)}</span>}
      </label>
      <select id={id} value={value} onChange={(event) => set(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
