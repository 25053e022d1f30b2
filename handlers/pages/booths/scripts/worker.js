// Keeps the page and its files on the device; the API always goes to the server, and silence stays silence.

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(EDITION).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== EDITION).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || pathname.startsWith("/booth/api/")) return;
  const fromCache = () => caches.match(pathname);
  if (pathname === "/booth") event.respondWith(fetch(event.request).catch(fromCache));
  else event.respondWith(fromCache().then((found) => found ?? fetch(event.request)));
});
