// What several steps show.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../src/i18n";
import { Button } from "../src/ui/Button";
import { Icon } from "../src/ui/Icon";
import type { Grade } from "./api";

const ICONS = { ok: "check", warn: "triangle-alert", fail: "x", unknown: "circle-help" } as const;

/** A mark that is told by shape and word, never by colour alone. */
export function Mark({ grade }: { grade: Grade }) {
  return (
    <span class={`mark ${grade}`}>
      <Icon name={ICONS[grade]} size={16} />
      <span class="sr">{t(`setup.grade.${grade}`)}</span>
    </span>
  );
}

/** The heading of a step; it takes the focus, so that keyboard and screen reader begin there. */
export function Heading({ title, text }: { title: string; text?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header class="heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {text && <p>{text}</p>}
    </header>
  );
}

/** What went wrong, and perhaps one thing to do about it. */
export function Problem({ text, again }: { text: string; again?: () => void }) {
  return (
    <div class="problem" role="alert">
      {text && (
        <>
          <Icon name="triangle-alert" />
          <span>{text}</span>
          {again && (
            <Button kind="outline" small onClick={again}>
              {t("setup.tryAgain")}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

/** The bar below a step: what leads on at the end of the line, what leads back before it. */
export function Ways({ children }: { children: ComponentChildren }) {
  return <div class="ways">{children}</div>;
}

/** Copies a text; says so for two seconds. */
export function Copy({ text, what }: { text: string; what: string }) {
  const done = useSignal(false);
  const copy = async () => {
    await write(text);
    done.value = true;
    setTimeout(() => {
      done.value = false;
    }, 2000);
  };
  return (
    <>
      <Button
        icon={done.value ? "check" : "copy"}
        small
        label={done.value ? t("setup.copied") : t("setup.copyWhat", { what })}
        onClick={() => void copy()}
      />
      <span class="sr" role="status">
        {done.value ? t("setup.copied") : ""}
      </span>
    </>
  );
}

/** The clipboard of the browser; where it is closed to pages (plain http under another name), a selection does it. */
async function write(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "sr";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
