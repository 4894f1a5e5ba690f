// The part that washes HTML is fetched right after the first list stands: it is not needed before a mail is opened.
import { signal } from "@preact/signals";
import type { FrameProps } from "./Frame";

const loaded = signal<typeof import("./Frame") | undefined>(undefined);
let loading: Promise<void> | undefined;

export function preloadFrame(): Promise<void> {
  loading ??= import("./Frame").then(
    (module) => {
      loaded.value = module;
    },
    () => {
      loading = undefined;
    },
  );
  return loading;
}

export function Frame(props: FrameProps) {
  const module = loaded.value;
  if (!module) {
    void preloadFrame();
    return <div class="body-frame" aria-busy="true" />;
  }
  return <module.Frame {...props} />;
}
