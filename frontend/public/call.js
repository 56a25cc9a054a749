// While staff type what a caller says: what the number told before and open reports that may be the same beside the form, and
// categories that the words may be about. Without it a button looks, and the server asks once before it files.
const form = document.querySelector('.call-form');
const value = (name) => form.elements[name]?.value ?? '';
const later = (act, wait) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => act().catch((error) => console.info(error.message)), wait);
  };
};

/** Asks for a piece of the page, giving up an earlier question. By POST: numbers and what is searched for stand in no address. */
function asking(address) {
  let running;
  return async (fields) => {
    running?.abort();
    running = new AbortController();
    const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(fields), signal: running.signal });
    // The door, after a session has ended, is no piece.
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    // Written by our own server, which escapes.
    return new DOMParser().parseFromString(await answer.text(), 'text/html').body;
  };
}

const SAID = ['foreign', 'category', 'building', 'longitude', 'latitude', 'place', 'description'];
const beside = form.querySelector('.call-alike');
const list = beside.querySelector('[data-list]');
const state = beside.querySelector('[role=status]');
const looked = form.elements.looked;
const search = asking(form.dataset.alike);
let asked;
async function alike() {
  const fields = ['community', ...SAID].map((name) => [name, value(name).trim()]);
  const now = JSON.stringify(fields);
  if (now === asked) return;
  asked = now;
  let found;
  try {
    found = await search(fields);
  } catch (error) {
    // To be asked again, unless it has been already.
    if (asked === now) asked = undefined;
    throw error;
  }
  const codes = [...found.querySelectorAll('[data-code]')].map((card) => card.dataset.code);
  // Cards that stay are left alone: a hand may be on its way to one.
  if (codes.join(' ') !== looked.value) list.replaceChildren(...found.childNodes);
  looked.value = codes.join(' ');
  const { none, nothing, found: some } = state.dataset;
  const typed = SAID.some(value) ? nothing : none;
  const say = codes.length ? some.replace('{n}', codes.length) : typed;
  if (state.textContent.trim() !== say) state.textContent = say;
}

/** The caller's earlier reports, once for each number: every look is written down. */
function follow(look) {
  const contact = form.elements.contact;
  const button = look.querySelector('button');
  const [say, see] = [look.querySelector('[role=status]'), look.querySelector('a')];
  const box = document.getElementById('caller-history');
  const rows = box.querySelector('[data-rows]');
  const ask = asking(look.dataset.look);
  /** The digits as the server reads them; nothing for what is no whole number. */
  const number = () => {
    const text = contact.value.normalize('NFKC').trim().replace(/^\+/, '');
    const digits = text.replace(/[ ()-]/g, '').replace(/^86(?=1\d{10}$)/, '');
    return /^\d{7,12}$/.test(digits) ? digits : '';
  };
  let shown = 'shown' in look.dataset ? number() : '';
  async function history() {
    const now = number();
    if (!now || now === shown) return;
    shown = now;
    button.setAttribute('aria-busy', 'true');
    try {
      const piece = (await ask({ number: now })).firstElementChild;
      // Another number stands there by now.
      if (shown !== now) return;
      say.textContent = piece.dataset.said;
      see.hidden = box.hidden = !piece.childElementCount;
      rows.replaceChildren(piece);
    } catch (error) {
      if (shown === now) {
        shown = '';
        say.textContent = look.dataset.failed;
      }
      throw error;
    } finally {
      if (shown === now || !shown) button.removeAttribute('aria-busy');
    }
  }
  const run = later(history, 0);
  const soon = later(history, 400);
  contact.addEventListener('input', () => {
    if (shown && number() !== shown) {
      shown = '';
      see.hidden = box.hidden = true;
      rows.replaceChildren();
      say.textContent = look.dataset.note;
    }
    // A mobile's number is whole when it has eleven digits; any other one when the hand leaves the field.
    if (/^1[3-9]\d{9}$/.test(number())) soon();
  });
  contact.addEventListener('change', run);
  button.addEventListener('click', (event) => {
    // What is no number the server says at the field.
    if (!number()) return;
    event.preventDefault();
    if (number() !== shown) run();
    else if (!box.hidden) box.focus();
  });
  // All of them open beside this page, which stays and may ask again.
  const all = document.getElementById('caller-all');
  all.addEventListener('submit', () => setTimeout(() => {
    delete all.dataset.sent;
    for (const one of all.elements) one.removeAttribute('aria-busy');
  }, 1000));
}
const look = form.querySelector('.call-look');
if (look) follow(look);

const box = form.querySelector('.suggest');
async function suggest() {
  const text = value('description').trim();
  if (text.length < 2) return;
  const answer = await fetch(`/api/v1/reports/suggest-category?text=${encodeURIComponent(text)}`);
  if (!answer.ok) return;
  const select = form.elements.category;
  const found = (await answer.json()).filter(({ code }) => code !== select.value && select.querySelector(`option[value="${CSS.escape(code)}"]`));
  const part = (className, textContent) => Object.assign(document.createElement('span'), { className, textContent });
  const buttons = found.map(({ code, name }) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button small', textContent: name });
    button.addEventListener('click', () => {
      select.value = code;
      box.hidden = true;
      select.dispatchEvent(new Event('change', { bubbles: true }));
      select.focus();
    });
    return button;
  });
  const because = found[0]?.because.length ? `${form.dataset.because} ${found[0].because.join('、')}` : '';
  box.replaceChildren(part('small', box.dataset.label), ...buttons, part('small muted', because));
  box.hidden = !found.length;
}

const soon = later(alike, 250);
form.addEventListener('change', soon);
form.querySelector('.position').addEventListener('position', soon);
const typing = later(alike, 400);
for (const name of ['description', 'place']) form.elements[name].addEventListener('input', typing);
const guess = later(suggest, 500);
form.elements.description.addEventListener('input', guess);
// What was typed before this script came.
soon();
if (!value('category')) guess();
