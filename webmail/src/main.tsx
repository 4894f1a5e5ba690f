import { render } from "preact";
import "./theme/tokens.css";
import "./theme/base.css";
import "./ui/ui.css";
import "./shell/shell.css";
import "./list/list.css";
import "./reader/reader.css";
import { bestLocale, useLocale } from "./i18n";
import { startKeys } from "./keys";
import { workerUrl } from "./reader/body/trust";
import { startRouter } from "./router";
import { App } from "./shell/App";
import { resume } from "./store/session";
import { settings } from "./store/settings";
import { applyTheme } from "./theme";

applyTheme();
startRouter();
startKeys();
const language = settings.value.language;
const texts = useLocale(bestLocale(language ? [language] : navigator.languages));
await Promise.all([texts, resume()]);
const root = document.getElementById("app");
if (root) render(<App />, root);
if (import.meta.env.PROD && navigator.serviceWorker) {
  setTimeout(() => void registerWorker(), 1500);
}

/** The shell is kept for the next start; without a worker everything works, only slower. */
async function registerWorker(): Promise<void> {
  await navigator.serviceWorker.register(workerUrl()).catch(() => undefined);
}
