// The editor of notices: buttons for Markdown, the preview while typing rests, and a draft that saves itself. Without this
// script the same form is sent by its buttons.
const form = document.querySelector('form.notice-form');
const body = form.elements.body;
const words = form.dataset;
const state = form.querySelector('.save-state');
/** Where the form goes; not `form.action`, which its buttons of that name hide. */
const target = () => form.getAttribute('action');
/** The draft's id; none before it was saved for the first time. */
let notice = words.notice ?? '';

function say(text, tone) {
  state.textContent = text;
  if (tone) state.dataset.tone = tone;
  else delete state.dataset.tone;
}

const rested = (milliseconds, act) => {
  let timer;
  const later = () => { clearTimeout(timer); timer = setTimeout(act, milliseconds); };
  later.stop = () => clearTimeout(timer);
  return later;
};

// ---- Marks.

/** Puts text in the place of a part of the body, so that undoing works, and selects what stands between the marks. */
function put(text, from, to, select = [from + text.length, from + text.length]) {
  body.focus();
  body.setSelectionRange(from, to);
  if (!document.execCommand('insertText', false, text)) {
    body.setRangeText(text, from, to, 'end');
    body.dispatchEvent(new Event('input', { bubbles: true }));
  }
  body.setSelectionRange(...select);
}

function wrap(before, after, sample) {
  const { selectionStart: from, selectionEnd: to, value } = body;
  const inner = value.slice(from, to) || sample;
  put(before + inner + after, from, to, [from + before.length, from + before.length + inner.length]);
}

/** Sets a mark before every line that is touched, or takes it away where all have it. */
function lines(mark) {
  const { selectionStart, selectionEnd, value } = body;
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const end = value.indexOf('\n', selectionEnd);
  const to = end < 0 ? value.length : end;
  const touched = value.slice(from, to).split('\n');
  const all = touched.every((line) => line.startsWith(mark));
  const text = touched.map((line) => (all ? line.slice(mark.length) : mark + line)).join('\n');
  put(text, from, to);
}

function link(sample) {
  const { selectionStart: from, selectionEnd: to, value } = body;
  const inner = value.slice(from, to) || sample;
  const address = 'https://';
  const at = from + inner.length + 3;
  put(`[${inner}](${address})`, from, to, [at, at + address.length]);
}

const marks = form.querySelector('.marks');
marks.hidden = false;
marks.addEventListener('click', (event) => {
  const { sample } = marks.dataset;
  const act = {
    bold: () => wrap('**', '**', sample),
    heading: () => lines('## '),
    list: () => lines('- '),
    link: () => link(sample),
    picture: askForPicture,
  };
  act[event.target.closest('button')?.dataset.mark]?.();
});

// ---- Pictures.

const dialog = document.getElementById('picture-dialog');
const wrong = dialog.querySelector('.error');
const field = (id) => dialog.querySelector(`#${id}`);

async function askForPicture() {
  // A picture belongs to a draft: the draft comes first.
  if (!notice && !(await save())) return;
  wrong.textContent = '';
  dialog.showModal();
}

dialog.addEventListener('submit', async (event) => {
  if (event.submitter?.value !== 'send') return;
  event.preventDefault();
  const button = event.submitter;
  button.setAttribute('aria-busy', 'true');
  const fields = new FormData();
  fields.set('alt', field('picture-alt').value);
  const [file] = field('picture-file').files;
  if (file) fields.set('picture', file);
  try {
    // What was typed goes first: a picture is a version of its own.
    later.stop();
    if (dirty) await save();
    const { answer, said } = await alone(async () => {
      const answer = await fetch(`/staff/notices/${notice}/files/picture`, { method: 'POST', body: fields, headers: { accept: 'application/json' }, redirect: 'manual' });
      const said = await answer.json();
      if (answer.ok) form.elements.version.value = said.version;
      return { answer, said };
    });
    if (!answer.ok) throw new Error(said.detail);
    dialog.close();
    const { selectionEnd: at, value } = body;
    const gap = at > 0 && !value.slice(0, at).endsWith('\n\n') ? '\n\n' : '';
    put(`${gap}![${said.alt}](picture:${said.number})\n\n`, at, at);
    field('picture-file').value = '';
    field('picture-alt').value = '';
  } catch (error) {
    wrong.textContent = error instanceof TypeError || error instanceof SyntaxError ? words.offline : error.message;
  } finally {
    button.removeAttribute('aria-busy');
  }
});

// ---- The preview.

const shown = document.querySelector('[data-preview]');
/** Numbers the questions: an answer that comes after a later one is dropped. */
let asked = 0;

async function preview() {
  const number = ++asked;
  const answer = await fetch('/api/v1/notices/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ markdown: body.value, notice: notice || undefined }),
  }).catch(() => undefined);
  if (!answer?.ok || number !== asked) return;
  // Cut down to an allow-list by the server; and the page's policy runs nothing that is inline.
  shown.innerHTML = (await answer.json()).html;
  shown.previousElementSibling.hidden = true;
}

if (shown) {
  body.addEventListener('input', rested(400, preview));
  if (body.value.trim()) preview();
}

// ---- The draft that saves itself.

/** Something was typed that the server does not have. */
let dirty = false;
/** What is on its way to the server; one thing at a time, since each names the version that the one before it made. */
let saving;
/** A button was pressed: what was typed goes with it. */
let leaving = false;
/** Somebody else saved in the meantime: nothing more goes by itself, so that nobody is overwritten. */
let stale = false;

