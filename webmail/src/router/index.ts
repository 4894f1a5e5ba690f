// Where the person is, as the address says it:
//   /mail/<mailbox>            a folder           /mail/<mailbox>/<email>      a mail in it
//   /search?q=...              a search           /search/<email>?q=...        a mail of its results
//   /contacts, /settings/...   lazy parts
import { computed, signal } from "@preact/signals";

export type Route =
  | { at: "mail"; mailbox: string; email?: string }
  | { at: "search"; query: string; email?: string }
  | { at: "contacts"; rest: string[] }
  | { at: "settings"; rest: string[] };

export const address = signal(typeof location === "undefined" ? "/" : location.pathname + location.search);

export const route = computed<Route>(() => parse(address.value));

export function parse(text: string): Route {
  const url = new URL(text, "http://webmail.invalid");
  const [first, ...rest] = url.pathname.split("/").filter(Boolean).map(decode);
  if (first === "search") return { at: "search", query: url.searchParams.get("q") ?? "", email: rest[0] };
  if (first === "contacts" || first === "settings") return { at: first, rest };
  return {
    at: "mail",
    mailbox: (first === "mail" && rest[0]) || "inbox",
    email: first === "mail" ? rest[1] : undefined,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function path(to: Route): string {
  switch (to.at) {
    case "mail":
      return `/mail/${encodeURIComponent(to.mailbox)}${to.email ? `/${encodeURIComponent(to.email)}` : ""}`;
    case "search":
      return `/search${to.email ? `/${encodeURIComponent(to.email)}` : ""}?q=${encodeURIComponent(to.query)}`;
    case "contacts":
    case "settings":
      return `/${[to.at, ...to.rest.map(encodeURIComponent)].join("/")}`;
  }
}

/** Goes somewhere. `replace` leaves no step for the back button: moving from mail to mail is one step. */
export function go(to: Route | string, replace = false): void {
  const url = typeof to === "string" ? to : path(to);
  if (url === address.value) return;
  history[replace ? "replaceState" : "pushState"](null, "", url);
  address.value = url;
}

/** Follows a click on an <a> of our own without loading the page again. */
export function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest?.("a");
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (!/^\/(mail|search|contacts|settings)(\/|$|\?)/.test(link.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

export function startRouter(): void {
  addEventListener("popstate", () => {
    address.value = location.pathname + location.search;
  });
  document.addEventListener("click", followLink);
}
