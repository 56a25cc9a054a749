// Live regions (`data-live` names their feed): look again when the hall's queue moves; tell of a call by sound, vibration,
// the title and speech; send steps without leaving the page, and keep a step that the network lost until it is
// answered. Every form has its own key: sent twice is done once.
const region = () => document.querySelector('[data-live]');
const isBoard = document.body.dataset.area === 'board';
const title = document.title;
const wait = (ms) => new Promise((again) => setTimeout(again, ms));
const stored = (store, name) => {
  try {
    return store.getItem(name) ?? '';
  } catch {
    return '';
  }
};
const keep = (store, name, value) => {
  try {
    if (value) store.setItem(name, value);
    else store.removeItem(name);
  } catch { /* Then it is forgotten with the page. */ }
};

// ---- calls

const calls = () => [...(region()?.querySelectorAll('[data-call]') ?? [])];
let known = new Set(calls().map((holder) => holder.dataset.call));
let sound;
let awake;

function beep() {
  if (!sound) return;
  sound.resume();
  for (const at of [0, 0.45, 0.9]) {
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    tone.frequency.value = 880;
    tone.connect(volume).connect(sound.destination);
    volume.gain.setValueAtTime(0.001, sound.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.8, sound.currentTime + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + at + 0.35);
    tone.start(sound.currentTime + at);
    tone.stop(sound.currentTime + at + 0.4);
  }
}

function speak(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang;
  words.onerror = ({ error }) => {
    const button = document.querySelector('[data-speak]');
    // A browser that was started anew speaks only after a tap.
    if (error === 'not-allowed' && button) {
      button.setAttribute('aria-pressed', 'false');
      button.querySelector('span').textContent = button.dataset.blocked;
    }
  };
  speechSynthesis.speak(words);
}

function tell() {
  const holders = calls();
  const fresh = holders.filter((holder) => !known.has(holder.dataset.call));
  known = new Set(holders.map((holder) => holder.dataset.call));
  if (isBoard) {
    if (stored(localStorage, 'linli_speak')) for (const holder of fresh.reverse()) speak(holder.dataset.say);
    return;
  }
  const line = region()?.querySelector('.ticket-live, [data-call] .next-title');
  document.title = holders.length ? `● ${line?.textContent ?? title}` : title;
  if (!fresh.length) return;
  navigator.vibrate?.([400, 200, 400, 200, 400]);
  beep();
}

async function stayAwake() {
  if (!sound || awake || document.hidden) return;
  awake = await navigator.wakeLock?.request('screen').catch(() => undefined);
  awake?.addEventListener('release', () => { awake = undefined; });
}
addEventListener('visibilitychange', stayAwake);

for (const button of document.querySelectorAll('[data-sound], [data-speak]')) {
  const speaks = button.dataset.speak !== undefined;
  if (speaks && !('speechSynthesis' in window)) continue;
  button.hidden = false;
  if (speaks) button.setAttribute('aria-pressed', String(Boolean(stored(localStorage, 'linli_speak'))));
  const words = button.querySelector('span')?.textContent;
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    if (speaks) {
      keep(localStorage, 'linli_speak', on ? '1' : '');
      button.querySelector('span').textContent = words;
      // The tap itself has to speak: from then on the browser lets the page do it.
      if (on) speak(words);
      else speechSynthesis.cancel();
      return;
    }
    sound = on ? new AudioContext() : undefined;
    if (on) beep();
    else awake?.release();
    stayAwake();
  });
}

// ---- what is shown

function note(text, kind) {
  document.querySelector(`.live-note[data-kind=${kind}]`)?.remove();
  if (!text || !region()) return;
  const line = document.createElement('p');
  line.className = 'live-note note';
  line.dataset.kind = kind;
  line.dataset.tone = kind === 'back' ? 'ok' : 'warn';
  line.setAttribute('role', 'status');
  line.textContent = text;
  region().before(line);
}

// The undo bar goes when its time is over.
function endUndo() {
  const bar = region()?.querySelector('[data-seconds]');
  if (bar) setTimeout(() => bar.remove(), bar.dataset.seconds * 1000);
}

// What one types in or chooses from; letters are its own.
const TYPED = 'textarea, select, input:not([type=checkbox], [type=radio])';

