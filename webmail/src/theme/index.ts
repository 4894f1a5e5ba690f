// Puts the chosen theme, density and font size on the root element; the colours themselves are in tokens.css.
import { computed, effect, signal } from "@preact/signals";
import { settings } from "../store/settings";

const systemDark = typeof matchMedia === "undefined" ? undefined : matchMedia("(prefers-color-scheme: dark)");
const prefersDark = signal(systemDark?.matches ?? false);
systemDark?.addEventListener("change", (event) => {
  prefersDark.value = event.matches;
});

/** The mails that are on their way to the printer: always in light colours. */
export const printing = signal<ReadonlySet<string> | undefined>(undefined);

export const dark = computed(
  () =>
    !printing.value && (settings.value.theme === "dark" || (settings.value.theme === "system" && prefersDark.value)),
);

const narrowQuery = typeof matchMedia === "undefined" ? undefined : matchMedia("(width < 600px)");
const onePaneQuery = typeof matchMedia === "undefined" ? undefined : matchMedia("(width < 900px)");
/** One pane and a bar at the bottom: a phone. */
export const phone = signal(narrowQuery?.matches ?? false);
/** List or reader, not both. */
export const onePane = signal(onePaneQuery?.matches ?? false);
const mediumQuery = typeof matchMedia === "undefined" ? undefined : matchMedia("(900px <= width < 1200px)");
/** Room for list and reader, but only for the icons of the side bar. */
export const medium = signal(mediumQuery?.matches ?? false);
mediumQuery?.addEventListener("change", (event) => {
  medium.value = event.matches;
});
narrowQuery?.addEventListener("change", (event) => {
  phone.value = event.matches;
});
onePaneQuery?.addEventListener("change", (event) => {
  onePane.value = event.matches;
});

/** The layout that is shown: the chosen one where there is room for it. */
export const layout = computed(() => (onePane.value ? "none" : settings.value.layout));
/** The density that is shown: a table needs the width of a window without a reading pane. */
export const density = computed(() => {
  const chosen = settings.value.density;
  return chosen === "table" && (layout.value !== "none" || onePane.value) ? "compact" : chosen;
});

export function applyTheme(): void {
  effect(() => {
    const root = document.documentElement;
    root.dataset.theme = dark.value ? "dark" : "light";
    root.dataset.density = density.value;
    root.dataset.size = settings.value.fontSize;
  });
}
