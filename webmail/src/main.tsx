import { computed, effect } from "@preact/signals";
import { render } from "preact";
import "./theme/tokens.css";
import "./theme/base.css";
import "./ui/ui.css";
import "./shell/shell.css";
import "./list/list.css";
import "./reader/reader.css";
import { bestLocale, locale, useLocale } from "./i18n";
import { startKeys } from "./keys";
import { workerUrl } from "./reader/body/trust";
import { startRouter } from "./router";
import { App } from "./shell/App";
import { tellUnforeseen } from "./shell/unforeseen";
import { startWhenSignedIn } from "./store/live";
import { resume } from "./store/session";
import { settings } from "./store/settings";
import { applyTheme } from "./theme";

tellUnforeseen();
applyTheme();
startRouter();
startKeys();
startWhenSignedIn();
const language = computed(() => bestLocale(settings.value.language ? [settings.value.language] : navigator.languages));
await Promise.all([useLocale(language.value), resume()]);
// Chosen here or on another device: the page speaks it at once.
effect(() => {
  if (language.value !== locale.peek()) void useLocale(language.value);
});
const root = document.getElementById("app");
if (root) render(<App />, root);
if (import.meta.env.PROD && navigator.serviceWorker) {
  setTimeout(() => void registerWorker(), 1500);
}

/** The shell is kept for the next start; without a worker everything works, only slower. */
async function registerWorker(): Promise<void> {
  const before = navigator.serviceWorker.controller;
  // A newer version has come: a page that was only just opened takes it at once, any other at its next start.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    const busy = document.querySelector("dialog[open], .composer, .compose");
    if (before && performance.now() < 15_000 && !busy) location.reload();
  });
  await navigator.serviceWorker.register(workerUrl()).catch(() => undefined);
}
