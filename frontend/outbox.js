// The outbox on pages: keeps what is typed and photographed, sends it when it can, and shows how it stands. Loaded on
// pages with a report's form, and on any page while something waits.
import * as store from './outbox/store.js';
import { help } from './outbox/help.js';
import { CHANNEL, TAG, sendAll, sendOne } from './outbox/send.js';

const FLAG = 'linli_outbox';
const panel = document.querySelector('.outbox');
const form = document.querySelector('form[data-outbox=form]');
const area = form?.querySelector('.photos');
const words = panel?.dataset ?? {};
/** Photos on their way, by report: "2/3". */
const sending = new Map();
/**
 * Whose session this is: empty for somebody who is not signed in. A page that the phone kept for when there is no signal
 * knows nobody: then whoever was here last.
 */
const who = document.documentElement.dataset.who ?? lastHere();
/** Theirs, or the device's own: written by somebody who was not signed in. */
const isOurs = (report) => !report.who || report.who === who;

function lastHere() {
  try {
    return localStorage.getItem('linli_who') ?? '';
  } catch {
    return '';
  }
}

const started = start().catch((error) => console.info('outbox', error));

async function start() {
  if (form) await takeForm();
  document.querySelector('form[data-outbox=different]')?.addEventListener('submit', different);
  for (const join of document.querySelectorAll('.nearby')) {
    join.addEventListener('submit', () => { const key = keyOf(document); if (key) store.remove(key); });
  }
  if ('BroadcastChannel' in window) {
    new BroadcastChannel(CHANNEL).onmessage = ({ data }) => {
      if (data.sending === undefined) sending.delete(data.id);
      else sending.set(data.id, data.sending);
      render();
    };
  }
  addEventListener('online', send);
  send().catch((error) => console.info('outbox', error));
}

const keyOf = (root) => root.querySelector('input[name=key]')?.value;

let again;
let tries = 0;

/** Sends what waits, shows how it went, and asks to be woken for the rest. */
async function send() {
  clearTimeout(again);
  await render();
  const done = await sendAll(who);
  sending.clear();
  await render();
  if (done) tries = 0;
  else wake();
}

/** Something is left. While the page is open it is tried again after 10 seconds, then less and less often, at last every five minutes. */
async function wake() {
  clearTimeout(again);
  again = setTimeout(() => send().catch((error) => console.info('outbox', error)), Math.min(10_000 * 2 ** tries, 300_000));
  tries += 1;
  try {
    const registration = await navigator.serviceWorker?.ready;
    await registration?.sync?.register(TAG);
  } catch { /* No Background Sync here: the next visit sends. */ }
}

function say(text) {
  const status = panel?.querySelector('[role=status]');
  if (status) status.textContent = text;
}

/** Shows what is on the phone. */
async function render() {
  const all = (await store.all()).filter((report) => !report.removed);
  const list = all.filter(isOurs);
  const others = all.filter((report) => !isOurs(report) && report.state !== 'sent').length;
  const open = all.filter((report) => report.state === 'waiting');
  try {
    if (open.length) localStorage.setItem(FLAG, open.length);
    else localStorage.removeItem(FLAG);
  } catch { /* Private mode. */ }
  if (!panel) return;
  const here = form && keyOf(form);
  const shown = list.filter((report) => (report.state !== 'draft' || 'drafts' in words) && !(report.state === 'draft' && report.id === here));
  panel.hidden = shown.length + others === 0 && !panel.querySelector('[role=status]').textContent;
  panel.querySelector('.outbox-list').replaceChildren(...shown.map(row));
  panel.querySelector('.outbox-others').textContent = others ? words.others.replace('{n}', others) : '';
}

const TONES = { draft: undefined, waiting: 'warn', sending: 'busy', sent: 'ok', failed: 'bad' };

function element(name, props = {}, ...children) {
  const node = Object.assign(document.createElement(name), props);
  node.append(...children.filter(Boolean));
  return node;
}

