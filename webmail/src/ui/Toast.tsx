// The bar at the bottom left: what was just done, with Undo for 8 seconds; errors with one button. Spoken politely.
import { signal } from "@preact/signals";
import { t } from "../i18n";
import { Button } from "./Button";

export interface Toast {
  text: string;
  /** What "Undo" does. */
  undo?: () => void | Promise<void>;
  /** Another single button, for errors: "Try again". */
  action?: { label: string; run: () => void };
  error?: boolean;
  /** Milliseconds; 8 seconds unless told, errors stay until closed. */
  duration?: number;
}
export const toast = signal<(Toast & { id: number }) | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;
let next = 1;

export function showToast(value: Toast): () => void {
  clearTimeout(timer);
  const id = next++;
  toast.value = { ...value, id };
  const hide = () => {
    if (toast.value?.id === id) toast.value = undefined;
  };
  const duration = value.duration ?? (value.error ? 20_000 : 8000);
  if (Number.isFinite(duration)) timer = setTimeout(hide, duration);
  return hide;
}

/** Says what failed and why, with one button. */
export function showError(text: string, action?: Toast["action"]): void {
  showToast({ text, action, error: true });
}

export function ToastBar() {
  const shown = toast.value;
  const close = () => {
    toast.value = undefined;
  };
  return (
    <div class="toast-place" role="status" aria-live="polite">
      {shown && (
        <div class={shown.error ? "toast error" : "toast"} key={shown.id}>
          <span>{shown.text}</span>
          {shown.undo && (
            <Button
              onClick={() => {
                close();
                void shown.undo?.();
              }}
            >
              {t("undo")}
            </Button>
          )}
          {shown.action && (
            <Button
              onClick={() => {
                close();
                shown.action?.run();
              }}
            >
              {shown.action.label}
            </Button>
          )}
          <Button icon="x" label={t("close")} onClick={close} />
        </div>
      )}
    </div>
  );
}
