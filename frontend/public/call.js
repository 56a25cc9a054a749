// While staff type what a caller says: open reports that may be the same beside the form, and categories that the words
// may be about. Without it the server asks once before it files.
const form = document.querySelector('.call-form');
const list = form.querySelector('.call-alike [data-list]');
const none = form.querySelector('.call-alike [data-none]');
const looked = form.elements.looked;
const value = (name) => form.elements[name]?.value ?? '';

let asked;
async function alike() {
  const query = new URLSearchParams();
  for (const name of ['community', 'foreign', 'category', 'building', 'longitude', 'latitude']) query.set(name, value(name));
  if (String(query) === asked) return;
  asked = String(query);
  const answer = await fetch(`${form.dataset.alike}?${query}`);
  if (!answer.ok || String(query) !== asked) return;
  // Written by our own server, which escapes.
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  list.replaceChildren(...page.body.childNodes);
  none.hidden = list.childElementCount > 0;
  looked.value = [...list.querySelectorAll('[data-code]')].map((card) => card.dataset.code).join(' ');
}

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

const later = (act, wait) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => act().catch((error) => console.info(error.message)), wait);
  };
};
const soon = later(alike, 250);
form.addEventListener('change', soon);
form.querySelector('.position').addEventListener('position', soon);
const guess = later(suggest, 500);
form.elements.description.addEventListener('input', guess);
// What was typed before this script came.
soon();
if (!value('category')) guess();