function row(report) {
  const state = sending.has(report.id) ? 'sending' : report.state;
  const badge = element('span', { className: 'badge', textContent: [words[state], state === 'sending' ? sending.get(report.id) : ''].join(' ').trim() });
  if (TONES[state]) badge.dataset.tone = TONES[state];
  const photos = report.photos.length ? words.photos.replace('{n}', report.photos.length) : '';
  const title = element('span', { className: 'outbox-title', textContent: report.title || words.untitled });
  // Written before somebody signed in: it goes under their name only when they say so.
  const unnamed = who && !report.who && state === 'waiting';
  const why = { sent: report.code, waiting: unnamed ? words.unnamed : report.why }[state] ?? report.why;
  const note = element('span', { className: 'small muted', textContent: [photos, why].filter(Boolean).join(' · ') });
  const refused = report.photos.filter((photo) => photo.refused);
  const without = refused.length > 0 && element('span', { className: 'small error', textContent: words.without.replace('{n}', refused.length).replace('{why}', refused[0].refused) });
  const tools = element('span', { className: 'outbox-tools' });
  const button = (word, act) => {
    const node = element('button', { type: 'button', className: 'button small', textContent: word });
    node.addEventListener('click', act);
    tools.append(node);
  };
  if (report.state === 'sent') tools.append(element('a', { href: report.href, className: 'button small', textContent: report.code }));
  if (unnamed) button(words.asMine, () => store.change(report.id, { who }).then(send));
  if (report.state === 'failed') button(words.retry, () => store.change(report.id, { state: 'waiting', why: undefined }).then(send));
  if (report.state === 'draft' || report.state === 'failed') {
    tools.append(element('a', { href: `${report.kind === 'collect' ? '/volunteer/collect' : '/report'}?draft=${report.id}`, className: 'button small', textContent: words.goOn }));
  }
  if (state !== 'sending') button(words.remove, () => forget(report));
  const item = element('li', { className: 'outbox-item' }, badge, title, note, without, tools);
  item.dataset.state = state;
  item.dataset.id = report.id;
  return item;
}

/** Removes a report from the phone; for ten seconds it can be brought back. */
async function forget(report) {
  const before = report.state;
  await store.change(report.id, { removed: true, state: 'draft' });
  const timer = setTimeout(() => store.remove(report.id).then(() => { say(''); render(); }), 10_000);
  await render();
  panel.hidden = false;
  const undo = element('button', { type: 'button', className: 'link-button', textContent: words.undo });
  undo.addEventListener('click', async () => {
    clearTimeout(timer);
    await store.change(report.id, { removed: undefined, state: before });
    say('');
    render();
  });
  panel.querySelector('[role=status]').replaceChildren(words.removed, ' ', undo);
}

// ---- The form.

let able = true;

async function takeForm() {
  // The page may come from the phone's own store, with a key that was used before: a fresh form gets one of its own. Only
  // a form that came back with mistakes goes on under its key.
  if (!document.querySelector('.error-summary')) newForm();
  const draft = new URLSearchParams(location.search).get('draft');
  if (draft) await restore(draft);
  // What a draft says is no proposal's to change.
  help(form, { element, fieldsOf, joined: () => store.remove(keyOf(form)) });
  for (const report of await store.all()) if (report.removed) await store.remove(report.id);
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => save('draft').then(render), 400);
  };
  form.addEventListener('input', later);
  form.addEventListener('change', later);
  form.querySelector('.position')?.addEventListener('position', later);
  for (const photos of form.querySelectorAll('.photos')) photos.addEventListener('photos', () => photosChanged(photos).then(later));
  // Photos that were chosen before this script came.
  for (const photos of form.querySelectorAll('.photos')) await photosChanged(photos);
  addEventListener('pagehide', () => { if (timer) save('draft'); });
  form.addEventListener('submit', submit);
}

function newForm() {
  form.querySelector('input[name=key]').value = store.newKey();
}

const tiles = (root = form) => [...root.querySelectorAll('.photo-grid .photo')];

function fieldsOf() {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && !['key', 'photo', 'after'].includes(name)) fields[name] = value;
  }
  return fields;
}

function titleOf(fields) {
  const category = form.querySelector('select[name=category]')?.selectedOptions[0];
  const text = (fields.description ?? '').trim().slice(0, 24);
  // Without the everyday words behind it.
  return [fields.category ? category?.textContent.trim().replace(/（.*/, '') : '', text].filter(Boolean).join(' · ');
}

