// Keeps the site's own files, one page for when there is no signal, the latest public notices, and the empty form of a report. It keeps no page that
// names anybody: the next person on this phone is somebody else. The one exception are the tasks that a handler has opened
// on their own phone (tasks.js keeps them, for a day, until they sign out). Sends what waits in the outbox when the signal is back.
import { TAG, sendAll } from '../outbox/send.js';
import '../push/worker.js';

const CACHE = 'linli-1';
const OFFLINE = '/offline';
/** Tasks of the handler who is signed in on this phone: kept by tasks.js, see there. */
const TASKS = 'linli-tasks';
const TASKS_FOR = 24 * 3600 * 1000;
/** Forms that are kept, by their path. Asked for without cookies. */
const FORMS = ['/report', '/volunteer/collect'];
/** The latest notices with their texts, on one page (one community, one language): asked for anew at each visit, mostly answered 304. */
const NOTICES = '/notices/kept';
const NOTICE_PAGES = /^\/notices(\/[0-9a-f-]{36})?$/;

addEventListener('install', (event) => {
  // What is sent goes straight to the server: what a page says while it is being left would get lost on the way through here.
  event.addRoutes?.({ condition: { requestMethod: 'POST' }, source: 'network' });
  event.waitUntil(keepPage(OFFLINE, OFFLINE, ['pkg:outbox']).then(() => skipWaiting()));
});

async function keepPage(address, name, more) {
  const cache = await caches.open(CACHE);
  // Without cookies: the page is the same for everybody.
  const page = await fetch(address, { credentials: 'omit' });
  if (!page.ok) return;
  const html = await page.clone().text();
  const files = [...html.matchAll(/(?:href|src)="(\/(?:pkg|icons)\/[^"#]+)/g)].map((match) => match[1]);
  await cache.addAll([...new Set([...files, ...more])]);
  await cache.put(name, page);
}

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CACHE && name !== TASKS) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener('message', (event) => {
  const address = event.data?.keep;
  const url = address && new URL(address, location.origin);
  if (url && url.origin === location.origin && [...FORMS, NOTICES].includes(url.pathname)) {
    event.waitUntil(keepPage(url.pathname + url.search, `${url.pathname}?shell`, []).catch(() => {}));
  }
});

addEventListener('sync', (event) => {
  if (event.tag !== TAG) return;
  event.waitUntil(sendAll().then((done) => {
    // So that the browser wakes us again.
    if (!done) throw new Error('some reports still wait');
  }));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/pkg/') || url.pathname.startsWith('/icons/')) {
    event.respondWith(kept(request));
  } else if (request.mode !== 'navigate' && (/^\/photos\/[^/]+\/thumb$/.test(url.pathname) || /^\/[a-z]+\.js$/.test(url.pathname))) {
    event.respondWith(fetch(request).catch(async () => (await task(url)) ?? Response.error()));
  } else if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => offline(url)));
  }
});

async function offline(url) {
  const name = NOTICE_PAGES.test(url.pathname) || url.pathname === NOTICES ? NOTICES : FORMS.find((path) => path === url.pathname);
  const page = name && await caches.match(`${name}?shell`, { ignoreVary: true });
  return page || (await task(url)) || caches.match(OFFLINE, { ignoreVary: true });
}

/** What was kept of a handler's tasks, while it is fresh. A step's form that was not kept is the task's page. */
async function task(url) {
  if (!(await caches.has(TASKS))) return undefined;
  const cache = await caches.open(TASKS);
  const kept = await (await cache.match('/kept'))?.json();
  if (!kept || Date.now() - kept.at > TASKS_FOR) {
    await caches.delete(TASKS);
    return undefined;
  }
  const page = (address) => cache.match(address, { ignoreVary: true });
  const exact = await page(url.pathname + url.search);
  if (exact || !url.pathname.startsWith('/volunteer')) return exact;
  // A step's form that was not kept is the task's page, as it is after what was done here.
  const after = url.searchParams.get('after');
  return (after && (await page(`${url.pathname}?after=${after}`))) || page(url.pathname);
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