/** The form in a region drawn anew that is about the same: it sends to the same address, about the same ticket and step. */
function sameForm(form, fresh) {
  const hidden = (one) => ['ticket', 'step'].map((name) => one.querySelector(`input[type=hidden][name=${name}]`)?.value).join();
  const about = (one) => `${one.id} ${one.getAttribute('action')} ${hidden(one)}`;
  return [...fresh.querySelectorAll('form')].find((one) => about(one) === about(form));
}

/** What in the other form is the same field or button. */
function sameField(at, form) {
  const does = (one) => [one.localName, one.type, one.name, one.matches(TYPED) ? '' : one.value].join();
  return form && [...form.elements].find((one) => does(one) === does(at));
}

/** What does in a region drawn anew what `at` did in the old one: it has the same key, id, address, or place in the same form. */
function twin(at, fresh) {
  for (const name of ['data-key', 'id', 'href']) {
    const value = at.getAttribute(name);
    const same = value && fresh.querySelector(`[${name}="${CSS.escape(value)}"]`);
    if (same) return same;
  }
  return at.form ? sameField(at, sameForm(at.form, fresh)) : undefined;
}

/** Whether somebody ticked, typed or chose here since the page came. */
function isChanged(field) {
  if (!field.matches('textarea, select, input:not([type=hidden], [type=file])')) return false;
  if (/^(checkbox|radio)$/.test(field.type)) return field.checked !== field.defaultChecked;
  if (field.localName !== 'select') return field.value !== field.defaultValue;
  const first = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(first, 0);
}

/** What was ticked, typed and chosen and not sent stays, as long as it is about the same. */
function carry(old, fresh) {
  for (const form of old.querySelectorAll('form[method=post]')) {
    // What was sent is done; only the papers and the note of a visit are sent in between.
    if (form.dataset.sent !== undefined && form.id !== 'visit') continue;
    const to = sameForm(form, fresh);
    for (const field of [...form.elements].filter(isChanged)) {
      const next = sameField(field, to);
      if (!next) continue;
      if (/^(checkbox|radio)$/.test(field.type)) next.checked = field.checked;
      else if (next.localName !== 'select' || [...next.options].some((option) => option.value === field.value)) next.value = field.value;
    }
  }
}

// When the region was last touched or typed in, and whether a word is being put together (Chinese is typed so).
let touched = 0;
let composing = false;
let rested;
for (const kind of ['pointerdown', 'keydown', 'input']) {
  addEventListener(kind, ({ target }) => { if (region()?.contains(target)) touched = Date.now(); }, true);
}
for (const kind of ['compositionstart', 'compositionend']) addEventListener(kind, () => { composing = kind === 'compositionstart'; });
const TAP_MS = 500;
const TYPING_MS = 15_000;

/** Whether the region rests: it is looked at again as soon as it may move. */
function rests(old) {
  const at = document.activeElement;
  const left = touched - Date.now() + (old.contains(at) && at.matches(TYPED) ? TYPING_MS : TAP_MS);
  if (left <= 0 && !composing) return false;
  clearTimeout(rested);
  rested = setTimeout(look, Math.max(left, TAP_MS));
  return true;
}

const version = (page) => page.querySelector('link[rel=stylesheet]')?.href;

function show(text, forced) {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const fresh = page.querySelector('[data-live]');
  const old = region();
  if (!old) return;
  // A screen that nobody touches takes a new version by itself, and leaves a page that has nothing live any more.
  if (isBoard && fresh && version(page) !== version(document)) return location.reload();
  if (!fresh) {
    if (!forced && old.dataset.lost === undefined && page.querySelector('main')) location.reload();
    return;
  }
  // What somebody is writing or tapping this very moment is not taken away from them.
  if (!forced && rests(old)) return;
  // Nor is what came back with mistakes, to be put right.
  if (!forced && old.querySelector('.error')) return;
  const focus = old.contains(document.activeElement) ? document.activeElement : undefined;
  const open = new Set([...old.querySelectorAll('details[id][open]')].map((part) => part.id));
  carry(old, fresh);
  old.replaceWith(fresh);
  for (const part of fresh.querySelectorAll('details[id]')) if (open.has(part.id)) part.open = true;
  // What can no longer be done (giving up a visit that is over) goes as well.
  if (!page.querySelector('[data-while-open]')) document.querySelectorAll('[data-while-open]').forEach((part) => part.remove());
  // Whoever works by keyboard goes on from where they were; where that is gone, from before the first thing to do.
  if (focus) {
    const next = twin(focus, fresh);
    next?.focus({ preventScroll: true });
    if (next && typeof focus.selectionStart === 'number') next.setSelectionRange(focus.selectionStart, focus.selectionEnd);
    if (!next || document.activeElement !== next) fresh.querySelector('[tabindex="-1"]')?.focus({ preventScroll: true });
  }
  endUndo();
  tell();
}

