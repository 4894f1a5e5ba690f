// What no part of the program answered for: a request that failed is told to the person in one bar; anything else is a bug
// and stays in the browser's console.
import { t } from "../i18n";
import { JmapError, online } from "../jmap/client";
import { showError } from "../ui/Toast";

export function tellUnforeseen(): void {
  addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof JmapError)) return;
    event.preventDefault();
    const text = telling(event.reason);
    if (text) showError(text, { label: t("retry"), run: () => location.reload() });
  });
}

/** What the bar says; nothing where the page says it already: the password is asked for, the band says "no connection". */
export function telling(error: JmapError): string {
  if (error.type === "signedOut" || error.type === "aborted") return "";
  if (error.type === "offline") return online.peek() ? t("error.offline") : "";
  return t("error.failed", { why: error.message });
}
