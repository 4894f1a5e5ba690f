import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "./Button";

/** A modal sheet (native <dialog>: the page behind is inert, Escape closes). */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
  /** Buttons at the foot; the first is the one that Enter means. */
  actions?: ComponentChildren;
  persistent?: boolean;
}) {
  const node = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const dialog = node.current;
    dialog?.showModal();
    // The first thing to do gets the focus, not the way out.
    if (!dialog?.querySelector("[autofocus]")) {
      const first = "input:not([type=hidden]), button:not(:disabled), select, textarea, a[href], [tabindex]";
      dialog?.querySelector<HTMLElement>(`.dialog-body :is(${first})`)?.focus();
    }
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={node}
      class={props.wide ? "dialog wide" : "dialog"}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        if (!props.persistent) props.onClose();
      }}
      onClick={(event) => {
        if (event.target === node.current && !props.persistent) props.onClose();
      }}
    >
      <div class="dialog-inside">
        <div class="dialog-head">
          <h2 id="dialog-title">{props.title}</h2>
          {!props.persistent && <Button icon="x" label={t("close")} onClick={props.onClose} />}
        </div>
        <div class="dialog-body">{props.children}</div>
        {props.actions && <div class="dialog-foot">{props.actions}</div>}
      </div>
    </dialog>
  );
}

/** The dialogs that are open, over one another. `openDialog` may be called from anywhere. */
export const dialogs = signal<{ id: number; draw: (close: () => void) => ComponentChildren }[]>([]);
let next = 1;

export function openDialog(draw: (close: () => void) => ComponentChildren): () => void {
  const id = next++;
  const close = () => {
    dialogs.value = dialogs.value.filter((dialog) => dialog.id !== id);
  };
  dialogs.value = [...dialogs.value, { id, draw }];
  return close;
}

/** Draws what `openDialog` was asked for; once, at the end of the page. */
export function Dialogs() {
  return (
    <>
      {dialogs.value.map(({ id, draw }) => (
        <DialogSlot key={id} id={id} draw={draw} />
      ))}
    </>
  );
}
function DialogSlot({ id, draw }: { id: number; draw: (close: () => void) => ComponentChildren }) {
  return (
    <>
      {draw(() => {
        dialogs.value = dialogs.value.filter((dialog) => dialog.id !== id);
      })}
    </>
  );
}

/** Asks yes or no. Used only where undo cannot help. */
export function confirm(title: string, text: string, action: string, danger = false): Promise<boolean> {
  return new Promise((resolve) => {
    openDialog((close) => {
      const answer = (value: boolean) => () => {
        close();
        resolve(value);
      };
      return (
        <Dialog
          title={title}
          onClose={answer(false)}
          actions={
            <>
              <Button kind={danger ? "danger" : "primary"} onClick={answer(true)} autofocus>
                {action}
              </Button>
              <Button kind="outline" onClick={answer(false)}>
                {t("cancel")}
              </Button>
            </>
          }
        >
          <p>{text}</p>
        </Dialog>
      );
    });
  });
}

/** Asks for one line of text. */
export function ask(title: string, label: string, value: string, action: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    openDialog((close) => {
      const input = { current: null as HTMLInputElement | null };
      const answer = (text: string | undefined) => {
        close();
        resolve(text);
      };
      const submit = (event: Event) => {
        event.preventDefault();
        const text = input.current?.value.trim();
        if (text) answer(text);
      };
      return (
        <Dialog
          title={title}
          onClose={() => answer(undefined)}
          actions={
            <>
              <Button kind="primary" type="submit" form="ask-form">
                {action}
              </Button>
              <Button kind="outline" onClick={() => answer(undefined)}>
                {t("cancel")}
              </Button>
            </>
          }
        >
          <form id="ask-form" onSubmit={submit}>
            <label class="field">
              <span>{label}</span>
              <input ref={input} defaultValue={value} autofocus required maxLength={200} />
            </label>
          </form>
        </Dialog>
      );
    });
  });
}