async function look() {
  if (queue.length) return;
  try {
    const answer = await fetch(location.href);
    if (answer.ok && !queue.length) show(await answer.text(), false);
  } catch { /* The next look will do. */ }
}

// ---- steps

// Steps that have no answer yet. They outlive a reload of the page and signing in again, for half an hour.
const STEPS = `linli_steps:${location.pathname}`;
const KEPT_MS = 30 * 60_000;
const read = () => {
  try {
    return JSON.parse(stored(sessionStorage, STEPS) || '[]').filter((step) => Date.now() - step.at < KEPT_MS);
  } catch {
    return [];
  }
};
let queue = read();
const save = () => keep(sessionStorage, STEPS, queue.length ? JSON.stringify(queue) : '');

/** Sends what waits, the oldest first, each until it is answered. */
async function sendAll() {
  if (sendAll.runs) return;
  sendAll.runs = true;
  let lost = 0;
  while (queue.length) {
    const [step] = queue;
    try {
      const answer = await fetch(step.address, { method: 'POST', body: new URLSearchParams(step.body) });
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
      const { pathname } = new URL(answer.url);
      if (pathname.startsWith('/login')) {
        // Nothing was done: it waits until somebody has signed in.
        location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
        return;
      }
      queue.shift();
      save();
      const text = await answer.text();
      if (pathname === location.pathname || !answer.redirected) show(text, true);
      else location.assign(answer.url);
    } catch {
      lost = queue.length;
      note(region()?.dataset.lost, 'lost');
      await wait(2000);
    }
  }
  sendAll.runs = false;
  note('', 'lost');
  if (lost) {
    note(region()?.dataset.back, 'back');
    setTimeout(() => note('', 'back'), 10_000);
  }
}

addEventListener('submit', (event) => {
  const form = event.target;
  if (!region()?.contains(form) || form.method !== 'post') return;
  event.preventDefault();
  if (form.dataset.sent !== undefined) return;
  form.dataset.sent = '';
  const button = event.submitter;
  button?.setAttribute('aria-busy', 'true');
  const body = [...new FormData(form, button)];
  const address = button?.hasAttribute('formaction') ? button.formAction : form.action;
  // What was opened to fill it in closes again.
  form.closest('details[id]')?.removeAttribute('open');
  queue.push({ address, body, at: Date.now() });
  save();
  sendAll();
}, true);

// ---- keys

addEventListener('keydown', (event) => {
  const at = event.target;
  if (event.key === 'Escape' && region()?.contains(at)) at.blur();
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (at.matches?.(TYPED) || (event.key === ' ' && /^(INPUT|BUTTON|A|SUMMARY)$/.test(at.tagName))) return;
  const button = region()?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
  const part = button.localName === 'summary' && button.parentElement;
  if (part?.open) part.querySelector('input:not([type=hidden]), select, textarea')?.focus();
  else if (/^(INPUT|TEXTAREA)$/.test(button.tagName)) button.focus();
});

// ---- the feed

/** Listens; a browser gives up when the answer was not a feed (a proxy whose server restarts): then anew. */
function listen() {
  const feed = new EventSource(region().dataset.live);
  let since;
  feed.addEventListener('version', () => {
    clearTimeout(since);
    since = undefined;
    note('', 'off');
    look();
  });
  feed.onerror = () => {
    since ??= setTimeout(() => note(region()?.dataset.off, 'off'), 4000);
    if (feed.readyState !== EventSource.CLOSED) return;
    clearTimeout(since);
    setTimeout(listen, 3000 + Math.random() * 4000);
  };
}

if ('EventSource' in window) listen();
else setInterval(look, 15_000);
// The clock, a notice, a day that has begun; and where the feed has no room for one more.
setInterval(look, 20_000);
endUndo();
tell();
sendAll();
