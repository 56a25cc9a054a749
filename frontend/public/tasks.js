// Steps that a handler takes: kept on this phone first, with the number of the event they were based on, and sent then;
// without a signal, whether the phone knows it or not, when it is back. The server refuses a step that is based on
// something old; then it is shown who was quicker, and what was typed stays. Without this script a form needs a signal.
const box = document.querySelector('[data-tasks]');
const words = box.dataset;
const panel = box.querySelector('.unsent');

function store(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('linli-tasks', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('steps', { keyPath: 'id' });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const transaction = db.transaction('steps', mode);
      const request = act(transaction.objectStore('steps'));
      transaction.oncomplete = () => { db.close(); resolve(request.result); };
      transaction.onabort = () => { db.close(); reject(transaction.error); };
    };
  });
}

/** Steps of the person who is signed in, oldest first; nobody sends another's. */
async function own() {
  const all = await store('readonly', (steps) => steps.getAll());
  return all.filter((step) => step.who === words.who).sort((a, b) => a.at - b.at);
}

function entry(step) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = step.href;
  link.textContent = `${step.title} · ${step.label}`;
  item.append(link);
  const typed = field(step, 'text');
  if (typed) {
    const text = document.createElement('p');
    text.className = 'small';
    text.textContent = typed;
    item.append(text);
  }
  const note = document.createElement('p');
  note.className = 'small';
  note.textContent = step.refused || words.waiting;
  item.append(note);
  if (step.refused) {
    const drop = document.createElement('button');
    drop.type = 'button';
    drop.className = 'button small';
    drop.textContent = words.drop;
    drop.addEventListener('click', async () => {
      await store('readwrite', (steps) => steps.delete(step.id));
      await tell();
    });
    item.append(drop);
  }
  return item;
}

const field = (step, name) => step.fields.find(([key]) => key === name)?.[1];
const pathOf = (address) => new URL(address, location.origin).pathname;
/** What waits for this page's own task, or the task of a form. */
const waitsFor = (steps, path) => steps.filter((step) => !step.refused && pathOf(step.action) === path);
/** With these a handler is done with a task, for now. */
const LAST = ['finish', 'return'];

/** Shows what is on the phone; gives how many steps wait. */
async function tell() {
  const steps = await own();
  panel.hidden = steps.length === 0;
  // What is on its way is not asked for again.
  for (const form of box.querySelectorAll('form.task-take')) form.hidden = waitsFor(steps, pathOf(form.action)).length > 0;
  const work = box.querySelector('#do');
  if (work) work.hidden = waitsFor(steps, location.pathname).some((step) => LAST.includes(field(step, 'step')));
  panel.querySelector('strong').textContent = words.unsent.replace('{n}', steps.length);
  panel.querySelector('ul').replaceChildren(...steps.map(entry));
  return steps.filter((step) => !step.refused).length;
}

function body(step) {
  const data = new FormData();
  for (const [name, value] of step.fields) data.append(name, value);
  return data;
}

/** Nobody is signed in any more, or somebody else: it waits for them. */
class SignedOut extends Error {}

/** So long for a step's answer, on a narrow way up as well: ten kilobytes a second. */
function patience(step) {
  const bytes = step.fields.reduce((sum, [, value]) => sum + (value.size ?? value.length), 0);
  return AbortSignal.timeout?.(20_000 + bytes / 10);
}

/** Sends one step. Done, refused with words, or thrown when there is no signal. `now`: somebody looks on. */
async function send(step, now) {
  const headers = { 'linli-step': now ? 'now' : 'later' };
  if (step.session) headers['linli-who'] = step.session;
  const answer = await fetch(step.action, { method: 'POST', headers, body: body(step), credentials: 'same-origin', signal: patience(step) });
  if (answer.status >= 500 || answer.status === 429) throw new Error(`${answer.status}`);
  if (answer.status === 412 || new URL(answer.url).pathname.startsWith('/login')) throw new SignedOut('signed out');
  if (answer.ok && answer.headers.get('content-type')?.startsWith('application/json')) return { done: true, ...(await answer.json()) };
  // Whatever it is, it is not what the server says to a step.
  if (answer.ok) throw new Error('no answer to a step');
  const html = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const said = ['main [role=alert]', 'main .error', 'main .trouble p'].map((one) => html.querySelector(one)?.textContent.trim()).find(Boolean);
  return { done: false, refused: said || words.refused };
}

/** What came after a step that was refused was meant for what it would have brought about: it is not sent either. */
async function holdBack(refused) {
  const later = (await own()).filter((one) => !one.refused && one.action === refused.action && one.at > refused.at);
  for (const step of later) await store('readwrite', (steps) => steps.put({ ...step, refused: words.after }));
}

