// Keeps the site's own files, and one page for when there is no signal. It never keeps a page: a page may name the person
// who is signed in, and the next person on this phone is somebody else.
const CACHE = 'linli-1';
const OFFLINE = '/offline';

addEventListener('install', (event) => {
  event.waitUntil(keepOfflinePage().then(() => skipWaiting()));
});

async function keepOfflinePage() {
  const cache = await caches.open(CACHE);
  // Without cookies: the page is the same for everybody.
  const page = await fetch(OFFLINE, { credentials: 'omit' });
  const html = await page.clone().text();
  await cache.put(OFFLINE, page);
  const files = [...html.matchAll(/(?:href|src)="(\/(?:pkg|icons)\/[^"#]+)/g)].map((match) => match[1]);
  await cache.addAll([...new Set(files)]);
}

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/pkg/') || url.pathname.startsWith('/icons/')) {
    event.respondWith(kept(request));
  } else if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE, { ignoreVary: true })));
  }
});

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