/** Where a photo belongs: the problem, or how it looks now. */
const roleOf = (tile) => (tile.querySelector('input[type=hidden]')?.name === 'after' ? 'after' : 'before');

/** What was refused goes nowhere, and the others go on. */
function photosNow() {
  return tiles().filter((tile) => tile.dataset.state !== 'refused').map((tile) => ({ key: tile.dataset.key, id: tile.querySelector('input[type=hidden]').value || undefined, role: roleOf(tile) }));
}

/** Keeps the form as it is. An empty one is not worth keeping. */
async function save(state, button) {
  const fields = fieldsOf();
  if (button?.name) fields[button.name] = button.value;
  const photos = photosNow();
  const id = keyOf(form);
  const said = photos.length || (fields.description ?? '').trim() || (fields.place ?? '').trim();
  if (state === 'draft' && !said) return store.remove(id).catch(() => {});
  const earlier = await store.one(id).catch(() => undefined);
  if (earlier && earlier.state !== 'draft' && state === 'draft') return undefined;
  const report = { id, who, kind: form.dataset.kind || 'report', state, fields, photos, title: titleOf(fields), at: earlier?.at ?? Date.now() };
  await store.put(report);
  return report;
}

/** Photos came, went or moved: their bytes are kept, and what could not be sent says that it is kept. */
async function photosChanged(photos) {
  for (const tile of tiles(photos)) {
    const input = tile.querySelector('input[type=hidden]');
    tile.dataset.key ||= input.value ? `sent-${input.value}`.slice(0, 64) : store.newKey();
    // Once as it was chosen, once more when it was made smaller.
    if (tile.blob && tile.stored !== tile.blob) {
      const { blob } = tile;
      try {
        await store.keepPhoto({ key: tile.dataset.key, report: keyOf(form), blob });
        tile.stored = blob;
      } catch {
        able = false;
      }
    }
    const lost = tile.dataset.state === 'failed' && tile.querySelector('.photo-say').textContent === photos.dataset.failed;
    // No answer at all, rather than a refusal: it goes later.
    if (tile.stored && lost) tileSays(tile, 'kept', words.kept);
  }
}

function tileSays(tile, state, text) {
  tile.dataset.state = state;
  const say = tile.querySelector('.photo-say');
  say.textContent = text;
  say.hidden = false;
}

/** Puts a draft back into the form. */
async function restore(id) {
  const report = await store.one(id);
  if (!report || !isOurs(report) || report.state === 'sent' || report.state === 'waiting') return;
  await store.change(id, { state: 'draft', why: undefined });
  form.querySelector('input[name=key]').value = id;
  for (const field of form.elements) {
    if (!field.name || ['key', 'photo', 'after', 'photos'].includes(field.name) || field.type === 'file') continue;
    const value = report.fields[field.name];
    if (field.type === 'checkbox') field.checked = value !== undefined;
    else if (field.type === 'radio') field.checked = value === field.value;
    else if (value !== undefined) field.value = value;
  }
  for (const photo of report.photos) {
    const root = [...form.querySelectorAll('.photos')].find((all) => (all.dataset.name ?? 'photo') === (photo.role === 'after' ? 'after' : 'photo')) ?? area;
    const kept = await store.photo(photo.key);
    if (!kept && !photo.id) continue;
    const tile = root.querySelector('template').content.firstElementChild.cloneNode(true);
    tile.dataset.key = photo.key;
    tile.blob = kept?.blob;
    // Made smaller before: not again.
    if (kept) Object.assign(tile, { kept: true, stored: kept.blob });
    tile.querySelector('img').src = kept ? URL.createObjectURL(kept.blob) : `/photos/${photo.id}/thumb`;
    const input = tile.querySelector('input[type=hidden]');
    input.value = photo.id ?? '';
    input.disabled = !photo.id;
    tile.querySelector('progress').hidden = true;
    if (photo.id) {
      tile.dataset.state = 'ready';
      tile.querySelector('.photo-say').hidden = true;
    } else {
      tileSays(tile, 'kept', words.kept);
    }
    root.querySelector('.photo-adds').before(tile);
  }
  number();
}