/** A button waits so long for what is on its way. */
const PATIENCE = 30_000;

const key = () => `linli_notice:${document.documentElement.dataset.who ?? ''}:${notice || 'new'}`;

const fieldsNow = () => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !['form_key', 'version', 'action'].includes(name));

function keep() {
  try {
    localStorage.setItem(key(), JSON.stringify({ fields: fieldsNow(), at: Date.now() }));
  } catch { /* Private mode, or full. */ }
}

function forget(which = key()) {
  try {
    localStorage.removeItem(which);
  } catch { /* Private mode. */ }
}

/** Does it when nothing else is on its way any more. */
async function alone(act) {
  while (saving) await saving.catch(() => {});
  saving = act().finally(() => { saving = undefined; });
  return saving;
}

/** Saves the draft. Gives whether it is saved now. */
async function save({ keepalive = false } = {}) {
  while (saving) await saving.catch(() => {});
  if (stale || leaving) return false;
  // Whoever waited may find that the one before has taken it along.
  if (notice && !dirty) return true;
  if (!form.elements.title.value.trim()) {
    say(words.untitled);
    return false;
  }
  return alone(() => send(keepalive));
}

async function send(keepalive) {
  say(words.saving);
  dirty = false;
  const before = key();
  const fields = new URLSearchParams(new FormData(form));
  fields.set('action', 'autosave');
  let answer;
  let said;
  try {
    answer = await fetch(target(), { method: 'POST', body: fields, headers: { accept: 'application/json' }, redirect: 'manual', keepalive });
    said = answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403 ? undefined : await answer.json();
  } catch {
    dirty = true;
    say(words.offline, 'warn');
    return false;
  }
  if (!said) {
    dirty = true;
    say(words.signedOut, 'bad');
    return false;
  }
  if (answer.status === 409) {
    stale = true;
    dirty = true;
    sayStale();
    return false;
  }
  if (!answer.ok) {
    dirty = true;
    say(said.detail, 'bad');
    return false;
  }
  notice = said.id;
  form.elements.version.value = said.version;
  const address = `/staff/notices/${said.id}/edit`;
  if (target() !== address) {
    form.setAttribute('action', address);
    history.replaceState(null, '', address);
  }
  if (said.reach) form.querySelector('.audience').textContent = said.reach;
  say(words.saved.replace('{time}', said.at), 'ok');
  if (!dirty) forget(before);
  // It was there already, saved by an answer that never came: what was typed since goes along.
  if (said.again) {
    dirty = true;
    later();
  }
  return true;
}

/** The server's own page shows what the other wrote, and keeps what was typed here. */
function sayStale() {
  say(words.stale, 'bad');
  const button = Object.assign(document.createElement('button'), { className: 'button small', name: 'action', value: 'save', textContent: words.look });
  state.append(' ', button);
}

const later = rested(2000, () => { if (!stale) save(); });
const typed = (event) => {
  if (!event.target.name) return;
  dirty = true;
  keep();
  if (!stale) later();
};
form.addEventListener('input', typed);
form.addEventListener('change', typed);
addEventListener('online', () => { if (dirty) later(); });
addEventListener('pagehide', () => { if (dirty && !saving && !leaving) save({ keepalive: true }); });

// A button while the draft is on its way: after its answer, so that the form knows the version.
form.addEventListener('submit', async (event) => {
  later.stop();
  const { submitter } = event;
  if (!saving) {
    leaving = true;
    // What goes to a draft is compared with it when the page comes back; a new one has no page to come back to.
    if (!notice) forget();
    return;
  }
  event.preventDefault();
  if (leaving) return;
  leaving = true;
  submitter?.setAttribute('aria-busy', 'true');
  const enough = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  while (saving) if (await Promise.race([saving.then(() => false, () => false), enough.then(() => true)])) break;
  saving = undefined;
  submitter?.removeAttribute('aria-busy');
  form.requestSubmit(submitter);
});
addEventListener('pageshow', (event) => { if (event.persisted) leaving = false; });

// ---- What this phone kept of an edit that did not reach the server.

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key()));
  } catch {
    return null;
  }
}

function restore(fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  const seen = new Map();
  for (const control of form.elements) {
    if (!control.name || control.type === 'hidden' || control.type === 'submit') continue;
    const all = values.get(control.name) ?? [];
    if (control.type === 'checkbox' || control.type === 'radio') {
      control.checked = all.includes(control.value);
    } else {
      const at = seen.get(control.name) ?? 0;
      control.value = all[at] ?? '';
      seen.set(control.name, at + 1);
    }
  }
  body.dispatchEvent(new Event('input', { bubbles: true }));
}

/** What is filled in: how many empty rows a page shows says nothing. */
const filled = (fields) => JSON.stringify(fields.filter(([, value]) => value !== ''));
const found = document.querySelector('.error-summary') ? null : kept();
const offer = form.querySelector('.local-copy');
if (found?.fields && filled(found.fields) === filled(fieldsNow())) {
  forget();
} else if (found?.fields) {
  const time = new Date(found.at).toLocaleString(document.documentElement.lang, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  offer.querySelector('p').textContent = words.kept.replace('{time}', time);
  offer.hidden = false;
  offer.addEventListener('click', (event) => {
    const act = event.target.dataset.kept;
    if (!act) return;
    if (act === 'restore') restore(found.fields);
    else forget();
    offer.hidden = true;
  });
}
form.dataset.ready = '';
