// Sending what waits: photos first, each under its own key, then the report under its own. Every step is written down
// before the next, and the server takes the same key once: a cut anywhere, at any time, sends nothing twice.
import * as store from './store.js';

const PATIENCE_MS = 60_000;
/** What was sent is shown for so long. */
const SHOWN_MS = 3 * 24 * 3600_000;
export const CHANNEL = 'linli-outbox';
export const TAG = 'linli-outbox';

/** The network failed, or the server is busy: later. */
class Later extends Error {
  constructor(state = {}) {
    super();
    this.state = state;
  }
}
/** The server will never take it like this. */
class Refused extends Error {
  constructor(status, why) {
    super(why);
    this.status = status;
  }
}

/** Sends something for whoever wrote it. The server refuses it (412) when this is somebody else's session. */
async function ask(address, who, { headers, body: sent }) {
  let answer;
  try {
    const named = { ...headers, 'linli-who': who ?? '' };
    answer = await fetch(address, { method: 'POST', credentials: 'same-origin', signal: timeout(), headers: named, body: sent });
  } catch {
    throw new Later();
  }
  let body = {};
  try {
    body = await answer.json();
  } catch {
    if (answer.ok) throw new Later();
  }
  if (answer.ok) return body;
  if (answer.status === 412) throw new Later({ foreign: true });
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Later({ busy: true });
  throw new Refused(answer.status, body.detail ?? String(answer.status));
}

function timeout() {
  return 'timeout' in AbortSignal ? AbortSignal.timeout(PATIENCE_MS) : undefined;
}

async function sendPhotos(report, told) {
  for (const [at, photo] of report.photos.entries()) {
    if (photo.id || photo.refused) continue;
    told?.(at, report.photos.length);
    const kept = await store.photo(photo.key);
    if (!kept) continue;
    const form = new FormData();
    form.append('key', photo.key);
    form.append('photo', kept.blob, 'photo.jpg');
    try {
      photo.id = (await ask('/api/v1/photos', report.who, { body: form })).id;
    } catch (error) {
      // A picture that cannot be taken holds nothing else up: the report goes without it and says so.
      if (!(error instanceof Refused) || ![413, 422].includes(error.status)) throw error;
      photo.refused = error.message;
    }
    // Written down at once: after a cut here only the next photo is sent.
    await store.change(report.id, { photos: report.photos });
  }
}

/** The patrol's point at which it was found. */
const pointOf = ({ patrol, point }) => (patrol ? { plan: patrol, position: Number(point) } : undefined);

function bodyOf(report, extra) {
  const { fields } = report;
  const number = (text) => (text && Number.isFinite(Number(text)) ? Number(text) : undefined);
  const ids = (role) => report.photos.filter((photo) => photo.id && (photo.role ?? 'before') === role).map((photo) => photo.id);
  const body = {
    idempotency_key: report.id,
    community: fields.community,
    category: fields.category,
    building: fields.building || undefined,
    place: fields.place || undefined,
    longitude: number(fields.longitude),
    latitude: number(fields.latitude),
    description: fields.description ?? '',
    name_hidden: Boolean(fields.name_hidden),
    unknown_to_staff: Boolean(fields.unknown_to_staff),
    contact: fields.contact || undefined,
    photos: ids('before'),
    ...extra,
  };
  if (report.kind === 'collect') Object.assign(body, { solved_on_spot: Boolean(fields.solved), after: ids('after'), patrol: pointOf(fields) });
  return JSON.stringify(body);
}

async function file(report, extra) {
  const headers = { 'content-type': 'application/json' };
  const address = report.kind === 'collect' ? '/api/v1/reports/collect' : '/api/v1/reports';
  return ask(address, report.who, { headers, body: bodyOf(report, extra) });
}

/**
 * Sends one report. Gives { state: 'sent', code, href }, { state: 'waiting' } after a failure that may pass (`busy`: the
 * server asks to wait; `foreign`: it waits for whoever wrote it to be signed in), or { state: 'failed', why, status }.
 */
export async function sendOne(report, { extra = {}, told } = {}) {
  try {
    for (let again = false; ; again = true) {
      await sendPhotos(report, told);
      try {
        const { code, href } = await file(report, extra);
        await store.change(report.id, { state: 'sent', code, href, sentAt: Date.now(), why: undefined });
        await store.dropPhotos(report.id);
        // From a patrol's point the way goes on with the next.
        const next = pointOf(report.fields) ? `/patrols/${report.fields.patrol}#p${report.fields.point}` : href;
        return { state: 'sent', code, href: next, refused: report.photos.some((photo) => photo.refused) };
      } catch (error) {
        // Photos that the server gave up meanwhile (or that somebody else's session sent) go once more, under new keys.
        const kept = (await store.photosOf(report.id)).length;
        if (!(error instanceof Refused) || error.status !== 422 || again || !kept || !/photos:/.test(error.message)) throw error;
        for (const photo of report.photos) {
          const bytes = await store.photo(photo.key);
          if (!bytes) continue;
          photo.key = store.newKey();
          delete photo.id;
          await store.keepPhoto({ ...bytes, key: photo.key });
        }
        await store.change(report.id, { photos: report.photos });
      }
    }
  } catch (error) {
    if (!(error instanceof Refused)) return { state: 'waiting', ...error.state };
    return { state: 'failed', why: error.message, status: error.status };
  }
}

/** Runs `work` unless another page or the service worker is at it; without locks the server's keys are enough. */
function alone(work) {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request(CHANNEL, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}

/**
 * Sends everything that waits and was written in the session of `who` (the service worker does not know whose it is, and
 * the server tells). Gives whether nothing is left that could be sent now or soon.
 */
export async function sendAll(who) {
  const tell = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : undefined;
  let left = 0;
  await alone(async () => {
    for (const report of await store.all()) {
      if (report.state === 'sent' && Date.now() - (report.sentAt ?? 0) > SHOWN_MS) await store.remove(report.id);
      if (report.state !== 'waiting' || report.removed || (who !== undefined && (report.who ?? '') !== who)) continue;
      const told = (at, of) => tell?.postMessage({ id: report.id, sending: of ? `${at + 1}/${of}` : '' });
      told(0, report.photos.length);
      const result = await sendOne(report, { told });
      if (result.state === 'failed') await store.change(report.id, { state: 'failed', why: result.why });
      if (result.state === 'waiting' && !result.foreign) left += 1;
      tell?.postMessage({ id: report.id });
    }
  });
  tell?.close();
  return left === 0;
}