function number() {
  for (const root of form.querySelectorAll('.photos')) {
    tiles(root).forEach((tile, at) => {
      for (const node of tile.querySelectorAll('.n')) node.textContent = at + 1;
      tile.querySelector('img').alt = root.dataset.photo.replace('{n}', at + 1);
    });
  }
}

async function submit(event) {
  if (event.defaultPrevented || !able || ['up', 'remove'].includes(event.submitter?.name)) return;
  if (tiles().some((tile) => tile.dataset.state === 'sending')) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = '';
  const button = form.querySelector('.action-bar button');
  button?.setAttribute('aria-busy', 'true');
  let report;
  try {
    report = await save('waiting', event.submitter);
  } catch {
    // This phone keeps nothing: the ordinary way.
    say(navigator.onLine ? '' : words.unable);
    if (panel) panel.hidden = navigator.onLine;
    delete form.dataset.busy;
    button?.removeAttribute('aria-busy');
    if (navigator.onLine) resubmit(event.submitter);
    return;
  }
  const extra = report.kind === 'report' ? { ask_nearby: true } : {};
  const result = navigator.onLine ? await sendOne(report, { extra }) : { state: 'waiting' };
  if (result.state === 'sent' && !result.refused) {
    location.assign(result.href);
    return;
  }
  delete form.dataset.busy;
  button?.removeAttribute('aria-busy');
  if (result.state === 'failed') {
    // Something is wrong with it, or similar ones are near: the server's own page says what, with everything typed.
    await save('draft-again');
    await store.change(report.id, { state: 'draft' });
    const sent = (await store.one(report.id))?.photos ?? [];
    for (const tile of tiles()) {
      const { id } = sent.find((photo) => photo.key === tile.dataset.key) ?? {};
      if (id) Object.assign(tile.querySelector('input[type=hidden]'), { value: id, disabled: false });
    }
    resubmit(event.submitter);
    return;
  }
  clear();
  // It is there, and its row says which photo is not.
  if (result.state === 'sent') say('');
  else say(result.foreign ? words.foreign : result.busy ? words.busy : words.queued);
  await render();
  panel.hidden = false;
  panel.scrollIntoView({ block: 'center' });
  wake();
}

/** The ordinary way, past this script, with what the button itself says. */
function resubmit(button) {
  if (button?.name) form.append(element('input', { type: 'hidden', name: button.name, value: button.value }));
  form.submit();
}

/** An empty form for the next one. */
function clear() {
  for (const tile of tiles()) tile.remove();
  for (const add of form.querySelectorAll('.photo-adds')) add.hidden = false;
  form.reset();
  for (const name of ['longitude', 'latitude']) {
    const input = form.querySelector(`input[name=${name}]`);
    if (input) input.value = '';
  }
  newForm();
}

/** The step in between said "it is different": sent as it was kept. */
async function different(event) {
  const id = keyOf(event.target);
  const report = await peek(event, id);
  if (!report) return;
  const result = await sendOne(report);
  if (result.state === 'sent') location.assign(result.href);
  else if (result.state === 'failed') event.target.submit();
  else location.assign('/report');
}

async function peek(event, id) {
  event.preventDefault();
  const report = await store.change(id, { state: 'waiting' }).catch(() => undefined);
  if (!report) {
    const different = element('input', { type: 'hidden', name: 'different', value: '1' });
    event.target.append(different);
    event.target.submit();
  }
  return report;
}

// ---- The form without a signal: the service worker keeps an empty one that knows nobody.
if (form && navigator.onLine) {
  navigator.serviceWorker?.ready.then((registration) => {
    const query = new URLSearchParams({ shell: '1', community: form.elements.community?.value ?? '', lang: document.documentElement.lang });
    if (document.documentElement.dataset.size) query.set('size', document.documentElement.dataset.size);
    registration.active?.postMessage({ keep: `${location.pathname === '/volunteer/collect' ? '/volunteer/collect' : '/report'}?${query}` });
  }).catch(() => {});
}

// Whoever loads this script (boot.js) may say that the form does what it promises; what waits is sent without holding that up.
await started;
