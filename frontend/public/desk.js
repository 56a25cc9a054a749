// The dispatch desk: keys, the report beside the list, and a list that follows what happens. Without it every row is a link.
import './answers.js';

const desk = document.querySelector('.desk[data-watch]');
const list = desk.querySelector('.desk-list');
const pane = desk.querySelector('.desk-detail');
const wide = matchMedia('(min-width: 60em)');
const rows = () => [...list.querySelectorAll('li[data-code]')];
const link = (row) => row?.querySelector('a.desk-row');
let version = desk.dataset.version;
let open = '';

list.querySelector('.desk-keys').hidden = false;

// The report beside the list.
async function show(href, options) {
  desk.dataset.open = '';
  pane.hidden = false;
  pane.setAttribute('aria-busy', 'true');
  if (!options) pane.textContent = pane.dataset.loading;
  try {
    const answer = await fetch(href, { credentials: 'same-origin', ...options });
    const html = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const main = html.querySelector('main');
    // The door, a second factor, or an island that has to start: the page itself.
    if (!main || html.querySelector('leptos-island') || !new URL(answer.url).pathname.startsWith('/staff/reports/')) {
      location.href = options ? location.href : href;
      return;
    }
    open = new URL(answer.url).pathname;
    main.querySelector('.back')?.remove();
    for (const title of main.querySelectorAll('h1')) {
      const second = html.createElement('h2');
      second.replaceChildren(...title.childNodes);
      title.replaceWith(second);
    }
    pane.replaceChildren(...main.childNodes);
    pane.focus({ preventScroll: true });
    pane.scrollTop = 0;
    mark();
    if (options) await refresh(true);
  } catch {
    pane.textContent = pane.dataset.failed;
  } finally {
    pane.removeAttribute('aria-busy');
  }
}

function mark() {
  for (const row of rows()) {
    const own = link(row);
    if (own.pathname === open) own.setAttribute('aria-current', 'true');
    else own.removeAttribute('aria-current');
  }
}

list.addEventListener('click', (event) => {
  const own = event.target.closest('a.desk-row');
  if (!own || !wide.matches || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(own.href);
});

// Forms and links inside the report stay beside the list.
pane.addEventListener('submit', (event) => {
  const form = event.target;
  const action = new URL(event.submitter?.getAttribute('formaction') || form.action, location.href);
  if (!action.pathname.startsWith('/staff/reports/')) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const multipart = form.enctype === 'multipart/form-data';
  if (form.method === 'get') show(`${action.pathname}?${new URLSearchParams(data)}`);
  else show(action.href, { method: 'POST', body: multipart ? data : new URLSearchParams(data) });
});
pane.addEventListener('click', (event) => {
  const own = event.target.closest('a[href]');
  if (!own || own.origin !== location.origin || event.metaKey || event.ctrlKey) return;
  if (own.pathname === open || /^\/staff\/reports\/[A-Z0-9]{8}$/.test(own.pathname)) {
    event.preventDefault();
    show(own.pathname + own.search);
  }
});

// The map stands beside the list until a report is opened; its reports open there as well.
const map = desk.querySelector('.map-box');
if (wide.matches && map) map.open = true;
map?.addEventListener('click', (event) => {
  const own = event.target.closest('a[href^="/reports/"]');
  if (!own) return;
  event.preventDefault();
  const href = `/staff${own.getAttribute('href')}`;
  if (wide.matches) show(href);
  else location.href = href;
});

function close() {
  delete desk.dataset.open;
  pane.hidden = true;
  pane.replaceChildren();
  open = '';
  mark();
}

// Keys, while nothing is being typed.
addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest('input:not([type=checkbox]), textarea, select')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement) || (pane.contains(document.activeElement) && link(row).pathname === open));
  const go = (to) => link(all[Math.max(0, Math.min(all.length - 1, to))])?.focus();
  const act = {
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    x: () => all[at]?.querySelector('input[name=pick]')?.click(),
    '/': () => {
      const search = document.querySelector('.desk-filters [name=q]');
      search.closest('details').open = true;
      search.focus();
    },
    // From the report back to its row; from the list, the report goes and the map is there again.
    Escape: () => {
      if (pane.contains(document.activeElement) && at >= 0) go(at);
      else close();
    },
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// What happens elsewhere: a number is asked for every 15 seconds; when it changes, or a minute has gone, the list is
// fetched and put in place with its ticks, its focus and where it was scrolled to. While a hand is on it, it rests.
const REST_MS = 2000;
let fetched = Date.now();
let touched = 0;
let later;
for (const kind of ['pointerdown', 'input']) list.addEventListener(kind, () => (touched = Date.now()));

function resting() {
  const left = touched + REST_MS - Date.now();
  if (left <= 0) return false;
  clearTimeout(later);
  later = setTimeout(() => look().catch(() => {}), left + 50);
  return true;
}

/** What has the focus in the list, as a way to find it in the next one. */
function focused() {
  const at = document.activeElement;
  if (!list.contains(at)) return '';
  const code = at.closest('li[data-code]')?.dataset.code;
  if (at.id) return `#${CSS.escape(at.id)}`;
  return at.name && `${code ? `li[data-code="${code}"] ` : ''}[name="${at.name}"]${code ? '' : `[value="${at.value}"]`}`;
}

/**
 * A tick is for the report as it was when it was set: what happened to it since is said, and is a conflict. Ticked anew,
 * it is for the report as it is now.
 */
function carry(box, was) {
  const now = box.value;
  box.checked = true;
  if (was === now) return;
  const note = document.createElement('span');
  note.className = 'badge';
  note.dataset.tone = 'warn';
  note.textContent = list.querySelector('[role=status]').dataset.ticked;
  box.closest('li').querySelector('.desk-facts').prepend(note);
  box.value = was;
  box.addEventListener('change', () => {
    box.value = now;
    note.remove();
  }, { once: true });
}

async function refresh(asked) {
  const answer = await fetch(location.href, { credentials: 'same-origin' });
  const html = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = html.querySelector('.desk[data-watch]');
  if (!answer.ok || !fresh || (!asked && resting())) return;
  fetched = Date.now();
  const changed = fresh.dataset.version !== version;
  version = fresh.dataset.version;
  const focus = focused();
  const ticked = new Map([...list.querySelectorAll('input[name=pick]:checked')].map((box) => [box.value.split(':')[0], box.value]));
  const scrolled = list.scrollTop;
  list.querySelector('form').replaceChildren(...fresh.querySelector('.desk-list form').childNodes);
  document.querySelector('main > .chips')?.replaceWith(html.querySelector('main > .chips'));
  for (const box of list.querySelectorAll('input[name=pick]')) {
    const [code] = box.value.split(':');
    const was = ticked.get(code);
    // What was just done to the report beside the list was done by whoever ticked it.
    if (was) carry(box, asked && open.endsWith(`/${code}`) ? box.value : was);
  }
  list.scrollTop = scrolled;
  if (focus) list.querySelector(focus)?.focus({ preventScroll: true });
  mark();
  if (!changed) return;
  map?.dispatchEvent(new Event('changed'));
  const say = list.querySelector('[role=status]');
  say.textContent = say.dataset.say;
}

async function look() {
  if (document.hidden || !navigator.onLine || resting()) return;
  const answer = await fetch(desk.dataset.watch, { credentials: 'same-origin' });
  if (!answer.ok) return;
  if ((await answer.text()) !== version || Date.now() - fetched > 60_000) await refresh(false);
}
setInterval(() => look().catch(() => {}), 15_000);
addEventListener('visibilitychange', () => look().catch(() => {}));
