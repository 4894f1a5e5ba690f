// Keeps the shell of the webmail so that it opens at once and without a network. Mail itself is never kept here.
const VERSION = "__VERSION__";
const SHELL = ["__SHELL__"];
const CACHE = `shell-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const outdated = (name) => name.startsWith("shell-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(outdated).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const SERVED = /^\/(auth|jmap|pictures|frame|setup|unsubscribe|admin|\.well-known)(\/|$)/;

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || SERVED.test(url.pathname)) return;
  // Assets have immutable names: the copy is the file. The page is answered from the copy as well; a newer version comes
  // with a newer worker, which the browser looks for at each start.
  if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  } else if (event.request.mode === "navigate") {
    event.respondWith(caches.match("/").then((kept) => kept ?? fetch(event.request)));
  }
});