/** One's own step before is no conflict: what was written after it on the same page follows it. */
async function follow(done, version) {
  const before = field(done, 'version');
  // Just taken on what was seen: since then nothing but its time can have moved.
  if (!before || !(Number(version) > Number(before))) return;
  for (const step of (await own()).filter((one) => one.id !== done.id && one.action === done.action && field(one, 'version') === before)) {
    const fields = step.fields.map(([name, value]) => [name, name === 'version' ? String(version) : value]);
    await store('readwrite', (steps) => steps.put({ ...step, fields }));
  }
  // And the form that stands open: it was made from the same page.
  for (const form of box.querySelectorAll('form')) {
    const seen = form.querySelector('input[name=version]');
    if (pathOf(form.action) === pathOf(done.action) && seen?.value === before) seen.value = version;
  }
}

/** What became of the steps that were sent from this page, by id. */
const became = new Map();
/** Id of the step that somebody has just taken and waits for. */
let asked;

/** Sends what waits, oldest first. */
async function pass() {
  for (const { id } of (await own()).filter((one) => !one.refused)) {
    const step = (await own()).find((one) => one.id === id);
    if (!step || step.refused) continue;
    const result = await send(step, id === asked);
    became.set(id, { step, ...result });
    if (result.done) {
      // What comes after it first: if this page goes away in between, the step is sent once more, by the same key.
      await follow(step, result.version);
      await store('readwrite', (steps) => steps.delete(id));
    } else if (id === asked) {
      // Whoever waits for it gets the server's own page, see `take`.
      await store('readwrite', (steps) => steps.delete(id));
    } else {
      await store('readwrite', (steps) => steps.put({ ...step, refused: result.refused }));
      await holdBack(step);
    }
  }
}

let sending = Promise.resolve();
let failed = 0;
let again;
/** Sends all that waits, one tab at a time; gives the error that ended it early. Tries again by itself. */
function sendAll() {
  clearTimeout(again);
  sending = sending.then(async () => {
    let error;
    try {
      // Where the browser cannot lock, the steps' keys keep one from being taken twice.
      if (navigator.onLine) await (navigator.locks ? navigator.locks.request('linli-tasks', pass) : pass());
      failed = 0;
    } catch (thrown) {
      error = thrown;
      failed += 1;
      console.info('steps wait', error.message);
    }
    const waiting = await tell().catch(() => 0);
    // A phone that believes in a signal is told of no other one: it asks. Where nobody is signed in, the door comes first.
    if (waiting && !(error instanceof SignedOut)) again = setTimeout(catchUp, Math.min(10_000 * 2 ** Math.max(failed - 1, 0), 120_000));
    return error;
  });
  return sending;
}

/** Something is being written or photographed on this page. */
const inHand = () => Boolean(box.querySelector('.photo-grid .photo')) || [...box.querySelectorAll('textarea')].some((area) => area.value !== area.defaultValue);

/** Sends what waits from before; then the page goes on to where a step taken on it led, unless somebody works on it. */
async function catchUp() {
  const before = new Set(became.keys());
  await sendAll();
  onward([...became.keys()].filter((id) => !before.has(id)));
}

function onward(ids) {
  const last = ids.map((id) => became.get(id)).filter((one) => one?.done && one.step.page === location.href).at(-1);
  if (last && !inHand()) location.href = last.href;
}

/** Whether the server answers now: a phone often believes in a signal where there is none. */
const reachable = async () => navigator.onLine
  && fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout?.(4000) }).then((answer) => answer.ok, () => false);

// Asked once when the page opens: it may be one that this phone kept.
reachable().then((answers) => answers || ahead());

/**
 * Without a signal, on a task that was taken on this phone: the page as it is after that, which was kept with it, so that
 * the work can be noted and finished before anything has been sent.
 */
async function ahead() {
  const here = new URL(location.href);
  if (here.searchParams.has('after') || !waitsFor(await own(), here.pathname).some((step) => field(step, 'step') === 'take')) return;
  const kept = 'caches' in window && await caches.match(`${here.pathname}?after=take`, { cacheName: KEPT, ignoreVary: true });
  // Not kept on this phone: the page that is open says at least what waits.
  if (!kept || !navigator.serviceWorker?.controller) return;
  here.searchParams.set('after', 'take');
  location.replace(here);
}

/** A step as its form says it, with the photos that could not be sent. */
function stepOf(form, button) {
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const fields = [...new FormData(form, button)].filter(([, value]) => !(value instanceof File && value.size === 0));
  fields.push(...photosOf(form).map((photo) => ['photos', photo]), ['key', id]);
  return {
    id,
    who: words.who,
    session: document.documentElement.dataset.who,
    at: Date.now(),
    action: form.action,
    href: location.pathname,
    page: location.href,
    title: document.querySelector('h1')?.textContent.trim() ?? '',
    label: button?.textContent.trim() ?? '',
    fields,
  };
}

/** Photos of a form that the server does not have. */
function photosOf(form) {
  const lost = [...form.querySelectorAll('.photo-grid .photo')].filter((tile) => tile.blob && !tile.querySelector('input[type=hidden]').value);
  return lost.map(({ blob }) => new File([blob], 'photo.jpg', { type: blob.type }));
}

