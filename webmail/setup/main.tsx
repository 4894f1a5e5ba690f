import { render } from "preact";
import "../src/theme/tokens.css";
import "../src/theme/base.css";
import "../src/ui/ui.css";
import "./setup.css";
import { bestLocale, loadMessages, useLocale } from "../src/i18n";
import { takeToken } from "./api";
import { Page } from "./Page";
import { begin } from "./state";

// Nobody has settings yet: the system says whether it is dark.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => {
  document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  document.documentElement.dataset.size = "m";
};
dark.addEventListener("change", paint);
paint();
takeToken();
await loadMessages("setup");
await useLocale(bestLocale(navigator.languages));
const root = document.getElementById("app");
if (root) render(<Page />, root);
await begin();
