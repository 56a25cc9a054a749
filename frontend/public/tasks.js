// Steps that a handler takes without a signal: kept on this phone with the number of the event they were based on, and
// sent when the signal is back. The server refuses a step that is based on something old; then it is shown who was
// quicker, and what was typed stays. Without this script a form needs a signal.
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

async function tell() {
  const steps = await own();
  panel.hidden = steps.length === 0;
  // What is on its way is not asked for again.
  for (const form of box.querySelectorAll('form.task-take')) form.hidden = waitsFor(steps, pathOf(form.action)).length > 0;
  const work = box.querySelector('#do');
  if (work) work.hidden = waitsFor(steps, location.pathname).some((step) => LAST.includes(field(step, 'step')));
  panel.querySelector('strong').textContent = words.unsent.replace('{n}', steps.length);
  panel.querySelector('ul').replaceChildren(...steps.map(entry));
}

function body(step) {
  const data = new FormData();
  for (const [name, value] of step.fields) data.append(name, value);
  return data;
}

/** Sends one step. Done, refused with words, or thrown when there is no signal. */
async function send(step) {
  const answer = await fetch(step.action, { method: 'POST', body: body(step), credentials: 'same-origin' });
  if (answer.status >= 500 || answer.status === 429) throw new Error(`${answer.status}`);
  // The door: nothing was done, and it waits until somebody has signed in.
  if (new URL(answer.url).pathname.startsWith('/login')) throw new Error('signed out');
  const html = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (answer.ok) return { done: true, href: answer.url, version: html.querySelector('input[name=version]')?.value };
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
    const fields = step.fields.map(([name, value]) => [name, name === 'version' ? version : value]);
    await store('readwrite', (steps) => steps.put({ ...step, fields }));
  }
}

let sending = false;
async function sendAll() {
  if (sending || !navigator.onLine) return;
  sending = true;
  let href = '';
  try {
    // One tab at a time; where the browser cannot lock, the server's numbers keep a step from being taken twice.
    const work = async () => {
      for (const { id } of (await own()).filter((one) => !one.refused)) {
        const step = (await own()).find((one) => one.id === id);
        if (!step || step.refused) continue;
        const result = await send(step);
        if (result.done) {
          // What comes after it first: if this page goes away in between, the step is sent once more, by the same key.
          await follow(step, result.version);
          await store('readwrite', (steps) => steps.delete(step.id));
          if (step.href === location.pathname) href = result.href;
        } else {
          await store('readwrite', (steps) => steps.put({ ...step, refused: result.refused }));
          await holdBack(step);
        }
      }
    };
    await (navigator.locks ? navigator.locks.request('linli-tasks', work) : work());
  } catch (error) {
    console.info('steps wait', error.message);
  } finally {
    sending = false;
    await tell();
  }
  if (href) location.href = href;
}

/** Whether the server answers now: a phone often believes in a signal where there is none. */
const reachable = async () => navigator.onLine
  && fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout?.(4000) }).then((answer) => answer.ok, () => false);

// Asked once when the page opens: one that this phone kept may believe in a signal.
let far = false;
reachable().then((answers) => {
  far = !answers;
  if (far) ahead();
});

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

// Only when there is no signal: otherwise the form goes its ordinary way.
addEventListener('submit', async (event) => {
  const form = event.target;
  if (navigator.onLine && !far) return;
  if (!box.contains(form) || form.method !== 'post' || form.dataset.reached === 'yes') return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.reached === 'asking') return;
  const { submitter } = event;
  form.dataset.reached = 'asking';
  if (await reachable()) {
    form.dataset.reached = 'yes';
    form.requestSubmit(submitter);
    return;
  }
  delete form.dataset.reached;
  const fields = [...new FormData(form, submitter)].filter(([, value]) => !(value instanceof File && value.size === 0));
  // Photos that could not be sent go with the step.
  for (const tile of form.querySelectorAll('.photo-grid .photo')) {
    if (tile.blob && !tile.querySelector('input[type=hidden]').value) fields.push(['photos', new File([tile.blob], 'photo.jpg', { type: tile.blob.type })]);
  }
  const id = crypto.randomUUID();
  fields.push(['key', id]);
  const step = {
    id,
    who: words.who,
    at: Date.now(),
    action: form.action,
    href: location.pathname,
    title: document.querySelector('h1')?.textContent.trim() ?? '',
    label: submitter?.textContent.trim() ?? '',
    fields,
  };
  try {
    await store('readwrite', (steps) => steps.add(step));
    await tell();
    panel.focus();
    await ahead();
  } catch {
    alert(words.full);
  }
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
    await parts(await keep(`${task}?after=take`));
    await parts(await keep(`${task}?step=note&after=take`));
  }
  for (const more of [...pages, '/tasks.js', '/near.js']) await keep(more);
  for (const file of files) await fetch(file);
  await cache.put('/kept', Response.json({ who: words.who, at: Date.now() }));
  document.documentElement.dataset.tasksKept = '';
}
keepTasks().catch((error) => console.info('tasks are not kept', error.message));

addEventListener('online', () => sendAll());
tell().then(sendAll);