/** The browser's own way, with the key, so that it is the same step: for the page that the server answers with. */
function sendForm(form, button, key) {
  for (const { name, value } of [button ?? {}, { name: 'key', value: key }]) {
    if (name) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  const files = form.querySelector('input[type=file]');
  const photos = photosOf(form);
  if (files && photos.length) {
    const all = new DataTransfer();
    for (const photo of [...files.files, ...photos]) all.items.add(photo);
    files.files = all.files;
  }
  form.submit();
}

/** So long somebody waits for an answer; then the step is sent while they go on. */
const PATIENCE_MS = 8000;

/** Takes a step. Gives whether the page goes away with that. */
async function take(form, button) {
  const area = form.querySelector('[data-state=sending]')?.closest('.photos');
  if (area && await reachable()) {
    area.querySelector('[role=status]').textContent = area.dataset.wait;
    return false;
  }
  const step = stepOf(form, button);
  try {
    await store('readwrite', (steps) => steps.add(step));
  } catch {
    // This phone keeps nothing, or has no room left.
    if (navigator.onLine) sendForm(form, button, step.id);
    else alert(words.full);
    return navigator.onLine;
  }
  asked = step.id;
  const sent = sendAll();
  const error = await Promise.race([sent, new Promise((late) => setTimeout(late, PATIENCE_MS))]);
  asked = undefined;
  const result = became.get(step.id);
  if (result?.done) {
    location.href = result.href;
    return true;
  }
  if (result) {
    sendForm(form, button, step.id);
    return true;
  }
  if (error instanceof SignedOut) {
    location.href = `/login?next=${encodeURIComponent(location.pathname)}`;
    return true;
  }
  // It is on the phone and in the list of what waits; the form is for the next one.
  form.reset();
  for (const tile of form.querySelectorAll('.photo-grid .photo')) tile.remove();
  sent.then(() => onward([step.id]));
  await tell();
  panel.focus();
  await ahead();
  return false;
}

addEventListener('submit', async (event) => {
  const { target: form, submitter: button } = event;
  if (!box.contains(form) || form.method !== 'post' || ['up', 'remove'].includes(button?.name)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.sent !== undefined) return;
  form.dataset.sent = '';
  button?.setAttribute('aria-busy', 'true');
  if (await take(form, button)) return;
  delete form.dataset.sent;
  button?.removeAttribute('aria-busy');
}, { capture: true });

// Tasks for where there is no signal: the list, each task with the forms of its steps, and the small pictures, kept on this
// phone for a day. Only the handler's own phone has them: they go when somebody signs out, or another's list is opened.
const KEPT = 'linli-tasks';
const MOST = 20;

async function keepTasks() {
  if (!('caches' in window) || !navigator.serviceWorker?.controller || !navigator.onLine) return;
  const kept = (await caches.has(KEPT)) && (await (await (await caches.open(KEPT)).match('/kept'))?.json());
  if (kept && kept.who !== words.who) await caches.delete(KEPT);
  if (!document.querySelector('.task-lists') || navigator.connection?.saveData) return;
  const cache = await caches.open(KEPT);
  const pages = new Set();
  const keep = async (address) => {
    const answer = await fetch(address, { credentials: 'same-origin' });
    if (!answer.ok || answer.redirected) return undefined;
    await cache.put(address, answer.clone());
    return answer.text();
  };
  // The site's own files that a page names: the service worker keeps what it fetches.
  const files = new Set();
  const parts = async (html) => {
    for (const [, file] of html?.matchAll(/(?:href|src)="(\/(?:pkg|icons)\/[^"#]+)/g) ?? []) files.add(file);
    const page = new DOMParser().parseFromString(html ?? '', 'text/html');
    for (const image of page.querySelectorAll('main img[src$="/thumb"]')) pages.add(image.getAttribute('src'));
    return page;
  };
  const tabs = [...box.querySelectorAll('.tabs a')].map((tab) => tab.getAttribute('href'));
  for (const tab of tabs) await parts(await keep(tab));
  const tasks = [...new Set([...box.querySelectorAll('a.task-link[href^="/volunteer/reports/"]')].map((task) => task.getAttribute('href')))];
  for (const task of tasks.slice(0, MOST)) {
    const page = await parts(await keep(task));
    for (const step of page.querySelectorAll('a[href*="?step="]')) await parts(await keep(step.getAttribute('href').split('#')[0]));
    // Taken and finished on one way: the page as it is once it has been taken.
    if (!page.querySelector('#do input[name=step][value=take]')) continue;
    const taken = await parts(await keep(`${task}?after=take`));
    for (const step of taken.querySelectorAll('a[href*="?step="]')) await parts(await keep(`${step.getAttribute('href').split('#')[0]}&after=take`));
  }
  for (const more of [...pages, '/tasks.js', '/near.js']) await keep(more);
  for (const file of files) await fetch(file);
  await cache.put('/kept', Response.json({ who: words.who, at: Date.now() }));
  document.documentElement.dataset.tasksKept = '';
}
keepTasks().catch((error) => console.info('tasks are not kept', error.message));

addEventListener('online', catchUp);
tell().then(catchUp).catch((error) => console.info('steps are not kept', error));
