// Every key that exists: the English files are the list. Types only; nothing of this reaches the browser.
import type compose from "./en/compose.json";
import type contacts from "./en/contacts.json";
import type mail from "./en/mail.json";
import type settings from "./en/settings.json";
import type setup from "./en/setup.json";

export type Key = keyof typeof mail | keyof typeof compose | keyof typeof contacts | keyof typeof settings | keyof typeof setup;
