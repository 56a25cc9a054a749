// Reports kept on this phone, in IndexedDB: drafts, what waits to be sent, and (for a while) what was sent. Shared by the
// pages and the service worker.
//
// A report: { id: its idempotency key, who: whose session it was written in (empty: nobody's), kind: where it is sent, state, fields: { name: value }, photos: [{ key, id? }],
// title, at, why?, code?, href? }. `state` is draft, waiting, failed or sent. A photo: { key, report, blob }; its key
// names it on the server too, so that it can be sent again.

const NAME = 'linli';

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opened;
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('reports', { keyPath: 'id' });
      request.result.createObjectStore('photos', { keyPath: 'key' }).createIndex('report', 'report');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => { opened = undefined; });
  return opened;
}

async function within(mode, work) {
  const db = await open();
  // On the disk before we say that it is kept: the phone may be switched off.
  const transaction = db.transaction(['reports', 'photos'], mode, { durability: 'strict' });
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  const result = await work(transaction.objectStore('reports'), transaction.objectStore('photos'));
  await ended;
  return result;
}

/** All reports, oldest first. */
export const all = () => within('readonly', (reports) => asked(reports.getAll())).then((list) => list.sort((a, b) => a.at - b.at));

/** One report, or undefined. */
export const one = (id) => within('readonly', (reports) => asked(reports.get(id)));

/** Writes a report down. */
export const put = (report) => within('readwrite', (reports) => asked(reports.put(report)));

/** Changes a report that is there; gives what it became, or undefined when it is gone. */
export const change = (id, by) => within('readwrite', async (reports) => {
  const report = await asked(reports.get(id));
  if (!report) return undefined;
  Object.assign(report, by);
  await asked(reports.put(report));
  return report;
});

/** Forgets a report and its photos. */
export const remove = (id) => within('readwrite', async (reports, photos) => {
  await asked(reports.delete(id));
  for (const key of await asked(photos.index('report').getAllKeys(id))) await asked(photos.delete(key));
});

/** Keeps the bytes of a photo, once. */
export const keepPhoto = (photo) => within('readwrite', (_, photos) => asked(photos.put(photo)));

/** The bytes of a photo, or undefined. */
export const photo = (key) => within('readonly', (_, photos) => asked(photos.get(key)));

/** Photos kept for a report. */
export const photosOf = (id) => within('readonly', (_, photos) => asked(photos.index('report').getAll(id)));

/** Forgets the photos of a report: they are on the server. */
export const dropPhotos = (id) => within('readwrite', async (_, photos) => {
  for (const key of await asked(photos.index('report').getAllKeys(id))) await asked(photos.delete(key));
});

/** A new key, as forms have them. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_');
}
